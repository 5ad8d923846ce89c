"""Manners towards hosts: one request at a time, a pause between two, and none while a host asks to be left alone.

    host ─▶ its turn (in order of arrival) ─▶ its pause ─▶ a slot of all requests ─▶ request

Waiting costs no slot, so that a host with a thousand feeds holds up no other. Hosts are forgotten when their pause and
their hold are over.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import timedelta
from heapq import heappop, heappush
from typing import NamedTuple

MAX_HELD = 10_000  # hosts; names cost a stranger nothing
LONGEST_HOLD = timedelta(days=1)
# What a well-behaved reader of pages leaves between two clicks at most; a hundred feeds of a host take a minute so.
GAP = timedelta(seconds=0.5)


class Hold(NamedTuple):
    """A host's wish not to be asked: the status that said so, and how long it has still to run."""

    status: int
    left: timedelta


class Turn:
    """A host's turn, to be held with `async with`: a context manager by hand, since this is on every request's way."""

    __slots__ = ("_host", "_hosts", "_paused")

    def __init__(self, hosts: Hosts, host: str, *, paused: bool) -> None:
        self._hosts = hosts
        self._host = host
        self._paused = paused

    async def __aenter__(self) -> None:
        await self._hosts.take(self._host)

    async def __aexit__(self, *_: object) -> None:
        self._hosts.give_back(self._host, paused=self._paused)


class Hosts:
    """Whose turn it is at each host. `concurrency` is how many requests may run at once, all hosts together.

    `clock` gives seconds that never go back, `sleep` waits for as many.
    """

    def __init__(
        self,
        *,
        concurrency: int,
        gap: timedelta = GAP,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._slots = asyncio.Semaphore(concurrency)
        self._gap = gap.total_seconds()
        self._clock = clock
        self._sleep = sleep
        self._queues: dict[str, deque[asyncio.Future[None]]] = {}  # of the hosts that somebody has: who waits for them
        self._rested: dict[str, float] = {}  # host → when its pause ends; the gap is one for all, so in that order
        self._held: dict[str, tuple[float, int]] = {}  # host → until when, and the status that said so
        self._ends: list[tuple[float, str]] = []  # a heap of the same

    def turn(self, host: str, *, paused: bool = True) -> Turn:
        """The host to ourselves and a slot of all requests; with `paused`, not before its last request is `gap` old."""
        return Turn(self, host, paused=paused)

    def rest(self, host: str) -> float:
        """How many seconds of its pause the host has still to come."""
        return max(self._rested[host] - self._clock(), 0.0) if host in self._rested else 0.0

    async def take(self, host: str) -> None:
        """Wait for the host and then for a slot; both are to be given back."""
        queue = self._queues.get(host)
        if queue is None:
            self._queues[host] = deque()
        else:
            await self._wait(host, queue)
        try:
            if host in self._rested:
                await self._rest(host)
            await self._slots.acquire()
        except BaseException:
            self._next(host)
            raise

    def give_back(self, host: str, *, paused: bool) -> None:
        """Let the next one in; with `paused`, after a pause."""
        self._slots.release()
        if paused and self._gap:
            self._tire(host)
        self._next(host)

    def hold(self, host: str, wait: timedelta, status: int) -> None:
        """Leave the host alone for so long, a day at most. A longer hold is not cut short."""
        until = self._clock() + min(wait, LONGEST_HOLD).total_seconds()
        if until <= self._held.get(host, (0.0, 0))[0]:
            return
        self._held[host] = until, status
        heappush(self._ends, (until, host))
        while len(self._held) > MAX_HELD:
            self._drop_soonest()

    def held(self, host: str) -> Hold | None:
        """The hold on a host, if there is one."""
        if not self._held:
            return None
        now = self._clock()
        while self._ends and self._ends[0][0] <= now:
            self._drop_soonest()
        until, status = self._held.get(host, (now, 0))
        return Hold(status, timedelta(seconds=until - now)) if until > now else None

    async def _wait(self, host: str, queue: deque[asyncio.Future[None]]) -> None:
        ticket = asyncio.get_running_loop().create_future()
        queue.append(ticket)
        try:
            await ticket
        except asyncio.CancelledError:
            if not ticket.cancelled():  # the turn had just come
                self._next(host)
            raise

    def _next(self, host: str) -> None:
        """Call the first in the queue that still waits; a host that nobody waits for is forgotten."""
        queue = self._queues[host]
        while queue:
            ticket = queue.popleft()
            if not ticket.done():
                ticket.set_result(None)
                return
        del self._queues[host]

    async def _rest(self, host: str) -> None:
        left = self._rested[host] - self._clock()
        if left > 0:
            await self._sleep(left)

    def _tire(self, host: str) -> None:
        now = self._clock()
        self._rested.pop(host, None)
        self._rested[host] = now + self._gap
        while self._rested[oldest := next(iter(self._rested))] <= now:
            del self._rested[oldest]

    def _drop_soonest(self) -> None:
        until, host = heappop(self._ends)
        if self._held.get(host, (0.0, 0))[0] == until:  # else it was prolonged
            del self._held[host]
