"""Texts for all chats: drafts, and what is owed of those that were begun.

They are owed a few at a time, so that alerts find no queue of thousands before them, and dated back to when they were
drafted: what is newer goes first.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Update, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Announcement, Broadcast, BroadcastId, BroadcastState, ChatAddress, ChatState, Platform
from bot.storage.among import among
from bot.storage.engine import Database
from bot.storage.heads import line_up, line_up_anew
from bot.storage.leases import FREE
from bot.storage.rows import AnyRow
from bot.storage.states import DUE, FAILED, SENT, delivery_key
from bot.storage.tables import broadcasts, chats, deliveries
from bot.storage.uninterrupted import uninterrupted

STOPPED = "stopped"


@uninterrupted
class BroadcastStore:
    """Implements Broadcasts and BroadcastQueue."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def draft(self, text: str, *, author: ChatAddress, now: datetime) -> Broadcast:
        """See Broadcasts."""
        by = f"{author.platform}:{author.chat}"
        values = {"text": text, "state": BroadcastState.DRAFT, "author": by, "created": now}
        async with self._database.write() as connection:
            made = await connection.execute(insert(broadcasts).values(values).returning(*broadcasts.c))
            return _broadcast(made.one())

    async def reach(self) -> int:
        """See Broadcasts."""
        async with self._database.read() as connection:
            return await connection.scalar(select(func.count()).select_from(chats).where(*_takes())) or 0

    async def broadcast(self, broadcast: BroadcastId) -> Broadcast | None:
        """See Broadcasts."""
        return await self._with_progress(broadcasts.c.id == broadcast)

    async def latest(self) -> Broadcast | None:
        """See Broadcasts."""
        return await self._with_progress(broadcasts.c.state != BroadcastState.DRAFT)

    async def begin(self, broadcast: BroadcastId) -> bool:
        """See Broadcasts."""
        draft = update(broadcasts).where(broadcasts.c.id == broadcast, broadcasts.c.state == BroadcastState.DRAFT)
        return await self._changed(draft.values(state=BroadcastState.SENDING))

    async def stop(self, broadcast: BroadcastId, *, now: datetime) -> bool:
        """See Broadcasts. What is on its way at this moment may still arrive, and counts as sent then."""
        mine = (deliveries.c.broadcast_id == broadcast, deliveries.c.state == DUE)
        stopped = update(broadcasts).where(
            broadcasts.c.id == broadcast, broadcasts.c.state.in_([BroadcastState.SENDING, BroadcastState.DONE])
        )
        async with self._database.write() as connection:
            if not (await connection.execute(stopped.values(state=BroadcastState.STOPPED))).rowcount:
                return False
            cancelled = update(deliveries).where(*mine).values(state=FAILED, reason=STOPPED, finished=now, **FREE)
            left = (await connection.scalars(cancelled.returning(deliveries.c.chat_id))).all()
            await line_up_anew(self._database, connection, sorted(left))
            return True

    async def drop(self, broadcast: BroadcastId) -> bool:
        """See Broadcasts."""
        draft = delete(broadcasts).where(broadcasts.c.id == broadcast, broadcasts.c.state == BroadcastState.DRAFT)
        async with self._database.write() as connection:
            return bool((await connection.execute(draft)).rowcount)

    async def owe_more(self, *, most: int, now: datetime) -> int:
        """See BroadcastQueue. The broadcast's row is locked, so that replicas owe no chat twice."""
        under_way = broadcasts.c.state == BroadcastState.SENDING
        async with self._database.read() as connection:  # mostly there is none, and to look takes nobody's turn
            if await connection.scalar(select(broadcasts.c.id).where(under_way).limit(1)) is None:
                return 0
        oldest = select(broadcasts).where(under_way).order_by(broadcasts.c.id).limit(1)
        async with self._database.write() as connection:
            row = (await connection.execute(oldest.with_for_update(skip_locked=True))).one_or_none()
            return await self._owe(connection, row, most, now) if row else 0

    async def _owe(self, connection: AsyncConnection, row: AnyRow, most: int, now: datetime) -> int:
        waiting = await connection.scalar(_count(row.id, deliveries.c.state == DUE)) or 0
        if waiting >= most:
            return 0
        chosen = select(chats.c.id).where(*_takes(), _lacks(row.id)).order_by(chats.c.id).limit(most - waiting)
        to = (await connection.scalars(chosen)).all()
        if not to:
            done = update(broadcasts).where(broadcasts.c.id == row.id)
            await connection.execute(done.values(state=BroadcastState.DONE))
            return 0
        owed: dict[str, Any] = {
            "notice": Announcement(text=row.text),
            "why": (),
            "state": DUE,
            "created": now,
            "due_at": row.created,
            "broadcast_id": row.id,
        }
        await connection.execute(insert(deliveries), [{"chat_id": one, "key": delivery_key()} | owed for one in to])
        await line_up(self._database, connection, among(deliveries.c.chat_id, to))
        return len(to)

    async def _with_progress(self, which: ColumnElement[bool]) -> Broadcast | None:
        newest = select(broadcasts).where(which).order_by(broadcasts.c.id.desc()).limit(1)
        async with self._database.read() as connection:
            row = (await connection.execute(newest)).one_or_none()
            if row is None:
                return None
            counts = (
                select(deliveries.c.state, func.count())
                .where(deliveries.c.broadcast_id == row.id)
                .group_by(deliveries.c.state)
            )
            count: dict[str, int] = dict((await connection.execute(counts)).all())
            to_come = select(func.count()).select_from(chats).where(*_takes(), _lacks(row.id))
            sending = row.state == BroadcastState.SENDING
            left = (await connection.scalar(to_come) or 0) if sending else 0
            return _broadcast(row, sent=count.get(SENT, 0), failed=count.get(FAILED, 0), left=left + count.get(DUE, 0))

    async def _changed(self, statement: Update) -> bool:
        async with self._database.write() as connection:
            return bool((await connection.execute(statement)).rowcount)


def _takes() -> list[ColumnElement[bool]]:
    """The conditions that a broadcast goes to a chat. One that its people paused is left in peace."""
    return [chats.c.state == ChatState.ACTIVE, chats.c.admitted, chats.c.platform != Platform.CONSOLE]


def _lacks(broadcast: int) -> ColumnElement[bool]:
    """The condition that a chat is not owed the broadcast yet."""
    owed = select(deliveries.c.chat_id).where(deliveries.c.broadcast_id == broadcast)
    return chats.c.id.not_in(owed)


def _count(broadcast: int, condition: ColumnElement[bool]) -> Any:  # noqa: ANN401 (a Select of SQLAlchemy's)
    return select(func.count()).where(deliveries.c.broadcast_id == broadcast, condition)


def _broadcast(row: AnyRow, *, sent: int = 0, failed: int = 0, left: int = 0) -> Broadcast:
    return Broadcast(
        id=BroadcastId(row.id),
        text=row.text,
        state=BroadcastState(row.state),
        created=row.created,
        sent=sent,
        failed=failed,
        left=left,
    )
