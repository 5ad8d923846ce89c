"""What it takes to make alerts of items."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Protocol

from bot.model import (
    AlertDecision,
    Brief,
    FeedId,
    Item,
    ItemId,
    KeywordChange,
    Language,
    Owed,
    Recipient,
    StoredItem,
    StoryMember,
)

NOTHING_KNOWN: Mapping[ItemId, datetime] = MappingProxyType({})


class AlertStore(Protocol):
    """New items as a queue, and what an item leads to."""

    async def claim_items(self, *, now: datetime, limit: int, lease: timedelta) -> list[StoredItem]:
        """Lease up to `limit` items that are new, oldest first."""

    async def recipients(self, feed: FeedId, queries: Collection[str]) -> list[Recipient]:
        """The active chats that take the feed and either take everything or have one of the canonical `queries`."""

    async def recent_stories(
        self, *, since: datetime, known: Mapping[ItemId, datetime] = NOTHING_KNOWN
    ) -> list[StoryMember]:
        """The items told since then, with their stories and briefs, newest first; without those that are known to have
        been told at just that time."""

    async def commit_alerts(self, decision: AlertDecision, *, now: datetime) -> Owed:
        """Write brief, story and deliveries and finish the item, in one transaction; answer what came of it. For a chat
        that was told the story already it joins that delivery, whose message is to be edited, unless the chat wants
        further reports as alerts of their own. Raises LeaseLost."""

    async def improve_alerts(self, decision: AlertDecision, *, now: datetime) -> Owed:
        """Have the alerts of a committed decision, those that were sent as well, show this brief of the item instead.
        Chats that the deliveries name besides are owed it now. Answer what is due for that."""


class KeywordLog(Protocol):
    """The keywords as the index follows them."""

    async def keyword_changes(self, *, after: int) -> tuple[int, list[KeywordChange]]:
        """The newest revision, and the keywords that came or went after revision `after` (0: all live ones)."""


class PageReader(Protocol):
    """Reads articles."""

    async def full_text(self, item: Item) -> Item:
        """The item with the text of its page, where its own is but a teaser. Never raises, nor waits for long."""


LaterBrief = Callable[[Brief], None]


class Briefer(Protocol):
    """Makes briefs."""

    async def brief(self, item: Item, sought: Sequence[str] = (), later: LaterBrief | None = None) -> Brief:
        """A brief of the item, by the best way that works. Never raises for the item's content, never waits for
        longer than the set time: a better brief that comes after it is told to `later`, once at most.

        `sought` are the words of the item that somebody asked for.
        """


class NameBook(Protocol):
    """Names in both languages."""

    def named_in(self, text: str, language: Language) -> list[str]:
        """All names in a language of what a text names, as far as they are known."""
