"""Which neighbouring terms of a text are looked for, of many. See `manyfeatures`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bot.matching.columns import Columns, hash_of
from bot.matching.features import LONGEST_GRAM
from bot.matching.hashtable import HashTable, Numbers
from bot.text.tokens import SPACED, TOUCHING

_MULTIPLIER = 0x9E3779B97F4A7C15  # odd, so that no hash is lost
_MASK = (1 << 64) - 1
_M = np.uint64(_MULTIPLIER)


class ManyGrams:
    """The numbers of grams, under the hashes of their terms."""

    def __init__(self) -> None:
        self._table = HashTable()

    def add(self, terms: Sequence[str], number: int) -> None:
        """Give a gram, which has none yet, a number above 0."""
        self._table.add(_hash(terms), number)

    def remove(self, terms: Sequence[str]) -> None:
        """Take a gram out that has a number."""
        self._table.remove(_hash(terms))

    def shown(self, text: Columns) -> Numbers:
        """The numbers of the grams that a text has, some maybe twice."""
        hashes, gaps, character = text.hashes, text.gaps[1:], text.character
        states = hashes[:-1] * _M + hashes[1:]
        joined = gaps <= SPACED
        if character is None:
            return self._table.find(states[joined])[1]
        touching = gaps == TOUCHING
        both = character[:-1] & character[1:]
        wanted = [states[np.where(both, touching, joined)]]
        together = touching = both & touching
        for length in range(3, LONGEST_GRAM + 1):
            states = states[:-1] * _M + hashes[length - 1 :]
            together = together[:-1] & touching[length - 2 :]
            wanted.append(states[together])
        return self._table.find(np.concatenate(wanted))[1]


def _hash(terms: Sequence[str]) -> int:
    state = hash_of(terms[0])
    for term in terms[1:]:
        state = (state * _MULTIPLIER + hash_of(term)) & _MASK
    return state
