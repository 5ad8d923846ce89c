"""Clean-up: what is older than people look back is deleted, in small steps."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.errors import StorageError
from bot.work.loop import Clock


class Attic(Protocol):
    """Where old rows can be deleted."""

    async def purge(self, now: datetime, keep_items: timedelta) -> int:
        """Delete what is older than that; answer how many items went."""


class Housekeeper:
    """Deletes what is past keeping, once a day."""

    def __init__(self, *, attic: Attic, keep: timedelta, clock: Clock) -> None:
        self._attic = attic
        self._keep = keep
        self._clock = clock
        self._log = structlog.get_logger("bot.housekeeping")

    async def run(self) -> None:
        """One clean-up. Trouble is logged; the next day tries again."""
        try:
            gone = await self._attic.purge(self._clock(), self._keep)
        except StorageError as error:
            self._log.error("clean-up failed", reason=str(error))
        else:
            self._log.info("clean-up done", items=gone)
