"""Numbers under the hashes of texts, of which many are looked up at once.

To look up one text after another in a dictionary of a million is to wait for memory each time; numpy asks for all at
once, and the waits are one. Texts are told apart by 64 bits of a hash that nobody outside the process knows: that two
of them are the same is less likely than a fault of the memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Hashes: TypeAlias = npt.NDArray[np.uint64]
Numbers: TypeAlias = npt.NDArray[np.int64]  # what numpy takes places by without a copy

_WIDTH_BITS = 3  # of the number of slots in a bucket: one line of the processor's cache
_WIDTH = 1 << _WIDTH_BITS
_EMPTY, _LEFT = 0, 1  # a slot without a hash, and one that a hash left in a bucket that was full; no hash is so small
_FIRST_BITS = 4  # of the number of buckets
_MOST_OF_ROOM = 0.6
_BITS = 64
_MASK = (1 << _BITS) - 1
_BY_LENGTH = 0xD6E8FEB86659FD93
_L = np.uint64(_BY_LENGTH)


def hash_of(text: str) -> int:
    """The hash of a text. Python's own is of the bytes that a text takes in memory, which are the same for 换 and bc:
    their lengths are not."""
    return hash(text) + len(text) * _BY_LENGTH & _MASK


def hashes_of(texts: Sequence[str]) -> Hashes:
    """The hashes of texts, in order."""
    hashes = np.fromiter(map(hash, texts), np.int64, len(texts)).view(np.uint64)
    return hashes + np.fromiter(map(len, texts), np.uint64, len(texts)) * _L


class HashTable:
    """Positive numbers of 32 bits under hashes of 64. A hash stands in the bucket that its first bits tell, or aside
    when that is full."""

    def __init__(self) -> None:
        self._make(_FIRST_BITS)

    def __len__(self) -> int:
        """How many hashes there are."""
        return self._number + len(self._aside)

    def _make(self, bits: int) -> None:
        self._shift = _BITS - bits
        self._slots = np.zeros((1 << bits, _WIDTH), np.uint64)
        self._values = np.zeros(_WIDTH << bits, np.uint32)
        # The same memory, which is quicker so for one at a time.
        self._slot, self._value = self._slots.reshape(-1).data, self._values.data
        self._number = 0  # of those in their buckets
        self._aside: dict[int, int] = {}

    def _bucket(self, key: int) -> tuple[int, list[int]]:
        first = key >> self._shift << _WIDTH_BITS
        slots: list[int] = self._slot[first : first + _WIDTH].tolist()
        return first, slots

    def add(self, key: int, number: int) -> None:
        """Put a number under a hash that has none yet."""
        if self._number >= _MOST_OF_ROOM * len(self._values):
            self._grow()
        first, slots = self._bucket(key)
        for free in (_EMPTY, _LEFT):
            if free in slots:
                place = first + slots.index(free)
                self._slot[place], self._value[place] = key, number
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
        self._slot[first + slots.index(key)] = _EMPTY if _EMPTY in slots else _LEFT
        self._number -= 1

    def _grow(self) -> None:
        """To twice the size. All at once, as nothing may be asked meanwhile: half a million take a fiftieth of a
        second."""
        slots, values, aside = self._slots, self._values, self._aside
        self._make(_BITS - self._shift + 1)
        # A bucket becomes two, told apart by one more bit of the hashes; in either, each stands where it stood.
        taken = slots > _LEFT
        second = (slots >> np.uint64(self._shift) & np.uint64(1)).astype(np.bool_)
        halves = self._slots.reshape(-1, 2, _WIDTH)
        np.copyto(halves[:, 0], slots, where=taken & ~second)
        np.copyto(halves[:, 1], slots, where=taken & second)
        self._values.reshape(-1, 2, _WIDTH)[:] = values.reshape(-1, 1, _WIDTH)
        self._number = int(taken.sum())
        for key, value in aside.items():
            self.add(key, value)

    def find(self, keys: Hashes) -> tuple[Numbers, Numbers]:
        """The places of those hashes that have numbers, and these."""
        buckets = (keys >> np.uint64(self._shift)).view(np.int64)
        slots = self._slots.take(buckets, axis=0)
        found = np.flatnonzero(slots == keys[:, None])
        places = found >> _WIDTH_BITS
        slot = (buckets.take(places) << _WIDTH_BITS) + (found & (_WIDTH - 1))
        numbers = self._values.take(slot).astype(np.int64)
        if not self._aside:
            return places, numbers
        full = slots[:, -1] != _EMPTY  # or not: it is filled last, but others may have become free
        full[places] = False
        aside = [
            (place, self._aside[key])
            for place in np.flatnonzero(full).tolist()
            if (key := int(keys[place])) in self._aside
        ]
        if not aside:
            return places, numbers
        more, others = np.array(aside).T
        return np.concatenate((places, more)), np.concatenate((numbers, others))
