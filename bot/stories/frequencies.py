"""How rare terms are among the items remembered: what all of them say tells none of them apart."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from bot.stories.everyday import EVERYDAY
from bot.stories.numbers import is_year
from bot.stories.terms import NUMBER
from bot.text.stems import ENGLISH, stem_by

_SUPPOSED = 30  # documents that are supposed before the first: rareness must mean something from the start
_EVERYDAY = 6  # of these, how many have an everyday word
_RARE = 0.5  # and how many any other word
_SETTLED = 150  # documents that it takes to know that a term which none of them has is rare
_SMALL = 31  # numbers up to it are days, hours and rounds as often as counts
_FIRST = 8  # terms of a text, which are mostly of its title and weigh the most
_EVERYDAY_TERMS = EVERYDAY | {stem_by(word, ENGLISH) for word in EVERYDAY}


class Vector(NamedTuple):
    """Terms weighted by their rarity, and the vector's length."""

    weights: dict[str, float]
    length: float


class _Commonness(dict[str, float]):
    """The logarithm of how many documents have each term, for those that any has; and what is supposed of others."""

    def __missing__(self, term: str) -> float:
        return _commonness(term, 0)


class Frequencies:
    """In how many documents each term stands. What is learned can be forgotten again, so it never outgrows them.

    The rarity of a term is its inverse document frequency: how much less common it is than a term that all have.
    """

    def __init__(self) -> None:
        self._having: Counter[str] = Counter()
        self._commonness = _Commonness()
        # One decision asks for the vector of its item again and again.
        self._vectors: dict[int, tuple[Mapping[str, float], Vector]] = {}
        self._renew(_SUPPOSED)

    def learn(self, terms: AbstractSet[str]) -> None:
        """Count the terms of a document, each once."""
        having = self._having
        for term in terms:
            having[term] = count = having[term] + 1
            self._commonness[term] = _commonness(term, count)
        self._renew(self.documents + 1)

    def forget(self, terms: AbstractSet[str]) -> None:
        """Take back what was learned of a document."""
        having = self._having
        for term in terms:
            count = having[term] - 1
            if count:
                having[term], self._commonness[term] = count, _commonness(term, count)
            else:
                del having[term], self._commonness[term]
        self._renew(self.documents - 1)

    def _renew(self, documents: int) -> None:
        self._documents = documents
        self._of_all = math.log(documents)
        self._vectors.clear()
        self._of_one = math.log(documents / (1 + _RARE))
        self._of_none = math.log(max(documents, _SETTLED) / _RARE)

    @property
    def documents(self) -> int:
        """How many documents are counted, those supposed included."""
        return self._documents

    @property
    def terms(self) -> int:
        """How many terms are counted."""
        return len(self._having)

    @property
    def supposed(self) -> float:
        """How much of what is known is but supposed: 1 before the first document, near 0 after many."""
        return _SUPPOSED / self._documents

    def rarity(self, term: str) -> float:
        """The inverse document frequency: 0 for a term that all documents have."""
        return self._of_all - self._commonness[term]

    def importance(self, term: str) -> float:
        """The rarity of a term for its own text, which has it: a term that no other has is as rare as if one had."""
        return min(self.rarity(term), self._of_one)

    def vector(self, weights: Mapping[str, float]) -> Vector:
        """The vector of a text's terms. It is remembered: for the one text that many are compared with."""
        remembered = self._vectors.get(id(weights))
        if remembered is None:
            most, commonness = self._of_all, self._commonness
            weighted = {term: weight * (most - commonness[term]) for term, weight in weights.items()}
            # With what it was made of, whose id another object would have else.
            remembered = self._vectors[id(weights)] = (weights, Vector(weighted, math.hypot(*weighted.values())))
        return remembered[1]

    def products(self, vector: Vector, weights: Mapping[str, float]) -> dict[str, float]:
        """What each term adds to the scalar product of two vectors; the other one is that of these weights."""
        most, commonness, mine = self._of_all, self._commonness, vector.weights
        shared = mine.keys() & weights.keys()
        return {term: mine[term] * (weights[term] * (most - commonness[term])) for term in shared}

    def length(self, weights: Mapping[str, float], longest: float = math.inf) -> float:
        """The length of a text's vector; infinite where its first terms alone make it longer than `longest`."""
        most, commonness, rest = self._of_all, self._commonness, iter(weights.items())
        weighted = [weight * (most - commonness[term]) for term, weight in islice(rest, _FIRST)]
        if math.hypot(*weighted) > longest:
            return math.inf
        weighted += [weight * (most - commonness[term]) for term, weight in rest]
        return math.hypot(*weighted)

    def specificity(self, term: str) -> float:
        """The rarity as a share (0 to 1) of that of a term which no document has.

        Where few are counted it is below 1 even for such a term: what none of three has may be in every tenth.
        """
        return self.rarity(term) / self._of_none


def _commonness(term: str, having: int) -> float:
    return math.log(having + _RARE + (_EVERYDAY if is_everyday(term) else 0))


@lru_cache(maxsize=65_536)
def is_everyday(term: str) -> bool:
    """Whether the news of any day has the term."""
    if not term.startswith(NUMBER):
        return term in _EVERYDAY_TERMS
    number = term.removeprefix(NUMBER)
    return is_year(number) or (number.isdecimal() and int(number) <= _SMALL)
