"""What a document shows of the features that are looked for: what is asked for, be they few or many."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from bot.matching.document import Document

MOST_TERMS = 65_536  # of texts, remembered for each algorithm
# For an algorithm, the stem of each of some terms, and which words and prefixes it shows: their numbers.
Find = Callable[[str, Sequence[str]], list[tuple[str, Sequence[int]]]]


Pair = tuple[int, int, int]  # the numbers of two words, and how many others may stand between them


class Shown(Protocol):
    """The features that a document shows."""

    @property
    def numbers(self) -> Sequence[int]:
        """Their numbers, some maybe twice."""
        ...

    def near(self, pairs: Sequence[Pair]) -> list[bool]:
        """Of pairs of words, both shown, which stand near each other somewhere."""
        ...


class Features(Protocol):
    """The grams that are looked for, and what the terms of texts are known to show."""

    def add_gram(self, gram: str, number: int) -> None:
        """Give a gram, which has none yet, a number above 0."""
        ...

    def remove_gram(self, gram: str) -> None:
        """Take a gram out that has a number."""
        ...

    def begin(self, algorithm: str) -> bool:
        """Before a text of an algorithm: whether it is of use to `learn` what the words of keywords show for it, as
        nothing is known of any term."""
        ...

    def learn(self, algorithm: str, terms: Sequence[str]) -> None:
        """Find out what terms show of which nothing is known, before a text has them."""
        ...

    def forget(self, algorithm: str, stems: Sequence[str], prefixes: Sequence[str]) -> None:
        """Ask anew what terms of an algorithm show that have these stems, or begin so."""
        ...

    def drop(self, algorithm: str) -> None:
        """Ask anew what all terms of an algorithm show."""
        ...

    def shown(self, document: Document) -> Shown:
        """What a document shows."""
        ...


def terms_of(gram: str) -> Sequence[str]:
    """The terms that a gram has."""
    return gram.split(" ") if " " in gram else gram
