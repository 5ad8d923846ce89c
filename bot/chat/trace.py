"""Tracebacks for the log, without anything that a person wrote."""

from __future__ import annotations

import traceback

from bot.errors import StorageError

_MOST_CAUSES = 5


def trace(error: BaseException) -> str:
    """The traceback of an error and of its causes, without their messages: those can quote what people wrote."""
    parts: list[str] = []
    link: BaseException | None = error
    while link is not None and len(parts) < _MOST_CAUSES:
        # What the database says of itself (locked, disk full) quotes nobody: its parameters are hidden.
        said = f": {link}" if isinstance(link, StorageError) else ""
        parts.append("".join((*traceback.format_tb(link.__traceback__), type(link).__qualname__, said)))
        link = link.__cause__ or link.__context__
    return "\ncaused by:\n".join(parts)
