"""What polling feeds needs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.model import FeedChange, FeedDue, FeedId, Fetched


class FeedQueue(Protocol):
    """The feeds as a queue of polls."""

    async def claim_feeds(self, *, now: datetime, limit: int, lease: timedelta) -> list[FeedDue]:
        """Lease up to `limit` feeds whose next poll is due and that a chat follows, the longest due first."""

    async def next_due(self, *, now: datetime) -> datetime | None:
        """When the next feed is due of those that nobody has in hand; None where there is none."""

    async def prolong_feeds(self, due: Collection[FeedDue], *, until: datetime) -> None:
        """Keep the leases that nobody else took meanwhile until then."""

    async def release_feeds(self, due: Collection[FeedDue]) -> None:
        """End those leases: the feeds are as due as before."""

    async def known_keys(
        self, wanted: Sequence[tuple[FeedId, Collection[str]]], *, now: datetime | None = None
    ) -> list[set[str]]:
        """Of each feed (once in `wanted`), those of the keys that already name an item of it. With `now`, note that
        they stood in the feed then: what no feed lists any more is forgotten some day."""

    async def take_feed(self, feed: FeedId, *, now: datetime, lease: timedelta) -> FeedDue | None:
        """Lease one feed that somebody follows, due or not; None while somebody else has it."""

    async def record_polls(self, changes: Sequence[FeedChange], *, now: datetime) -> list[int | None]:
        """Write the outcomes of polls in one transaction; answer of each how many items were new, or None for a feed
        whose lease somebody else has now: of that nothing is written."""


class Fetcher(Protocol):
    """The HTTP client for feeds and pages."""

    async def fetch(
        self,
        url: str,
        *,
        etag: str = "",
        last_modified: str = "",
        then: Callable[[Fetched], Awaitable[None]] | None = None,
    ) -> Fetched:
        """A conditional GET behind the address guard. Raises FeedError.

        `then` is awaited with the answer before another one is fetched in its place, so that bodies don't pile up."""


class PoliteFetcher(Fetcher, Protocol):
    """One that leaves hosts alone for a while after each request."""

    def rest(self, host: str) -> float:
        """How many seconds from now a fetch from the host would wait for it."""
