"""Stored items by their words, among those of a chat's feeds."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import ChatId, ItemId, StoredItem, Wanted
from bot.storage.among import among
from bot.storage.engine import Database
from bot.storage.rows import FEED, ITEM, stored_item
from bot.storage.subscriptions import feeds_of
from bot.storage.tables import feeds, items
from bot.storage.uninterrupted import uninterrupted
from bot.storage.wordindex import add_words, count_with, newest_with, still_there, unfiled

_NONE_YET = 2**62
BATCH = 50  # items that are filed in one transaction: few, as nobody can write meanwhile


@uninterrupted
class SearchStore:
    """Implements ItemSearch."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def newest(
        self, chat: ChatId, wanted: Wanted, *, since: datetime | None = None, before: ItemId | None = None, limit: int
    ) -> list[StoredItem]:
        """See ItemSearch."""
        async with self._database.read() as connection:
            ours = await feeds_of(connection, chat)
            oldest = await _oldest(connection, since)
            if not ours or oldest is None:
                return []
            until = _NONE_YET if before is None else before
            ids = await newest_with(connection, wanted, ours, oldest=oldest, before=until, limit=limit)
            return await _items(connection, ids) if ids else []

    async def count_with(self, chat: ChatId, wanted: Wanted, *, since: datetime) -> int:
        """See ItemSearch."""
        async with self._database.read() as connection:
            ours = await feeds_of(connection, chat)
            oldest = await _oldest(connection, since)
            if not ours or oldest is None:
                return 0
            return await count_with(connection, wanted, ours, oldest=oldest)

    async def count_items(self, chat: ChatId, *, since: datetime) -> int:
        """See ItemSearch."""
        async with self._database.read() as connection:
            ours = among(items.c.feed_id, await feeds_of(connection, chat))
            return await connection.scalar(select(func.count()).where(ours, items.c.seen >= since)) or 0

    async def file_words(self) -> int:
        """File some items that were there before the index was; answer how many there were. One process files."""
        async with self._database.read() as connection:
            some = await unfiled(connection, BATCH)
        if some:
            # Neither in the transaction, for which others wait, nor on the event loop.
            new = await asyncio.to_thread(lambda: [one.filed() for one in some])
            async with self._database.write() as connection:
                await add_words(connection, await still_there(connection, new))
        return len(some)


async def _oldest(connection: AsyncConnection, since: datetime | None) -> int | None:
    """The first item that came since then; None if none did."""
    if since is None:
        return 0
    first = select(items.c.id).where(items.c.seen >= since).order_by(items.c.seen, items.c.id).limit(1)
    found: int | None = await connection.scalar(first)
    return found


async def _items(connection: AsyncConnection, ids: Sequence[int]) -> list[StoredItem]:
    wanted = select(*FEED, *ITEM).select_from(items.join(feeds)).where(among(items.c.id, ids))
    return [stored_item(row) for row in await connection.execute(wanted.order_by(items.c.id.desc()))]
