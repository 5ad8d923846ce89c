"""Alerts that wait for their time: a digest, the end of quiet hours or of a mute, the next hour.

    owe ─▶ held until due_at ─▶ gather ─▶ one alone is due as a plain alert
                                      └─▶ several are due as one digest, bound as `folding` does

A chat is gathered in one transaction that holds its row, so that replicas share the chats and never a digest. What is
held is no head of its chat's line: it holds up nothing, and nothing holds it up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import BigInteger, bindparam, literal_column, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import ChatId, Hold
from bot.storage.among import among
from bot.storage.batches import slices
from bot.storage.columns import UtcTime
from bot.storage.engine import Database
from bot.storage.folding import MOST, bind
from bot.storage.heads import line_up
from bot.storage.rows import AnySelect
from bot.storage.states import HELD
from bot.storage.tables import chats, deliveries
from bot.storage.uninterrupted import uninterrupted

ROWS = 500  # that are looked at to find chats

# This is asked every second, and of what waits for tomorrow nothing is to be read for it. Left to itself SQLite takes
# the index of all states, and by a parameter it would not know that the one of what is held will do.
_BY_TIME = "deliveries INDEXED BY deliveries_held_idx"


def over(*, is_sqlite: bool) -> AnySelect:
    """The chats of the alerts whose time is over at `:now`, a row for each alert, the longest first."""
    chat, due_at = literal_column("chat_id", BigInteger), literal_column("due_at", UtcTime)
    return (
        select(chat)
        .select_from(text(_BY_TIME if is_sqlite else deliveries.name))
        .where(text("state = 'held'"), due_at <= bindparam("now", type_=UtcTime))
        .order_by(due_at)
        .limit(ROWS)
    )


@uninterrupted
class HeldStore:
    """Implements HeldQueue and HeldBook."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._over = over(is_sqlite=database.is_sqlite)

    async def gather_held(self, *, now: datetime, limit: int) -> int:
        """See HeldQueue."""
        async with self._database.read() as connection:
            found = list(dict.fromkeys(await connection.scalars(self._over, {"now": now})))
        if not found:  # as mostly: to look takes nobody's turn to write
            return 0
        async with self._database.write() as connection:
            return await _gather(self._database, connection, found[:limit], now)

    async def reschedule_held(self, chat: ChatId, times: Mapping[Hold, datetime]) -> int:
        """See HeldBook."""
        count = 0
        async with self._database.write() as connection:
            for hold, at in times.items():
                mine = (deliveries.c.state == HELD, deliveries.c.chat_id == chat, deliveries.c.held_by == hold)
                moved = update(deliveries).where(*mine, deliveries.c.due_at != at).values(due_at=at)
                count += (await connection.execute(moved)).rowcount
        return count


async def _gather(database: Database, connection: AsyncConnection, some: list[int], now: datetime) -> int:
    """Have what is over go out, of those of the chats that no other replica is gathering; answer how many chats."""
    # Not "for update": alerts that are made for these chats meanwhile need not wait.
    free = select(chats.c.id).where(among(chats.c.id, some)).order_by(chats.c.id)
    mine = list(await connection.scalars(free.with_for_update(key_share=True, skip_locked=True)))
    over = (
        select(deliveries.c.id, deliveries.c.chat_id)
        .where(deliveries.c.state == HELD, among(deliveries.c.chat_id, mine), deliveries.c.due_at <= now)
        .order_by(deliveries.c.id)
    )
    # Those that another worker is writing at this moment stay for the next time: see `folding`.
    of: defaultdict[int, list[int]] = defaultdict(list)
    for row in (await connection.execute(over.with_for_update(of=deliveries, skip_locked=True))).all():
        of[row.chat_id].append(row.id)
    carriers = []
    for ids in of.values():
        for part in slices(ids, MOST):
            await bind(connection, part)
            carriers.append(part[0])
    if carriers:
        await line_up(database, connection, among(deliveries.c.id, carriers))
    return len(of)
