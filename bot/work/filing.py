"""Files the words of items that were stored before there was an index of them: after an upgrade, a copy, a restore."""

from __future__ import annotations

from datetime import timedelta
from typing import Protocol

import structlog

_BREATH = timedelta(milliseconds=50)  # what polls and alerts write has the turn between two transactions
_LOOK_AGAIN = timedelta(hours=1)


class Cabinet(Protocol):
    """Where items wait to be filed."""

    async def file_words(self) -> int:
        """File some items, the newest first; answer how many."""


class Filer:
    """A step files some items; nothing is lost when it is cut short."""

    def __init__(self, cabinet: Cabinet) -> None:
        self._cabinet = cabinet
        self._filed = 0
        self._log = structlog.get_logger("bot.work").bind(loop="index")

    async def step(self) -> timedelta:
        """File some items; answer when to go on."""
        count = await self._cabinet.file_words()
        self._filed += count
        if count:
            return _BREATH
        if self._filed:
            self._log.info("older items can be searched now", items=self._filed)
            self._filed = 0
        return _LOOK_AGAIN
