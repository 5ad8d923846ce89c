"""Any item, brief, notice, chat and language: every message keeps the platform's limits, its markup can be read, and
nothing in it is alive but what we put there.

`EXAMPLES=20000` runs as many of each; the suite has a hundred and more.
"""

from __future__ import annotations

import asyncio
import os
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace

import pytest
import regex
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.chat.content import content_message
from bot.chat.discord.markup import picture_link, plain, render
from bot.chat.menu import ALIASES, MENU
from bot.chat.telegram.markup import article_link, as_html, as_plain
from bot.model import (
    Alert,
    Block,
    BlockKind,
    Cause,
    Chat,
    DeliveryState,
    Digest,
    End,
    Fate,
    Finding,
    Keyword,
    KeywordId,
    Locale,
    Message,
    Mode,
    Platform,
    Span,
    Style,
    Trail,
)
from bot.model.trails import ItemState
from bot.text.urls import safe_link
from tests.support import discord_markdown, hostile
from tests.support.fakes import NOW, request
from tests.support.telegram_html import read_html, read_plain, units

EXAMPLES = int(os.environ.get("EXAMPLES", "150"))
ANY = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
OURS = frozenset(f"/{name}" for name in (*(command.name for command in MENU), *ALIASES))
TELEGRAM_LOOKS = {"bold", "italic", "code", "text_link", "blockquote", "expandable_blockquote"}
LOOKS = {"bold", "italic", "code", "link", "autolink", "subtext", "quote", "list"}


def addresses(content: object) -> Iterable[str]:
    """Every address that a message of the content may lead to."""
    if isinstance(content, Digest):
        return [link for alert in content.alerts for link in addresses(alert)]
    if isinstance(content, Alert):
        return [content.item.item.url, *(report.url for report in content.also)]
    feed = getattr(content, "feed", None)
    return [feed.site, feed.url] if feed else []


def own(content: object) -> set[str]:
    return {link for address in addresses(content) if (link := safe_link(address))}


# --- what is read ----------------------------------------------------------------------------------------


def squeezed(text: str) -> str:
    """What can be seen of a text, without the spaces in it."""
    kept = (sign for sign in text if not sign.isspace() and unicodedata.category(sign) not in {"Cc", "Cf", "Cs"})
    return "".join(kept).replace("\ufffd", "").translate(str.maketrans("`[]", "ˋ()", "•"))


def told(blocks: Iterable[Block]) -> str:
    return squeezed("".join(span.text for block in blocks for span in block.spans))


def assert_told(shown: str, wanted: str, *, whole: bool) -> None:
    """That a text is shown as it is, or with parts left out of it that an ellipsis stands for."""
    shown = squeezed(shown)
    if whole:
        same = next((place for place, (one, other) in enumerate(zip(shown, wanted, strict=False)) if one != other), 0)
        assert shown == wanted, f"\n{shown[same - 20 : same + 40]!a}\n{wanted[same - 20 : same + 40]!a}"
    at = 0
    for piece in shown.split("…"):
        at = wanted.find(piece, at)
        assert at >= 0, f"\n{piece!a}\n{wanted!a}"
        at += len(piece)


# --- Telegram --------------------------------------------------------------------------------------------


def check_telegram(message: Message, links: set[str]) -> None:
    limit = 1024 if message.file else 4096
    written = as_html(message)
    seen = read_html(written.text)
    assert 0 <= units(seen.text) <= limit
    link = article_link(message)
    blocks = [each for each in message.blocks if not (each.kind is BlockKind.NOTE and repeats(each, link))]
    assert_told(seen.text, told(blocks), whole=sum(map(length, blocks)) < limit - 300)
    kinds = [(str(entity["type"]), text_of(seen, entity)) for entity in seen.entities]
    alive = [one for one in kinds if one[0] not in TELEGRAM_LOOKS]
    assert {text for kind, text in alive if kind == "bot_command"} == {text for _, text in alive}, alive
    assert {text for kind, text in kinds if kind == "bot_command"} <= OURS & codes(message), kinds
    assert {entity["url"] for entity in seen.entities if entity["type"] == "text_link"} <= links
    assert written.preview in {"", *links}
    check_nesting(seen.entities)
    bare = read_plain(as_plain(message).text)
    assert units(bare.text) <= limit
    loose = [text_of(bare, entity) for entity in bare.entities if entity["type"] == "url"]
    assert all(any(link.startswith(one) or one.startswith(link) for link in links) for one in loose), loose
    assert not [text_of(bare, entity) for entity in bare.entities if entity["type"] == "mention"]
    check_keyboard(written)


def length(block: Block) -> int:
    return sum(units(squeezed(span.text)) * 2 for span in block.spans) + 2


def text_of(seen, entity) -> str:
    raw = seen.text.encode("utf-16-le")
    start = int(str(entity["offset"])) * 2
    return raw[start : start + int(str(entity["length"])) * 2].decode("utf-16-le")  # raises within a surrogate pair


def codes(message: Message) -> set[str]:
    return {span.text for block in message.blocks for span in block.spans if span.style is Style.CODE}


def check_nesting(entities) -> None:
    """Entities lie apart or one within the other; nothing is in code, and no quotation or link in another."""
    spans = [
        (int(str(one["offset"])), int(str(one["offset"])) + int(str(one["length"])), one["type"]) for one in entities
    ]
    for place, (start, end, kind) in enumerate(spans):
        for other_start, other_end, other in spans[place + 1 :]:
            if other_start < end and start < other_end:
                assert (start <= other_start and other_end <= end) or (other_start <= start and end <= other_end)
                assert "code" not in {kind, other} or {kind, other} & {"blockquote", "expandable_blockquote"}
                assert kind != other


def check_keyboard(written) -> None:
    rows = written.buttons.inline_keyboard if written.buttons else ()
    for button in (button for row in rows for button in row):
        assert 1 <= units(button.text) <= 64
        assert button.url or 1 <= len(button.callback_data.encode()) <= 64
    assert all(1 <= len(row) <= 8 for row in rows)


@ANY
@given(hostile.CONTENTS, hostile.chats(Platform.TELEGRAM))
def test_whatever_is_delivered_to_telegram_is_within_its_limits_and_alive_by_us_alone(content, chat: Chat) -> None:
    check_telegram(content_message(content, chat, now=NOW), own(content))


# --- Discord ---------------------------------------------------------------------------------------------


def check_discord(message: Message, links: set[str]) -> None:
    for made in (render(message), plain(message)):
        embed = made.embed.to_dict() if made.embed else {}
        title, description = embed.get("title", ""), embed.get("description", "")
        footer = embed.get("footer", {}).get("text", "")
        assert bool(made.content) != bool(embed)
        sizes = [units(made.content), units(title), units(description), units(footer)]
        assert all(size <= most for size, most in zip(sizes, (2000, 256, 4096, 2048), strict=True))
        assert sum(sizes) <= 6000
        seen = discord_markdown.Seen()
        for text in (made.content, title, description):
            seen.add(discord_markdown.read(text))
        assert seen.kinds <= LOOKS, seen.found
        known = {encoded(link) for link in links}
        strange = {encoded(link) for link in seen.of("link", "autolink")} - known
        assert not strange, strange
        assert {encoded(embed["url"])} <= known if "url" in embed else True
        assert not re.search(r"@everyone|@here|<[@#:/t]", footer)
        blocks = [
            block for place, block in enumerate(message.blocks) if not (place and repeats(block, embed.get("url")))
        ]
        room = sum(sizes) < (1200 if made.content else 3000) and units(title) < 200
        assert_told(seen.text + footer, told(shown_by_discord(one, embedded=bool(embed)) for one in blocks), whole=room)
        check_pictures(embed, message)
        check_components(made)


def encoded(link: str) -> str:
    return link.replace("(", "%28").replace(")", "%29")


def repeats(block: Block, link: str | None) -> bool:
    return bool(link) and bool(block.spans) and all(safe_link(span.url) == link for span in block.spans)


def shown_by_discord(block: Block, *, embedded: bool) -> Block:
    """A link's text that is an address is shown as the address that it leads to; if it holds one, both are."""
    if embedded and block.kind is BlockKind.TITLE:
        return block
    leads = [(span, safe_link(span.url)) for span in block.spans]
    spans = (
        Span((span.text if len(span.text.split()) > 1 else "") + encoded(link)) if link and "://" in span.text else span
        for span, link in leads
    )
    return Block(block.kind, tuple(spans))


def check_pictures(embed, message: Message) -> None:
    shown = {embed[name]["url"] for name in ("image", "thumbnail") if name in embed}
    assert shown <= {picture_link(message)}
    assert all(link.isascii() and link.startswith(("http://", "https://")) and len(link) <= 2000 for link in shown)


def check_components(made) -> None:
    view = made.arguments().get("view")
    rows = view.to_components() if view else []
    assert len(rows) <= 5
    for row in rows:
        assert 1 <= len(row["components"]) <= 5
        for button in row["components"]:
            assert 1 <= units(button["label"]) <= 80
            assert 1 <= len(button.get("custom_id") or button["url"]) <= (100 if "custom_id" in button else 512)


@ANY
@given(hostile.CONTENTS, hostile.chats(Platform.DISCORD))
def test_whatever_is_delivered_to_discord_is_within_its_limits_and_alive_by_us_alone(content, chat: Chat) -> None:
    check_discord(content_message(content, chat, now=NOW), own(content))


# --- answers ---------------------------------------------------------------------------------------------


async def answers(desk, alert: Alert, chat: Chat, locale: Locale, query: str) -> list[Message]:
    """What the buttons of an alert are answered with."""
    keyword = Keyword(id=KeywordId(1), query=query, canonical="x", created=NOW)
    fate = Fate(state=DeliveryState.SENT, why=alert.why, created=NOW, finished=NOW)
    trail = Trail(
        item=alert.item, state=ItemState.DONE, mode=Mode.MATCHING, subscribed=NOW, brief=alert.brief, fate=fate
    )
    causes = tuple(Cause(why=why, keyword=keyword) for why in alert.why)
    lines = [f"/{name} #1" for name in ("full", "why", "less")] + ["/full #1 zh", "/full #1 en", "/less #1 story"]
    desk.chats.by_address[request("/x").address] = replace(chat, address=request("/x").address)
    desk.inquiry.items[1] = Finding(end=End.SENT, trail=trail, causes=causes)
    desk.history.alerts = [alert]
    return [await desk.say(line, locale=locale) for line in (*lines, "/latest")]


@settings(ANY, max_examples=max(60, EXAMPLES // 5))
@given(hostile.ALERTS, hostile.chats(Platform.TELEGRAM), st.sampled_from(Locale), hostile.SHORT)
def test_the_answers_to_an_alerts_buttons_are_so_as_well(make_desk, alert, chat, locale, query) -> None:
    links = own(alert) | own(alert.item)
    for message in asyncio.run(answers(make_desk(), alert, chat, locale, query)):
        check_telegram(message, links)
        check_discord(message, links)


# --- cuts ------------------------------------------------------------------------------------------------


def assert_clean_cut(source: str, shown: str) -> None:
    """That a text is shown whole, or cut between words, and if a word is too long, between its signs."""
    if shown == source:
        return
    assert shown.endswith("…")
    head = shown[:-1]
    assert source.startswith(head)
    rest = source[len(head) :]
    boundaries, at = {0}, 0
    for sign in regex.findall(r"\X", source[: len(head) + 200]):
        at += len(sign)
        boundaries.add(at)
    assert len(head) in boundaries or rest[:1].isspace()
    inside = regex.search(r"[\p{Latin}\p{Cyrillic}\p{N}]\Z", head) and regex.match(
        r"[\p{Latin}\p{Cyrillic}\p{N}]", rest
    )
    assert not inside or not regex.search(r"[^\p{Latin}\p{Cyrillic}\p{M}\p{N}'’_-]", head)


CALM = st.lists(
    st.sampled_from(
        [
            "talks ",
            "三方會談，",
            "переговоры ",
            "👩‍👩‍👧‍👦",
            "🇭🇰",
            "é́́ ",
            "don't ",
            "𠮷",
            "well-known ",
            "ประชุม",
            "w" * 60 + " ",
            "x1 ",
        ]
    ),
    min_size=1,
    max_size=9,
).flatmap(lambda parts: st.integers(1, 900).map(lambda times: ("".join(parts) * times)[:9000].strip()))


@settings(ANY, max_examples=max(100, EXAMPLES // 3))
@given(CALM, st.sampled_from([BlockKind.TEXT, BlockKind.QUOTE]))
def test_a_text_that_is_too_long_is_cut_between_words_and_never_within_a_sign(source: str, kind: BlockKind) -> None:
    message = Message(blocks=(Block(kind, (Span(source),)),))
    assert_clean_cut(source, read_html(as_html(message).text).text.replace("\u2060", ""))
    for made in (render(message), plain(message)):
        text = made.content or made.embed.description
        assert_clean_cut(source, discord_markdown.read(text).text.replace("\u200b", ""))


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("@everyone", "everyone"),
        ("**x**", "bold"),
        ("*x*", "italic"),
        ("_x_", "italic"),
        ("__x__", "underline"),
        ("~~x~~", "strike"),
        ("||x||", "spoiler"),
        ("`x`", "code"),
        ("```x```", "codeblock"),
        ("# x", "heading"),
        ("a\n## x", "heading"),
        ("-# x", "subtext"),
        ("> x", "quote"),
        (">>> x\ny", "quote"),
        ("- x", "list"),
        ("1. x", "list"),
        ("<@1>", "mention"),
        ("<@&1>", "mention"),
        ("<t:0:R>", "timestamp"),
        ("<:ab:1>", "emoji"),
        (":smile:", "shortcode"),
        ("</a b:1>", "command"),
        ("see https://a.example", "url"),
        ("<https://a.example>", "autolink"),
        ("[x](<https://a.example>)", "link"),
        ("[**x**](https://a.example)", "link"),
        ("discord.gg/abc", "invite"),
    ],
)
def test_the_parser_of_discords_markdown_sees_what_is_there(source: str, kind: str) -> None:
    assert kind in discord_markdown.read(source).kinds
    assert discord_markdown.read("\\" + source.replace("a\n", "")).text


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("127.0.0.1", "url"),
        ("www.🤙.tk", "url"),
        ("例子.中国", "url"),
        ("ТеСт.МоСкВа", "url"),
        ("google.com:80", "url"),
        ("tg://resolve", "url"),
        ("@durov", "mention"),
        ("/pause", "bot_command"),
    ],
)
def test_the_parser_of_telegrams_html_sees_what_clients_make_of_a_text(text: str, kind: str) -> None:
    assert kind in {entity["type"] for entity in read_html(text).entities}
