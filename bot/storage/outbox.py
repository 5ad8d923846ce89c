"""The deliveries as a queue: each chat's in their order, and the chats side by side."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import CTE, Update, bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Alert, ChatAddress, ChatId, ChatState, DeliveryDue, DeliveryId, Platform
from bot.storage.among import among
from bot.storage.engine import Database
from bot.storage.leases import FREE, claim, is_free, still_held
from bot.storage.moves import move
from bot.storage.rows import BRIEF, CHAT, FEED, ITEM, AnyRow, brief, labelled, stored_item
from bot.storage.rows import chat as chat_of
from bot.storage.states import DUE, FAILED, SENT
from bot.storage.tables import briefs, chats, deliveries, feeds, items
from bot.storage.uninterrupted import uninterrupted

DELIVERY = labelled("delivery", deliveries, "id", "key", "lease", "attempts", "created", "why", "notice")


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
                chats.c.state == ChatState.ACTIVE,
                chats.c.platform.in_(platforms),
            )
            .order_by(deliveries.c.due_at, deliveries.c.id)
        )
        if skip:  # as literals: there may be more of them than a statement takes parameters
            due = due.where(chats.c.id.not_in(bindparam("skip", list(skip), expanding=True, literal_execute=True)))
        async with self._database.write() as connection:
            _, rows = await claim(connection, deliveries, due, now=now, limit=limit, lease=lease)
            return await _due(connection, [row[0] for row in rows]) if rows else []

    async def prolong_deliveries(self, due: Collection[DeliveryDue], *, until: datetime) -> None:
        """See Outbox."""
        await self._write(still_held(deliveries, due).values(lease_until=until))

    async def release_deliveries(self, due: Collection[DeliveryDue]) -> None:
        """See Outbox."""
        await self._write(still_held(deliveries, due).values(FREE))

    async def delivery_sent(self, due: DeliveryDue, *, message: str, now: datetime) -> None:
        """See Outbox. What was sent was sent, whoever holds the lease by now."""
        sent = update(deliveries).where(deliveries.c.id == due.id, deliveries.c.state != SENT)
        await self._write(sent.values(state=SENT, message=message, finished=now, reason="", **FREE))

    async def delivery_retry(self, due: DeliveryDue, *, at: datetime, reason: str, counted: bool = True) -> None:
        """See Outbox. Without the lease it changes nothing: another worker has it, or the chat was stopped."""
        attempts = deliveries.c.attempts + int(counted)
        await self._write(_held(due).values(due_at=at, reason=reason, attempts=attempts, **FREE))

    async def delivery_failed(self, due: DeliveryDue, *, reason: str, now: datetime) -> None:
        """See Outbox. Without the lease it changes nothing: another worker may still get it through."""
        await self._write(_held(due).values(state=FAILED, reason=reason, finished=now, **FREE))

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


async def _due(connection: AsyncConnection, ids: Collection[int]) -> list[DeliveryDue]:
    of_item = (items.c.id == deliveries.c.item_id, feeds.c.id == items.c.feed_id, briefs.c.item_id == items.c.id)
    tables = deliveries.join(chats).outerjoin(items, of_item[0]).outerjoin(feeds, of_item[1])
    tables = tables.outerjoin(briefs, of_item[2])
    rows = await connection.execute(
        select(*DELIVERY, *CHAT, *FEED, *ITEM, *BRIEF)
        .select_from(tables)
        .where(among(deliveries.c.id, ids))
        .order_by(deliveries.c.due_at, deliveries.c.id)
    )
    return [_delivery(row) for row in rows]


def _delivery(row: AnyRow) -> DeliveryDue:
    return DeliveryDue(
        id=DeliveryId(row.delivery_id),
        key=row.delivery_key,
        lease=row.delivery_lease,
        attempts=row.delivery_attempts,
        chat=chat_of(row),
        content=row.delivery_notice or Alert(item=stored_item(row), brief=brief(row), why=row.delivery_why),
        created=row.delivery_created,
    )
