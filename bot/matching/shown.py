"""What a document shows of the features that are looked for: what is asked for, be they few or many."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from bot.matching.document import Document

MOST_TERMS = 65_536  # of texts, remembered for each algorithm
# Which words and prefixes each of some terms shows, for an algorithm: their numbers.
Find = Callable[[str, Sequence[str]], list[Sequence[int]]]


class Pair(NamedTuple):
    """The numbers of two words, and how many others may stand between them."""

    one: int
    other: int
    within: int


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

    def forget_terms(self) -> None:
        """Ask anew what terms show."""
        ...

    def shown(self, document: Document) -> Shown:
        """What a document shows."""
        ...


def terms_of(gram: str) -> Sequence[str]:
    """The terms that a gram has."""
    return gram.split(" ") if " " in gram else gram
