"""Forgetting what is old, in small steps that hold up nobody.

What is to go is looked up beside the others' work, and deleted in transactions of about `AIM` seconds: the step that
took longer makes the next one smaller. What hangs on many rows (an item with the deliveries of 50,000 chats) is taken
apart first, since the database would delete all of that at once.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta

from sqlalchemy import Column, Select, Table, delete, func, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.among import among
from bot.storage.arrivals import LISTED_AGAIN
from bot.storage.engine import Database
from bot.storage.folding import set_free
from bot.storage.heads import line_up_anew
from bot.storage.leases import FREE, is_free
from bot.storage.owing import tell_instead
from bot.storage.states import DUE, FAILED, NEW, WAITING
from bot.storage.tables import (
    deliveries,
    feeds,
    item_keys,
    items,
    keyword_revision,
    keywords,
    spendings,
    stories,
    subscriptions,
    told,
)
from bot.storage.wordindex import take_words_out

AIM = 0.05  # seconds that others may wait
FIRST, MOST = 50, 1000  # rows a step: the first, before it is known how long they take
LOOK_UP = 10_000  # rows that are found at a time

# Changes of keywords whose removed rows stay, for who follows them. A follower that is further behind keeps removed
# keywords in its index, which costs it some memory and nothing else: whom a match is for is read from the live rows.
CHANGES = 10_000

EXPIRED = "expired"


class Steps:
    """How many rows of a table the next step takes, by how long the last ones took. An item weighs more than a key."""

    def __init__(self, first: int = FIRST) -> None:
        self._first = first
        self._sizes: dict[str, int] = {}
        self.longest = 0.0

    def size(self, table: str) -> int:
        """The rows of the next step."""
        return self._sizes.get(table, self._first)

    def took(self, table: str, seconds: float) -> None:
        """Learn from a step."""
        self.longest = max(self.longest, seconds)
        self._sizes[table] = next_size(self.size(table), seconds)


def next_size(size: int, seconds: float) -> int:
    """The size that would have taken `AIM`; hardly more than the last, as one quick step proves little."""
    fitting = int(size * AIM / seconds) if seconds > 0 else MOST
    return max(1, min(fitting, size + size // 4 + 1, MOST))


async def purge(database: Database, now: datetime, keep_items: timedelta, steps: Steps | None = None) -> int:
    """Delete the items (with briefs and finished deliveries) that came longer ago than `keep_items`, the notices sent
    before then, the stories and unfollowed feeds that are left empty, and what the model cost; answer how many items.

    Items that are still to be matched or delivered stay. An item's keys stay as long as its feed lists it, if it does
    so for years: it must never look new again.
    """
    before = now - keep_items
    clean = _Cleaning(database, steps or Steps())
    count = await clean.delete(items, _old_items(before), deliveries.c.item_id)
    await clean.delete(deliveries, _old_notices(before))
    await clean.delete(stories, _old_stories(before), told.c.story_id)
    await clean.delete(feeds, _unfollowed_feeds(before), item_keys.c.feed_id)
    await clean.forget_keys(keep_items + LISTED_AGAIN)
    await clean.forget_keywords()
    async with database.write() as connection:
        await connection.execute(delete(spendings).where(spendings.c.day < before.date()))
    return count


async def expire(database: Database, now: datetime, keep_items: timedelta) -> int:
    """End the deliveries that could not be made for as long as items are kept, as those of a platform whose token is
    gone; answer how many. They would keep their items for ever."""
    steps, count = Steps(), 0
    old = (deliveries.c.state == DUE, deliveries.c.created < now - keep_items, is_free(deliveries, now))
    ended = update(deliveries).values(state=FAILED, reason=EXPIRED, finished=now, **FREE)
    async for some in _parts(database, deliveries, select(deliveries.c.id).where(*old), steps):
        async with _step(database, deliveries, steps) as connection:
            await set_free(connection, some)
            failed = ended.where(among(deliveries.c.id, some), *old)
            columns = (deliveries.c.id, deliveries.c.chat_id, deliveries.c.joined)
            rows = (await connection.execute(failed.returning(*columns))).all()
            for row in rows:
                if row.joined:
                    await tell_instead(connection, row.id, now)
            await line_up_anew(database, connection, {row.chat_id for row in rows})
            count += len(rows)
    return count


class _Cleaning:
    """Deletes in steps."""

    def __init__(self, database: Database, steps: Steps) -> None:
        self._database = database
        self._steps = steps

    async def delete(self, table: Table, old: Select[int], *parts: Column[int]) -> int:
        """Delete the rows whose ids `old` selects, after those that name them in the columns `parts`."""
        count = 0
        async for some in _parts(self._database, table, old, self._steps):
            for part in parts:
                await self._delete_parts(part, some)
            async with _step(self._database, table, self._steps) as connection:
                if table is items:
                    await take_words_out(connection, some)
                await connection.execute(delete(table).where(among(table.c.id, some)))
            count += len(some)
        return count

    async def _delete_parts(self, part: Column[int], ids: Sequence[int]) -> None:
        key = tuple_(*part.table.primary_key.columns)
        more = True
        while more:
            size = self._steps.size(part.table.name)
            some = select(*part.table.primary_key.columns).where(among(part, ids)).limit(size)
            async with _step(self._database, part.table, self._steps) as connection:
                gone = await connection.execute(delete(part.table).where(key.in_(some)))
                more = gone.rowcount >= size

    async def forget_keys(self, unlisted: timedelta) -> None:
        """Delete the keys without an item that their feed has not listed for that long, while it listed others."""
        seen = (func.min(item_keys.c.listed).label("oldest"), func.max(item_keys.c.listed).label("newest"))
        spans = select(item_keys.c.feed_id, *seen).group_by(item_keys.c.feed_id)
        async with self._database.read() as connection:
            rows = (await connection.execute(spans)).all()
        for row in rows:
            if row.newest and row.oldest < (before := row.newest - unlisted):
                await self._forget_keys_of(row.feed_id, before)

    async def _forget_keys_of(self, feed: int, before: date) -> None:
        more = True
        while more:
            size = self._steps.size(item_keys.name)
            old = (item_keys.c.feed_id == feed, item_keys.c.item_id.is_(None), item_keys.c.listed < before)
            some = select(item_keys.c.key).where(*old).limit(size)
            async with _step(self._database, item_keys, self._steps) as connection:
                gone = delete(item_keys).where(item_keys.c.feed_id == feed, item_keys.c.key.in_(some))
                more = (await connection.execute(gone)).rowcount >= size

    async def forget_keywords(self) -> None:
        """Delete the rows of removed keywords that everybody has heard of."""
        async with self._database.read() as connection:
            newest = await connection.scalar(select(keyword_revision.c.revision)) or 0
        await self.delete(
            keywords,
            select(keywords.c.id).where(keywords.c.revision <= newest - CHANGES, keywords.c.live.is_(False)),
        )


async def _parts(database: Database, table: Table, wanted: Select[int], steps: Steps) -> AsyncIterator[list[int]]:
    """The ids that `wanted` selects, as many as a step takes at a time; each part must be dealt with when the next is
    asked for."""
    while True:
        async with database.read() as connection:
            found = list(await connection.scalars(wanted.limit(LOOK_UP)))
        some = found
        while some:
            size = steps.size(table.name)
            yield some[:size]
            some = some[size:]
        if len(found) < LOOK_UP:
            return


@asynccontextmanager
async def _step(database: Database, table: Table, steps: Steps) -> AsyncIterator[AsyncConnection]:
    """A transaction for writing, of which is noted how long it held others up."""
    async with database.write() as connection:
        begun = time.monotonic()  # the wait for one's own turn holds up nobody
        yield connection
    steps.took(table.name, time.monotonic() - begun)


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
