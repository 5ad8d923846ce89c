"""Numbers under the hashes of texts, of which many are looked up at once.

To look up one text after another in a dictionary of a million is to wait for memory each time; numpy asks for all at
once, and the waits are one. Texts are told apart by 64 bits of a hash that nobody outside the process knows: that two
of them are the same is less likely than a fault of the memory.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Hashes: TypeAlias = npt.NDArray[np.uint64]
Numbers: TypeAlias = npt.NDArray[np.int64]  # what numpy takes places by without a copy

_WIDTH_BITS = 3  # of the number of slots in a bucket: one line of the processor's cache, and the next is their numbers
_WIDTH = 1 << _WIDTH_BITS
_ROW_BITS = _WIDTH_BITS + 1
_EMPTY, _LEFT = 0, 1  # a slot without a hash, and one that a hash left in a bucket that was full; no hash is so small
_FIRST_BITS = 4  # of the number of buckets
_MOST_OF_ROOM = 0.6
_BITS = 64
# As arrays, which numpy reckons with quicker than with Python's numbers.
_BUCKET, _NUMBERS = np.array(_WIDTH_BITS), np.array(_WIDTH)


class HashTable:
    """Numbers of 63 bits under hashes of 64. A hash stands in the bucket that its first bits tell, or aside when that
    is full."""

    def __init__(self) -> None:
        self._make(_FIRST_BITS)

    def __len__(self) -> int:
        """How many hashes there are."""
        return self._number + len(self._aside)

    def _make(self, bits: int) -> None:
        self._shift = _BITS - bits
        self._by_bucket = np.array(self._shift, np.uint64)
        # Of each bucket the hashes in its slots, then their numbers.
        self._rows = np.zeros((1 << bits, 2 * _WIDTH), np.uint64)
        self._flat = self._rows.reshape(-1).data  # the same memory, which is quicker so for one at a time
        self._most = int(_MOST_OF_ROOM * (_WIDTH << bits))
        self._number = 0  # of those in their buckets
        self._aside: dict[int, int] = {}

    def _bucket(self, key: int) -> tuple[int, list[int]]:
        first = key >> self._shift << _ROW_BITS
        slots: list[int] = self._flat[first : first + _WIDTH].tolist()
        return first, slots

    def add(self, key: int, number: int) -> None:
        """Put a number under a hash that has none yet."""
        if self._number >= self._most:
            self._grow()
        first, slots = self._bucket(key)
        for free in (_EMPTY, _LEFT):
            if free in slots:
                place = first + slots.index(free)
                self._flat[place], self._flat[place + _WIDTH] = key, number
                self._number += 1
                return
        self._aside[key] = number

    def remove(self, key: int) -> None:
        """Take out what is under a hash, if there is anything."""
        first, slots = self._bucket(key)
        if key not in slots:
            self._aside.pop(key, None)
            return
        # A full one stays so, as some may be aside that have it.
        self._flat[first + slots.index(key)] = _EMPTY if _EMPTY in slots else _LEFT
        self._number -= 1

    def _grow(self) -> None:
        """To twice the size. All at once, as nothing may be asked meanwhile: half a million take up to a tenth of a
        second."""
        rows, aside = self._rows, self._aside
        self._make(_BITS - self._shift + 1)
        # A bucket becomes two, told apart by one more bit of the hashes; in either, each stands where it stood.
        slots = rows[:, :_WIDTH]
        taken = slots > _LEFT
        second = (slots >> self._by_bucket & np.uint64(1)).astype(np.bool_)
        halves = self._rows.reshape(-1, 2, 2, _WIDTH)
        halves[:] = rows.reshape(-1, 1, 2, _WIDTH)
        halves[:, 0, 0] *= taken & ~second
        halves[:, 1, 0] *= taken & second
        self._number = int(taken.sum())
        for key, number in aside.items():
            self.add(key, number)

    def find(self, keys: Hashes) -> tuple[Numbers, Numbers]:
        """The places of those hashes that have numbers, and these."""
        rows = self._rows.take((keys >> self._by_bucket).view(np.int64), axis=0)
        (found,) = (rows[:, :_WIDTH] == keys[:, None]).reshape(-1).nonzero()
        places = found >> _BUCKET
        numbers = rows.reshape(-1).take(found + (places << _BUCKET) + _NUMBERS).view(np.int64)
        if not self._aside or len(found) == len(keys):
            return places, numbers
        full = rows[:, _WIDTH - 1] != _EMPTY  # or not: it is filled last, but others may have become free
        full[places] = False
        aside = [
            (place, self._aside[key])
            for place in full.nonzero()[0].tolist()
            if (key := int(keys[place])) in self._aside
        ]
        if not aside:
            return places, numbers
        more, others = np.array(aside).T
        return np.concatenate((places, more)), np.concatenate((numbers, others))
