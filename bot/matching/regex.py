"""Regular expressions by RE2, in time linear in the text, with caps on what one may cost.

Case, the width of signs, and 繁 or 简 do not matter in them either; accents do. There is no look-around and there are
no back references, as in RE2.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple, Protocol

import re2

from bot.errors import QueryProblem
from bot.text.chinese import HAN
from bot.text.fold import fold

MAX_PATTERN = 200  # characters
# Instructions of the program that a pattern becomes, and bytes for it and for what RE2 keeps while it searches. With
# more of the first, or less of the second, some patterns take 70 ms for the longest texts; with these, 20.
_MAX_PROGRAM = 1_500
_MAX_MEMORY = 1 << 19
_REMEMBERED = 1_024  # compiled ones; few take more than some kilobytes
_TABLE_LIMIT = 100_000  # distinct characters remembered
_SAMPLES = ("", "a", "a 1, 三方会谈.")


class Flaw(NamedTuple):
    """What is wrong with a pattern, and where in it."""

    problem: QueryProblem
    position: int


class _Match(Protocol):
    def span(self) -> tuple[int, int]: ...


class _Compiled(Protocol):
    programsize: int

    def search(self, text: bytes) -> _Match | None: ...


def readable(text: str) -> str:
    """A text as patterns see it, character for character: simplified, in normal width, with straight quotes."""
    return text if text.isascii() else text.translate(_TABLE)


def pattern_of(typed: str) -> str:
    """The one spelling of a pattern: signs that are wide or curly stand for themselves, so they are escaped. It is
    idempotent."""
    return "".join(_pieces(unicodedata.normalize("NFC", typed)))


def flaw(pattern: str) -> Flaw | None:
    """What makes a pattern, as `pattern_of` spells it, unfit to be a keyword."""
    if len(pattern) > MAX_PATTERN:
        return Flaw(QueryProblem.LARGE_REGEX, 0)
    try:
        compiled = _compile(pattern)
    except re2.error as error:
        return _unreadable(pattern, error)
    if compiled.programsize > _MAX_PROGRAM:
        return Flaw(QueryProblem.LARGE_REGEX, 0)
    broad = any(found and found.span()[0] == found.span()[1] for found in map(_searched(compiled), _SAMPLES))
    return Flaw(QueryProblem.BROAD_REGEX, 0) if broad else None


def search(pattern: str, text: bytes) -> tuple[int, int] | None:
    """Where in a readable text, as UTF-8, a pattern is found first; in characters."""
    found = _compile(pattern).search(text)
    if found is None:
        return None
    start, end = found.span()
    before = len(text[:start].decode())
    return before, before + len(text[start:end].decode())


@lru_cache(maxsize=_REMEMBERED)
def _compile(pattern: str) -> _Compiled:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = _MAX_MEMORY
    compiled: _Compiled = re2.compile(pattern, options)
    return compiled


def _searched(compiled: _Compiled) -> Callable[[str], _Match | None]:
    return lambda sample: compiled.search(sample.encode())


def _unreadable(pattern: str, error: re2.error) -> Flaw:
    """RE2 says what is wrong, a colon, and the piece of the pattern that it is about."""
    said = error.args[0].decode(errors="replace") if isinstance(error.args[0], bytes) else str(error)
    if "too large" in said or "repetition size" in said:
        return Flaw(QueryProblem.LARGE_REGEX, 0)
    piece = said.partition(": ")[2]
    return Flaw(QueryProblem.BAD_REGEX, max(pattern.find(piece), 0) if piece else 0)


class _Table(dict[int, str]):
    """A `str.translate` table of what folds one character to one, accents and case aside; it fills itself."""

    def __missing__(self, point: int) -> str:
        character = chr(point)
        folded = fold(character)
        wide = unicodedata.east_asian_width(character) in "FH"
        if wide:
            folded = unicodedata.normalize("NFKC", character)
        elif character.isalpha() and not HAN.match(character):
            folded = character
        read = folded if len(folded) == 1 else character
        if len(self) < _TABLE_LIMIT:
            self[point] = read
        return read


_TABLE = _Table()


def _pieces(typed: str) -> Iterator[str]:
    escaped = bracketed = False
    for place, character in enumerate(typed):
        read = readable(character)
        if HAN.match(character):
            # The ends of a range say where it lies: 一-龥.
            ranged = bracketed and "-" in typed[max(0, place - 1) : place + 2]
            yield character if ranged else read
        elif read != character and not (read.isalnum() or escaped):
            yield f"\\{read}"
        else:
            yield read
        bracketed = not escaped and (character == "[" or (bracketed and character != "]"))
        escaped = character == "\\" and not escaped
