from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.clip import utf16_len
from bot.chat.fitting import FLOOR, LIMIT
from bot.chat.render import alert_message
from bot.chat.telegram.markup import WORD_JOINER, as_html, as_plain, keyboard
from bot.model import Block, BlockKind, Button, Message, Pictures, Span, Style
from tests.support.fakes import NOW
from tests.support.news import chat, crowded
from tests.support.telegram_html import read_html, read_plain

LINK = "https://news.example/a?b=1&c=2"


def message(*blocks: Block) -> Message:
    return Message(blocks=blocks)


def block(kind: BlockKind, text: str, style: Style = Style.PLAIN, url: str = "") -> Block:
    return Block(kind, (Span(text, style, url),))


ALERT = message(
    block(BlockKind.TITLE, "Talks <open> & go on", Style.BOLD, LINK),
    block(BlockKind.TEXT, "The trilateral talks began."),
    block(BlockKind.QUOTE, "三方會談開始。"),
    Block(BlockKind.NOTE, (Span("Keyword "), Span("trilateral talks", Style.CODE))),
    block(BlockKind.NOTE, LINK, url=LINK),
)


def kinds(html: str) -> set[str]:
    return {str(entity["type"]) for entity in read_html(html).entities}


def test_an_alert_reads_as_it_was_meant():
    read = read_html(as_html(ALERT).text)
    assert read.text == ("Talks <open> & go on\nThe trilateral talks began.\n三方會談開始。\nKeyword trilateral talks")
    assert kinds(as_html(ALERT).text) == {"bold", "italic", "code", "text_link", "blockquote"}
    assert {entity["url"] for entity in read.entities if entity["type"] == "text_link"} == {LINK}


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("三方會談開始。", False),
        ("三方會談開始。" * 9, False),
        ("三方會談開始。" * 10, True),
        ("a\nb\nc", False),
        ("a\nb\nc\nd", True),
    ],
)
def test_a_quotation_is_folded_when_it_is_longer_than_what_a_folded_one_shows(text: str, folded: bool):
    kind = "expandable_blockquote" if folded else "blockquote"
    assert kinds(as_html(message(block(BlockKind.QUOTE, text))).text) == {kind}


def test_a_chat_without_pictures_has_no_previews_and_one_with_large_ones_has_them_large():
    assert [as_html(replace(ALERT, pictures=size)).preview for size in Pictures] == ["", LINK, LINK]
    assert [as_html(replace(ALERT, pictures=size)).large for size in Pictures] == [False, False, True]


def test_the_heading_of_an_alert_is_previewed_and_no_other_link():
    assert as_html(ALERT).preview == LINK
    listed = message(block(BlockKind.TITLE, "Feeds"), block(BlockKind.ITEM, "A feed", url=LINK))
    assert as_html(listed).preview == ""
    assert as_html(message()).preview == ""


def test_items_have_bullets_line_by_line_and_paragraphs_stand_apart():
    said = message(
        block(BlockKind.TEXT, "One."),
        block(BlockKind.TEXT, "Two."),
        block(BlockKind.ITEM, "a"),
        block(BlockKind.ITEM, "b"),
    )
    assert read_html(as_html(said).text).text == "One.\n\nTwo.\n\n• a\n• b"


def test_an_item_with_a_number_of_its_own_has_no_bullet():
    said = message(block(BlockKind.TITLE, "Feeds"), block(BlockKind.ITEM, "1. a"), block(BlockKind.ITEM, "1.5 b"))
    assert read_html(as_html(said).text).text == "Feeds\n1. a\n• 1.5 b"


def test_a_heading_stands_over_what_it_heads_and_apart_from_what_was_before():
    said = message(block(BlockKind.TITLE, "A"), block(BlockKind.ITEM, "a"), block(BlockKind.TITLE, "B"))
    assert read_html(as_html(said).text).text == "A\n• a\n\nB"


def test_only_web_addresses_become_links():
    for bad in ("javascript:alert(1)", "tg://user?id=7", "https://user:pass@host.example/", "ftp://host.example/"):
        assert "<a" not in as_html(message(block(BlockKind.TEXT, "see", url=bad))).text
        assert as_html(message(block(BlockKind.TITLE, "see", url=bad))).preview == ""


def test_a_link_with_signs_of_html_stays_one_link():
    read = read_html(as_html(message(block(BlockKind.TEXT, "see", url='https://a.example/?q="><b>'))).text)
    assert read.text == "see"
    assert [entity["type"] for entity in read.entities] == ["text_link"]


def test_nothing_in_a_text_becomes_a_mention_a_command_or_a_link():
    text = "ask @durov, /pause, evil.example.com, https://evil.example.org/x, mail a@b.com, (/stop), t.me/x, 8.8.8.8"
    for kind in BlockKind:
        written = as_html(message(block(kind, text)))
        assert not kinds(written.text) & {"mention", "bot_command", "url"}
        assert read_html(written.text).text.replace(WORD_JOINER, "").removeprefix("• ") == text


def test_a_mention_does_not_come_about_where_two_runs_meet():
    for first, second in (
        ("ask @", "durov"),
        ("now /", "pause"),
        ("see evil.", "com"),
        ("8.8", ".8.8"),
        ("http:", "//a.b"),
    ):
        said = message(Block(BlockKind.TEXT, (Span(first), Span(second, Style.BOLD))))
        assert not kinds(as_html(said).text) & {"mention", "bot_command", "url"}


def test_numbers_dates_and_fractions_are_left_alone():
    text = "1/2 of 3.14 on 2026/03/14 at 12:00, U.S. and/or EU"
    assert read_html(as_html(message(block(BlockKind.TEXT, text))).text).text == text


def test_a_command_of_ours_can_be_tapped_and_other_code_can_be_copied():
    said = message(Block(BlockKind.TEXT, (Span("/help", Style.CODE), Span(" or "), Span("/keyword add x", Style.CODE))))
    assert as_html(said).text == "/help or <code>/keyword add x</code>"
    assert "<code>/etc</code>" in as_html(message(block(BlockKind.TEXT, "/etc", Style.CODE))).text


def test_what_telegram_or_utf8_can_not_carry_is_left_out():
    written = as_html(message(block(BlockKind.TEXT, "a\x00b\ud800c\u202ed\u2066e\nf\tg")))
    assert written.text == "abcde\nf\tg"


def test_a_long_text_gives_way_and_heading_and_notes_stay():
    long = message(ALERT.blocks[0], block(BlockKind.TEXT, "word " * 2000), *ALERT.blocks[2:])
    read = read_html(as_html(long).text)
    assert LIMIT - 10 < utf16_len(read.text) <= LIMIT
    assert read.text.startswith("Talks <open>")
    assert read.text.endswith("Keyword trilateral talks")
    assert "word…" in read.text
    assert "三方會談開始。" in read.text


def test_two_long_texts_give_way_alike():
    long = message(
        block(BlockKind.TEXT, "one " * 1500), block(BlockKind.QUOTE, "two " * 1500), block(BlockKind.NOTE, "end")
    )
    text = read_html(as_html(long).text).text
    assert abs(text.count("one") - text.count("two")) <= 1
    assert text.endswith("end")


def test_a_long_list_loses_its_end_and_says_so():
    items = [block(BlockKind.ITEM, f"item {number} " + "x" * 60) for number in range(200)]
    text = read_html(as_html(message(*items, block(BlockKind.NOTE, "page 1"))).text).text
    assert utf16_len(text) <= LIMIT
    assert text.endswith("…\n\npage 1")
    assert "item 0 " in text
    assert "item 199 " not in text


def test_even_headings_give_way_when_there_is_nothing_else():
    text = read_html(as_html(message(*[block(BlockKind.TITLE, "heading " * 40)] * 40)).text).text
    assert utf16_len(text) <= LIMIT
    assert text.startswith("heading")


def test_a_cut_keeps_styles_and_links_of_what_is_left():
    spans = (Span("bold " * 50, Style.BOLD), Span("link " * 50, url=LINK), Span("rest " * 2000))
    read = read_html(as_html(message(Block(BlockKind.TEXT, spans))).text)
    assert {entity["type"] for entity in read.entities} == {"bold", "text_link"}
    assert read.text.endswith("rest…")


def test_the_plain_form_has_no_markup_and_its_links_in_full():
    written = as_plain(ALERT)
    assert f"Talks <open> & go on ({LINK})" in written.text
    assert written.text.endswith("\n" + LINK)
    assert "blockquote" not in written.text
    clipped = message(block(BlockKind.NOTE, "https://news.ex…", url=LINK))
    assert as_plain(clipped).text == LINK


def test_buttons_that_telegram_would_refuse_are_left_out():
    rows = keyboard(
        [
            [Button("Undo", action="/keyword remove 1"), Button("Open", url=LINK)],
            [
                Button("Long", action="/subscribe " + "é" * 30),
                Button("Bad", url="javascript:1"),
                Button(" ", action="/a"),
            ],
            [Button("x" * 200, action="/help")],
        ]
    )
    assert rows is not None
    shown = [[(one.text[:5], one.callback_data or one.url) for one in row] for row in rows.inline_keyboard]
    assert shown == [[("Undo", "/keyword remove 1"), ("Open", LINK)], [("xxxxx", "/help")]]
    assert keyboard([[Button("Nothing")]]) is None


_TEXTS = st.text(st.sampled_from("ab zé三會😀👩‍👩‍👧<>&\"'@/.:\n#_*`\ud800\x00\u202e") | st.characters(), max_size=60)
_SPANS = st.builds(
    Span, _TEXTS, st.sampled_from(Style), st.sampled_from(["", LINK, "javascript:x", "https://é.example/"])
)
_BLOCKS = st.builds(Block, st.sampled_from(BlockKind), st.lists(_SPANS, max_size=4).map(tuple))
_LONG = st.builds(lambda block, times: Block(block.kind, block.spans * times), _BLOCKS, st.sampled_from([1, 1, 1, 50]))


def test_without_markup_code_makes_no_command_either():
    said = message(Block(BlockKind.TITLE, (Span("0{/", Style.CODE), Span("0{/", Style.CODE))))
    assert not {entity["type"] for entity in read_plain(as_plain(said).text).entities}


@settings(deadline=None, max_examples=40)
@given(st.lists(_LONG, max_size=8))
def test_any_message_is_readable_within_the_limit_and_without_strange_links(blocks):
    for written, read in ((as_html(message(*blocks)), read_html), (as_plain(message(*blocks)), read_plain)):
        seen = read(written.text)
        assert utf16_len(seen.text) <= LIMIT
        assert not {entity["type"] for entity in seen.entities} & {"mention", "bot_command"}
        if read is read_html:
            links = {entity["url"] for entity in seen.entities if entity["type"] == "text_link"}
            assert links <= {LINK, "https://é.example/"}


@settings(deadline=None, max_examples=40)
@given(st.lists(st.builds(block, st.sampled_from(BlockKind), st.text("abc 三", max_size=300)), max_size=30))
def test_messages_that_fit_lose_nothing_and_others_are_used_to_the_full(blocks):
    text = read_html(as_html(message(*blocks)).text).text
    whole = sum(len(one.spans[0].text) for one in blocks)
    if whole + 4 * len(blocks) <= LIMIT:
        assert "…" not in text
    elif blocks:
        assert utf16_len(text) > LIMIT - FLOOR - 300


def test_a_crowded_alert_fits_with_its_other_sources():
    crowd = alert_message(crowded(), chat(), now=NOW)
    read = read_html(as_html(crowd).text)
    assert utf16_len(read.text) <= 4096
    assert read.text.startswith("Update: ")
    assert "Also: Paper 2" in read.text
    assert "and 4 more" in read.text
    assert utf16_len(as_plain(crowd).text) <= 4096
    assert "Also: Paper 2" in as_plain(crowd).text
