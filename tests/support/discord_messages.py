"""Messages and the time in the tests of the Discord adapter."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.model import Block, BlockKind, Message, Span

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def says(*texts, private=False, buttons=()):
    """A message of plain paragraphs."""
    blocks = tuple(Block(BlockKind.TEXT, (Span(text),)) for text in texts)
    return Message(blocks=blocks, buttons=buttons, private=private)
