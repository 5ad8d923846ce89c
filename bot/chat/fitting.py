"""Fits a message's blocks into a limit: long texts give way first, headings, small print and links last."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection
from itertools import pairwise

from bot.chat.clip import ELLIPSIS, clip, utf16_len
from bot.model import Block, BlockKind, Span

LIMIT = 4096  # UTF-16 units of visible text on Telegram, after the entities are read
CAPTION_LIMIT = 1024  # of a file's caption
FLOOR = 120  # what is left of a text at least; a shorter rest tells nothing
_BULLET = "• "
_NUMBERED = re.compile(r"\d+\. ")

_YIELDING = frozenset({BlockKind.TEXT, BlockKind.QUOTE, BlockKind.ITEM})
_ALL = frozenset(BlockKind)
_CLOSE = frozenset({BlockKind.ITEM, BlockKind.NOTE})  # stand line by line among their like

_REST = Block(BlockKind.TEXT, (Span(ELLIPSIS),))


def fitted(blocks: list[Block], limit: int = LIMIT) -> list[Block]:
    """The blocks with at most `limit` UTF-16 units of visible text, those without any text left out.

    The longest texts are clipped between words first, down to FLOOR; if that is not enough, texts are left out
    from the end; only then headings and notes give way in the same manner.
    """
    blocks = [block for block in blocks if _text(block).strip()]
    for kinds in (_YIELDING, _ALL):
        blocks = _without_last(_shortened(blocks, limit, kinds), limit, kinds)
    return blocks


def separator(before: Block | None, block: Block) -> str:
    """What stands between two blocks."""
    if before is None:
        return ""
    alike = before.kind is block.kind and block.kind in _CLOSE
    under_heading = before.kind is BlockKind.TITLE
    beside_quote = BlockKind.QUOTE in (before.kind, block.kind)  # it stands off by itself
    return "\n" if alike or under_heading or beside_quote else "\n\n"


def bullet(block: Block) -> str:
    """What stands before an item of a list, unless it begins with a number of its own."""
    return _BULLET if block.kind is BlockKind.ITEM and not _NUMBERED.match(_text(block)) else ""


def visible_length(blocks: list[Block]) -> int:
    """The UTF-16 units of what people see."""
    between = sum(len(separator(before, block)) for before, block in pairwise(blocks))
    bullets = sum(len(bullet(block)) for block in blocks)
    return between + bullets + sum(utf16_len(_text(block)) for block in blocks)


def _text(block: Block) -> str:
    return "".join(span.text for span in block.spans)


def _shortened(blocks: list[Block], limit: int, kinds: Collection[BlockKind]) -> list[Block]:
    """With the longest texts clipped to one common length, the greatest that is enough, but not below FLOOR."""
    excess = visible_length(blocks) - limit
    if excess <= 0:
        return blocks
    lengths = [utf16_len(_text(block)) for block in blocks if block.kind in kinds]
    caps = range(FLOOR, max([*lengths, FLOOR]) + 1)
    too_long = bisect_left(caps, True, key=lambda cap: sum(max(0, length - cap) for length in lengths) < excess)
    cap = max(FLOOR, FLOOR + too_long - 1)
    return [_clipped(block, cap) if block.kind in kinds else block for block in blocks]


def _clipped(block: Block, limit: int) -> Block:
    """The block cut between words; its spans keep their styles and links."""
    if utf16_len(_text(block)) <= limit:
        return block
    kept = len(clip(_text(block), limit)) - len(ELLIPSIS)
    spans: list[Span] = []
    for span in block.spans:
        spans.append(Span(span.text[:kept], span.style, span.url))
        kept -= len(spans[-1].text)
    return Block(block.kind, (*(span for span in spans if span.text), Span(ELLIPSIS)))


def _without_last(blocks: list[Block], limit: int, kinds: Collection[BlockKind]) -> list[Block]:
    """Without as many of the last blocks of these kinds as must go; an ellipsis stands for them."""
    yielding = [at for at, block in enumerate(blocks) if block.kind in kinds]

    def left(count: int) -> list[Block]:
        gone = frozenset(yielding[len(yielding) - count :])
        first = min(gone, default=None)
        return [_REST if at == first else block for at, block in enumerate(blocks) if at == first or at not in gone]

    return left(bisect_left(range(len(yielding)), True, key=lambda count: visible_length(left(count)) <= limit))
