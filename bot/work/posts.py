"""Holding posts: asks for them again and again, and knows by its own clock which it may still act for.

hold ─▶ granted: the tenure lasts until shortly before the lease ends ─▶ who serves the post begins
     └▶ not granted, or no answer in time: the tenure is over        ─▶ who serves the post stops

A replica that loses sight of the database stops by itself before another may take over: the end of its lease is counted
from before it asked, and on a clock that goes on while the machine is suspended.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Sequence
from datetime import timedelta

import structlog

from bot.ports import PostBook

Seconds = Callable[[], float]

ASKS = 4  # in the time of one lease
MARGIN = 6  # a sixth of the lease lies between our end of it and the database's


def uptime() -> float:
    """Seconds of a clock that nobody sets, and that goes on while the machine is suspended (where it has one)."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class Tenure:
    """Whether this replica holds one post. Whoever serves it waits for `begun`, and stops when `over` is set."""

    def __init__(self, name: str, clock: Seconds = uptime) -> None:
        self.name = name
        self.begun = asyncio.Event()
        self.over = asyncio.Event()
        self.resigned = False
        self.waiting = False  # for another replica
        self._clock = clock
        self._until: float | None = None

    @property
    def holds(self) -> bool:
        """Whether it lasts at this moment."""
        return self._until is not None and self._clock() < self._until

    def renew(self, until: float) -> None:
        """It lasts until then."""
        if self.resigned:
            return
        self._until = until
        self.waiting = False
        self.over.clear()
        self.begun.set()

    def end(self) -> None:
        """It does not last any more."""
        self._until = None
        self.begun.clear()
        self.over.set()

    def resign(self) -> None:
        """End it, for good."""
        self.resigned = True
        self.end()
        self.begun.set()  # nobody waits for it any more


class Roster:
    """Keeps tenures in step with the book. `step` is for a Loop, whose bell rings when somebody leaves a post."""

    def __init__(
        self, *, book: PostBook, tenures: Sequence[Tenure], holder: str, lease: timedelta, clock: Seconds = uptime
    ) -> None:
        self._book = book
        self._tenures = tenures
        self._holder = holder
        self._lease = lease
        self._clock = clock
        self._asking: asyncio.Task[None] | None = None
        self._log = structlog.get_logger("bot.work")

    async def step(self) -> timedelta:
        """Ask once; answer when to ask again. Raises StorageError.

        A database that does not answer is not waited for: the tenures end in time all the same.
        """
        pause = self._lease / ASKS
        self._end_overdue()
        self._asking = self._asking or asyncio.create_task(self._ask())
        await asyncio.wait({self._asking}, timeout=pause.total_seconds())
        self._end_overdue()
        if self._asking.done():
            asked, self._asking = self._asking, None
            asked.result()
        return pause

    async def leave(self, names: Collection[str]) -> None:
        """Let others have the posts at once. Raises StorageError."""
        await self._book.release(names, holder=self._holder)

    async def _ask(self) -> None:
        asked = self._clock()
        wanted = [tenure for tenure in self._tenures if not tenure.resigned]
        granted = await self._book.hold([tenure.name for tenure in wanted], holder=self._holder, lease=self._lease)
        until = asked + (self._lease - self._lease / MARGIN).total_seconds()
        for tenure in wanted:
            if tenure.name not in granted:
                self._wait_for(tenure)
            elif until > self._clock():
                tenure.renew(until)

    def _wait_for(self, tenure: Tenure) -> None:
        tenure.end()
        if not tenure.waiting:
            self._log.info("standing by", post=tenure.name)
        tenure.waiting = True

    def _end_overdue(self) -> None:
        for tenure in self._tenures:
            if tenure.begun.is_set() and not tenure.resigned and not tenure.holds:
                tenure.end()
