"""The stories told lately, kept in memory: their texts are too much to read anew for each item."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from bot.model import ItemId, StoryMember

# Clocks of replicas differ, and what a transaction wrote shows a little after its time.
OVERLAP = timedelta(minutes=1)


class StoryLog(Protocol):
    """Where told stories stand."""

    async def recent_stories(self, *, since: datetime) -> list[StoryMember]:
        """See `bot.ports.AlertStore`."""


class RecentStories:
    """The members of stories not older than `age`, brought up to date by what was told since the last look."""

    def __init__(self, log: StoryLog, age: timedelta) -> None:
        self._log = log
        self._age = age
        self._read: datetime | None = None
        self._members: dict[ItemId, StoryMember] = {}

    async def newest_first(self, now: datetime) -> list[StoryMember]:
        """The members as of now. Raises StorageError."""
        oldest = now - self._age
        since = max(oldest, self._read - OVERLAP) if self._read else oldest
        told = await self._log.recent_stories(since=since)
        self._read = now
        self._members = {item: member for item, member in self._members.items() if member.seen >= oldest}
        self._members.update((member.item, member) for member in reversed(told))
        return list(reversed(self._members.values()))
