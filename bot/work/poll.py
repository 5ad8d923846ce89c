"""The poll loop: due feed → fetch → read → decide → new items.

    claim_feeds ─▶ FeedDue ─▶ fetch ─▶ Fetched ─▶ read ─▶ Document ─▶ sift ─▶ change_after ─▶ FeedChange ─▶ record_polls

Polls run side by side; a slow host holds up no other, since finished polls make room for the next claim. Feeds are
claimed, and outcomes written, many at a time where there are many.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus

import structlog

from bot.errors import FeedError, LeaseLost, StorageError
from bot.feeds.cadence import Cadence
from bot.feeds.decide import Sighting, body_hash, change_after, change_after_failure
from bot.feeds.document import Document
from bot.feeds.entry import Heading
from bot.model import FeedChange, FeedDue, Fetched
from bot.ports import Bell, FeedQueue, Fetcher, Meter
from bot.work.aside import Aside
from bot.work.loop import Clock
from bot.work.sift import KnownKeys, sift
from bot.work.together import Together

Read = Callable[..., Document]


@dataclass(frozen=True, slots=True)
class PollReport:
    """How one poll ended. `error` is empty when the feed answered."""

    feed: FeedDue
    new: int = 0
    error: str = ""


@dataclass(slots=True)
class _Look:
    """What a poll saw: the answer, and of its document nothing where it is the one of the last poll."""

    due: FeedDue
    answer: Fetched | FeedError = field(init=False)
    fingerprint: str = ""
    heading: Heading | None = None
    sightings: list[Sighting] = field(default_factory=list)
    known: set[str] = field(default_factory=set)


LARGE = 200_000  # bytes whose hash is not for the event loop to make

# For polls whose leases nobody prolongs. Longer than any can take: its deadline, plus its turn in the queue of a host
# that many feeds share.
LONG_LEASE = timedelta(minutes=10)


KEYS_OF = 20  # feeds are looked up at once
LOOK_UP_LINGER = 0.02  # seconds that the first waits for others to be looked up along with it
RECORD_LINGER = 0.05


class Poller:
    """Polls the feeds that are due, with at most `in_hand` of them claimed at a time, those included that wait for
    their host's turn. Decides nothing: `bot.feeds.decide` does."""

    def __init__(
        self,
        *,
        queue: FeedQueue,
        fetcher: Fetcher,
        read: Read,
        cadence: Cadence,
        bell: Bell,
        meter: Meter,
        clock: Clock,
        lease: timedelta,
        in_hand: int,
    ) -> None:
        self._queue = queue
        self._fetcher = fetcher
        self._read_document = read
        self._cadence = cadence
        self._bell = bell
        self._meter = meter
        self._clock = clock
        self._lease = lease
        self._in_hand = in_hand
        self._aside = Aside()
        self._a_claim = max(1, in_hand // 2)
        self._known_keys: KnownKeys = Together(queue.known_keys, most=KEYS_OF, linger=LOOK_UP_LINGER)
        self._record: Together[_Look, tuple[FeedChange, int | None]] = Together(self._record_all, linger=RECORD_LINGER)
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
        room = self._in_hand - len(self._running)
        if room <= 0:
            return []
        return await self._queue.claim_feeds(now=now, limit=room, lease=lease)

    def _finished(self, task: asyncio.Task[PollReport]) -> None:
        del self._running[task]
        # Not for each: a claim of many feeds costs hardly more than a claim of one.
        if not self._running or (self._in_hand - len(self._running)) % self._a_claim == 0:
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
        change, new = await self._record(await self._look(due))
        if new is None:
            raise LeaseLost(f"feed {due.id}")
        news = new if change.succeeded and any(not one.backlog for one in change.items) else 0
        self._report(due, change, new)
        if news:
            self._bell.ring("alert")
        return PollReport(due, new, change.error)

    async def _look(self, due: FeedDue) -> _Look:
        look = _Look(due)

        async def read(fetched: Fetched) -> None:
            await self._read(due, fetched, look)

        try:
            look.answer = await self._fetcher.fetch(due.url, etag=due.etag, last_modified=due.last_modified, then=read)
        except FeedError as error:
            look.answer = error
        return look

    async def _read(self, due: FeedDue, fetched: Fetched, look: _Look) -> None:
        if fetched.status == HTTPStatus.NOT_MODIFIED:
            return
        body = fetched.body
        look.fingerprint = body_hash(body) if len(body) < LARGE else await self._aside(body_hash, body)
        if look.fingerprint == due.body_hash:
            return
        document = await self._aside(self._read_document, body, url=fetched.url, content_type=fetched.content_type)
        look.heading = document.heading
        look.sightings, look.known = await sift(self._known_keys, due.id, document, self._aside)

    async def _record_all(self, looks: Sequence[_Look]) -> Sequence[tuple[FeedChange, int | None]]:
        """Decided as they are written, many in a row: that takes half the time of deciding one now and then."""
        now = self._clock()
        changes = [self._decide(look, now) for look in looks]
        counts = await self._queue.record_polls(changes, now=now)
        return list(zip(changes, counts, strict=True))

    def _decide(self, look: _Look, now: datetime) -> FeedChange:
        luck = random.random()
        if isinstance(look.answer, FeedError):
            return change_after_failure(look.due, look.answer, now=now, cadence=self._cadence, jitter=luck)
        return change_after(
            look.due,
            look.answer,
            look.heading,
            look.sightings,
            look.known,
            fingerprint=look.fingerprint,
            now=now,
            cadence=self._cadence,
            jitter=luck,
        )

    def _report(self, due: FeedDue, change: FeedChange, new: int) -> None:
        outcome = "gone" if change.gone else "failed" if not change.succeeded else "new" if new else "same"
        self._meter.count("polls", outcome)
        self._meter.count("items", "new", new)
        if change.error:
            self._log.warning("feed failed", feed=due.id, reason=change.error, failures=change.failures)
        elif new:
            self._log.info("feed polled", feed=due.id, new=new, backlog=sum(one.backlog for one in change.items))
