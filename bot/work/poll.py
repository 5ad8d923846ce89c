"""The poll loop: due feed → fetch → parse → decide → new items.

    claim_feeds ─▶ FeedDue ─▶ fetch ─▶ Fetched ─▶ parse ─▶ ParsedFeed ─▶ change_after ─▶ FeedChange ─▶ record_poll

Polls run side by side; a slow host holds up no other, since a finished poll makes room for the next claim at once.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

import structlog

from bot.errors import FeedError, LeaseLost, StorageError
from bot.feeds.cadence import Cadence
from bot.feeds.decide import body_hash, change_after, change_after_failure
from bot.feeds.identity import identity_keys
from bot.model import FeedChange, FeedDue, Fetched, ParsedFeed
from bot.ports import Bell, FeedQueue, Fetcher, Meter
from bot.work.loop import Clock

Parse = Callable[..., ParsedFeed]


@dataclass(frozen=True, slots=True)
class PollReport:
    """How one poll ended. `error` is empty when the feed answered."""

    feed: FeedDue
    new: int = 0
    error: str = ""


# For polls whose leases nobody prolongs. Longer than any can take: its deadline, plus its turn in the queue of a host
# that many feeds share.
LONG_LEASE = timedelta(minutes=10)


class Poller:
    """Polls the feeds that are due, at most `concurrency` at a time. Decides nothing: `bot.feeds.decide` does."""

    def __init__(
        self,
        *,
        queue: FeedQueue,
        fetcher: Fetcher,
        parse: Parse,
        cadence: Cadence,
        bell: Bell,
        meter: Meter,
        clock: Clock,
        lease: timedelta,
        concurrency: int,
    ) -> None:
        self._queue = queue
        self._fetcher = fetcher
        self._parse = parse
        self._cadence = cadence
        self._bell = bell
        self._meter = meter
        self._clock = clock
        self._lease = lease
        self._concurrency = concurrency
        self._running: dict[asyncio.Task[PollReport], FeedDue] = {}
        self._prolonged = clock()
        self._log = structlog.get_logger("bot.poll")

    async def step(self) -> timedelta | None:
        """Start polls for as many due feeds as there is room for, and keep the leases of those in hand."""
        now = self._clock()
        await self._prolong(now)
        for due in await self._claim(now, self._lease):
            task = asyncio.create_task(self._guarded(due))
            self._running[task] = due
            task.add_done_callback(self._finished)
        return None

    async def once(self) -> AsyncIterator[PollReport]:
        """Poll every feed that is due now, and answer how each poll ended."""
        started = self._clock()
        while batch := await self._claim(started, LONG_LEASE):
            for report in await asyncio.gather(*(self._guarded(due) for due in batch)):
                yield report

    async def drain(self) -> None:
        """Wait for the polls in hand."""
        if self._running:
            await asyncio.wait(self._running)

    async def cancel(self) -> None:
        """Drop the polls in hand, for others to take up."""
        dropped = dict(self._running)
        for task in dropped:
            task.cancel()
        await self.drain()
        try:
            await self._queue.release_feeds(list(dropped.values()))
        except StorageError as error:  # then their leases run out
            self._log.warning("polls in hand were not given back", reason=str(error))

    async def _prolong(self, now: datetime) -> None:
        if self._running and not timedelta() <= now - self._prolonged < self._lease / 3:
            await self._queue.prolong_feeds(list(self._running.values()), until=now + self._lease)
            self._prolonged = now

    async def _claim(self, now: datetime, lease: timedelta) -> list[FeedDue]:
        room = self._concurrency - len(self._running)
        if room <= 0:
            return []
        return await self._queue.claim_feeds(now=now, limit=room, lease=lease)

    def _finished(self, task: asyncio.Task[PollReport]) -> None:
        del self._running[task]
        self._bell.wake("poll")

    async def _guarded(self, due: FeedDue) -> PollReport:
        trouble = "unexpected fault, see the log"
        try:
            return await self._poll(due)
        except LeaseLost:
            trouble = "took too long, somebody else has the feed"
            self._log.warning(trouble, feed=due.id)
        except StorageError as error:
            trouble = "could not be recorded"
            self._log.error("poll could not be recorded", feed=due.id, reason=str(error))
        except Exception:  # noqa: BLE001 - the bulkhead between one row and the rest
            # One feed's bug must not stop the others; its lease runs out and it is tried again.
            self._log.exception("poll failed unexpectedly", feed=due.id)
        self._meter.count("polls", "fault")
        return PollReport(due, error=trouble)

    async def _poll(self, due: FeedDue) -> PollReport:
        change = await self._look(due)
        new = await self._queue.record_poll(change, now=self._clock())
        news = new if change.succeeded and any(not one.backlog for one in change.items) else 0
        self._report(due, change, new)
        if news:
            self._bell.ring("alert")
        return PollReport(due, new, change.error)

    async def _look(self, due: FeedDue) -> FeedChange:
        try:
            fetched = await self._fetcher.fetch(due.url, etag=due.etag, last_modified=due.last_modified)
            parsed = await self._read(due, fetched)
        except FeedError as error:
            return change_after_failure(due, error, now=self._clock(), cadence=self._cadence, jitter=random.random())
        keys = identity_keys(parsed.items) if parsed else []
        known = await self._queue.known_keys(due.id, {key for of_item in keys for key in of_item})
        return change_after(
            due, fetched, parsed, known, now=self._clock(), cadence=self._cadence, jitter=random.random()
        )

    async def _read(self, due: FeedDue, fetched: Fetched) -> ParsedFeed | None:
        if fetched.status == HTTPStatus.NOT_MODIFIED or body_hash(fetched.body) == due.body_hash:
            return None
        # A thread, not a process: feedparser holds the interpreter, but gives the loop its turns.
        return await asyncio.to_thread(self._parse, fetched.body, url=fetched.url, content_type=fetched.content_type)

    def _report(self, due: FeedDue, change: FeedChange, new: int) -> None:
        outcome = "gone" if change.gone else "failed" if not change.succeeded else "new" if new else "same"
        self._meter.count("polls", outcome)
        self._meter.count("items", "new", new)
        if change.error:
            self._log.warning("feed failed", feed=due.id, reason=change.error, failures=change.failures)
        elif new:
            self._log.info("feed polled", feed=due.id, new=new, backlog=sum(one.backlog for one in change.items))
