"""Finds many forms in a text at once: from left to right, the longest form first, Latin ones as whole words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from operator import add
from typing import NamedTuple

from bot.text.chinese import HAN

_WORD_SIGN = "A-Za-z0-9\u00c0-\u024f"
_WORD = re.compile(f"[{_WORD_SIGN}]+")


class Form(NamedTuple):
    """What to look for, of two signs or more. With `any_case`, capitals make no difference."""

    text: str
    any_case: bool = False


class _Sought(NamedTuple):
    """A form as it is compared, and where its key stands in it. `whole`: no word sign may stand next to it."""

    text: str
    any_case: bool
    whole: bool
    offset: int = 0


class Lookup:
    """Latin forms by their first word, others by their first two signs: nearly every place of a text is passed over by
    one look into a dictionary, however many forms there are."""

    def __init__(self, forms: Iterable[Form]) -> None:
        self._by_word: dict[str, list[_Sought]] = {}
        self._by_pair: dict[str, list[_Sought]] = {}
        self._bare_signs = False  # forms without any letter
        for form in sorted(set(forms), key=lambda form: -len(form.text)):
            self._add(form)

    def _add(self, form: Form) -> None:
        text = _lowered(form.text) if form.any_case else form.text
        whole = not HAN.search(text)  # Chinese has no word ends
        first = _WORD.search(text) if whole else None
        sought = _Sought(text, form.any_case, whole, first.start() if first else 0)
        if first:
            self._by_word.setdefault(first.group().lower(), []).append(sought)
        else:
            self._bare_signs |= whole
            self._by_pair.setdefault(_lowered(text)[:2], []).append(sought)

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """The places of the forms in a text, as character offsets; they do not overlap."""
        done = 0
        for start, neg_end in sorted(self._hits(text)):
            if start >= done:
                done = -neg_end
                yield start, done

    def _hits(self, text: str) -> Iterator[tuple[int, int]]:
        """Every form at its place, as its begin and its negative end: sorted, the longest comes first."""
        lowered = _lowered(text)
        by_word, by_pair = self._by_word, self._by_pair
        for word in _WORD.finditer(text):
            if found := by_word.get(word.group().lower()):
                yield from _at(word.start(), found, text, lowered)
        if not HAN.search(text) and not self._bare_signs:
            return
        pairs = enumerate(map(add, lowered, lowered[1:]))
        for start, found in [(place, by_pair[pair]) for place, pair in pairs if pair in by_pair]:
            yield from _at(start, found, text, lowered)


def _at(place: int, forms: Iterable[_Sought], text: str, lowered: str) -> Iterator[tuple[int, int]]:
    for form in forms:
        start = place - form.offset
        end = start + len(form.text)
        if start < 0 or not (lowered if form.any_case else text).startswith(form.text, start):
            continue
        if not form.whole or not (_WORD.match(text, end) or (start and _WORD.match(text, start - 1))):
            yield start, -end


def _lowered(text: str) -> str:
    """The text in small letters, as long as before: İ would become two."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(small if len(small := sign.lower()) == 1 else sign for sign in text)
