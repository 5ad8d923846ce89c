"""What is filed under features: entries of one number each, as objects for a million would take ten times the memory.

Each entry names a second feature that a document must show, too (`NONE`: any document does), and what is filed. The
entries of a feature stand one after the other in one array, in a block of it that doubles when it is full. Of many,
numpy tells at once which a document shows: to look at one after the other is to wait for memory each time.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bot.matching.manyfiled import Views

FEW = 500  # features, or entries; of more numpy tells quicker, which takes 13 MB of memory
NONE = 0  # the feature that every document shows; the others have numbers from 1
KIND_BITS = 3  # the lowest of what is filed say of what kind it is, zeros that it is a plain one
KINDS = (1 << KIND_BITS) - 1
_BITS = 32  # of what is filed, and of features
_MASK = (1 << _BITS) - 1


class Entry(NamedTuple):
    """Something filed under a feature, and a second one; `NONE` where there is no second."""

    feature: int
    second: int
    filed: int


class Filed:
    """Numbers filed under the numbers of one or two features: only those are asked for that something was filed under,
    be it as the second one."""

    def __init__(self) -> None:
        self._pool = array("Q")
        self._spans = array("Q", [0])  # by feature: where its block begins, and how many entries stand in it
        self._free: dict[int, list[int]] = {}  # where blocks of a size begin that nothing stands in
        self._number = 0
        self._views: Views | None = None

    def __len__(self) -> int:
        """How many entries there are."""
        return self._number

    def size(self, feature: int) -> int:
        """How many entries a feature has."""
        return self._spans[feature] & _MASK

    def entries(self, feature: int) -> list[Entry]:
        """The entries of a feature."""
        return [Entry(feature, entry >> _BITS, entry & _MASK) for entry in self._block(feature)]

    def _block(self, feature: int) -> array[int]:
        span = self._spans[feature]
        start = span >> _BITS
        return self._pool[start : start + (span & _MASK)]

    def add(self, entry: Entry) -> bool:
        """File something, if it is not there already."""
        feature, second, filed = entry
        if max(feature, second) >= len(self._spans):
            self._views = None
            more = max(feature, second) + 1 - len(self._spans)
            self._spans.extend(array("Q", bytes(self._spans.itemsize * more)))
        packed, size = second << _BITS | filed, self.size(feature)
        if size and packed in self._block(feature):
            return False
        if not size & (size - 1):  # a power of two, or none: the block is full
            self._move(feature, size, size, size * 2 or 1)
        span = self._spans[feature]
        self._pool[(span >> _BITS) + size] = packed
        self._spans[feature] = span + 1
        self._number += 1
        return True

    def remove(self, entry: Entry) -> bool:
        """Take something out, if it is there."""
        feature, second, filed = entry
        packed, block = second << _BITS | filed, self._block(feature)
        if packed not in block:
            return False
        size = len(block) - 1
        span = self._spans[feature]
        self._pool[(span >> _BITS) + block.index(packed)] = block[-1]
        self._spans[feature] = span - 1
        if not size & (size - 1):
            self._move(feature, size, size * 2 or 1, size)
        self._number -= 1
        return True

    def _move(self, feature: int, size: int, old: int, new: int) -> None:
        """The entries of a feature, from a block of one length into one of another."""
        start = self._spans[feature] >> _BITS
        if new:
            free = self._free.get(new)
            place = free.pop() if free else self._append(new)
            if size:
                with memoryview(self._pool) as pool:  # an array that others look at takes no slice
                    pool[place : place + size] = pool[start : start + size]
            self._spans[feature] = place << _BITS | size
        if old:
            self._free.setdefault(old, []).append(start)

    def _append(self, length: int) -> int:
        self._views = None  # while these look at the array, it can't grow
        place = len(self._pool)
        self._pool.extend(array("Q", bytes(self._pool.itemsize * length)))
        return place

    def shown(self, features: Sequence[int]) -> tuple[Iterable[int], Sequence[tuple[int, int, int]]]:
        """What is filed under these features, and under a second one of them if it has any: the plain things, without
        the bits of their kind, and the others as entries. Some maybe twice."""
        if self._number > FEW:
            if self._views is None:
                from bot.matching.manyfiled import Views  # who has few keywords needs no numpy in memory for them

                self._views = Views(self._pool, self._spans)
            return self._views.shown(features)
        all_shown = {NONE, *features}
        entries = [entry for each in set(features) for entry in self.entries(each) if entry.second in all_shown]
        others = [entry for entry in entries if entry.filed & KINDS]
        return [entry.filed >> KIND_BITS for entry in entries if not entry.filed & KINDS], others
