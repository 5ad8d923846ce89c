"""Stories across all feeds for those who run the bot."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import StoryId, StoryLine
from bot.storage.among import among
from bot.storage.engine import Database
from bot.storage.rows import AnyRow
from bot.storage.sheets import HOUR, ITEM_LINE, item_line, last_hours
from bot.storage.tables import briefs, feeds, items, told
from bot.storage.uninterrupted import uninterrupted

LOOKED_AT = 15_000  # items that have a story
REPORTS = 10_000  # of the stories that are shown: their hours are counted
_UNTITLED = ("", "")


@uninterrupted
class StorySheetStore:
    """Implements StorySheets."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def stories(self, *, hours: int, limit: int, now: datetime) -> list[StoryLine]:
        """See StorySheets. Looked at are the newest `LOOKED_AT` items that belong to a story."""
        starts = last_hours(now, hours)
        newest = (
            select(items.c.id, items.c.feed_id, items.c.story_id)
            .where(items.c.told >= starts[0], items.c.seen >= starts[0], items.c.story_id.is_not(None))
            .order_by(items.c.told.desc())
            .limit(LOOKED_AT)
            .subquery("newest")
        )
        sources, latest = func.count(newest.c.feed_id.distinct()), func.max(newest.c.id)
        best = (
            select(
                newest.c.story_id,
                func.count().label("reports"),
                sources.label("sources"),
                latest.label("latest"),
            )
            .group_by(newest.c.story_id)
            .order_by(sources.desc(), func.count().desc(), latest.desc())
            .limit(limit)
        )
        async with self._database.read() as connection:
            found = (await connection.execute(best)).all()
            these = [row.story_id for row in found]
            shown = select(*ITEM_LINE).select_from(items.join(feeds))
            shown = shown.where(among(items.c.id, [row.latest for row in found]))
            lines = {row.item_id: item_line(row) for row in await connection.execute(shown)}
            titles = await _titles(connection, these)
            reached = select(told.c.story_id, func.count()).where(among(told.c.story_id, these))
            chats: dict[int, int] = dict((await connection.execute(reached.group_by(told.c.story_id))).all())
            came = (
                select(items.c.story_id, items.c.seen)
                .where(among(items.c.story_id, these), items.c.seen >= starts[0])
                .limit(REPORTS)
            )
            times = (await connection.execute(came)).all()
        by_hour = _by_hour(times, starts)
        return [
            StoryLine(
                id=StoryId(row.story_id),
                item=lines[row.latest],
                title_zh=titles.get(row.story_id, _UNTITLED)[0],
                title_en=titles.get(row.story_id, _UNTITLED)[1],
                reports=row.reports,
                sources=row.sources,
                chats=chats.get(row.story_id, 0),
                hours=by_hour[row.story_id],
            )
            for row in found
        ]


async def _titles(connection: AsyncConnection, stories: Collection[int]) -> dict[int, tuple[str, str]]:
    """The titles of the newest item of each story that has a brief: a report that went to nobody has none."""
    newest = (
        select(items.c.story_id, func.max(items.c.id).label("id"))
        .select_from(items.join(briefs))
        .where(among(items.c.story_id, stories))
        .group_by(items.c.story_id)
        .subquery("newest")
    )
    titles = select(newest.c.story_id, briefs.c.title_zh, briefs.c.title_en)
    rows = await connection.execute(titles.join(briefs, briefs.c.item_id == newest.c.id))
    return {row.story_id: (row.title_zh, row.title_en) for row in rows}


def _by_hour(times: Sequence[AnyRow], starts: Sequence[datetime]) -> defaultdict[int, tuple[int, ...]]:
    """How many items of each story came in each hour."""
    counts: defaultdict[int, list[int]] = defaultdict(lambda: [0] * len(starts))
    for story, seen in times:
        place = (seen - starts[0]) // HOUR
        if place < len(starts):
            counts[story][place] += 1
    by_hour: defaultdict[int, tuple[int, ...]] = defaultdict(lambda: (0,) * len(starts))
    by_hour.update((story, tuple(row)) for story, row in counts.items())
    return by_hour
