"""The digest loop: held alerts whose time has come ─▶ gather_held ─▶ due deliveries, one digest a chat.

What is due, and why it waited, was decided when the alert was made (`bot.chat.schedule`); here nothing is. The clock's
tick wakes this loop, so a digest is not later than that, and after a restart what is over goes out at once.
"""

from __future__ import annotations

from datetime import timedelta

import structlog

from bot.ports import Bell, HeldQueue, Meter
from bot.work.loop import Clock

CHATS = 50  # in a transaction: at eight in the morning all want their digest, and others have their turn in between


class Digester:
    """Has digests go out. Any number of replicas may do so."""

    def __init__(self, *, queue: HeldQueue, bell: Bell, meter: Meter, clock: Clock) -> None:
        self._queue = queue
        self._bell = bell
        self._meter = meter
        self._clock = clock
        self._log = structlog.get_logger("bot.digest")

    async def step(self) -> timedelta | None:
        """Gather for some chats. Raises StorageError."""
        chats = await self._queue.gather_held(now=self._clock(), limit=CHATS)
        if not chats:
            return None
        self._log.info("digests due", chats=chats)
        self._meter.count("digests", "due", chats)
        self._bell.ring("deliver")
        return timedelta()
