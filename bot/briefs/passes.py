"""Reads a text in passes: what one reading has taken, no other takes."""

from __future__ import annotations

import re
from collections.abc import Callable


def blank(pattern: re.Pattern[str], text: str, handle: Callable[[re.Match[str]], bool | None]) -> str:
    """Handle each match, and leave blanks in its place so that no other reading takes it; False leaves it there."""

    def replace(match: re.Match[str]) -> str:
        return match.group() if handle(match) is False else " " * len(match.group())

    return pattern.sub(replace, text)
