"""What the terms of texts show of many words and prefixes. See `manyfeatures`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bot.matching.fewfeatures import MOST_TERMS, Find
from bot.matching.hashtable import Hashes, HashTable, Numbers

_FIRST_ROOM = 1_024


class ManyTerms:
    """The numbers that terms show, found when first asked for: most words of a text are known from others."""

    def __init__(self, find: Find, algorithm: str) -> None:
        self._find, self._algorithm = find, algorithm
        self._forget()

    def _forget(self) -> None:
        self._rows = HashTable()
        # Of each row, where its numbers begin in the pool, and how many they are.
        self._starts, self._sizes = np.zeros(_FIRST_ROOM, np.int64), np.zeros(_FIRST_ROOM, np.int64)
        self._pool = np.zeros(_FIRST_ROOM, np.int64)
        self._taken = 0

    def shown(self, terms: Sequence[str], hashes: Hashes) -> tuple[Numbers, Numbers]:
        """The places of terms, by their hashes, each as often as it shows something, and the numbers that it shows."""
        places, rows = self._rows.find(hashes)
        if len(places) < len(hashes):
            self._learn(terms, hashes, places)
            places, rows = self._rows.find(hashes)
        sizes = self._sizes.take(rows)
        ends = sizes.cumsum()
        firsts = self._starts.take(rows) - ends + sizes
        numbers = self._pool.take(np.arange(ends[-1] if len(ends) else 0) + firsts.repeat(sizes))
        return places.repeat(sizes), numbers

    def _learn(self, terms: Sequence[str], hashes: Hashes, known: Numbers) -> None:
        """What terms show of which only those at some places are known."""
        unknown = np.ones(len(terms), np.bool_)
        unknown[known] = False
        left = {terms[place]: int(hashes[place]) for place in np.flatnonzero(unknown).tolist()}
        if len(self._rows) + len(left) > MOST_TERMS:
            self._forget()
            left = dict(zip(terms, hashes.tolist(), strict=True))
        for term, key in left.items():
            numbers = self._find(self._algorithm, term)
            row, end = len(self._rows) + 1, self._taken + len(numbers)
            if row == len(self._starts):
                self._starts, self._sizes = _doubled(self._starts), _doubled(self._sizes)
            while end > len(self._pool):
                self._pool = _doubled(self._pool)
            self._pool[self._taken : end] = numbers
            self._starts[row], self._sizes[row] = self._taken, len(numbers)
            self._taken = end
            self._rows.add(key, row)


def _doubled(numbers: Numbers) -> Numbers:
    return np.concatenate((numbers, np.zeros_like(numbers)))
