"""What a query lacks in an item, and where it was found: the facts of `/why`, without any wording."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Lack(StrEnum):
    """Which condition of a query an item does not meet."""

    MISSING = "missing"  # the words are not there
    FORM = "form"  # there in another form only: another inflection, a small word for an acronym, without the sign
    PART = "part"  # there only across other words: 中國 in 發展中國家
    SCATTERED = "scattered"  # the words of a phrase or compound are there, but do not follow one another
    APART = "apart"  # all are there, too far from each other
    SPLIT = "split"  # all are there, in no one paragraph
    UNTITLED = "untitled"  # in the text only, and the title was asked for
    EXCLUDED = "excluded"  # what must not be there is
    FEED = "feed"
    LANGUAGE = "language"
    NO_ALTERNATIVE = "no-alternative"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A condition that an item does not meet, which is true by itself.

    `wanted` are queries as typed (a word, a phrase with its quotation marks, a part of the query), `found` the item's
    own words that show it. `within` and `distance` count the words between (APART). `alternatives` are what each lacks,
    nearest first (NO_ALTERNATIVE).
    """

    lack: Lack
    wanted: tuple[str, ...]
    found: tuple[str, ...] = ()
    title_only: bool = False
    within: int = 0
    distance: int = 0
    alternatives: tuple[Miss, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """How far an item is from answering a query: `nearness` is 1 without failures, and below 1 with some.

    `query` is as typed; `found` are the item's own words that it did find.
    """

    query: str
    nearness: float
    failures: tuple[Failure, ...] = ()
    found: tuple[str, ...] = ()


class Part(StrEnum):
    """A part of an item that is searched."""

    TITLE = "title"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """A piece of an item, on one line: runs of text, each with whether it is words that answered a query."""

    part: Part
    runs: tuple[tuple[str, bool], ...]
