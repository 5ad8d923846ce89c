"""What is filed under features, of many entries: which of them a document shows, told for all at once. See `filed`,
which loads this, and numpy with it, when there are many."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import numpy as np

from bot.matching.filed import KIND_BITS, KINDS, NONE, Entry

_HALF, _MASK = np.uint64(32), np.uint64((1 << 32) - 1)
_KINDS, _KIND_BITS = np.uint64(KINDS), np.uint64(KIND_BITS)


class Views:
    """The arrays of `Filed`, as numpy sees the same memory. None of them may grow meanwhile."""

    def __init__(self, pool: array[int], starts: array[int], sizes: array[int]) -> None:
        self._pool = np.frombuffer(pool, np.uint64)
        self._starts, self._sizes = np.frombuffer(starts, np.uint32), np.frombuffer(sizes, np.uint32)
        self._shown = np.zeros(len(sizes), np.bool_)
        self._shown[NONE] = True

    def shown(self, features: Sequence[int]) -> tuple[list[int], list[Entry]]:
        """See `Filed.shown`."""
        numbers = np.asarray(features, np.int64)
        sizes = self._sizes.take(numbers).astype(np.int64)
        ends = sizes.cumsum()
        if not ends.any():
            return [], []
        firsts = self._starts.take(numbers).astype(np.int64) - ends + sizes
        entries = self._pool.take(np.arange(ends[-1]) + firsts.repeat(sizes))
        self._shown[numbers] = True
        rows = np.flatnonzero(self._shown.take((entries >> _HALF).view(np.int64)))
        self._shown[numbers] = False
        found = entries.take(rows)
        alone = found & _KINDS == 0
        plain, rest = (found[alone] & _MASK) >> _KIND_BITS, found[~alone]
        owners = numbers.take(ends.searchsorted(rows[~alone], "right"))
        others = map(Entry, owners.tolist(), (rest >> _HALF).tolist(), (rest & _MASK).tolist())
        return plain.tolist(), list(others)
