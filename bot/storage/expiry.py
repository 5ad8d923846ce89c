"""What could not be sent until it is forgotten fails: its platform was shut down, or its chat is paused for good."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import case, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.among import among
from bot.storage.engine import Database
from bot.storage.leases import FREE, is_free
from bot.storage.owing import tell_instead
from bot.storage.states import DUE, FAILED, FOLDED, WAITING
from bot.storage.tables import deliveries

STEP = 500
EXPIRED = "never sent"  # the reason of what was never even tried


async def expire(database: Database, *, before: datetime, now: datetime) -> int:
    """Fail what is owed since before then and is not in hand, in small steps; answer how many."""
    total = 0
    while True:
        async with database.write() as connection:
            old = (
                select(deliveries.c.id)
                .where(deliveries.c.state.in_(WAITING), deliveries.c.created < before, is_free(deliveries, now))
                .order_by(deliveries.c.id)
                .limit(STEP)
            )
            ids = (await connection.scalars(old.with_for_update(skip_locked=True))).all()
            if ids:
                await _fail(connection, ids, now)
        total += len(ids)
        if len(ids) < STEP:
            return total


async def _fail(connection: AsyncConnection, ids: Sequence[int], now: datetime) -> None:
    """Fail these with the last reason that they were given. Younger ones that waited with one of them wait on."""
    bound = update(deliveries).where(among(deliveries.c.digest, ids), deliveries.c.state == FOLDED)
    await connection.execute(bound.values(state=DUE, digest=None))
    reason = case((deliveries.c.reason == "", EXPIRED), else_=deliveries.c.reason)
    failed = update(deliveries).where(among(deliveries.c.id, ids))
    failed = failed.values(state=FAILED, reason=reason, finished=now, digest=None, **FREE)
    rows = (await connection.execute(failed.returning(deliveries.c.id, deliveries.c.joined))).all()
    for row in sorted(rows):
        if row.joined:
            await tell_instead(connection, row.id, now)
