"""The rhythm of a service: work while there is any, then sleep until a bell, a tick of the clock, or a set time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog

from bot.errors import StorageError
from bot.ports import Watch

Clock = Callable[[], datetime]
Step = Callable[[], Awaitable["timedelta | None"]]

_STORAGE_PAUSE = timedelta(seconds=1)


class Loop:
    """Runs one service's `step` over and over.

    A step answers how long to sleep: zero for "there is more", None for "until the bell". Trouble with the
    database is waited out, since rows outlive it; any other error is a bug and ends the loop, loudly.
    """

    def __init__(self, name: str, step: Step, clock: Clock, watch: Watch | None = None) -> None:
        self.name = name
        self.last_beat = clock()
        self._step = step
        self._clock = clock
        self._watch = watch
        self._wake = asyncio.Event()
        self._stopping = False
        self._log = structlog.get_logger("bot.work").bind(loop=name)

    def ring(self) -> None:
        """Wake the loop now."""
        self._wake.set()

    def stop(self) -> None:
        """Let the step in hand end, then return from `run`."""
        self._stopping = True
        self._wake.set()

    async def run(self) -> None:
        """Work until stopped."""
        while not self._stopping:
            self._wake.clear()
            pause = await self._beat()
            self.last_beat = self._clock()
            if pause is None or pause > timedelta():
                await self._sleep(pause)
            else:
                await asyncio.sleep(0)

    async def _beat(self) -> timedelta | None:
        try:
            return await self._step()
        except StorageError as error:
            self._log.error("storage trouble, trying again", reason=str(error))
            if self._watch:
                self._watch.ill(error)
            return _STORAGE_PAUSE

    async def _sleep(self, pause: timedelta | None) -> None:
        if self._stopping:
            return
        try:
            async with asyncio.timeout(pause.total_seconds() if pause else None):
                await self._wake.wait()
        except TimeoutError:
            return
