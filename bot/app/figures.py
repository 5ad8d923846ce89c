"""The gauges of /metrics: how much there is, how much waits, and what is well."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from bot import __version__
from bot.errors import StorageError
from bot.model import Overview, Platform, Queues
from bot.ports import Oversight
from bot.web.metrics import Figures
from bot.web.server import Checks
from bot.work.loop import Clock

FRESH = timedelta(seconds=10)  # whoever asks more often gets the same again: to count takes the database some time


class Gauges:
    """Reads the figures, or has them from shortly before. Of a database that does not answer it has none."""

    def __init__(self, oversight: Oversight, checks: Checks, clock: Clock) -> None:
        self._oversight = oversight
        self._checks = checks
        self._clock = clock
        self._read: datetime | None = None
        self._figures: Figures = {}

    async def __call__(self) -> Figures:
        """The gauges by their names, and in them by their labels."""
        now = self._clock()
        if self._read is None or not timedelta() <= now - self._read < FRESH:
            self._figures, self._read = await self._count(now), now
        checked = (await self._checks()).items()
        ready: dict[tuple[str, ...], float] = {(part,): float(not trouble) for part, trouble in checked}
        return {**self._figures, "ready": ready, "info": {(__version__,): 1.0}}

    async def _count(self, now: datetime) -> Figures:
        try:
            overview, queues = await self._oversight.overview(now=now), await self._oversight.queues(now=now)
        except StorageError as error:
            structlog.get_logger("bot.app").warning("no figures for /metrics", reason=str(error))
            return {}
        return _of_overview(overview) | _of_queues(queues, now)


def _of_overview(overview: Overview) -> dict[str, dict[tuple[str, ...], float]]:
    return {
        "chats": {(platform, state): float(count) for platform, state, count in overview.chats},
        "feeds": {("well",): float(overview.feeds - overview.troubled), ("troubled",): float(overview.troubled)},
        "keywords": {(): float(overview.keywords)},
    }


def _of_queues(queues: Queues, now: datetime) -> dict[str, dict[tuple[str, ...], float]]:
    due = {platform: queues.deliveries.get(platform, (0, now)) for platform in Platform}
    return {
        "queue_deliveries": {(platform,): float(count) for platform, (count, _) in due.items()},
        "queue_age_seconds": {(platform,): (now - oldest).total_seconds() for platform, (_, oldest) in due.items()},
        "queue_items": {(): float(queues.items)},
    }
