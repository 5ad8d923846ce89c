"""The words by which a store finds the items that may answer a query: a word for all inflections, pairs of characters.

An item is filed under the stem of each of its words by the rules of its language, under each two characters that touch,
and under the last one of a run. A query asks for the stems that its words have in any language, and for a character
alone by the pairs that begin with it. What is found so is a candidate: whether it answers the query is for
`bot.matching` to say.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from bot.text.stems import ALGORITHMS, ENGLISH, all_stems, stemming, stems_by
from bot.text.tokens import TOUCHING, columns

MOST_READ = 20_000  # characters of a text: a book in a feed is found by its beginning
_LONGEST = 64  # characters of a word; of longer ones this is enough to tell most apart
# Databases part words at ASCII signs, and quote with some: C++ and R&D are filed with this one instead.
_BY = "·"
_SIGNS = str.maketrans({chr(point): _BY for point in range(128) if not chr(point).isalnum()})


def index_words(title: str, text: str, language: str) -> frozenset[str]:
    """What an item is filed under: folded, without ASCII signs, blanks and capitals."""
    algorithm = stemming(language)
    found: set[str] = set()
    for part in (title, text[:MOST_READ]):
        written = part if unicodedata.is_normalized("NFC", part) else unicodedata.normalize("NFC", part)
        terms, gaps, runs, _ = columns(written)
        distinct = set(terms).difference(*(run for _, run in runs))
        found.update(_filed(word, algorithm) for word in stems_by(distinct, algorithm))
        for run in _touching(runs, gaps):
            found.update(map("".join, pairwise(run)))
            found.add(run[-1])
    return frozenset(found)


def _touching(runs: Sequence[tuple[int, str]], gaps: bytes | bytearray) -> Iterator[str]:
    """Runs of characters, those that only quotation marks part as one."""
    begun, end = "", -1
    for row, run in runs:
        if begun and (row != end or gaps[row] != TOUCHING):
            yield begun
            begun = ""
        begun += run
        end = row + len(run)
    if begun:
        yield begun


def _filed(word: str, algorithm: str) -> str:
    """A stem as it is filed. Those of different rules are apart: `govern` is one of government in French alone."""
    plain = word[:_LONGEST] if word.isalnum() else word[:_LONGEST].translate(_SIGNS)
    return plain if algorithm == ENGLISH else f"{plain}{_BY}{algorithm}"


@lru_cache(maxsize=4096)
def asked_words(word: str) -> tuple[str, ...]:
    """What items with any inflection of a folded word are filed under: one of these at least."""
    return tuple(dict.fromkeys(_filed(stem, algorithm) for algorithm, stem in all_stems(word)))


def is_by_rules(word: str, algorithms: Collection[str]) -> bool:
    """Whether texts that were stemmed by these algorithms, or in English, may be filed under what is asked for."""
    _, sign, algorithm = word.rpartition(_BY)
    return not sign or algorithm not in ALGORITHMS or algorithm in algorithms


def asked_pairs(run: str) -> tuple[str, ...]:
    """What items with a folded run of two or more characters are filed under: all of these."""
    return tuple(dict.fromkeys(map("".join, pairwise(run))))
