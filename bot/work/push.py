"""What WebSub hubs call: what they send is taken in as a poll would take it.

    GET  ─▶ read_call ─▶ confirm, deny or forget
    POST ─▶ trust_in ─▶ take_feed ─▶ read ─▶ sift ─▶ change_after_push ─▶ record_polls ─▶ poll

Polling goes on by its own cadence: a push that fails in silence costs nothing but time.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.errors import LeaseLost, NotAFeed, StorageError
from bot.feeds.decide import change_after_push
from bot.feeds.document import Document
from bot.feeds.websub import ASK_AGAIN, Call, Trust, read_call, renew_at, trust_in
from bot.model import FeedDue, FeedId
from bot.ports import NO_TRACER, Bell, FeedQueue, Meter, PushBook, Tracer
from bot.work.arrivals import count_arrivals
from bot.work.aside import Aside
from bot.work.loop import Clock
from bot.work.sift import KnownKeys, sift
from bot.work.together import Together

Read = Callable[..., Document]

MOST_PINGS = 32  # in hand, of all feeds together
MOST_BYTES = 32 * 1024 * 1024
MOST_OF_A_FEED = 4
SIDE_BY_SIDE = 4  # documents read at once
APART = timedelta(seconds=10)  # between two polls of a feed that pings cause
PATIENCE = timedelta(seconds=5)  # with a poll that has the feed in hand

_AGAIN = 0.2  # seconds


@dataclass(frozen=True, slots=True)
class _Ping:
    """What a hub sent for a feed. Without a body it says no more than that there is news."""

    feed: FeedId
    body: bytes = b""
    content_type: str = ""


class Receiver:
    """What hubs call (`bot.ports.PushReceiver`). A signed document is taken in like a polled one, and the feed itself
    is polled after it; any other ping that can be right only has the feed polled.

    Bounded, since strangers set the pace: a few pings of a feed wait for each other, a few dozen in all, and beyond
    that they are dropped, with a poll in their place. `allow_hosts` are the hosts that were told secrets without TLS.
    """

    def __init__(
        self,
        *,
        book: PushBook,
        queue: FeedQueue,
        read: Read,
        bell: Bell,
        meter: Meter,
        clock: Clock,
        lease: timedelta,
        allow_hosts: Collection[str] = (),
        tracer: Tracer = NO_TRACER,
    ) -> None:
        self._book = book
        self._queue = queue
        self._aside = Aside()
        self._known_keys: KnownKeys = Together(queue.known_keys)
        self._read = read
        self._bell = bell
        self._meter = meter
        self._clock = clock
        self._lease = lease
        self._allow_hosts = allow_hosts
        self._tracer = tracer
        self._waiting: defaultdict[FeedId, deque[_Ping]] = defaultdict(deque)
        self._workers: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(SIDE_BY_SIDE)
        self._hastened: dict[FeedId, datetime] = {}  # one entry for each feed that was ever pushed
        self._stopping = False
        self._log = structlog.get_logger("bot.push")

    async def verify(self, token: str, query: Mapping[str, str]) -> str | None:
        """See PushReceiver."""
        push = await self._book.find_push(token)
        if push is None:
            return None
        said, now = read_call(push, query), self._clock()
        if said.call is Call.FOREIGN:
            self._meter.count("hubs", "foreign")
            return None
        if said.call is Call.CONFIRMS:
            await self._book.confirm(push, expires=now + said.lease, due=renew_at(now, said.lease))
        elif said.call is Call.DENIES:
            await self._book.deny(push, reason=said.reason, due=now + ASK_AGAIN)
        else:
            await self._book.forget(push)
        self._meter.count("hubs", said.call.name.lower())
        self._log.info("hub called back", feed=push.feed, call=said.call.name.lower(), reason=said.reason)
        return said.challenge

    async def expects(self, token: str) -> bool:
        """See PushReceiver."""
        known = await self._book.find_push(token) is not None
        if not known:
            self._meter.count("pushes", "unknown")
        return known

    async def receive(self, token: str, body: bytes, *, content_type: str, signature: str) -> None:
        """See PushReceiver."""
        push = await self._book.find_push(token)
        if push is None:
            self._meter.count("pushes", "unknown")
            return
        trust = trust_in(push, body, signature, self._allow_hosts)
        if trust is Trust.FORGED:
            self._meter.count("pushes", "forged")
            self._log.warning("ignored a push without a valid signature", feed=push.feed)
            return
        proven = trust is Trust.PROVEN and bool(body.strip())
        if not self._stopping:
            self._accept(_Ping(push.feed, body if proven else b"", content_type))

    async def drain(self) -> None:
        """Wait for the pings in hand."""
        while self._workers:
            await asyncio.wait(self._workers)

    async def cancel(self) -> None:
        """Drop the pings in hand, and all that come yet: their feeds are polled in time."""
        self._stopping = True
        for worker in self._workers:
            worker.cancel()
        await self.drain()

    def _accept(self, ping: _Ping) -> None:
        """Put a ping into its feed's queue, and have somebody work it off."""
        busy = ping.feed in self._waiting
        queue = self._waiting[ping.feed]
        if busy and not ping.body:
            self._meter.count("pushes", "merged")  # whatever is in hand ends in a poll
            return
        if len(queue) >= MOST_OF_A_FEED or not self._has_room(len(ping.body)):
            self._meter.count("pushes", "dropped")
            if busy:
                return
            ping = _Ping(ping.feed)
        queue.append(ping)
        if not busy:
            worker = asyncio.create_task(self._work_off(ping.feed, queue))
            self._workers.add(worker)
            worker.add_done_callback(self._workers.discard)

    def _has_room(self, size: int) -> bool:
        in_hand = [len(ping.body) for queue in self._waiting.values() for ping in queue]
        return not in_hand or (len(in_hand) < MOST_PINGS and sum(in_hand) + size <= MOST_BYTES)

    async def _work_off(self, feed: FeedId, queue: deque[_Ping]) -> None:
        try:
            while queue:
                async with self._room:
                    with self._tracer.span("push", feed=feed, bytes=len(queue[0].body)) as span:
                        outcome = await self._guarded(queue[0])
                        span.note(outcome=outcome, error=outcome if outcome == "fault" else None)
                self._meter.count("pushes", outcome)
                queue.popleft()
        finally:
            del self._waiting[feed]

    async def _guarded(self, ping: _Ping) -> str:
        try:
            return await self._take_in(ping)
        except (LeaseLost, StorageError) as error:
            self._log.warning("push could not be recorded", feed=ping.feed, reason=str(error))
        except Exception:  # noqa: BLE001 - the bulkhead between one feed and the rest
            self._log.exception("push failed unexpectedly", feed=ping.feed)
        return "fault"

    async def _take_in(self, ping: _Ping) -> str:
        """What became of a ping."""
        due = await self._take(ping.feed) if ping.body else None
        if due is None:
            await self._hasten(ping.feed)
            return "busy" if ping.body else "thin"
        try:
            new = await self._record(due, ping)
        except BaseException as error:
            await self._queue.release_feeds([due])
            if not isinstance(error, NotAFeed):
                raise
            await self._hasten(ping.feed)
            return "unreadable"
        self._bell.ring("poll")
        return "new" if new else "same"

    async def _record(self, due: FeedDue, ping: _Ping) -> int:
        """Read a document and keep what is new in it; answer how many items that is."""
        # A thread, as for polls: the parser holds the interpreter, but gives the loop its turns.
        with self._tracer.span("read", bytes=len(ping.body)) as span:
            document = await self._aside(self._read, ping.body, url=due.url, content_type=ping.content_type)
            sightings, known = await sift(self._known_keys, due.id, document, self._aside)
            span.note(entries=len(sightings))
        now = self._clock()
        change = change_after_push(due, sightings, known, now=now)
        change = change._replace(next_poll=self._next_poll(ping.feed, now))
        with self._tracer.span("record") as span:
            span.leads_to("arrived", due.id, now)
            [new] = await self._queue.record_polls([change], now=now)
            span.note(items=new)
        if new is None:
            raise LeaseLost(f"feed {due.id}")
        count_arrivals(self._meter, change, new, now)
        if new and any(not one.backlog for one in change.items):
            self._bell.ring("alert")
        return new

    async def _take(self, feed: FeedId) -> FeedDue | None:
        """The feed in hand; None when a poll has it for longer than we wait."""
        until = asyncio.get_running_loop().time() + PATIENCE.total_seconds()
        while (due := await self._queue.take_feed(feed, now=self._clock(), lease=self._lease)) is None:
            if asyncio.get_running_loop().time() >= until:
                return None
            await asyncio.sleep(_AGAIN)
        return due

    async def _hasten(self, feed: FeedId) -> None:
        """Have the feed polled: after the poll in hand, which may have looked just before the news."""
        at = self._next_poll(feed, self._clock())
        until = asyncio.get_running_loop().time() + PATIENCE.total_seconds()
        while not await self._book.hasten(feed, at=at, now=self._clock()):
            if asyncio.get_running_loop().time() >= until:
                return
            await asyncio.sleep(_AGAIN)
        self._bell.ring("poll")

    def _next_poll(self, feed: FeedId, now: datetime) -> datetime:
        """Now, but not again within moments: whoever pings must not make us a burden to the feed's host."""
        last = self._hastened.get(feed, now - APART)
        if last <= now or last > now + APART:  # the latter where the clock was set back
            self._hastened[feed] = min(max(now, last + APART), now + APART)
        return self._hastened[feed]
