"""The stories told lately, kept in memory and in step with the database."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Protocol

from bot.model import ItemId, StoryMember
from bot.stories.index import StoryIndex

STORY_AGE = timedelta(hours=72)
# Clocks of replicas differ, and what a transaction wrote shows a little after its time.
OVERLAP = timedelta(minutes=1)
# So far back it is looked once in this time: at 50 items a second the last minute has 3,000, and to go through them for
# each item took 8 ms of it. Between, what was told since the last look is enough.
LOOK_BACK = timedelta(seconds=1)


class StoryLog(Protocol):
    """Where told stories stand."""

    async def recent_stories(self, *, since: datetime, known: Mapping[ItemId, datetime]) -> list[StoryMember]:
        """See `bot.ports.AlertStore`."""


class RecentStories:
    """The index of stories not older than `age`, brought up to date by what anybody told since the last look.

    What this process told is added by `tell`; what it told and did not hear the end of comes back to it like what
    others did. One that is `alone` looks for that once in a while.
    """

    def __init__(self, log: StoryLog, age: timedelta, index: StoryIndex, *, alone: bool = False) -> None:
        self._log = log
        self._age = age
        self._index = index
        self._alone = alone
        self._read: datetime | None = None
        self._looked_back: datetime | None = None
        self._told: dict[ItemId, datetime] = {}  # when those were told that a further look will find again

    async def follow(self, now: datetime) -> StoryIndex:
        """The index as of now. Raises StorageError."""
        oldest = now - self._age
        if self._alone and self._looked_back and timedelta() <= now - self._looked_back < LOOK_BACK:
            self._index.forget(oldest)
            return self._index
        since = max(oldest, self._since(now, oldest))
        told = await self._log.recent_stories(since=since, known=self._told)
        self._index.forget(oldest)
        for member in reversed(told):
            if member.told:
                self._told[member.item] = member.told
            if member.item in self._index:
                self._index.renew(member)
            elif member.seen >= oldest:
                self._index.add(member)
                await asyncio.sleep(0)  # the first time they are thousands, at a millisecond or two each
        self._read = now
        return self._index

    def tell(self, member: StoryMember) -> None:
        """Add what was told just now."""
        if member.told:
            self._told[member.item] = member.told
        self._index.add(member)

    def _since(self, now: datetime, oldest: datetime) -> datetime:
        """From when on to look for what was told."""
        if self._read is None or self._looked_back is None:
            self._looked_back = now
            return oldest
        if timedelta() <= now - self._looked_back < LOOK_BACK:
            return self._read - LOOK_BACK
        self._looked_back = now
        since = self._read - OVERLAP
        self._told = {item: at for item, at in self._told.items() if at >= since}
        return since
