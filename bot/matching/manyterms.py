"""What the terms of texts show of many words and prefixes. See `manyfeatures`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate, chain

import numpy as np

from bot.matching.hashtable import Hashes, HashTable, Numbers
from bot.matching.shown import MOST_TERMS, Find

_FIRST_ROOM = 1_024


class ManyTerms:
    """The numbers that terms show, found when first asked for: most words of a text are known from others."""

    def __init__(self, find: Find, algorithm: str) -> None:
        self._find, self._algorithm = find, algorithm
        self._forget()

    def __len__(self) -> int:
        """How many terms are known."""
        return len(self._rows)

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
            if len(self) + len(hashes) - len(places) > MOST_TERMS:
                self._forget()
                places = rows = places[:0]
            unknown = np.ones(len(hashes), np.bool_)
            unknown[places] = False
            left = np.flatnonzero(unknown)
            found = [terms[place] for place in left.tolist()]
            learnt = self._learn(dict(zip(found, hashes[left].tolist(), strict=True)))
            places = np.concatenate((places, left))
            rows = np.concatenate((rows, [learnt[term] for term in found]))
        sizes = self._sizes.take(rows)
        ends = sizes.cumsum()
        firsts = self._starts.take(rows) - ends + sizes
        numbers = self._pool.take(np.arange(ends[-1] if len(ends) else 0) + firsts.repeat(sizes))
        return places.repeat(sizes), numbers

    def _learn(self, terms: Mapping[str, int]) -> dict[str, int]:
        """What terms show of which nothing is known, with the hash of each; answers its row."""
        shown = self._find(self._algorithm, list(terms))
        sizes = list(map(len, shown))
        first, end = len(self) + 1, self._taken + sum(sizes)
        behind = first + len(terms)
        while behind > len(self._starts):
            self._starts, self._sizes = _doubled(self._starts), _doubled(self._sizes)
        while end > len(self._pool):
            self._pool = _doubled(self._pool)
        self._pool[self._taken : end] = list(chain.from_iterable(shown))
        self._sizes[first:behind] = sizes
        self._starts[first:behind] = list(accumulate(sizes[:-1], initial=self._taken))
        self._taken = end
        for row, key in enumerate(terms.values(), first):
            self._rows.add(key, row)
        return dict(zip(terms, range(first, behind), strict=True))


def _doubled(numbers: Numbers) -> Numbers:
    return np.concatenate((numbers, np.zeros_like(numbers)))
