"""What came and what was sent, to be counted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from bot.model import ChatId, FeedId, ItemId, Sent, Titled
from bot.storage.among import among
from bot.storage.engine import Database
from bot.storage.states import SENT
from bot.storage.subscriptions import feeds_of
from bot.storage.tables import deliveries, feeds, items
from bot.storage.uninterrupted import uninterrupted


@uninterrupted
class RecordStore:
    """Implements Records."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def sent_alerts(self, chat: ChatId, *, since: datetime, limit: int) -> list[Sent]:
        """See Records."""
        newest = (
            select(deliveries.c.id)
            .where(deliveries.c.chat_id == chat, deliveries.c.state == SENT)
            .order_by(deliveries.c.id.desc())
            .limit(limit)
        )
        sent = (
            select(deliveries.c.finished, deliveries.c.why, feeds.c.title, feeds.c.url)
            .select_from(deliveries.join(items).join(feeds))
            .where(deliveries.c.id.in_(newest), deliveries.c.finished >= since)
            .order_by(deliveries.c.id.desc())
        )
        async with self._database.read() as connection:
            rows = await connection.execute(sent)
            return [Sent(row.finished, tuple(why.keyword for why in row.why), row.title or row.url) for row in rows]

    async def titles(self, chat: ChatId, *, since: datetime, until: datetime, most: int) -> list[Titled]:
        """See Records."""
        columns = (items.c.id, items.c.feed_id, items.c.title, items.c.url, items.c.language, items.c.seen)
        async with self._database.read() as connection:
            ours = among(items.c.feed_id, await feeds_of(connection, chat))
            there = (ours, items.c.seen >= since, items.c.seen < until)
            count = await connection.scalar(select(func.count()).where(*there)) or 0
            each = max(1, -(-count // most))  # one in so many
            some = select(items.c.id).where(*there, items.c.id % each == 0).order_by(items.c.seen.desc()).limit(most)
            rows = await connection.execute(select(*columns).where(items.c.id.in_(some)).order_by(items.c.id.desc()))
            return [Titled(ItemId(row.id), FeedId(row.feed_id), *row[2:]) for row in rows]
