"""What is filed under features, of many entries: which of them a document shows, told for all at once. See `filed`,
which loads this, and numpy with it, when there are many."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import numpy as np

from bot.matching.filed import KIND_BITS, KINDS, NONE

_HALF = 32
_MASK = (1 << _HALF) - 1


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
        if not ends.any():
            return [], []
        firsts = (spans >> _HALF) - ends + sizes
        entries = self._pool.take(np.arange(ends[-1]) + firsts.repeat(sizes))
        self._shown[numbers] = True
        rows = np.flatnonzero(self._shown.take(entries >> _HALF))
        self._shown[numbers] = False
        found = entries.take(rows)
        alone = found & KINDS == 0
        plain, rest = (found[alone] & _MASK) >> KIND_BITS, found[~alone]
        owners = numbers.take(ends.searchsorted(rows[~alone], "right"))
        others = zip(owners.tolist(), (rest >> _HALF).tolist(), (rest & _MASK).tolist(), strict=True)
        return plain.tolist(), list(others)
