"""Which neighbouring terms of a text may be asked for, among many: a Bloom filter, asked about all of them at once.

To look each up among a million is to wait for memory each time; here that is a megabyte of bits. See `grams`, which
loads this, and numpy with it, when there are many.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from bot.matching.features import LONGEST_GRAM
from bot.text.tokens import SPACED, TOUCHING

_BITS = 23  # eight million: of grams that were never added, one in eight passes when there are a million
_MULTIPLIER, _SPREAD = 0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93  # odd, so that no hash is lost
_MASK = (1 << 64) - 1
_M, _S, _SHIFT = np.uint64(_MULTIPLIER), np.uint64(_SPREAD), np.uint64(64 - _BITS)
_Hashes = npt.NDArray[np.uint64]
_Rows = npt.NDArray[np.bool_]


class BloomFilter:
    """Tells grams that were added from nearly all that were not. What was added once stays."""

    def __init__(self) -> None:
        self._bytes = bytearray(1 << (_BITS - 3))
        self._bits = np.frombuffer(self._bytes, np.uint8)  # the same memory

    def add(self, terms: Sequence[str]) -> None:
        """Let the gram of these two terms, or two to four characters, pass."""
        state = hash(terms[0])
        for term in terms[1:]:
            state = (state * _MULTIPLIER + hash(term)) & _MASK
        place = ((state * _SPREAD) & _MASK) >> (64 - _BITS)
        self._bytes[place >> 3] |= 1 << (place & 7)

    def passing(self, terms: Sequence[str], gaps: bytes | bytearray, runs: Sequence[tuple[int, str]]) -> list[str]:
        """The grams of a text that may have been added: two to four characters that touch, and any other two terms,
        with a space between, that no punctuation parts. For the arguments see `bot.text.tokens.Columns`."""
        if len(terms) < 2:  # noqa: PLR2004 - a pair
            return []
        hashes = np.fromiter(map(hash, terms), np.int64, len(terms)).view(np.uint64)
        near = np.frombuffer(gaps, np.uint8)[1:]
        pairs = hashes[:-1] * _M + hashes[1:]
        joined = near <= SPACED
        if not runs:
            return [f"{terms[row]} {terms[row + 1]}" for row in self._known(pairs, joined)]
        character = np.zeros(len(terms), np.bool_)
        for row, run in runs:
            character[row : row + len(run)] = True
        both = character[:-1] & character[1:]
        found = [f"{terms[row]} {terms[row + 1]}" for row in self._known(pairs, joined & ~both)]
        return found + self._of_characters(terms, hashes, pairs, both & (near == TOUCHING))

    def _of_characters(self, terms: Sequence[str], hashes: _Hashes, states: _Hashes, touching: _Rows) -> list[str]:
        """Those of characters. `states` are the hashes of pairs, `touching` the rows of characters that touch the
        one after them."""
        found = []
        together = touching
        for length in range(2, LONGEST_GRAM + 1):
            found += ["".join(terms[row : row + length]) for row in self._known(states, together)]
            states = states[:-1] * _M + hashes[length:]
            together = together[:-1] & touching[length - 1 :]
        return found

    def _known(self, states: _Hashes, wanted: _Rows) -> list[int]:
        """The rows of wanted hashes that may be those of grams that were added."""
        places = (states * _S >> _SHIFT).view(np.int64)
        known = (self._bits.take(places >> 3) >> (places & 7).astype(np.uint8)) & 1
        rows: list[int] = np.flatnonzero(known.view(np.bool_) & wanted).tolist()
        return rows
