"""The deliveries as a queue: each chat's in their order, and the chats side by side; then edits of what was sent."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CTE, Case, ColumnElement, Update, and_, bindparam, case, func, null, select, update

from bot.model import ChatAddress, ChatId, ChatState, DeliveryDue, Platform
from bot.storage.claimed import claimed
from bot.storage.engine import Database
from bot.storage.lately import sent_lately
from bot.storage.leases import FREE, claim, is_free, still_held
from bot.storage.moves import move
from bot.storage.owing import tell_instead
from bot.storage.rows import AnySelect
from bot.storage.states import DUE, FAILED, SENT
from bot.storage.tables import chats, deliveries
from bot.storage.uninterrupted import uninterrupted


@uninterrupted
class OutboxStore:
    """Implements Outbox."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim_deliveries(
        self,
        *,
        platforms: Collection[Platform],
        now: datetime,
        limit: int,
        lease: timedelta,
        skip: Collection[ChatId] = (),
    ) -> list[DeliveryDue]:
        """See Outbox. A delivery that waits for another try holds back the later ones of its chat; the chats whose
        turn came first go first."""
        heads = _heads()
        due = (
            select(deliveries.c.id)
            .select_from(heads.join(deliveries, deliveries.c.id == heads.c.delivery).join(chats))
            .where(
                deliveries.c.state == DUE,
                deliveries.c.due_at <= now,
                is_free(deliveries, now),
                *_takes(platforms, skip),
            )
            .order_by(deliveries.c.due_at, deliveries.c.id)
        )
        return await self._claim(due, now, limit, lease)

    async def claim_edits(
        self,
        *,
        platforms: Collection[Platform],
        now: datetime,
        since: datetime,
        limit: int,
        lease: timedelta,
        skip: Collection[ChatId] = (),
    ) -> list[DeliveryDue]:
        """See Outbox."""
        due = (
            select(deliveries.c.id)
            .select_from(deliveries.join(chats))
            .where(
                deliveries.c.edit_at <= now,
                deliveries.c.message != "",  # so it was sent; asked for its state, SQLite looks through all that were
                deliveries.c.created >= since,
                is_free(deliveries, now),
                *_takes(platforms, skip),
            )
            .order_by(deliveries.c.edit_at, deliveries.c.id)
        )
        return await self._claim(due, now, limit, lease)

    async def _claim(self, wanted: AnySelect, now: datetime, limit: int, lease: timedelta) -> list[DeliveryDue]:
        async with self._database.write() as connection:
            _, rows = await claim(connection, deliveries, wanted, now=now, limit=limit, lease=lease)
            return await claimed(connection, [row[0] for row in rows]) if rows else []

    async def sent_lately(
        self, platform: Platform, chats: Collection[str], *, since: datetime
    ) -> dict[str, list[datetime]]:
        """See Outbox."""
        async with self._database.read() as connection:
            return await sent_lately(connection, platform, chats, since)

    async def prolong_deliveries(self, due: Collection[DeliveryDue], *, until: datetime) -> None:
        """See Outbox."""
        await self._write(still_held(deliveries, due).values(lease_until=until))

    async def release_deliveries(self, due: Collection[DeliveryDue]) -> None:
        """See Outbox."""
        await self._write(still_held(deliveries, due).values(FREE))

    async def delivery_sent(self, due: DeliveryDue, *, message: str, now: datetime) -> None:
        """See Outbox. What was sent was sent, whoever holds the lease by now."""
        sent = update(deliveries).where(deliveries.c.id == due.id, deliveries.c.state != SENT)
        said = {"edit_at": _edit_left(due), "attempts": 0}  # those of edits count anew
        await self._write(sent.values(state=SENT, message=message, finished=now, reason="", **said, **FREE))

    async def delivery_retry(self, due: DeliveryDue, *, at: datetime, reason: str, counted: bool = True) -> None:
        """See Outbox. Without the lease it changes nothing: another worker has it, or the chat was stopped."""
        attempts = deliveries.c.attempts + int(counted)
        await self._write(_held(due).values(due_at=at, reason=reason, attempts=attempts, **FREE))

    async def delivery_failed(self, due: DeliveryDue, *, reason: str, now: datetime) -> None:
        """See Outbox. Without the lease it changes nothing: another worker may still get it through."""
        async with self._database.write() as connection:
            failed = _held(due).values(state=FAILED, reason=reason, finished=now, **FREE)
            if (await connection.execute(failed)).rowcount:
                await tell_instead(connection, due.id, now)

    async def edit_done(self, due: DeliveryDue) -> None:
        """See Outbox. Without the lease it changes nothing: another worker has the message."""
        await self._write(still_held(deliveries, [due]).values(edit_at=_edit_left(due), attempts=0, **FREE))

    async def edit_retry(self, due: DeliveryDue, *, at: datetime, counted: bool = True) -> None:
        """See Outbox. Without the lease it changes nothing: another worker has the message."""
        attempts = deliveries.c.attempts + int(counted)
        await self._write(still_held(deliveries, [due]).values(edit_at=at, attempts=attempts, **FREE))

    async def stop_chat(self, chat: ChatId, *, state: ChatState, reason: str, now: datetime) -> None:
        """See Outbox."""
        async with self._database.write() as connection:
            await connection.execute(update(chats).where(chats.c.id == chat).values(state=state, reason=reason))
            waiting = update(deliveries).where(deliveries.c.chat_id == chat, deliveries.c.state == DUE)
            await connection.execute(waiting.values(state=FAILED, reason=reason, finished=now, **FREE))

    async def move_chat(self, address: ChatAddress, *, to: str) -> None:
        """See Outbox. Where there is a chat at the new address already, the two become one."""
        async with self._database.write() as connection:
            await move(connection, address, to)

    async def _write(self, statement: Update) -> None:
        async with self._database.write() as connection:
            await connection.execute(statement)


def _heads() -> CTE:
    """The oldest unfinished delivery of each chat that has one.

    Hops from chat to chat along the index, so the cost is one look-up for each such chat, and not for each delivery: a
    GROUP BY would read the whole backlog at every claim.
    """
    waiting = deliveries.c.state == DUE
    hops = select(func.min(deliveries.c.chat_id).label("chat")).where(waiting).cte("hops", recursive=True)
    further = select(func.min(deliveries.c.chat_id)).where(waiting, deliveries.c.chat_id > hops.c.chat)
    hops = hops.union_all(select(further.scalar_subquery()).where(hops.c.chat.is_not(None)))
    oldest = select(func.min(deliveries.c.id)).where(waiting, deliveries.c.chat_id == hops.c.chat)
    return select(oldest.scalar_subquery().label("delivery")).where(hops.c.chat.is_not(None)).cte("heads")


def _held(due: DeliveryDue) -> Update:
    return still_held(deliveries, [due]).where(deliveries.c.state == DUE)


def _takes(platforms: Collection[Platform], skip: Collection[ChatId]) -> list[ColumnElement[bool]]:
    """The conditions that a chat can be written to now."""
    conditions: list[ColumnElement[bool]] = [chats.c.state == ChatState.ACTIVE, chats.c.platform.in_(platforms)]
    if skip:  # as literals: there may be more of them than a statement takes parameters
        conditions.append(chats.c.id.not_in(bindparam("skip", list(skip), expanding=True, literal_execute=True)))
    return conditions


def _edit_left(due: DeliveryDue) -> Case[Any]:
    """When the message is to be edited again, now that it shows what was claimed: only for what came meanwhile."""
    unchanged = and_(deliveries.c.joined == due.joined, deliveries.c.edit_at.is_not_distinct_from(due.edit_at))
    return case((unchanged, null()), else_=deliveries.c.edit_at)
