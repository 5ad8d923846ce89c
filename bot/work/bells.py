"""The bells that wake loops: in this process at once, and in other replicas through the database's notices."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bot.errors import StorageError
from bot.work.loop import Loop

Notify = Callable[[str], Awaitable[None]]


class Bells:
    """Implements `bot.ports.Bell`. A notice that can't be given is no loss: the clock's tick finds the rows too."""

    def __init__(self, notify: Notify | None = None) -> None:
        self._notify = notify
        self._loops: dict[str, list[Loop]] = {}
        self._notices: set[asyncio.Task[None]] = set()
        self._log = structlog.get_logger("bot.work")

    def hang(self, topic: str, loop: Loop) -> None:
        """Have the topic's bell wake the loop."""
        self._loops.setdefault(topic, []).append(loop)

    def take_down(self, topic: str, loop: Loop) -> None:
        """Have the topic's bell wake the loop no more."""
        self._loops[topic].remove(loop)

    def ring(self, topic: str) -> None:
        """See `bot.ports.Bell`."""
        self.wake(topic)
        if self._notify:
            task = asyncio.create_task(self._tell(self._notify, topic))
            self._notices.add(task)
            task.add_done_callback(self._notices.discard)

    def wake(self, topic: str) -> None:
        """See `bot.ports.Bell`."""
        for loop in self._loops.get(topic, ()):
            loop.ring()

    async def tick(self) -> None:
        """Wake every loop here. A coroutine, since APScheduler runs plain functions in threads."""
        for topic in self._loops:
            self.wake(topic)

    async def _tell(self, notify: Notify, topic: str) -> None:
        try:
            await notify(topic)
        except StorageError as error:
            self._log.warning("other replicas were not woken", topic=topic, reason=str(error))
