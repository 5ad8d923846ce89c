"""The bricks of messages: texts made harmless, blocks and buttons, and what fits into one message."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from bot.chat.clip import clip, utf16_len
from bot.model import Block, BlockKind, Button, Message, Span, Style

MESSAGE_LIMIT = 3600  # of Telegram's 4,096 units and Discord's 4,096 of a description, where escapes take some
ACTION_LIMIT = 64  # bytes: Telegram's callback data
LABEL_LIMIT = 60
LINK_LIMIT = 512  # Discord's limit for the address of a button
ROW = 3

# Control characters, the marks that reverse the direction of what follows, and halves of surrogate pairs.
_HARMFUL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_BLANKS = re.compile(r"[^\S\n]+")
_BREAKS = re.compile(r"\s*\n\s*")


def harmless(text: str) -> str:
    """A text of foreign making with blanks for its control characters, direction marks and broken halves."""
    return _HARMFUL.sub(" ", text)


def one_line(text: str, limit: int) -> str:
    """A text of foreign making on one line, without control characters, in at most `limit` UTF-16 units."""
    return clip(" ".join(harmless(text).split()), limit)


def paragraphs(text: str, limit: int) -> str:
    """A text of foreign making with its line breaks, without control characters and empty lines, clipped."""
    return clip(_BREAKS.sub("\n", _BLANKS.sub(" ", harmless(text))).strip(), limit)


def _spans(content: str | Iterable[Span]) -> tuple[Span, ...]:
    return (Span(content),) if isinstance(content, str) else tuple(content)


def title(content: str | Iterable[Span]) -> Block:
    """A heading; a plain text becomes bold."""
    return Block(BlockKind.TITLE, (bold(content),) if isinstance(content, str) else tuple(content))


def text(content: str | Iterable[Span]) -> Block:
    """A paragraph."""
    return Block(BlockKind.TEXT, _spans(content))


def entry(content: str | Iterable[Span]) -> Block:
    """An item of a list."""
    return Block(BlockKind.ITEM, _spans(content))


def note(content: str | Iterable[Span]) -> Block:
    """Small print."""
    return Block(BlockKind.NOTE, _spans(content))


def quote(content: str | Iterable[Span]) -> Block:
    """A quotation."""
    return Block(BlockKind.QUOTE, _spans(content))


def bold(content: str, url: str = "") -> Span:
    """A bold run."""
    return Span(content, Style.BOLD, url)


def code(content: str) -> Span:
    """A run to be typed or copied."""
    return Span(content, Style.CODE)


def fits_action(action: str) -> bool:
    """Whether a command line fits into a button, on one line."""
    return len(action.encode("utf-8", "replace")) <= ACTION_LIMIT and action.isprintable()


def buttons(*choices: tuple[str, str]) -> tuple[Button, ...]:
    """Buttons of (label, command line), without those whose command line is too long for one."""
    return tuple(Button(one_line(label, LABEL_LIMIT), action) for label, action in choices if fits_action(action))


def in_place(*choices: tuple[str, str]) -> tuple[Button, ...]:
    """Buttons whose answer takes the place of the message that they stand under."""
    return tuple(replace(button, in_place=True) for button in buttons(*choices))


def rows(choices: Iterable[Button], *, width: int = ROW, most: int = 15) -> tuple[tuple[Button, ...], ...]:
    """Buttons in rows of `width`, at most `most` of them (Discord shows five rows)."""
    shown = list(choices)[:most]
    return tuple(tuple(shown[start : start + width]) for start in range(0, len(shown), width))


def block_length(block: Block) -> int:
    """The UTF-16 units of a block's text, with its line break."""
    return sum(utf16_len(span.text) for span in block.spans) + 1


def fit(message: Message) -> Message:
    """The message without empty rows of buttons, and without the last blocks where it is too long for one."""
    message = replace(message, buttons=tuple(row for row in message.buttons if row))
    kept: list[Block] = []
    room = MESSAGE_LIMIT
    for block in message.blocks:
        room -= block_length(block)
        if room < 0:
            return replace(message, blocks=(*kept, note("…")))
        kept.append(block)
    return message
