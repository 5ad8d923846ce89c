"""Memory that an idle program gives back."""

from __future__ import annotations

import ctypes
from datetime import timedelta

from bot.text.chinese import put_away_unused

REST = timedelta(minutes=10)  # without use, after which what takes much memory is put away


def settle() -> None:
    """Give back what only the start needed."""
    put_away_unused()  # marks it as not used since
    put_away_unused()
    _trim()


def rest() -> None:
    """Put away what was not used since the last call; to be called every `REST`."""
    if put_away_unused():
        _trim()


def _trim() -> None:
    """Hand freed memory to the system, by the C library where it has that: glibc keeps what lies between other."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim:
        trim(0)
