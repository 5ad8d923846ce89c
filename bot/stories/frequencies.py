"""How rare terms are among the items remembered: what all of them say tells none of them apart."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from bot.stories.everyday import EVERYDAY
from bot.stories.numbers import is_year
from bot.stories.terms import NUMBER
from bot.text.tokens import ENGLISH, stem_by

_SUPPOSED = 30  # documents that are supposed before the first: rareness must mean something from the start
_EVERYDAY = 6  # of these, how many have an everyday word
_SMALL = 31  # numbers up to it are days, hours and rounds as often as counts
_EVERYDAY_TERMS = EVERYDAY | {stem_by(word, ENGLISH) for word in EVERYDAY}


class Vector(NamedTuple):
    """Terms weighted by their rarity, and the vector's length."""

    weights: dict[str, float]
    length: float


class Frequencies:
    """In how many documents each term stands. What is learned can be forgotten again, so it never outgrows them."""

    def __init__(self) -> None:
        self._documents = 0
        self._having: Counter[str] = Counter()
        # One decision asks for the same terms and vectors again and again.
        self._rarities: dict[str, float] = {}
        self._vectors: dict[int, tuple[Mapping[str, float], Vector]] = {}

    def learn(self, terms: Iterable[str]) -> None:
        """Count the terms of a document."""
        self._documents += 1
        self._having.update(terms)
        self._renew()

    def forget(self, terms: Iterable[str]) -> None:
        """Take back what was learned of a document."""
        self._documents -= 1
        for term in terms:
            self._having[term] -= 1
            if not self._having[term]:
                del self._having[term]
        self._renew()

    def _renew(self) -> None:
        self._rarities.clear()
        self._vectors.clear()

    @property
    def documents(self) -> int:
        """How many documents are counted, those supposed included."""
        return self._documents + _SUPPOSED

    def rarity(self, term: str) -> float:
        """The inverse document frequency: 0 for a term that all documents have."""
        rarity = self._rarities.get(term)
        if rarity is None:
            having = self._having.get(term, 0) + 0.5 + (_EVERYDAY if is_everyday(term) else 0)
            rarity = self._rarities[term] = max(0.0, math.log(self.documents / having))
        return rarity

    def importance(self, term: str) -> float:
        """The rarity of a term for its own text, which has it: a term that no other has is as rare as if one had."""
        return min(self.rarity(term), math.log(self.documents / 1.5))

    def vector(self, weights: Mapping[str, float]) -> Vector:
        """The vector of a text's terms."""
        remembered = self._vectors.get(id(weights))
        if remembered is None:
            known, rarity = self._rarities.get, self.rarity
            weighted = {term: weight * (known(term) or rarity(term)) for term, weight in weights.items()}
            # With what it was made of, whose id another object would have else.
            remembered = self._vectors[id(weights)] = (weights, Vector(weighted, math.hypot(*weighted.values())))
        return remembered[1]

    def specificity(self, term: str) -> float:
        """The rarity as a share (0 to 1) of that of a term which no document has."""
        return self.rarity(term) / math.log(self.documents / 0.5)


@lru_cache(maxsize=65_536)
def is_everyday(term: str) -> bool:
    """Whether the news of any day has the term."""
    if not term.startswith(NUMBER):
        return term in _EVERYDAY_TERMS
    number = term.removeprefix(NUMBER)
    return is_year(number) or (number.isdecimal() and int(number) <= _SMALL)
