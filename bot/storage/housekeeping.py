"""Forgetting what is old, in small steps that hold up nobody."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Select, Table, delete, select

from bot.storage.engine import Database
from bot.storage.states import NEW, WAITING
from bot.storage.tables import deliveries, feeds, items, spendings, stories, subscriptions

STEP = 500


async def purge(database: Database, now: datetime, keep_items: timedelta) -> int:
    """Delete the items (with briefs and finished deliveries) that came longer ago than `keep_items`, the notices sent
    before then, the stories and unfollowed feeds that are left empty, and what the model cost; answer how many items.

    Items that are still to be matched or delivered stay. The keys of items stay as long as their feed does: a feed may
    list an item for years, and it must never look new again.
    """
    before = now - keep_items
    count = await _delete(database, items, _old_items(before))
    await _delete(database, deliveries, _old_notices(before))
    await _delete(database, stories, _old_stories(before))
    await _delete(database, feeds, _unfollowed_feeds(before))
    async with database.write() as connection:
        await connection.execute(delete(spendings).where(spendings.c.day < before.date()))
    return count


async def _delete(database: Database, table: Table, old: Select[int]) -> int:
    """Delete by steps, each a transaction of its own."""
    total = 0
    while True:
        async with database.write() as connection:
            ids = (await connection.scalars(old.order_by(table.c.id).limit(STEP))).all()
            if ids:
                await connection.execute(delete(table).where(table.c.id.in_(ids)))
        total += len(ids)
        if len(ids) < STEP:
            return total


def _old_items(before: datetime) -> Select[int]:
    owed = select(1).where(deliveries.c.item_id == items.c.id, deliveries.c.state.in_(WAITING)).exists()
    return select(items.c.id).where(items.c.seen < before, items.c.state != NEW, ~owed)


def _old_notices(before: datetime) -> Select[int]:
    return select(deliveries.c.id).where(deliveries.c.item_id.is_(None), deliveries.c.finished < before)


def _old_stories(before: datetime) -> Select[int]:
    has_items = select(1).where(items.c.story_id == stories.c.id).exists()
    return select(stories.c.id).where(stories.c.created < before, ~has_items)


def _unfollowed_feeds(before: datetime) -> Select[int]:
    followed = select(1).where(subscriptions.c.feed_id == feeds.c.id).exists()
    has_items = select(1).where(items.c.feed_id == feeds.c.id).exists()
    return select(feeds.c.id).where(feeds.c.created < before, ~followed, ~has_items)
