"""Whether two items report the same event, in whatever words: by the weighted terms and names that they share.

The likeness is the cosine of two vectors of terms. A term weighs by how often and how early a text uses it, and by how
rare it is among the news of these days (tf-idf). Within a language the terms are its words; between English and Chinese
they are what both have in common: known names, words in Latin letters, numbers.

A cosine alone would join reports of one topic, and texts that bring the same notice. So enough of what is shared must
be rare; what the headline of one says must be told by the other; and headlines about different places or people are
about different events. As long as few items are known, common words look rare: then more is asked for.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from datetime import timedelta
from typing import NamedTuple

from bot.stories.frequencies import Frequencies
from bot.stories.terms import CHINESE, ENGLISH, NUMBER, SHARING, Terms

_LATER = 0.4  # how much more likeness is asked for after three days: topics last, events pass
_DAYS = timedelta(hours=72)
# How much more is asked for before anything is known of which words are common. Of the first twenty items of 427 feeds,
# each feed for itself, 116 were held back without it, and 81 with it: most of those between share but a topic.
_STRANGE = 0.3
_ROUNDING = 1 + 1e-9  # what a bound is loosened by, as sums of floats are not exact


class Bars(NamedTuple):
    """What a comparison asks for: to take two items for one story (`enough`), and to be `sure` of it.

    `enough` and `sure` are cosines. `specific` and `specific_sure` are how many rare terms are shared, counted by their
    specificity (0 to 1 each), `specific_plain` those that are no names, `specific_text` those in both texts under one
    headline. `told` is how much of a headline's weight the other text has, on average of both; `new` how much of one
    nobody told to make it a development, `new_later` the same after a night.
    """

    enough: float
    sure: float
    specific: float = 2.0
    specific_sure: float = 2.0
    specific_plain: float = 0.7
    specific_text: float = 0.8
    told: float = 0.15
    new: float = 0.5
    new_later: float = 0.3


# See bench/stories.py for the curve. F1 is much the same for some way around `enough`; `sure` puts precision first.
_IN_ENGLISH = Bars(enough=0.2, sure=0.36)
# Pairs of characters include many that are no words: of what is said alike in other words, fewer are the same.
_IN_CHINESE = Bars(enough=0.16, sure=0.25, told=0.1, new=0.55, new_later=0.45)
_BARS = {ENGLISH: _IN_ENGLISH, CHINESE: _IN_CHINESE}
_ELSEWHERE = Bars(enough=0.3, sure=0.5)  # without a list of everyday words
# Few terms are shared at all, so three names of the day would do for what is held back: more is asked for to be sure.
_BETWEEN = Bars(enough=0.17, sure=0.3, specific=1.5, specific_sure=2.5)


class Measured(NamedTuple):
    """How alike two items are. `score` is 0.5 where the cosine just suffices, and nears 1 above it; `same` is the
    decision, `sure` whether it leaves no doubt; `shared` are then the terms in common, the most telling first."""

    score: float
    cosine: float
    same: bool = False
    sure: bool = False
    shared: tuple[str, ...] = ()


class Scale(NamedTuple):
    """How two texts are compared: which of their terms, how rare these are, and what is asked for."""

    terms: Callable[[Terms], Mapping[str, float]]
    frequencies: Frequencies
    bars: Bars


def words_of(terms: Terms) -> Mapping[str, float]:
    """The terms that are compared within a language."""
    return terms.words


def concepts_of(terms: Terms) -> Mapping[str, float]:
    """The terms that are compared between languages."""
    return terms.concepts


def bars_for(language: str) -> Bars:
    """What is asked for within a language."""
    return _BARS.get(language, _ELSEWHERE)


def scale_for(one: Terms, other: Terms, words: Frequencies, concepts: Frequencies) -> Scale | None:
    """How two texts are compared; None where their languages have nothing in common."""
    if one.language == other.language:
        return Scale(words_of, words, bars_for(one.language))
    if one.language in SHARING and other.language in SHARING:
        return Scale(concepts_of, concepts, _BETWEEN)
    return None


def measure(
    one: Terms, other: Terms, scale: Scale, apart: timedelta = timedelta(), *, only_same: bool = False
) -> Measured:
    """How alike two texts are that came `apart` from each other.

    With `only_same`, the score and cosine of texts that are not of the same event may be 0, which is found sooner.
    """
    frequencies, weights = scale.frequencies, scale.terms(other)
    mine = frequencies.vector(scale.terms(one))
    if not mine.length:
        return Measured(0.0, 0.0)
    gains = frequencies.products(mine, weights)
    # fsum: the order of a set differs from process to process, and replicas must decide alike.
    gained = math.fsum(gains.values())
    if not gained:
        return Measured(0.0, 0.0)
    more = (1 + _LATER * min(1.0, apart / _DAYS)) * (1 + _STRANGE * frequencies.supposed)
    enough = scale.bars.enough * more
    longest = gained / (mine.length * enough) * _ROUNDING if only_same else math.inf
    cosine = min(1.0, gained / (mine.length * frequencies.length(weights, longest)))
    score = cosine / (cosine + enough)
    if cosine < enough or not _is_borne_out(one, other, gains, scale):
        return Measured(score, cosine)
    sure = cosine >= scale.bars.sure * more and _specificity(gains, scale) >= scale.bars.specific_sure
    return Measured(score, cosine, True, sure, tuple(sorted(gains, key=lambda term: (-gains[term], term))))


def _is_borne_out(one: Terms, other: Terms, shared: Collection[str], scale: Scale) -> bool:
    """Whether a likeness is more than that of one topic, or of a notice under all items of a feed."""
    if _specificity(shared, scale) < scale.bars.specific or _about_different_names(one, other):
        return False
    if scale.terms is not words_of:
        return True
    return (
        _headlines_told(one, other, scale.frequencies) >= scale.bars.told
        and _say_alike(one, other, shared, scale)
        and _texts_agree(one, other, shared, scale)
    )


def _specificity(terms: Iterable[str], scale: Scale) -> float:
    return math.fsum(map(scale.frequencies.specificity, terms))


def untold(terms: Terms, told: AbstractSet[str], frequencies: Frequencies) -> tuple[float, tuple[str, ...]]:
    """How much of the weight of a headline (0 to 1) is not among the words told, and those words, the rarest first.

    Numbers count for none: what they tell is told by figures."""
    weights = {word: frequencies.importance(word) for word in terms.headline if not word.startswith(NUMBER)}
    whole = math.fsum(weights.values())
    missing = sorted(weights.keys() - told, key=lambda word: (-weights[word], word))
    return (math.fsum(weights[word] for word in missing) / whole if whole else 1.0), tuple(missing)


def _headlines_told(one: Terms, other: Terms, frequencies: Frequencies) -> float:
    return 1 - (untold(one, other.words.keys(), frequencies)[0] + untold(other, one.words.keys(), frequencies)[0]) / 2


def _say_alike(one: Terms, other: Terms, shared: Iterable[str], scale: Scale) -> bool:
    """Whether more than names is shared: who is named may do several things in a day."""
    said = (word for word in shared if word not in one.proper and word not in other.proper)
    return _specificity(said, scale) >= scale.bars.specific_plain


def _texts_agree(one: Terms, other: Terms, shared: Iterable[str], scale: Scale) -> bool:
    """Whether texts under one headline say something alike, too: a column has the same one every day."""
    if one.headline != other.headline or not (one.body and other.body) or one.body == other.body:
        return True
    both = (word for word in shared if _is_in_text(word, one) and _is_in_text(word, other))
    return _specificity(both, scale) >= scale.bars.specific_text


def _is_in_text(word: str, terms: Terms) -> bool:
    return word not in terms.headline or word in terms.repeated


def _about_different_names(one: Terms, other: Terms) -> bool:
    """Whether each headline names somebody or something, and the other text does not know it: Texas, and Florida.

    Names that are known, and within a language whatever is written as one. Who tells of a place tells of its country.
    """
    told, other_told = (terms.concepts.keys() | terms.countries for terms in (one, other))
    if _are_strangers(one.names, told, other.names, other_told):
        return True
    words, other_words = (terms.words.keys() | set(" ".join(terms.countries).split()) for terms in (one, other))
    return one.language == other.language and _are_strangers(
        one.proper & one.headline, words, other.proper & other.headline, other_words
    )


def _are_strangers(
    names: AbstractSet[str], told: AbstractSet[str], other_names: AbstractSet[str], other_told: AbstractSet[str]
) -> bool:
    return bool(names and other_names and names.isdisjoint(other_told) and other_names.isdisjoint(told))
