"""The feeds as a queue of polls, and what a poll leaves behind."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exc, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import LeaseLost
from bot.model import FeedChange, FeedDue, FeedId, FeedRef, NewItem
from bot.storage.batches import batches
from bot.storage.columns import digest
from bot.storage.engine import Database
from bot.storage.leases import FREE, claim, is_free, still_held
from bot.storage.rows import FEED, AnyRow, feed_ref, is_followed
from bot.storage.states import BACKLOG, NEW
from bot.storage.tables import feeds, item_keys, items, subscriptions
from bot.storage.uninterrupted import uninterrupted


@uninterrupted
class FeedStore:
    """Implements FeedQueue."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim_feeds(self, *, now: datetime, limit: int, lease: timedelta) -> list[FeedDue]:
        """See FeedQueue."""
        due = (
            select(feeds.c.id)
            .where(feeds.c.next_poll <= now, feeds.c.gone.is_(False), is_followed(), is_free(feeds, now))
            .order_by(feeds.c.next_poll, feeds.c.id)
        )
        async with self._database.write() as connection:
            _, ids = await claim(connection, feeds, due, now=now, limit=limit, lease=lease)
            rows = await connection.execute(
                select(feeds).where(feeds.c.id.in_(ids)).order_by(feeds.c.next_poll, feeds.c.id)
            )
            return [_due(row) for row in rows] if ids else []

    async def prolong_feeds(self, due: Collection[FeedDue], *, until: datetime) -> None:
        """See FeedQueue."""
        async with self._database.write() as connection:
            await connection.execute(still_held(feeds, due).values(lease_until=until))

    async def release_feeds(self, due: Collection[FeedDue]) -> None:
        """See FeedQueue."""
        async with self._database.write() as connection:
            await connection.execute(still_held(feeds, due).values(FREE))

    async def known_keys(self, feed: FeedId, keys: Collection[str]) -> set[str]:
        """See FeedQueue."""
        async with self._database.read() as connection:
            known = await _items_by_key(connection, feed, keys)
        return {key for key in keys if digest(key) in known}

    async def record_poll(self, change: FeedChange, *, now: datetime) -> int:
        """See FeedQueue."""
        async with self._database.write() as connection:
            held = select(feeds).where(feeds.c.id == change.id, feeds.c.lease == change.lease).with_for_update()
            feed = (await connection.execute(held)).one_or_none() if change.lease else None
            if feed is None:
                raise LeaseLost(f"feed {change.id}")
            added = await self._add_items(connection, change, now)
            await self._link_keys(connection, change)
            await connection.execute(
                update(feeds).where(feeds.c.id == change.id).values(_feed_values(change, feed, added, now))
            )
            await self._move(connection, change, feed)
            return len(added)

    async def failing(self, *, limit: int) -> list[tuple[FeedRef, str]]:
        """The followed feeds whose last poll failed, with the reason, those that failed most often first."""
        followed = select(1).where(subscriptions.c.feed_id == feeds.c.id).exists()
        troubled = select(*FEED, feeds.c.error).where(feeds.c.error != "", followed)
        async with self._database.read() as connection:
            rows = await connection.execute(troubled.order_by(feeds.c.failures.desc(), feeds.c.id).limit(limit))
            return [(feed_ref(row), row.error) for row in rows]

    async def _add_items(self, connection: AsyncConnection, change: FeedChange, now: datetime) -> list[NewItem]:
        """Insert what is new, and answer it."""
        incoming: dict[str, NewItem] = {}
        for new in change.items:
            incoming.setdefault(digest(_keys(new)[0]), new)
        # Keys outlive their items: the unique key of the items alone does not know those that were cleaned away.
        known = await _items_by_key(connection, change.id, [_keys(new)[0] for new in incoming.values()])
        fresh = [new for identity, new in incoming.items() if identity not in known]
        if not fresh:
            return []
        insert = self._database.insert(items).on_conflict_do_nothing(index_elements=["feed_id", "identity"])
        inserted = await connection.execute(
            insert.returning(items.c.identity, items.c.id), [_item_values(new, change.id, now) for new in fresh]
        )
        added = [(incoming[identity], item) for identity, item in inserted]
        await self._add_keys(connection, change.id, ((key, item) for new, item in added for key in _keys(new)))
        return [new for new, _ in added]

    async def _link_keys(self, connection: AsyncConnection, change: FeedChange) -> None:
        """Let further keys name the items that are known already."""
        known = await _items_by_key(connection, change.id, [key for key, _ in change.known])
        pairs = (
            (more, known[digest(key)]) for key, further in change.known if digest(key) in known for more in further
        )
        await self._add_keys(connection, change.id, pairs)

    async def _add_keys(
        self, connection: AsyncConnection, feed: FeedId, pairs: Iterable[tuple[str, int | None]]
    ) -> None:
        rows = [{"feed_id": feed, "key": key, "item_id": item} for key, item in pairs]
        if rows:
            insert = self._database.insert(item_keys).on_conflict_do_nothing(index_elements=["feed_id", "key"])
            await connection.execute(insert, rows)

    async def _move(self, connection: AsyncConnection, change: FeedChange, feed: AnyRow) -> None:
        """Give the feed its new address, unless another feed has it: then this one keeps the old."""
        if not change.url or change.url == feed.url:
            return
        moved = update(feeds).where(feeds.c.id == change.id).values(url=change.url, url_key=change.url)
        try:
            async with connection.begin_nested():
                await connection.execute(moved)
        except exc.IntegrityError:
            return


async def _items_by_key(connection: AsyncConnection, feed: FeedId, keys: Collection[str]) -> dict[str, int | None]:
    """By digest, the items that keys name; None for those that were cleaned away."""
    found: dict[str, int | None] = {}
    for some in batches(keys):
        rows = await connection.execute(
            select(item_keys.c.key, item_keys.c.item_id).where(item_keys.c.feed_id == feed, item_keys.c.key.in_(some))
        )
        found.update((key, item) for key, item in rows)
    return found


def _keys(new: NewItem) -> tuple[str, ...]:
    return new.keys or (new.item.guid or new.item.url or new.item.title,)


def _item_values(new: NewItem, feed: FeedId, now: datetime) -> dict[str, Any]:
    item = new.item
    return {
        "feed_id": feed,
        "identity": _keys(new)[0],
        "guid": item.guid,
        "url": item.url,
        "title": item.title,
        "text": item.text,
        "language": item.language,
        "published": item.published,
        "authors": item.authors,
        "categories": item.categories,
        "seen": now,
        "state": BACKLOG if new.backlog else NEW,
    }


def _feed_values(change: FeedChange, feed: AnyRow, added: list[NewItem], now: datetime) -> dict[str, Any]:
    """The feed's new columns. Empty strings of the change leave what was."""
    texts = ("title", "site", "language", "etag", "last_modified", "body_hash")
    values = {name: getattr(change, name) for name in texts if getattr(change, name)}
    values |= {"next_poll": change.next_poll, "failures": change.failures, "error": change.error, "gone": change.gone}
    if change.succeeded:
        values["polled"] = now
    if change.interval is not None:
        values["interval"] = change.interval
    # A date in the future is a mistake of the feed's.
    dates = [min(new.item.published or now, now) for new in added]
    if dates:
        values["last_item"] = max(dates + ([feed.last_item] if feed.last_item else []))
    return values | FREE


def _due(row: AnyRow) -> FeedDue:
    return FeedDue(
        id=FeedId(row.id),
        url=row.url,
        lease=row.lease,
        created=row.created,
        title=row.title,
        etag=row.etag,
        last_modified=row.last_modified,
        body_hash=row.body_hash,
        failures=row.failures,
        polled=row.polled,
        last_item=row.last_item,
        interval=row.interval,
    )
