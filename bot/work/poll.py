"""The poll loop: due feed → fetch → read → decide → new items.

    claim_feeds ─▶ FeedDue ─▶ fetch ─▶ Fetched ─▶ read ─▶ Document ─▶ sift ─▶ change_after ─▶ FeedChange ─▶ record_polls

Polls run side by side; a slow host holds up no other, since finished polls make room for the next claim. Feeds are
claimed, and outcomes written, many at a time where there are many.
"""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus

import structlog

from bot.errors import FeedError, StorageError
from bot.feeds.cadence import Cadence
from bot.feeds.decide import Sighting, body_hash, change_after, change_after_failure, wants_dates
from bot.feeds.document import Document
from bot.feeds.entry import Heading
from bot.model import FeedChange, FeedDue, FeedId, Fetched
from bot.ports import NO_TRACER, Bell, FeedQueue, Meter, PoliteFetcher, Span, Tracer
from bot.work.arrivals import count_arrivals
from bot.work.aside import Aside
from bot.work.lanes import Lanes
from bot.work.loop import Clock
from bot.work.sift import KnownKeys, sift
from bot.work.together import Batches, Together

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
    span: Span
    answer: Fetched | FeedError = field(init=False)
    fingerprint: str = ""
    heading: Heading | None = None
    dates: list[datetime | None] | None = None
    sightings: list[Sighting] = field(default_factory=list)
    known: set[str] = field(default_factory=set)


LARGE = 200_000  # bytes whose hash is not for the event loop to make

# For polls whose leases nobody prolongs. Longer than any can take: its deadline, plus its turn in the queue of a host
# that many feeds share.
LONG_LEASE = timedelta(minutes=10)


# Seconds that a poll waits at most for others, to be looked up or written along with them.
LOOK_UP_LINGER = 0.05
RECORD_LINGER = 0.1
SAME_LINGER = 0.2  # nobody waits to hear that there is nothing new
SOON = timedelta(seconds=0.15)  # between two claims
AGAIN = timedelta(seconds=5)  # after which a feed is polled once more whose outcome could not be recorded


class Poller:
    """Polls the feeds that are due, `at_once` of them side by side, with at most `in_hand` of them claimed at a time,
    those included that wait for their host. Decides nothing: `bot.feeds.decide` does."""

    def __init__(
        self,
        *,
        queue: FeedQueue,
        fetcher: PoliteFetcher,
        read: Read,
        cadence: Cadence,
        bell: Bell,
        meter: Meter,
        clock: Clock,
        lease: timedelta,
        at_once: int,
        in_hand: int,
        tracer: Tracer = NO_TRACER,
    ) -> None:
        self._queue = queue
        self._fetcher = fetcher
        self._read_document = read
        self._cadence = cadence
        self._bell = bell
        self._meter = meter
        self._clock = clock
        self._lease = lease
        self._most = in_hand
        self._tracer = tracer
        self._aside = Aside()
        self._known_keys: KnownKeys = Together(self._look_up, linger=self._linger(LOOK_UP_LINGER))
        self._lanes = Lanes(self._poll, count=at_once, host_of=_host, rest=fetcher.rest)
        self._looks = Batches(self._record, linger=self._linger(RECORD_LINGER))
        self._same = Batches(self._record, linger=self._linger(SAME_LINGER))
        self._in_hand: dict[FeedId, FeedDue] = {}
        self._unrecorded: list[tuple[datetime, FeedDue]] = []  # and when that was
        self._reports: list[PollReport] | None = None  # kept for who wants them
        self._prolonged = clock()
        self._log = structlog.get_logger("bot.poll")

    async def step(self) -> timedelta | None:
        """Start polls for as many due feeds as there is room for, and keep the leases of those in hand."""
        for side in (self._lanes, self._looks, self._same):
            side.check()
        now = self._clock()
        await self._prolong(now)
        await self._give_back(now)
        self._begin(await self._claim(now, self._lease))
        # Each when it is due, or nearly so: what many bring at the stroke of a tick would wait for each other.
        due = await self._queue.next_due(now=now)
        return max(due - now, SOON) if due else None

    async def _give_back(self, now: datetime) -> None:
        """Have feeds polled again whose outcome could not be recorded, sooner than when their leases run out."""
        ripe = [due for at, due in self._unrecorded if not timedelta() <= now - at < AGAIN]
        if ripe:
            await self._queue.release_feeds(ripe)
            self._unrecorded = [(at, due) for at, due in self._unrecorded if due not in ripe]

    async def once(self) -> AsyncIterator[PollReport]:
        """Poll every feed that is due now, and answer how each poll ended."""
        started = self._clock()
        while batch := await self._claim(started, LONG_LEASE):
            self._reports = []
            self._begin(batch)
            await self.drain()
            for report in self._reports:
                yield report

    async def drain(self) -> None:
        """Wait for the polls in hand."""
        await self._lanes.drain()
        await self._looks.drain()
        await self._same.drain()

    async def cancel(self) -> None:
        """Drop the polls in hand, for others to take up, but for those whose outcome is being written."""
        await self._lanes.cancel()
        await self._looks.drain()
        await self._same.drain()
        try:
            unrecorded = (due for _, due in self._unrecorded)
            await self._queue.release_feeds([*self._in_hand.values(), *unrecorded])
        except StorageError as error:  # then their leases run out
            self._log.warning("polls in hand were not given back", reason=str(error))

    async def _prolong(self, now: datetime) -> None:
        if self._in_hand and not timedelta() <= now - self._prolonged < self._lease / 3:
            await self._queue.prolong_feeds(list(self._in_hand.values()), until=now + self._lease)
            self._prolonged = now

    async def _claim(self, now: datetime, lease: timedelta) -> list[FeedDue]:
        room = self._most - len(self._in_hand)
        if room <= 0:
            return []
        return await self._queue.claim_feeds(now=now, limit=room, lease=lease)

    def _begin(self, claimed: Collection[FeedDue]) -> None:
        self._in_hand.update((due.id, due) for due in claimed)
        self._lanes.add(claimed)

    async def _poll(self, due: FeedDue) -> None:
        look = _Look(due, self._tracer.span("poll", feed=due.id, failures=due.failures))
        try:
            with look.span.at_work():
                await self._look(look)
        except Exception:  # noqa: BLE001 - the bulkhead between one row and the rest
            self._bug(look)
            self._make_room()
        else:
            (self._looks if look.sightings else self._same).add(look)

    async def _look(self, look: _Look) -> None:
        due = look.due

        async def read(fetched: Fetched) -> None:
            if fetched.status != HTTPStatus.NOT_MODIFIED:
                with self._tracer.span("read", bytes=len(fetched.body)) as span:
                    await self._read(due, fetched, look)
                    span.note(entries=len(look.sightings))

        try:
            look.answer = await self._fetcher.fetch(due.url, etag=due.etag, last_modified=due.last_modified, then=read)
        except FeedError as error:
            look.answer = error

    async def _read(self, due: FeedDue, fetched: Fetched, look: _Look) -> None:
        body = fetched.body
        look.fingerprint = body_hash(body) if len(body) < LARGE else await self._aside(body_hash, body)
        if look.fingerprint == due.body_hash:
            return
        document = await self._aside(self._read_document, body, url=fetched.url, content_type=fetched.content_type)
        look.heading = document.heading
        if wants_dates(due):
            look.dates = await self._aside(document.dates)
        look.sightings, look.known = await sift(self._known_keys, due.id, document, self._aside)

    async def _look_up(self, wanted: Sequence[tuple[FeedId, Collection[str]]]) -> list[set[str]]:
        return await self._queue.known_keys(wanted, now=self._clock())

    async def _record(self, looks: Sequence[_Look]) -> None:
        """Decided as they are written, many in a row: that takes half the time of deciding one now and then."""
        now = self._clock()
        writing = [self._writing(look, now) for look in looks]
        try:
            changes = [self._decide(look, now) for look in looks]
            counts = await self._queue.record_polls(changes, now=now)
        except StorageError as error:
            for look in looks:
                self._log.error("poll could not be recorded", feed=look.due.id, reason=str(error))
                self._fault(look, "could not be recorded")
                self._unrecorded.append((now, look.due))
        except Exception:  # noqa: BLE001 - the bulkhead: one of many has a fault of its own
            if len(looks) == 1:
                self._bug(looks[0])
            else:
                for look in looks:
                    await self._record([look])
        else:
            for look, change, new in zip(looks, changes, counts, strict=True):
                self._recorded(look, change, new)
        finally:
            for span in writing:
                span.end()
        self._make_room()

    def _writing(self, look: _Look, now: datetime) -> Span:
        with look.span.at_work():
            span = self._tracer.span("record")
        if look.sightings:
            span.leads_to("arrived", look.due.id, now)
        return span

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
            dates=look.dates,
            fingerprint=look.fingerprint,
            now=now,
            cadence=self._cadence,
            jitter=luck,
        )

    def _recorded(self, look: _Look, change: FeedChange, new: int | None) -> None:
        due = look.due
        if new is None:
            trouble = "took too long, somebody else has the feed"
            self._log.warning(trouble, feed=due.id)
            self._fault(look, trouble)
            return
        outcome = "gone" if change.gone else "failed" if not change.succeeded else "new" if new else "same"
        self._meter.count("polls", outcome)
        if change.error:
            self._log.warning("feed failed", feed=due.id, reason=change.error, failures=change.failures)
        elif new:
            count_arrivals(self._meter, change, new, self._clock())
            backlog = sum(one.backlog for one in change.items)
            self._log.info("feed polled", feed=due.id, new=new, backlog=backlog)
            if backlog < len(change.items):
                self._bell.ring("alert")
        self._end(look, outcome, new, change.error)

    def _bug(self, look: _Look) -> None:
        """One feed's bug must not stop the others; its lease runs out and it is tried again."""
        self._log.exception("poll failed unexpectedly", feed=look.due.id)
        self._fault(look, "unexpected fault, see the log")

    def _fault(self, look: _Look, trouble: str) -> None:
        self._meter.count("polls", "fault")
        self._end(look, "fault", 0, trouble)

    def _end(self, look: _Look, outcome: str, new: int, error: str) -> None:
        look.span.note(outcome=outcome, items=new, error=outcome if error else None)
        look.span.end()
        self._in_hand.pop(look.due.id, None)
        if self._reports is not None:
            self._reports.append(PollReport(look.due, new, error))

    def _linger(self, most: float) -> Callable[[], float]:
        """As long as that while there are as many polls in hand as may be: then more come soon, and their number is
        what counts. Few are not held up for each other, and one that is alone is not at all."""
        return lambda: most * (len(self._in_hand) - 1) / self._most

    def _make_room(self) -> None:
        """Not for each: a claim of many feeds costs hardly more than a claim of one."""
        if len(self._in_hand) <= self._most // 2:
            self._bell.wake("poll")


def _host(due: FeedDue) -> str:
    return due.url.partition("://")[2].partition("/")[0]
