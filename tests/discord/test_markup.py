from __future__ import annotations

import re

import discord
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.clip import utf16_len
from bot.chat.discord.markup import ACTION, escape, plain, render
from bot.chat.pressing import read_press
from bot.chat.render import alert_message
from bot.model import Block, BlockKind, Button, Message, Pictures, Span, Style
from tests.support import discord_markdown
from tests.support.fakes import NOW
from tests.support.news import chat, crowded

LINK = "https://news.example/a"
PICTURE = "https://img.example/a.jpg"


def block(kind, *spans):
    return Block(kind, tuple(Span(span) if isinstance(span, str) else span for span in spans))


def text(*spans):
    return block(BlockKind.TEXT, *spans)


def title(*spans):
    return block(BlockKind.TITLE, *spans)


def note(*spans):
    return block(BlockKind.NOTE, *spans)


def content(*blocks):
    return render(Message(blocks=blocks)).content


def embed(*blocks):
    made = render(Message(blocks=blocks)).embed
    assert made is not None
    return made


# --- reading back what Discord would show ---------------------------------------------------------------

ESCAPED = re.compile(r"\\([^0-9A-Za-z\s])")
CODE = re.compile(r"`[^`]*`")
LINKS = re.compile(r"(\]\()?<https?://[^\s<>]+>\)?")
FORBIDDEN = re.compile(
    r"@everyone|@here|<@|<#|<t:|<a?:|</|https?://|discord\.gg|discordapp?\.com|(?m:^\s*(?:#{1,3}|>|\*) )|\|\||~~|__",
    re.IGNORECASE,
)


def live(written):
    """What is left of a text for Discord to read as markup, once escapes, code and our own links are out."""
    return LINKS.sub("", CODE.sub("", ESCAPED.sub("\ufffc", written)))


# --- texts ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "hostile",
    [
        "@everyone look",
        "@here",
        "<@123456789012345678>",
        "<@&123456789012345678>",
        "<#123456789012345678>",
        "<t:1700000000:R>",
        "<:pepe:123456789012345678>",
        "</settings:123456789012345678>",
        "[safe](https://evil.example)",
        "https://evil.example/x",
        "discord.gg/abc and DISCORD.com/invite/abc",
        "# heading",
        "line\n## heading",
        "> quote",
        ">>> quote",
        "* item",
        "||spoiler|| ~~struck~~ __under__",
        "```\ncode",
    ],
)
def test_hostile_text_reaches_a_chat_as_mere_text(hostile):
    assert not FORBIDDEN.search(live(escape(hostile)))
    assert "](" not in live(escape(hostile))


@pytest.mark.parametrize("start", ["# a", "-# a", "- a", "+ a", "1. a", "12) a", "  - a"])
def test_line_marks_are_escaped_at_the_start_of_any_line(start):
    for written in (escape(start), escape("first\n" + start).partition("\n")[2]):
        assert re.match(r"\s*\d*\\", written)


def test_a_backslash_of_the_text_cannot_undo_an_escape():
    assert escape("\\*bold\\*") == "\\\\\\*bold\\\\\\*"


def test_ordinary_prose_stays_readable():
    assert escape("Talks in Abu Dhabi at 12:30 (UTC), says A.B.") == "Talks in Abu Dhabi at 12:30 (UTC), says A.B."


def test_control_characters_and_direction_marks_do_not_pass():
    assert escape("a\x00b\u202ec\x1b") == "a bc "


def test_styles_become_discords_marks():
    styled = text(Span("b", Style.BOLD), " ", Span("i", Style.ITALIC), " ", Span("c", Style.CODE))
    assert content(styled) == "**b** *i* `c`"


def test_neighbours_of_one_style_become_one_run():
    assert content(text(Span("a", Style.BOLD), Span("b", Style.BOLD))) == "**ab**"


def test_blanks_at_the_edges_of_a_styled_run_stand_outside_of_it():
    assert content(text("x", Span(" b ", Style.BOLD), "y")) == "x **b** y"


def test_a_keyword_with_backticks_stays_inside_its_code():
    assert content(text(Span("a`@everyone`b", Style.CODE))).count("`") == 2


def test_a_link_is_masked_and_opens_no_preview():
    assert content(text(Span("Reuters", url="https://a.example/x(1)"))) == "[Reuters](<https://a.example/x%281%29>)"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "discord://x", "https://good@evil.example/", "", "ftp://a.b/c"])
def test_a_link_that_is_no_web_address_is_only_text(url):
    assert content(text(Span("here", url=url))) == "here"


def test_a_link_whose_text_is_another_address_shows_where_it_leads():
    assert content(text(Span("https://bank.example", url="https://evil.example/"))) == "<https://evil.example/>"


def test_a_title_that_holds_an_address_keeps_its_words_beside_the_link():
    assert content(text(Span("He said https://x.example", url=LINK))) == f"He said https\\://x.example <{LINK}>"


@pytest.mark.parametrize("label", ["a [b", "a] b", "[[a]]", "[a [b] c]"])
def test_brackets_that_would_end_a_link_early_are_round(label):
    written = content(text(Span(label, url=LINK)))
    assert discord_markdown.read(written).found == [("link", LINK)]
    assert content(text(Span("a [b] c", url=LINK))) == f"[a \\[b\\] c](<{LINK}>)"


@pytest.mark.parametrize("style", [Style.PLAIN, Style.BOLD, Style.CODE])
def test_a_link_does_not_reach_for_a_target_in_the_text_after_it(style):
    later = [Span(" and "), Span("x](javascript:alert(1)", style), Span("]"), Span("(evil)")]
    written = content(text(Span("Reuters", url=LINK), *later))
    assert discord_markdown.read(written).of("link") == [LINK]


def test_quotes_notes_and_lists_have_their_prefixes_on_every_line():
    assert content(block(BlockKind.QUOTE, "a\nb")) == "> a\n> b"
    assert content(note("a\nb")) == "-# a\n-# b"
    assert content(block(BlockKind.ITEM, "a\nb"), block(BlockKind.ITEM, "c")) == "- a\n  b\n- c"


def test_an_item_with_a_number_of_its_own_gets_no_second_mark():
    assert content(block(BlockKind.ITEM, "7. ", Span("BBC", Style.BOLD))) == "7\\. **BBC**"


def test_paragraphs_stand_apart_and_small_print_together():
    assert content(text("a"), text("b"), note("c"), note("d")) == "a\n\nb\n\n-# c\n-# d"


def test_a_message_without_words_still_has_something_to_send():
    for message in (Message(blocks=()), Message(blocks=(text(" "),)), Message(blocks=(title(""),))):
        arguments = render(message).arguments()
        assert arguments.get("content") or arguments["embed"].description
        assert plain(message).content


# --- embeds ---------------------------------------------------------------------------------------------


def test_an_alert_is_an_embed_with_a_linked_title():
    made = embed(title(Span("Talks *resume*", Style.BOLD, LINK)), text("Summary."), note("BBC · 5 minutes ago"))
    assert (made.title, made.url, made.description) == ("Talks \\*resume\\*", LINK, "Summary.")
    assert made.footer.text == "BBC · 5 minutes ago"


def test_a_note_with_code_stays_in_the_description_as_small_print():
    made = embed(title("T"), note("BBC"), note("Keyword ", Span("talks", Style.CODE)), note("Machine translation"))
    assert made.description == "-# BBC\n-# Keyword `talks`"
    assert made.footer.text == "Machine translation"


def test_a_note_that_only_repeats_the_link_of_the_title_is_left_out():
    made = embed(title(Span("T", url=LINK)), text("S"), note("BBC"), note(Span(LINK, url=LINK)))
    assert (made.description, made.footer.text) == ("S", "BBC")


def test_a_title_with_a_bad_address_is_not_a_link():
    assert embed(title(Span("T", url="javascript:alert(1)"))).url is None


def test_a_footer_which_has_no_markup_is_not_escaped_but_names_no_one():
    made = embed(title("T"), note("a_b *c* @everyone <@1>"))
    assert made.footer.text == "a_b *c* @\u200beveryone <\u200b@1>"


def test_a_text_too_long_for_a_message_becomes_an_embed():
    assert len(embed(*[text("word " * 100)] * 5).description) > 2000


def test_the_end_of_a_description_that_is_too_long_is_left_out_at_a_word():
    made = embed(title("T"), *[text("word " * 100)] * 20)
    assert 3500 < utf16_len(made.description) <= 4096
    assert made.description.endswith("word…")


def test_signs_of_two_units_count_as_two():
    assert utf16_len(embed(title("𠮷" * 300)).title) <= 256


def test_plain_has_neither_embed_nor_buttons():
    message = Message(blocks=(title(Span("T", url=LINK)), text("x " * 3000)), buttons=((Button("a", "/feeds"),),))
    made = plain(message)
    assert made.embed is None
    assert made.rows == ()
    assert made.content.startswith(f"[**T**](<{LINK}>)\nx x")
    assert utf16_len(made.content) <= 2000


def test_nothing_that_is_sent_may_ping_and_texts_show_no_previews():
    arguments = render(Message(blocks=(text("hi"),))).arguments()
    assert arguments["allowed_mentions"].to_dict() == {"parse": []}
    assert arguments["suppress_embeds"] is True
    assert "suppress_embeds" not in render(Message(blocks=(title("hi"),))).arguments()


@pytest.mark.parametrize(
    ("size", "thumbnail", "image"),
    [(Pictures.OFF, None, None), (Pictures.SMALL, PICTURE, None), (Pictures.LARGE, None, PICTURE)],
)
def test_a_picture_stands_beside_the_text_or_below_it(size, thumbnail, image):
    made = render(Message(blocks=(title("T"),), picture=PICTURE, pictures=size)).embed
    assert (made.thumbnail.url, made.image.url) == (thumbnail, image)
    assert render(Message(blocks=(text("T"),), picture=PICTURE, pictures=size)).embed is None


@pytest.mark.parametrize(
    "bad", ["javascript:x", "https://img.example/" + "a" * 2000, "https://é.example/a.png", "a.png"]
)
def test_what_discord_would_refuse_as_a_picture_is_left_out(bad):
    assert render(Message(blocks=(title("T"),), picture=bad)).embed.thumbnail.url is None


# --- buttons --------------------------------------------------------------------------------------------


def components(*rows):
    arguments = render(Message(blocks=(text("x"),), buttons=rows)).arguments()
    return arguments["view"].to_components() if "view" in arguments else []


def test_action_buttons_carry_their_command_line_and_link_buttons_their_address():
    (row,) = components((Button("Feeds", "/feeds 2"), Button("Open", url=LINK)))
    action, link = row["components"]
    assert (action["label"], action["custom_id"]) == ("Feeds", "d:/feeds 2")
    assert (link["label"], link["url"]) == ("Open", LINK)


@pytest.mark.parametrize(
    "button",
    [
        Button("", "/feeds"),
        Button("x"),
        Button("x", "/" + "a" * 100),
        Button("x", url="javascript:alert(1)"),
        Button("x", url="https://a.example/" + "a" * 500),
    ],
)
def test_a_button_that_discord_would_refuse_is_left_out(button):
    assert components((button,)) == []


def test_a_button_that_stands_twice_is_shown_once():
    (row,) = components((Button("a", "/feeds"),), (Button("a", "/feeds"),))
    assert [each["label"] for each in row["components"]] == ["a"]


@pytest.mark.parametrize("kind", [{}, {"in_place": True}, {"ask": "Which?"}])
def test_an_action_under_two_names_is_shown_under_both_and_does_the_same(kind):
    rows = components((Button("Every hour", "/feeds 1", **kind),), (Button("Undo", "/feeds 1", **kind),))
    ids = [each["custom_id"].removeprefix(ACTION) for row in rows for each in row["components"]]
    assert len(set(ids)) == 2
    first, second = map(read_press, ids)
    assert first == second
    assert first.line == "/feeds 1"


def test_more_than_five_buttons_in_a_row_are_broken_and_more_than_five_rows_cut():
    rows = components(*[tuple(Button(f"{row}.{place}", f"/x {row} {place}") for place in range(6)) for row in range(6)])
    assert [len(row["components"]) for row in rows] == [5, 1, 5, 1, 5]


def test_a_label_is_one_line_of_at_most_eighty_units():
    ((button,),) = [row["components"] for row in components((Button("a\nb " * 100, "/x"),))]
    assert len(button["label"]) <= 80
    assert "\n" not in button["label"]


async def test_a_view_is_not_kept_in_memory():
    view = render(Message(blocks=(text("x"),), buttons=((Button("a", "/x"),),))).arguments()["view"]
    assert view.is_finished()


# --- any message ----------------------------------------------------------------------------------------

WORDS = st.one_of(
    st.text(max_size=60),
    st.text("*_~|`<>[]()#-:@\\ \n1.everyonhttps/gd", max_size=80),
    st.sampled_from(["@everyone", "<@123456789012345678>", "[x](https://e.example)", "𠮷😀" * 40, "long " * 900]),
)
URLS = st.one_of(st.just(""), st.just(LINK), st.text(max_size=20), st.just("https://a.example/x_(y)_*z*"))
SPANS = st.builds(Span, WORDS, st.sampled_from(Style), URLS)
BLOCKS = st.builds(Block, st.sampled_from(BlockKind), st.lists(SPANS, max_size=4).map(tuple))
BUTTONS = st.builds(Button, st.text(max_size=100), st.text(max_size=64), URLS)
MESSAGES = st.builds(
    Message,
    blocks=st.lists(BLOCKS, max_size=8).map(tuple),
    buttons=st.lists(st.lists(BUTTONS, max_size=7).map(tuple), max_size=7).map(tuple),
    private=st.booleans(),
)


@settings(max_examples=60, deadline=None)
@given(MESSAGES)
def test_any_message_keeps_within_discords_limits(message):
    for made in (render(message), plain(message)):
        assert bool(made.content) != (made.embed is not None)
        assert utf16_len(made.content) <= 2000
        check_embed(made.embed)
        view = made.arguments().get("view")
        rows = view.to_components() if view else []
        assert len(rows) <= 5
        ids = [button["custom_id"] for row in rows for button in row["components"] if "custom_id" in button]
        assert len(ids) == len(set(ids))
        assert all(1 <= utf16_len(button["label"]) <= 80 for row in rows for button in row["components"])


def check_embed(made: discord.Embed | None):
    if made is None:
        return
    payload = made.to_dict()
    assert payload.get("title") or payload.get("description") or payload.get("footer")
    assert "fields" not in payload
    limits = {"title": 256, "description": 4096}
    sizes = [utf16_len(payload.get(name, "")) for name in limits] + [
        utf16_len(payload.get("footer", {}).get("text", ""))
    ]
    assert all(size <= most for size, most in zip(sizes, [*limits.values(), 2048], strict=True))
    assert sum(sizes) <= 6000


@settings(max_examples=60, deadline=None)
@given(MESSAGES)
def test_no_mention_or_address_of_a_text_is_live_in_any_message(message):
    for made in (render(message), plain(message)):
        written = [made.content]
        if made.embed is not None:
            written += [made.embed.title or "", made.embed.description or ""]
        for one in written:
            left = re.sub(r"(?m)^(> |-# )", "", live(one))
            left = re.sub(r"\*", "", left)
            assert not re.search(r"@everyone|@here|<[@#:/]|https?://|discord\.gg", left, re.IGNORECASE)


def test_a_crowded_alert_fits_with_its_other_sources():
    made = render(alert_message(crowded(), chat(), now=NOW)).embed
    assert made.title.startswith("Update: ")
    assert utf16_len(made.title) <= 256
    assert utf16_len(made.description) <= 4096
    assert "-# Also: [Paper 2" in made.description
    assert "and 4 more" in made.description
    assert "Keyword" in made.description
