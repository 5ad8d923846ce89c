"""Clean-up: what is older than people look back is deleted, in small steps."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.errors import StorageError
from bot.work.loop import Clock


class Attic(Protocol):
    """Where old rows can be deleted."""

    async def expire(self, now: datetime, keep_items: timedelta) -> int:
        """Give up deliveries that wait longer than that; answer how many."""

    async def purge(self, now: datetime, keep_items: timedelta) -> int:
        """Delete what is older than that; answer how many items went."""

    async def give_back(self) -> int:
        """Give free room back to the disk; answer how many pages."""


class Housekeeper:
    """Deletes what is past keeping, once a day."""

    def __init__(self, *, attic: Attic, keep: timedelta, clock: Clock) -> None:
        self._attic = attic
        self._keep = keep
        self._clock = clock
        self._log = structlog.get_logger("bot.housekeeping")

    async def run(self) -> None:
        """One clean-up. Trouble is logged; the next day tries again."""
        now = self._clock()
        try:
            expired = await self._attic.expire(now, self._keep)
            if expired:
                self._log.warning("deliveries given up that nobody could make", count=expired, days=self._keep.days)
            gone = await self._attic.purge(now, self._keep)
            pages = await self._attic.give_back()
        except StorageError as error:
            self._log.error("clean-up failed", reason=str(error))
        else:
            self._log.info("clean-up done", items=gone, pages=pages)
