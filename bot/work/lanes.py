"""Work on many hosts by a few lanes. No lane waits for a host: those that are busy or resting let others go first.

add ─▶ the host's queue ─▶ (host free and rested) ready ─▶ a lane takes one job ─▶ the host rests ─▶ …
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from typing import Generic, TypeVar

Job = TypeVar("Job")


class Lanes(Generic[Job]):
    """Does `work` for each job, at most `count` at a time, and for each host one after the other, in order.

    `rest` tells how many seconds from now a host, named as by `host_of`, wants to be left alone. `work` handles its own
    errors: what it raises all the same is a bug, which `check` tells; it costs no other job anything.
    """

    def __init__(
        self,
        work: Callable[[Job], Awaitable[None]],
        *,
        count: int,
        host_of: Callable[[Job], str],
        rest: Callable[[str], float],
    ) -> None:
        self._work = work
        self._count = count
        self._host_of = host_of
        self._rest = rest
        self._queues: dict[str, deque[Job]] = {}  # of the hosts that are busy, resting or ready
        self._ready: deque[str] = deque()
        self._running: set[asyncio.Task[None]] = set()
        self._idle = asyncio.Event()
        self._idle.set()
        self._bug: Exception | None = None

    def add(self, jobs: Iterable[Job]) -> None:
        """Do these as well."""
        for job in jobs:
            host = self._host_of(job)
            queue = self._queues.get(host)
            if queue is None:
                self._queues[host] = deque((job,))
                self._ready.append(host)
            else:
                queue.append(job)
        self._open()

    def check(self) -> None:
        """Raise what `work` raised, if it did."""
        if self._bug:
            raise self._bug

    async def drain(self) -> None:
        """Wait until all that was added is done."""
        await self._idle.wait()

    async def cancel(self) -> None:
        """Drop what is being done and what waits."""
        self._ready.clear()
        self._queues.clear()
        for lane in self._running:
            lane.cancel()
        if not self._running:
            self._idle.set()
        await self.drain()

    def _open(self) -> None:
        """Open as many lanes as there is work for."""
        for _ in range(min(len(self._ready), self._count - len(self._running))):
            lane = asyncio.create_task(self._run())
            self._running.add(lane)
            lane.add_done_callback(self._close)
            self._idle.clear()

    def _close(self, lane: asyncio.Task[None]) -> None:
        self._running.discard(lane)
        if self._ready:  # came in the meantime
            self._open()
        if not self._running and not self._queues:
            self._idle.set()

    async def _run(self) -> None:
        while self._ready:
            host = self._ready.popleft()
            try:
                await self._work(self._queues[host].popleft())
            except Exception as error:  # noqa: BLE001 - it is raised again, where somebody hears of it
                self._bug = error
            finally:
                self._leave(host)

    def _leave(self, host: str) -> None:
        """Let the host rest if more is to be done there; else forget it."""
        queue = self._queues.get(host)
        if not queue:
            self._queues.pop(host, None)
        elif (rest := self._rest(host)) > 0:
            asyncio.get_running_loop().call_later(rest, self._rested, host)
        else:
            self._ready.append(host)

    def _rested(self, host: str) -> None:
        if host in self._queues:
            self._ready.append(host)
            self._open()
