"""Chooses the sentences of a summary: telling ones that fit, answer what was sought, and don't say the same twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from bot.text.stems import stemming, stems_by
from bot.text.tokens import columns

if TYPE_CHECKING:
    from bot.briefs.ranking import Ranking

_ALIKE = 0.6  # cosine of two sentences of which one is enough
_REPEATS = 85.0
_LONG = 40  # characters; a shorter sentence is found in part in too many


@dataclass(slots=True)
class _Choice:
    sentences: Sequence[str]
    ranking: Ranking
    room: int
    most: int
    chosen: list[int] = field(default_factory=list)

    def take(self, place: int) -> bool:
        """Choose one more sentence if it fits; the first always does."""
        takes = not self.chosen or (self._fits(place) and not self._said(place))
        if takes:
            self.chosen.append(place)
            self.room -= len(self.sentences[place]) + 1  # with the space before the next
        return takes

    def take_one(self, places: Sequence[int]) -> None:
        """Choose the first of these that fits."""
        for place in places:
            if self.take(place):
                return

    def _fits(self, place: int) -> bool:
        return len(self.chosen) < self.most and len(self.sentences[place]) <= self.room

    def _said(self, place: int) -> bool:
        likeness = self.ranking.likeness[place]
        text = self.sentences[place].lower()
        return any(likeness[other] > _ALIKE or alike(text, self.sentences[other].lower()) for other in self.chosen)


def choose(
    sentences: Sequence[str], ranking: Ranking, *, room: int, most: int, answers: Sequence[Sequence[int]] = ()
) -> list[int]:
    """The places of the sentences chosen, in the order of the text: at most `most` within `room` characters.

    The first is the most telling one, however long. `answers` are, for each thing that was sought, the places of the
    sentences that have it: one of each is chosen before others, where it fits.
    """
    choice = _Choice(sentences, ranking, room, most)
    order = ranking.order
    for place in order[:1]:
        choice.take(place)
    for places in answers:
        if not set(places) & set(choice.chosen):
            choice.take_one([place for place in order if place in places])
    for place in order[1:]:
        if place not in choice.chosen:
            choice.take(place)
    return sorted(choice.chosen)


def alike(one: str, other: str) -> bool:
    """Whether two sentences say the same, or one says all of the other, as a standfirst does of the lead."""
    compare = fuzz.partial_ratio if min(len(one), len(other)) >= _LONG else fuzz.ratio
    return compare(one, other) >= _REPEATS


def answering(sentences: Sequence[str], sought: Sequence[str], language: str) -> list[list[int]]:
    """For each of the words sought, the places of the sentences that have it, inflected or not, in 繁 or 简."""
    if not sought:
        return []
    stemmed = _stemmer(language)
    texts = [stemmed(sentence) for sentence in sentences]
    wanted = [stems for word in sought if (stems := stemmed(word)).strip()]
    return [[place for place, text in enumerate(texts) if stems in text] for stems in wanted]


def _stemmer(language: str) -> Callable[[str], str]:
    algorithm = stemming(language)
    return lambda text: f" {' '.join(stems_by(columns(text).terms, algorithm))} "
