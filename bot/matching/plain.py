"""What the plainest queries demand, told by their spelling, since to make a query of each takes longer than to file it.

Whoever has a million keywords has mostly such: words, a phrase, a run of Chinese.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from bot.matching.features import (
    CHARACTERS,
    EVALUATION,
    FORM,
    GROUP,
    LONGEST_GRAM,
    NEAR,
    SHOWN,
    WORDS,
    Demand,
    demands,
    grams_of,
    rarest,
)
from bot.matching.lookalikes import may_be_seam
from bot.matching.query import PLAIN_CHARACTERS, PLAIN_LENGTH, PLAIN_PHRASE, PLAIN_WORDS, parse
from bot.text.fold import fold

_PAIR = 2


def demands_of(canonical: str) -> Sequence[Demand]:
    """What `demands` tells of the query that is spelled so. Raises QueryError where it can't be read."""
    if len(canonical) <= PLAIN_LENGTH:
        if PLAIN_WORDS.fullmatch(canonical):
            return (_of_words(canonical.split(" ")),)
        if PLAIN_PHRASE.fullmatch(canonical):
            return (_of_phrase(canonical[1:-1].split(" ")),)
        if PLAIN_CHARACTERS.fullmatch(canonical):
            return (_of_characters(fold(canonical)),)
    return demands(parse(canonical))


def _of_words(words: Sequence[str]) -> Demand:
    clauses = rarest([(word,) for word in words])
    distinct = len(clauses)
    return Demand(clauses, SHOWN if distinct == 1 else NEAR if distinct == _PAIR else GROUP)


def _of_phrase(words: Sequence[str]) -> Demand:
    if len(words) == 1:
        return Demand(((words[0],),), FORM)
    pairs = [(f"{one} {other}",) for one, other in pairwise(words)]
    return Demand(rarest(pairs), SHOWN if len(pairs) == 1 else WORDS)


def _of_characters(text: str) -> Demand:
    clauses = rarest([(gram,) for gram in grams_of(text)])
    if len(text) > LONGEST_GRAM:
        return Demand(clauses, CHARACTERS)
    return Demand(clauses, EVALUATION if may_be_seam(text) else SHOWN)
