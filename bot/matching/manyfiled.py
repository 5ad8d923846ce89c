"""What is filed under features, of many entries: which of them a document shows, told for all at once. See `filed`,
which loads this, and numpy with it, when there are many."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import numpy as np

from bot.matching.filed import KIND_BITS, KINDS, NONE
from bot.matching.spans import places_of

# As arrays, which numpy reckons with quicker than with Python's numbers.
_HALF, _MASK = np.array(32), np.array((1 << 32) - 1)
_KINDS, _KIND_BITS, _PLAIN = np.array(KINDS), np.array(KIND_BITS), np.array(0)


class Views:
    """The arrays of `Filed`, as numpy sees the same memory. None of them may grow meanwhile."""

    def __init__(self, pool: array[int], spans: array[int]) -> None:
        self._pool, self._spans = np.frombuffer(pool, np.int64), np.frombuffer(spans, np.int64)
        self._shown = np.zeros(len(spans), np.bool_)
        self._shown[NONE] = True

    def shown(self, features: Sequence[int]) -> tuple[list[int], list[tuple[int, int, int]]]:
        """See `Filed.shown`."""
        numbers = np.asarray(features, np.int64)
        spans = self._spans.take(numbers)
        sizes = spans & _MASK
        ends = sizes.cumsum()
        if not len(ends) or not ends[-1]:
            return [], []
        entries = self._pool.take(places_of(spans >> _HALF, sizes, ends))
        self._shown[numbers] = True
        (rows,) = self._shown.take(entries >> _HALF).nonzero()
        self._shown[numbers] = False
        found = entries.take(rows)
        alone = found & _KINDS == _PLAIN
        others = ~alone
        plain, rest = (found[alone] & _MASK) >> _KIND_BITS, found[others]
        owners = numbers.take(ends.searchsorted(rows[others], "right"))
        columns = owners.tolist(), (rest >> _HALF).tolist(), (rest & _MASK).tolist()
        return plain.tolist(), list(zip(*columns, strict=True))
