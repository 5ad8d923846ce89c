"""Whether two items report the same event, in whatever words: by the weighted terms and names that they share.

The likeness is the cosine of two vectors of terms. A term weighs by how often and how early a text uses it, and by how
rare it is among the news of these days (tf-idf). Within a language the terms are its words; between English and Chinese
they are what both have in common: known names, words in Latin letters, numbers.

A cosine alone would join reports of one topic, and texts that bring the same notice. So enough of what is shared must
be rare; what the headline of one says must be told by the other; and headlines about different places or people are
about different events.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from datetime import timedelta
from typing import NamedTuple

from bot.stories.frequencies import Frequencies
from bot.stories.terms import CHINESE, SHARING, Terms

_WITHIN = 0.22  # the cosine that decides within a language,
_WITHIN_CHINESE = 0.15  # in Chinese, whose pairs of characters include many that are no words,
_BETWEEN = 0.2  # and between languages
_LATER = 0.4  # how much more of it is asked for after three days: topics last, events pass
_DAYS = timedelta(hours=72)
_SPECIFIC = 2.0  # shared words, counted by their specificity
_SPECIFIC_BETWEEN = 2.0  # shared names and numbers, as they tell more
_SPECIFIC_TEXT = 0.5  # of these, beyond what both headlines say
_HEADLINE_TOLD = 0.2  # of a headline's weight that the other text has, on average of both


class Measured(NamedTuple):
    """How alike two items are: `score` is 0.5 where the cosine just suffices, and nears 1 above it.

    `specific` is how many rare terms are shared (each up to 1), `told` how much of the headlines the other text has.
    `same` is the decision. `shared` are the terms in common, the most telling first.
    """

    score: float
    same: bool
    cosine: float
    specific: float
    told: float
    shared: tuple[str, ...]


class Scale(NamedTuple):
    """The frequencies that a comparison weighs terms with, and the cosine it asks for."""

    frequencies: Frequencies
    enough: float
    specific: float
    terms: Callable[[Terms], Mapping[str, float]]


def words_of(terms: Terms) -> Mapping[str, float]:
    """The terms that are compared within a language."""
    return terms.words


def concepts_of(terms: Terms) -> Mapping[str, float]:
    """The terms that are compared between languages."""
    return terms.concepts


def scale_for(one: Terms, other: Terms, words: Frequencies, concepts: Frequencies) -> Scale | None:
    """How two texts are compared; None where their languages have nothing in common."""
    if one.language == other.language:
        enough = _WITHIN_CHINESE if one.language == CHINESE else _WITHIN
        return Scale(words, enough, _SPECIFIC, words_of)
    if one.language in SHARING and other.language in SHARING:
        return Scale(concepts, _BETWEEN, _SPECIFIC_BETWEEN, concepts_of)
    return None


def measure(one: Terms, other: Terms, scale: Scale, apart: timedelta = timedelta()) -> Measured:
    """How alike two texts are that came `apart` from each other."""
    mine, theirs = scale.terms(one), scale.terms(other)
    rarity = scale.frequencies.rarity
    gains = {term: mine[term] * theirs[term] * rarity(term) ** 2 for term in mine.keys() & theirs.keys()}
    length = norm(mine, scale.frequencies) * norm(theirs, scale.frequencies)
    cosine = min(1.0, sum(gains.values()) / length) if length else 0.0
    enough = scale.enough * (1 + _LATER * min(1.0, apart / _DAYS))
    specific = sum(scale.frequencies.specificity(term) for term in gains)
    told = _headlines_told(one, other, scale.frequencies) if scale.terms is words_of else 1.0
    same = (
        cosine >= enough
        and specific >= scale.specific
        and told >= _HEADLINE_TOLD
        and _texts_agree(one, other, gains, scale)
        and not _about_different_names(one, other)
    )
    shared = tuple(sorted(gains, key=lambda term: (-gains[term], term)))
    return Measured(cosine / (cosine + enough), same, cosine, specific, told, shared)


def norm(weights: Mapping[str, float], frequencies: Frequencies) -> float:
    """The length of a vector of terms."""
    return math.sqrt(sum((weight * frequencies.rarity(term)) ** 2 for term, weight in weights.items()))


def untold(terms: Terms, told: AbstractSet[str], frequencies: Frequencies) -> tuple[float, tuple[str, ...]]:
    """How much of the weight of a headline (0 to 1) is not among the words told, and those words, the rarest first."""
    weights = {word: frequencies.rarity(word) for word in terms.headline}
    whole = sum(weights.values())
    missing = sorted(weights.keys() - told, key=lambda word: (-weights[word], word))
    return (sum(weights[word] for word in missing) / whole if whole else 1.0), tuple(missing)


def _headlines_told(one: Terms, other: Terms, frequencies: Frequencies) -> float:
    return 1 - (untold(one, other.words.keys(), frequencies)[0] + untold(other, one.words.keys(), frequencies)[0]) / 2


def _texts_agree(one: Terms, other: Terms, shared: Iterable[str], scale: Scale) -> bool:
    """Whether more than the headlines is shared: a column has the same one every day."""
    if not (one.body and other.body) or scale.terms is not words_of:
        return True
    beyond = (term for term in shared if term not in one.headline or term not in other.headline)
    return sum(map(scale.frequencies.specificity, beyond)) >= _SPECIFIC_TEXT


def _about_different_names(one: Terms, other: Terms) -> bool:
    """Whether each headline names somebody or something, and the other text does not know it: Texas, and Florida."""
    return bool(
        one.names and other.names and one.names.isdisjoint(other.concepts) and other.names.isdisjoint(one.concepts)
    )
