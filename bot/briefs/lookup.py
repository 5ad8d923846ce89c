"""Finds many forms in a text at once: from left to right, the longest form first, Latin ones as whole words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from operator import add
from typing import NamedTuple

from bot.text.chinese import HAN

_WORD_SIGNS = frozenset("0123456789") | frozenset(
    chr(point) for first, last in ((0x41, 0x5A), (0x61, 0x7A), (0xC0, 0x24F)) for point in range(first, last + 1)
)


class Form(NamedTuple):
    """What to look for, of two signs or more. With `any_case`, capitals make no difference."""

    text: str
    any_case: bool = False


class Lookup:
    """The forms by their first two signs: nearly all places of a text are passed over by one look into a dictionary,
    however many forms there are."""

    def __init__(self, forms: Iterable[Form]) -> None:
        self._inside: dict[str, list[Form]] = {}  # Chinese has no word ends
        self._whole: dict[str, list[Form]] = {}
        for form in sorted(set(forms), key=lambda form: -len(form.text)):
            kept = Form(_lowered(form.text), any_case=True) if form.any_case else form
            index = self._inside if HAN.search(form.text) else self._whole
            index.setdefault(_lowered(form.text)[:2], []).append(kept)

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """The places of the forms in a text, as character offsets; they do not overlap."""
        lowered, end = _lowered(text), 0
        inside, whole = self._inside, self._whole
        pairs = enumerate(map(add, lowered, lowered[1:]))
        for start, pair in [(place, pair) for place, pair in pairs if pair in inside or pair in whole]:
            if start < end:
                continue
            if found := self._longest(start, pair, text, lowered):
                end = start + found
                yield start, end

    def _longest(self, start: int, pair: str, text: str, lowered: str) -> int:
        """The length of the longest form that begins there; 0 for none."""
        chinese = _first(self._inside.get(pair, ()), start, text, lowered)
        if pair not in self._whole or (start and text[start - 1] in _WORD_SIGNS):
            return chinese
        return max(chinese, _first(self._whole[pair], start, text, lowered, whole=True))


def _first(forms: Sequence[Form], start: int, text: str, lowered: str, *, whole: bool = False) -> int:
    for form, any_case in forms:
        if (lowered if any_case else text).startswith(form, start):
            end = start + len(form)
            if not whole or end == len(text) or text[end] not in _WORD_SIGNS:
                return len(form)
    return 0


def _lowered(text: str) -> str:
    """The text in small letters, as long as before: İ would become two."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(small if len(small := sign.lower()) == 1 else sign for sign in text)
