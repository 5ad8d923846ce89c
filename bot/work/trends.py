"""Finds what rises among the titles of a chat's feeds."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.model import ChatId, Rise, Titled
from bot.ports import Records
from bot.stories.names import known_names
from bot.stories.trends import rising
from bot.text.fold import fold

MOST_TITLES = 300  # of each of the two times, evenly from all of it: more would take longer than people like to wait
BEFORE = timedelta(days=7)
SHOWN = 8


class TrendService:
    """Implements `bot.ports.Trends`. `names` are names known beside our own: form → concept."""

    def __init__(self, records: Records, names: Mapping[str, str]) -> None:
        self._records = records
        self._names = names

    async def rising(self, chat: ChatId, *, days: int, now: datetime) -> list[Rise]:
        """See `bot.ports.Trends`."""
        since = now - timedelta(days=days)
        new, old = await asyncio.gather(
            self._records.titles(chat, since=since, until=now, most=MOST_TITLES),
            self._records.titles(chat, since=since - BEFORE, until=since, most=MOST_TITLES),
        )
        # By titles and not by days: a feed that was added yesterday makes nothing rise.
        share = len(new) / len(old) if old else 0.0
        return await asyncio.to_thread(self._rising, new, old, share)

    def _rising(self, new: Sequence[Titled], old: Sequence[Titled], share: float) -> list[Rise]:
        # Thousands of names, that are put together for each question: it is seldom asked.
        names = {**known_names(), **{fold(form): concept for form, concept in self._names.items()}}
        return rising(new, old, share=share, names=names, most=SHOWN)
