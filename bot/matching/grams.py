"""Which neighbouring terms of a text may be asked for.

A text has hundreds of pairs of words and runs of characters, of which few are in any keyword. While there are few of
these, a dictionary of first terms tells; of many, a Bloom filter does, which is asked about all of a text at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from bot.matching.features import LONGEST_GRAM
from bot.text.tokens import SPACED, TOUCHING

if TYPE_CHECKING:
    from bot.matching.bloom import BloomFilter

FEW = 500  # grams, or what is filed (see `filed`); at more numpy is quicker, which takes 13 MB of memory


class GramFilter:
    """Tells grams that were added from nearly all that were not. What was added once stays."""

    def __init__(self) -> None:
        self._number = 0
        # By the first term and the second, what follows these: nothing, or the rest of a gram of characters.
        self._few: dict[str, dict[str, set[str]]] = {}
        self._many: BloomFilter | None = None

    def add(self, terms: Sequence[str]) -> None:
        """Let the gram of these two terms, or two to four characters, pass."""
        if self._many:
            self._many.add(terms)
            return
        first, second, *more = terms
        rests, rest = self._few.setdefault(first, {}).setdefault(second, set()), "".join(more)
        self._number += rest not in rests
        rests.add(rest)
        if self._number > FEW:
            self._have_many()

    def _have_many(self) -> None:
        from bot.matching.bloom import BloomFilter  # who has few keywords needs no numpy in memory for them

        self._many = BloomFilter()
        for first, seconds in self._few.items():
            for second, rests in seconds.items():
                for rest in rests:
                    self._many.add((first, second, *rest))
        self._few = {}

    def passing(self, terms: Sequence[str], gaps: bytes | bytearray, runs: Sequence[tuple[int, str]]) -> list[str]:
        """The grams of a text that may have been added: two to four characters that touch, and any other two terms,
        with a space between, that no punctuation parts. For the arguments see `bot.text.tokens.Columns`."""
        if self._many:
            return self._many.passing(terms, gaps, runs)
        if not self._few:
            return []
        pairs, grams = list[str](), list[tuple[int, str]]()
        characters = frozenset(chain.from_iterable(range(row, row + len(run)) for row, run in runs))
        for row, rests in self._begun(terms):
            if row not in characters or row + 1 not in characters:
                if gaps[row + 1] <= SPACED and "" in rests:
                    pairs.append(f"{terms[row]} {terms[row + 1]}")
                continue
            length = 2
            while length <= LONGEST_GRAM and row + length <= len(terms) and row + length - 1 in characters:
                if gaps[row + length - 1] != TOUCHING:
                    break
                if "".join(terms[row + 2 : row + length]) in rests:
                    grams.append((length, "".join(terms[row : row + length])))
                length += 1
        return pairs + [gram for _, gram in sorted(grams, key=_length)]

    def _begun(self, terms: Sequence[str]) -> Iterator[tuple[int, set[str]]]:
        """The rows at which two terms stand that grams begin with, and how these go on."""
        few = self._few
        for row in [row for row, first in enumerate(terms) if first in few]:
            if row + 1 < len(terms) and (rests := few[terms[row]].get(terms[row + 1])):
                yield row, rests


def _length(gram: tuple[int, str]) -> int:
    return gram[0]
