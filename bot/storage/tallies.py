"""What single keywords and feeds brought lately: counted where someone looks, so that nothing is kept for it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from bot.model import ChatId, FeedId, Tally
from bot.storage.engine import Database
from bot.storage.rows import AnySelect
from bot.storage.states import SENT
from bot.storage.tables import deliveries, items
from bot.storage.uninterrupted import uninterrupted

# The newest alerts of a chat that are looked at: of the busiest chats a few days', of most all there ever were.
LOOKED_AT = 2000


@uninterrupted
class TallyStore:
    """Implements Tallies."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_keyword(self, chat: ChatId, query: str, *, since: datetime) -> Tally:
        """See Tallies. Why an alert came stands in its row as JSON, which no index leads into."""
        newest = _newest(chat).with_only_columns(deliveries.c.why, deliveries.c.finished)
        async with self._database.read() as connection:
            rows = (await connection.execute(newest)).all()
        came = [row.finished for row in rows if any(why.keyword == query for why in row.why)]
        return Tally(alerts=sum(one >= since for one in came), last=max(came, default=None))

    async def of_feed(self, chat: ChatId, feed: FeedId, *, since: datetime) -> Tally:
        """See Tallies."""
        newest = _newest(chat).with_only_columns(deliveries.c.item_id, deliveries.c.finished).subquery()
        lately = func.count().filter(newest.c.finished >= since)
        alerts = (
            select(lately.label("alerts"), func.max(newest.c.finished).label("last"))
            .select_from(newest.join(items, items.c.id == newest.c.item_id))
            .where(items.c.feed_id == feed)
        )
        brought = select(func.count()).where(items.c.feed_id == feed, items.c.seen >= since)
        async with self._database.read() as connection:
            row = (await connection.execute(alerts)).one()
            return Tally(alerts=row.alerts, last=row.last, items=await connection.scalar(brought) or 0)


def _newest(chat: ChatId) -> AnySelect:
    """The newest alerts of a chat that were sent, by the index on state, chat and id."""
    sent = select(deliveries).where(deliveries.c.state == SENT, deliveries.c.chat_id == chat)
    return sent.order_by(deliveries.c.id.desc()).limit(LOOKED_AT)
