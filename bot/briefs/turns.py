"""Turns: how many calls a way takes at once, and who is next when one ends.

Those who can still be in time go first, in their order; what is late already waits until none of them does. So under a
load that a way can't carry, as many briefs as possible are ready in time, instead of all being late.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

_RECENT = 0.2  # weight of the newest call in what a call usually takes


class Turns:
    """Gives out `at_once` turns. `clock` gives seconds that only grow, as `time.monotonic` does."""

    def __init__(self, at_once: int, clock: Callable[[], float]) -> None:
        self._at_once = at_once
        self._free = at_once
        self._clock = clock
        self._soon: deque[asyncio.Future[None]] = deque()
        self._late: deque[asyncio.Future[None]] = deque()
        self._usual: float | None = None

    def answered_within(self, seconds: float) -> bool:
        """Whether a call that asks for a turn now will probably be answered within so many seconds."""
        if self._usual is None:  # nothing is known: then no more shall wait than are served in the next round
            return bool(self._free) or len(self._soon) < self._at_once
        rounds = 0.0 if self._free else (len(self._soon) + 1) / self._at_once
        return self._usual * (rounds + 1) <= seconds

    @asynccontextmanager
    async def turn(self, *, soon: bool) -> AsyncIterator[None]:
        """Wait for a turn, and have it; `soon` is for a call that can still be in time."""
        await self._take(self._soon if soon else self._late)
        begun = self._clock()
        try:
            yield
        finally:
            self._note(self._clock() - begun)
            self._pass_on()

    async def _take(self, queue: deque[asyncio.Future[None]]) -> None:
        if self._free:
            self._free -= 1
            return
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        queue.append(mine)
        try:
            await mine
        except asyncio.CancelledError:
            if mine.done() and not mine.cancelled():  # the turn came at the same moment: it is not to be lost
                self._pass_on()
            raise

    def _pass_on(self) -> None:
        for queue in (self._soon, self._late):
            while queue:
                following = queue.popleft()
                if not following.done():
                    following.set_result(None)
                    return
        self._free += 1

    def _note(self, seconds: float) -> None:
        self._usual = seconds if self._usual is None else (1 - _RECENT) * self._usual + _RECENT * seconds
