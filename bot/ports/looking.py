"""What people look at: stored items, what was sent, and what is talked about."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.model import ChatId, ItemId, Rise, SearchPage, Sent, StoredItem, Titled, Wanted


class ItemSearch(Protocol):
    """Stored items by their words, among those of a chat's feeds."""

    async def newest(
        self, chat: ChatId, wanted: Wanted, *, since: datetime | None = None, before: ItemId | None = None, limit: int
    ) -> list[StoredItem]:
        """The newest items that are filed so, of those that came since then and before that one."""

    async def count_with(self, chat: ChatId, wanted: Wanted, *, since: datetime) -> int:
        """How many items that came since then are filed so: of more than EXACT_TO about so many."""

    async def count_items(self, chat: ChatId, *, since: datetime) -> int:
        """How many items came since then."""


class Records(Protocol):
    """What came and what was sent, to be counted."""

    async def sent_alerts(self, chat: ChatId, *, since: datetime, limit: int) -> list[Sent]:
        """The alerts that were sent to the chat since then, newest first."""

    async def titles(self, chat: ChatId, *, since: datetime, until: datetime, most: int) -> list[Titled]:
        """The titles of the items that the chat's feeds brought between these times, newest first; of more than `most`,
        about that many, evenly from all of that time."""


class Search(Protocol):
    """Answers `/search`."""

    async def search(self, chat: ChatId, query: str, *, page: int, size: int, now: datetime) -> SearchPage:
        """A page of the stored items of the chat's feeds that answer a query. Raises QueryError."""

    def remember(self, query: str) -> str:
        """A short name for a query, for buttons that it is too long for; the same one for the same query."""

    def recall(self, name: str) -> str | None:
        """The query of that name, unless too many others were asked since, or the program began anew."""


class Trends(Protocol):
    """Answers `/trend`."""

    async def rising(self, chat: ChatId, *, days: int, now: datetime) -> list[Rise]:
        """What the chat's feeds tell of more in the last `days` days than in the week before, the greatest surprise
        first."""
