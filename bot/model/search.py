"""What is looked up among stored items, and what was found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.model.alerts import Alert, Hit
from bot.model.feeds import StoredItem


@dataclass(frozen=True, slots=True)
class AllOf:
    """Items that are filed under all parts; see `bot.text.indexwords`."""

    parts: tuple[Wanted, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Items that are filed under any part."""

    parts: tuple[Wanted, ...]


@dataclass(frozen=True, slots=True)
class Beginning:
    """Items that are filed under a word that begins so."""

    text: str


Wanted = str | Beginning | AllOf | AnyOf
"""What items are filed under. They may answer the query; whether they do shows when they are read."""


EXACT_TO = 1000  # items: to count more takes too long where there are very many, and they are "about" so many


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What a query would have brought: of `looked` items it matches `found`, of which `hits` are the newest.

    `about`: so many matched that not all were read or counted, and `found` is reckoned.
    """

    looked: int
    found: int
    hits: tuple[tuple[StoredItem, Hit], ...] = ()
    about: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """What a chat's choices would have brought since then: `found` alerts, or with `more` at least so many, and some of
    them."""

    since: datetime
    found: int
    more: bool
    alerts: list[Alert]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """A page of stored items that answer a query, newest first. `more` says whether there is another one.

    `read` is set where nothing of the query is in the index, to the number of newest items that were read instead.
    `since` is when the oldest item that was looked at came, where not all could be.
    """

    items: tuple[tuple[StoredItem, Hit], ...]
    page: int
    more: bool
    read: int | None = None
    since: datetime | None = None
