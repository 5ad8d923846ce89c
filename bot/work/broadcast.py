"""The broadcast loop: what the owners say to all chats is owed to a few of them at a time.

begun by an owner ─▶ owe_more ─▶ due deliveries ─▶ the deliver loop sends them, after what is newer ─▶ owe_more ─▶ …
"""

from __future__ import annotations

from datetime import timedelta

import structlog

from bot.ports import Bell, BroadcastQueue
from bot.work.loop import Clock

MOST_WAITING = 100  # three seconds of Telegram's pace: so long an alert may wait behind a broadcast, and no longer


class Broadcaster:
    """Owes the broadcasts under way. It keeps nothing: a crash costs no chat the message, and none gets it twice."""

    def __init__(self, *, queue: BroadcastQueue, bell: Bell, clock: Clock, most: int = MOST_WAITING) -> None:
        self._queue = queue
        self._bell = bell
        self._clock = clock
        self._most = most
        self._log = structlog.get_logger("bot.broadcast")

    async def step(self) -> timedelta | None:
        """Owe as many as may wait; then wait for the clock's tick, by which some were sent. Raises StorageError."""
        owed = await self._queue.owe_more(most=self._most, now=self._clock())
        if owed:
            self._bell.ring("deliver")
            self._log.info("broadcast owed", chats=owed)
        return None
