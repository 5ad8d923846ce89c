"""What the terms of texts show of many words and prefixes. See `manyfeatures`."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence

import numpy as np

from bot.matching.columns import hash_of
from bot.matching.hashtable import Hashes, HashTable, Numbers
from bot.matching.lexer import SHORTEST_PREFIX
from bot.matching.shown import MOST_TERMS, Find
from bot.matching.spans import places_of

_FIRST_ROOM = 1_024
_SIZE_BITS = 20  # of a span, which is where numbers begin in the pool, and how many they are
_NOTHING = 1 << _SIZE_BITS  # the span of none; no span is 0
# As arrays, which numpy reckons with quicker than with Python's numbers.
_BEGIN, _SIZE = np.array(_SIZE_BITS), np.array((1 << _SIZE_BITS) - 1)


class ManyTerms:
    """The numbers that terms show, found when first asked for: most words of a text are known from others."""

    def __init__(self, find: Find, algorithm: str) -> None:
        self._find, self._algorithm = find, algorithm
        self._spans = HashTable()
        self._pool = np.zeros(_FIRST_ROOM, np.int64)
        self._taken = 1  # of the pool
        # Of each term known, some maybe twice: its hash, and what finds those again that show something else when a
        # word or a prefix comes or goes.
        self._hashes, self._stems, self._beginnings = array("Q"), array("q"), array("q")
        self._kept = 0, self._taken  # how many of these, and of the pool, stay when there are too many

    def learn(self, terms: Sequence[str]) -> None:
        """Find out what terms show, before a text has them."""
        hashes = np.array(list(map(hash_of, terms)), np.uint64)
        self._with_learnt(terms, hashes, *self._spans.find(hashes))
        self._kept = len(self._hashes), self._taken

    def shown(self, terms: Sequence[str], hashes: Hashes) -> tuple[Numbers, Numbers]:
        """The places of terms, by their hashes, each as often as it shows something, and the numbers that it shows."""
        if len(self._hashes) - self._kept[0] > MOST_TERMS:
            self._forget_texts()
        places, spans = self._spans.find(hashes)
        if len(places) < len(hashes):
            spans = self._with_learnt(terms, hashes, places, spans)
            places = np.arange(len(hashes))
        sizes = spans & _SIZE
        return places.repeat(sizes), self._pool.take(places_of(spans >> _BEGIN, sizes, sizes.cumsum()))

    def _with_learnt(self, terms: Sequence[str], hashes: Hashes, places: Numbers, spans: Numbers) -> Numbers:
        """The span of every term, when those of some places are known."""
        every = np.zeros(len(hashes), np.int64)
        every[places] = spans
        (unknown,) = (every == 0).nonzero()
        found = [terms[place] for place in unknown.tolist()]
        learnt = self._learn(dict(zip(found, hashes[unknown].tolist(), strict=True)))
        every[unknown] = [learnt[term] for term in found]
        return every

    def _learn(self, terms: Mapping[str, int]) -> dict[str, int]:
        """What terms show of which nothing is known, with the hash of each; answers its span."""
        learnt: dict[str, int] = {}
        for (term, key), (stem, numbers) in zip(terms.items(), self._find(self._algorithm, list(terms)), strict=True):
            learnt[term] = span = self._pooled(numbers) if numbers else _NOTHING
            self._spans.add(key, span)
            self._hashes.append(key)
            self._stems.append(hash(stem))
            self._beginnings.append(hash(term[:SHORTEST_PREFIX]))
        return learnt

    def _pooled(self, numbers: Sequence[int]) -> int:
        begin, self._taken = self._taken, self._taken + len(numbers)
        while self._taken > len(self._pool):
            self._pool = np.concatenate((self._pool, np.zeros_like(self._pool)))
        self._pool[begin : self._taken] = numbers
        return begin << _SIZE_BITS | len(numbers)

    def _forget_texts(self) -> None:
        """Forget the terms that were learnt for texts."""
        known, self._taken = self._kept
        for key in self._hashes[known:]:
            self._spans.remove(key)
        del self._hashes[known:], self._stems[known:], self._beginnings[known:]

    def forget(self, stems: Sequence[str], prefixes: Sequence[str]) -> None:
        """Ask anew what terms show that have these stems, or begin so."""
        beginnings = [prefix[:SHORTEST_PREFIX] for prefix in prefixes]
        for place in _are_among(self._stems, stems) + _are_among(self._beginnings, beginnings):
            self._spans.remove(self._hashes[place])


def _are_among(hashes: array[int], texts: Sequence[str]) -> list[int]:
    """The places of those that are the hash of any text."""
    if not hashes or not texts:
        return []
    wanted = np.array(list(map(hash, texts)), np.int64)
    places: list[int] = np.isin(np.frombuffer(hashes, np.int64), wanted).nonzero()[0].tolist()
    return places
