"""What waits for the end of the mute of a keyword or a feed, when somebody ends that mute."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Hold
from bot.storage.among import among
from bot.storage.states import HELD
from bot.storage.tables import deliveries, items


async def let_go(connection: AsyncConnection, chat: int, *, query: str = "", feed: int = 0) -> int:
    """Have the alerts of the keyword `query`, or of the feed, come that waited for the end of its mute; answer how
    many. They are due as of when they were made."""
    aside = (deliveries.c.chat_id == chat, deliveries.c.state == HELD, deliveries.c.held_by == Hold.ASIDE)
    found = select(deliveries.c.id, deliveries.c.why, deliveries.c.created, items.c.feed_id)
    rows = (await connection.execute(found.select_from(deliveries.join(items)).where(*aside))).all()
    mine = [row.id for row in rows if row.feed_id == feed or query in {reason.keyword for reason in row.why}]
    if mine:
        these = update(deliveries).where(among(deliveries.c.id, mine))
        await connection.execute(these.values(due_at=deliveries.c.created))
    return len(mine)
