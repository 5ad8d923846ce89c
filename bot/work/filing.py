"""Files the words of items that were stored before there was an index of them: after an upgrade, a copy, a restore."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Protocol

import structlog

from bot.errors import StorageError

_BREATH = timedelta(milliseconds=50)  # what polls and alerts write has the turn between two transactions


class Cabinet(Protocol):
    """Where items wait to be filed."""

    async def file_words(self) -> int:
        """File some items, the newest first; answer how many."""


class Filer:
    """Files what there is to file. Nothing is lost when it is cut short."""

    def __init__(self, cabinet: Cabinet, breath: timedelta = _BREATH) -> None:
        self._cabinet = cabinet
        self._breath = breath.total_seconds()
        self._log = structlog.get_logger("bot.work")

    async def run(self) -> None:
        """File all items, a few at a time. Trouble is logged; the next run goes on."""
        filed = 0
        try:
            while count := await self._cabinet.file_words():
                filed += count
                await asyncio.sleep(self._breath)
        except StorageError as error:
            self._log.error("could not file items for searching", reason=str(error))
        if filed:
            self._log.info("older items can be searched now", items=filed)
