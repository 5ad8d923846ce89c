"""What chats were sent in the last moments, for a sender that takes over from another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Platform
from bot.storage.among import among
from bot.storage.rows import stands_alone
from bot.storage.states import SENT
from bot.storage.tables import chats, deliveries


async def sent_lately(
    connection: AsyncConnection, platform: Platform, places: Collection[str], since: datetime
) -> dict[str, list[datetime]]:
    """When alerts were sent to the platform's chats since then. Edits and answers to people leave no row."""
    sent = (
        select(chats.c.chat, deliveries.c.finished)
        .select_from(chats.join(deliveries))
        .where(
            chats.c.platform == platform,
            among(chats.c.chat, places),
            deliveries.c.state == SENT,
            deliveries.c.finished > since,
            or_(stands_alone(), deliveries.c.digest == deliveries.c.id),  # a digest is one message
        )
        .order_by(deliveries.c.finished)
    )
    found: defaultdict[str, list[datetime]] = defaultdict(list)
    for row in await connection.execute(sent):
        found[row.chat].append(row.finished)
    return dict(found)
