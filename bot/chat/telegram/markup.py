"""Writes messages in Telegram's HTML, within its limits, and with no link, mention or command but our own.

Limits and tags: https://core.telegram.org/bots/api#html-style and #sendmessage.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from wcwidth import wcswidth

from bot.chat.blocks import fits_action
from bot.chat.clip import clip
from bot.chat.fitting import CAPTION_LIMIT, LIMIT, bullet, fitted, separator
from bot.chat.menu import ALIASES, MENU
from bot.chat.pressing import data_of
from bot.model import Block, BlockKind, Button, Message, Pictures, Span, Style
from bot.text.urls import safe_link

MOST_LABEL = 64
MOST_IN_ROW = 8
MOST_ROWS = 12
FOLDED = 3  # lines
LINE = 42  # columns of a quotation on a telephone, where Chinese signs take two

# U+2060 ends a link for Telegram's own search for links, while the zero-width joiners may be part of one.
WORD_JOINER = "\u2060"
_UNSENDABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
# Mentions; commands; addresses by a dot before letters that could be a top-level domain (any sign may stand before it,
# and marks belong to letters), by four numbers, or by their scheme.
_LINKED = re.compile(
    r"@|(?<![A-Za-z0-9_/])/(?=[A-Za-z0-9_]|$)|(?<=\S)\.(?=[^\W\d_](?:[^\W\d_]|[^\x00-\x7f]))"
    r"|(?<=\d)\.(?=\d{1,3}\.\d{1,3}\.\d)|:(?=//)"
)
_FAR = 12  # signs: as far as the four numbers of an address reach
_TAPPABLE = frozenset(f"/{name}" for name in (*(command.name for command in MENU), *ALIASES))
_UNSEEN = re.compile(r"[^\S ]|[\u200b-\u200f\u2060\x00-\x1f\x7f-\x9f]")
_BLOCK_TAGS = {BlockKind.TITLE: "b", BlockKind.NOTE: "i"}
_SPAN_TAGS = {Style.BOLD: "b", Style.ITALIC: "i"}


@dataclass(frozen=True, slots=True)
class Written:
    """A message as Telegram takes it: `preview` is the address to show a preview of, or empty for none; `large` whether
    the picture in it is to be."""

    text: str
    buttons: InlineKeyboardMarkup | None = None
    preview: str = ""
    large: bool = False


def as_html(message: Message) -> Written:
    """The message in HTML; its visible text has at most 4,096 UTF-16 units, or 1,024 as the caption of a file."""
    link = article_link(message)
    blocks = fitted([_harmless(block) for block in message.blocks if not _repeats(block, link)], _limit(message))
    preview = "" if message.pictures is Pictures.OFF else link
    return Written(_joined(blocks, _block_html), keyboard(message.buttons), preview, message.pictures is Pictures.LARGE)


def as_plain(message: Message) -> Written:
    """The message without any markup, its links written out: for when Telegram can't read the other form."""
    blocks = fitted([_written_out(_harmless(block)) for block in message.blocks], _limit(message))
    return Written(_joined(blocks, _block_text), keyboard(message.buttons))


def _limit(message: Message) -> int:
    return CAPTION_LIMIT if message.file or message.image else LIMIT


def article_link(message: Message) -> str:
    """The link of an alert's heading; empty for messages that are no alerts."""
    first = message.blocks[0] if message.blocks else None
    if first is None or first.kind is not BlockKind.TITLE:
        return ""
    return next((link for span in first.spans if (link := safe_link(span.url))), "")


def _repeats(block: Block, link: str) -> bool:
    """Whether a note only shows the link that the heading has already."""
    return block.kind is BlockKind.NOTE and bool(link) and all(safe_link(span.url) == link for span in block.spans)


def keyboard(rows: Iterable[Iterable[Button]]) -> InlineKeyboardMarkup | None:
    """The buttons that Telegram takes, in their rows; a button it would refuse is left out."""
    kept = [[made for button in row if (made := _button(button))][:MOST_IN_ROW] for row in rows]
    kept = [row for row in kept if row][:MOST_ROWS]
    return InlineKeyboardMarkup(kept) if kept else None


def _button(button: Button) -> InlineKeyboardButton | None:
    label = clip(_UNSENDABLE.sub("", button.label).strip(), MOST_LABEL)
    if not label:
        return None
    if link := safe_link(button.url):
        return InlineKeyboardButton(label, url=link)
    if button.action and fits_action(button.action):
        return InlineKeyboardButton(label, callback_data=data_of(button))
    return None


def _harmless(block: Block) -> Block:
    texts = ("", *(span.text for span in block.spans), "")
    beside = zip(block.spans, texts, texts[2:], strict=False)
    return Block(block.kind, tuple(_harmless_span(span, before, after) for span, before, after in beside))


def _harmless_span(span: Span, before: str, after: str) -> Span:
    """The span with a safe link or none, and nothing in it that Telegram would make a link of by itself, or with the
    texts beside it: it reads over the ends of bold runs."""
    text = _UNSENDABLE.sub("", span.text)
    link = safe_link(span.url)
    if link:
        return Span(text, span.style, link)
    if span.style is Style.CODE:
        # A tap on a command sends it, while a tap on code only copies it.
        return Span(text, Style.PLAIN if text in _TAPPABLE else Style.CODE)
    return Span(_unlinked(text, _UNSENDABLE.sub("", before), _UNSENDABLE.sub("", after)), span.style)


def _unlinked(text: str, before: str = "", after: str = "") -> str:
    """The text with an invisible sign in whatever Telegram would make a mention, command or link."""
    whole = before[-_FAR:] + text + after[:_FAR]
    start = at = len(before[-_FAR:])
    end = start + len(text)
    pieces: list[str] = []
    for found in _LINKED.finditer(whole, start, end + len(after[:_FAR])):
        if found.start() < end:
            pieces += [whole[at : found.end()], WORD_JOINER]
            at = found.end()
    return "".join([*pieces, whole[at:end]])


def _written_out(block: Block) -> Block:
    return Block(block.kind, tuple(_written_out_span(span) for span in block.spans))


def _written_out_span(span: Span) -> Span:
    if not span.url:
        return Span(_unlinked(span.text) if span.style is Style.CODE else span.text)
    # The text of a bare link is the beginning of the link itself.
    return Span(span.url if span.url.startswith(span.text.rstrip("…")) else f"{_unlinked(span.text)} ({span.url})")


def _joined(blocks: list[Block], write: Callable[[Block], str]) -> str:
    parts: list[str] = []
    for before, block in zip([None, *blocks], blocks, strict=False):
        parts += [separator(before, block), write(block)]
    return "".join(parts)


def _block_text(block: Block) -> str:
    return bullet(block) + "".join(span.text for span in block.spans)


def _block_html(block: Block) -> str:
    inner = "".join(_span_html(span, block.kind) for span in block.spans)
    if block.kind is BlockKind.QUOTE:
        return f"<blockquote{' expandable' if is_long(block) else ''}>{inner}</blockquote>"
    return bullet(block) + inner


def is_long(block: Block) -> bool:
    """Whether a quotation takes more than the three lines that Telegram leaves of a folded one."""
    lines = "".join(span.text for span in block.spans).split("\n")
    return sum(max(1, -(-wcswidth(_UNSEEN.sub("", line)) // LINE)) for line in lines) > FOLDED


def _span_html(span: Span, kind: BlockKind) -> str:
    text = escape(span.text, quote=False)
    if not text:
        return ""
    if span.url:
        text = f'<a href="{escape(span.url)}">{text}</a>'
    elif span.style is Style.CODE:
        return f"<code>{text}</code>"  # takes no other style beside it
    for tag in sorted({_BLOCK_TAGS.get(kind, ""), _SPAN_TAGS.get(span.style, "")} - {""}):
        text = f"<{tag}>{text}</{tag}>"
    return text
