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
_EMPTY, _LEFT = 0, 1  # a slot that had no hash yet, and one that a hash left in a bucket that was full
_FIRST_BITS = 4  # of the number of buckets
_MOST_OF_ROOM = 0.6
_BITS = 64
_MASK = (1 << _BITS) - 1
_SPREAD = 0xD6E8FEB86659FD93  # odd, so that no hash is lost
_S, _HIGHEST = np.uint64(_SPREAD), np.uint64(2)


def hash_of(text: str) -> int:
    """The hash of a text. Python's own is of the bytes that a text takes in memory, which are the same for 换 and bc:
    their lengths are not."""
    return hash(text) + len(text) * _SPREAD & _MASK


def hashes_of(texts: Sequence[str]) -> Hashes:
    """The hashes of texts, in order."""
    hashes = np.fromiter(map(hash, texts), np.int64, len(texts)).view(np.uint64)
    return hashes + np.fromiter(map(len, texts), np.uint64, len(texts)) * _S


class HashTable:
    """Positive numbers of 32 bits under hashes of 64. A hash stands in one of two buckets, in the second if the first
    was full when it came; a bucket that was full once counts as full for ever."""

    def __init__(self) -> None:
        self._make(_FIRST_BITS)

    def __len__(self) -> int:
        """How many hashes there are."""
        return self._number

    def _make(self, bits: int) -> None:
        self._shift = _BITS - bits
        self._slots = np.zeros((1 << bits, _WIDTH), np.uint64)
        self._values = np.zeros(_WIDTH << bits, np.uint32)
        # The same memory, which is quicker so for one at a time.
        self._slot: memoryview[int] = self._slots.reshape(-1).data
        self._value: memoryview[int] = self._values.data
        self._number = 0

    def _buckets(self, key: int) -> tuple[int, int]:
        return key >> self._shift, (key * _SPREAD & _MASK) >> self._shift

    def add(self, key: int, number: int) -> None:
        """Put a number under a hash that has none yet."""
        if self._number >= _MOST_OF_ROOM * len(self._values):
            self._grow()
        key |= 2  # the least ones have a meaning here
        while not self._put(key, number):
            self._grow()

    def _put(self, key: int, number: int) -> bool:
        for bucket in self._buckets(key):
            first = bucket << _WIDTH_BITS
            slots = self._slot[first : first + _WIDTH].tolist()
            free = _EMPTY if _EMPTY in slots else _LEFT if _LEFT in slots else None
            if free is not None:
                place = first + slots.index(free)
                self._slot[place] = key
                self._value[place] = number
                self._number += 1
                return True
        return False

    def remove(self, key: int) -> None:
        """Take out what is under a hash, if there is anything."""
        key |= 2
        for bucket in self._buckets(key):
            first = bucket << _WIDTH_BITS
            slots = self._slot[first : first + _WIDTH].tolist()
            if key in slots:
                place = slots.index(key)
                last = _WIDTH if _EMPTY not in slots else slots.index(_EMPTY)
                if last == _WIDTH:
                    self._slot[first + place] = _LEFT
                else:
                    self._slot[first + place], self._slot[first + last - 1] = slots[last - 1], _EMPTY
                    self._value[first + place] = self._value[first + last - 1]
                self._number -= 1
                return

    def _grow(self) -> None:
        """To twice the size. All at once, as nothing may be asked meanwhile: half a million take a twentieth of a
        second."""
        taken = np.flatnonzero(self._slots.reshape(-1) > _LEFT)
        keys, values = self._slots.reshape(-1)[taken], self._values[taken]
        self._make(_BITS - self._shift + 1)
        buckets = keys >> np.uint64(self._shift)
        order = buckets.argsort(kind="stable")  # quick: they nearly are in order
        keys, values, buckets = keys[order], values[order], buckets[order].view(np.int64)
        slots = np.arange(len(keys)) - np.searchsorted(buckets, buckets)
        fits = slots < _WIDTH
        places = (buckets[fits] << _WIDTH_BITS) + slots[fits]
        self._slots.reshape(-1)[places] = keys[fits]
        self._values[places] = values[fits]
        self._number = int(fits.sum())
        for key, value in zip(keys[~fits].tolist(), values[~fits].tolist(), strict=True):
            self.add(key, value)

    def find(self, keys: Hashes) -> tuple[Numbers, Numbers]:
        """The places of those hashes that have numbers, and these."""
        keys = keys | _HIGHEST
        places, numbers, full = self._found(keys, (keys >> np.uint64(self._shift)).view(np.int64))
        full[places] = False
        if not full.any():
            return places, numbers
        left = np.flatnonzero(full)
        more, others, _ = self._found(keys[left], (keys[left] * _S >> np.uint64(self._shift)).view(np.int64))
        return np.concatenate((places, left[more])), np.concatenate((numbers, others))

    def _found(self, keys: Hashes, buckets: Numbers) -> tuple[Numbers, Numbers, npt.NDArray[np.bool_]]:
        """Of hashes with their buckets, the places of those that stand there, and their numbers; and which buckets are
        full."""
        slots = self._slots.take(buckets, axis=0)
        found = np.flatnonzero(slots == keys[:, None])
        places = found >> _WIDTH_BITS
        values = self._values.take((buckets.take(places) << _WIDTH_BITS) + (found & (_WIDTH - 1)))
        return places, values.astype(np.int64), slots[:, -1] != _EMPTY
