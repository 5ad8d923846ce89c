"""The deliveries of all chats for those who run the bot, and those that failed made once more.

Of a million deliveries the newest are wanted: all together by their ids; those that failed or wait by an index of
their own; those of a chat by the index on state, chat and id. What no index knows, a platform or all that were sent, is
looked for among the newest alone.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    ScalarSelect,
    Text,
    TextClause,
    and_,
    column,
    func,
    literal,
    or_,
    select,
    text,
    true,
    union_all,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import ChatId, ChatState, DeliveryFilter, DeliveryId, DeliveryLine, DeliveryState, Platform
from bot.storage.among import among
from bot.storage.columns import UtcTime
from bot.storage.engine import Database
from bot.storage.heads import line_up
from bot.storage.leases import FREE
from bot.storage.rows import AnyRow, AnySelect, labelled
from bot.storage.sheets import CHAT_LINE, ITEM_LINE, chat_line, item_line, unindexed
from bot.storage.states import DUE, FAILED, SENT, WAITING
from bot.storage.tables import ALL_FAILED, ALL_WAITING, chats, deliveries, feeds, items
from bot.storage.uninterrupted import uninterrupted

LOOKED_AT = 50_000  # deliveries that are looked at for those of a platform, or for those that were sent
FAILURES = 20_000  # that are looked at for some that can go out again

_STATES = {
    DeliveryFilter.ALL: tuple(state.value for state in DeliveryState),
    DeliveryFilter.WAITING: WAITING,
    DeliveryFilter.SENT: (SENT,),
    DeliveryFilter.FAILED: (FAILED,),
}
# Left to itself SQLite takes the index of all states, and sorts what it finds there.
_IN_ORDER = {
    DeliveryFilter.WAITING: ("deliveries INDEXED BY deliveries_waiting_idx", ALL_WAITING),
    DeliveryFilter.FAILED: ("deliveries INDEXED BY deliveries_failed_idx", ALL_FAILED),
}
_DELIVERY = labelled(
    "delivery",
    deliveries,
    *("id", "state", "why", "attempts", "created", "due_at", "finished", "reason", "held_by"),
)
# The columns where the table is a text that names the index.
_id: ColumnElement[int] = column("id", BigInteger)
_chat: ColumnElement[int] = column("chat_id", BigInteger)
_item: ColumnElement[int] = column("item_id", BigInteger)
_notice: ColumnElement[str] = column("notice", Text)
_finished: ColumnElement[datetime] = column("finished", UtcTime)


@uninterrupted
class DeliverySheetStore:
    """Implements DeliverySheets."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def delivery_lines(
        self,
        *,
        only: DeliveryFilter,
        platform: Platform | None = None,
        chat: ChatId | None = None,
        before: DeliveryId | None = None,
        limit: int,
    ) -> list[DeliveryLine]:
        """See DeliverySheets. Those of a platform, and those that were sent, are found as long as they are among the
        `LOOKED_AT` before that one: of those that failed or wait, if these are asked for, and otherwise of all."""
        async with self._database.read() as connection:
            until = before or (await connection.scalar(select(func.max(deliveries.c.id))) or 0) + 1
            wanted = self._newest(only, platform, until) if chat is None else _of_chat(only, chat, until, limit)
            ids = (await connection.scalars(wanted.limit(limit))).all()
            whole = _WHOLE.where(among(deliveries.c.id, ids), _is_of(platform)).order_by(deliveries.c.id.desc())
            return [_line(row) for row in await connection.execute(whole)]

    def _newest(self, only: DeliveryFilter, platform: Platform | None, until: int) -> AnySelect:
        """The ids of the newest deliveries of all chats."""
        if only in _IN_ORDER:
            those, there = self._in_order(only)
            wanted = select(_id).select_from(those).where(there, _id < until)
            if platform:
                wanted = wanted.where(_id >= _oldest(those, and_(there, _id < until), most=LOOKED_AT))
        else:
            wanted = select(_id).select_from(deliveries).where(_id < until)
            if only is DeliveryFilter.SENT:
                wanted = wanted.where(unindexed(deliveries.c.state) == SENT)
            if platform or only is DeliveryFilter.SENT:
                wanted = wanted.where(_id >= until - LOOKED_AT)
        if platform:
            wanted = wanted.where(_chat.in_(select(chats.c.id).where(chats.c.platform == platform)))
        return wanted.order_by(_id.desc())

    def _in_order(self, only: DeliveryFilter) -> tuple[FromClause | TextClause, TextClause]:
        """The deliveries by the index that has these alone, and the condition that it has them."""
        by_index, there = _IN_ORDER[only]
        return text(by_index) if self._database.is_sqlite else deliveries, there

    async def retry_delivery(self, delivery: DeliveryId, *, now: datetime) -> bool:
        """See DeliverySheets."""
        async with self._database.write() as connection:
            return bool(await self._retry(connection, [delivery], now))

    async def retry_failed(self, *, since: datetime, limit: int, now: datetime) -> int:
        """See DeliverySheets. Looked at are the `FAILURES` that came last."""
        those, there = self._in_order(DeliveryFilter.FAILED)
        taking = select(chats.c.id).where(_takes_messages())
        wanted = (
            select(_id)
            .select_from(those)
            .where(there, _id >= _oldest(those, there, most=FAILURES), _finished >= since)
            .where(_chat.in_(taking), or_(_item.is_not(None), _notice.is_not(None)))
            .order_by(_id)
            .limit(limit)
        )
        async with self._database.read() as connection:
            found = (await connection.scalars(wanted)).all()
        async with self._database.write() as connection:
            return await self._retry(connection, found, now)

    async def _retry(self, connection: AsyncConnection, some: Collection[int], now: datetime) -> int:
        """Have those of the deliveries go out that still can; answer how many. What went out with others goes alone,
        unless it is old, and is bound with others anew."""
        # In order of id, so that two who do so wait for each other and never deadlock: the second then finds none.
        failed = (
            select(deliveries.c.id, deliveries.c.chat_id)
            .select_from(deliveries.join(chats))
            .where(among(deliveries.c.id, some), unindexed(deliveries.c.state) == FAILED)
            .where(_takes_messages(), or_(deliveries.c.item_id.is_not(None), deliveries.c.notice.is_not(None)))
            .order_by(deliveries.c.id)
        )
        rows = (await connection.execute(failed.with_for_update(of=deliveries))).all()
        if not rows:
            return 0
        again = {"state": DUE, "attempts": 0, "due_at": now, "finished": None, "reason": ""}
        alone = {"digest": None, "edit_at": None}
        these = update(deliveries).where(among(deliveries.c.id, [row.id for row in rows]))
        await connection.execute(these.values(**again, **alone, **FREE))
        # By chat, which the index of all states leads to: asked for their ids, SQLite looks through all that are due.
        await line_up(self._database, connection, among(deliveries.c.chat_id, {row.chat_id for row in rows}))
        return len(rows)


def _of_chat(only: DeliveryFilter, chat: ChatId, until: int, limit: int) -> AnySelect:
    """The ids of the newest deliveries of a chat, of each state by the index."""
    parts = [
        select(deliveries.c.id)
        .where(deliveries.c.state == literal(state), deliveries.c.chat_id == chat, deliveries.c.id < until)
        .order_by(deliveries.c.id.desc())
        .limit(limit)
        .subquery(state)
        for state in _STATES[only]
    ]
    together = union_all(*(select(part.c.id) for part in parts)).subquery("together")
    return select(together.c.id).order_by(together.c.id.desc())


def _is_of(platform: Platform | None) -> ColumnElement[bool]:
    return chats.c.platform == platform if platform else true()


def _oldest(those: FromClause | TextClause, there: ColumnElement[bool] | TextClause, *, most: int) -> ScalarSelect[int]:
    """The oldest of so many of the newest of them."""
    newest = select(_id).select_from(those).where(there).order_by(_id.desc()).limit(most).subquery()
    return select(func.min(newest.c.id)).scalar_subquery()


def _takes_messages() -> ColumnElement[bool]:
    """The condition on a chat."""
    return and_(chats.c.state == ChatState.ACTIVE, chats.c.admitted)


_WHOLE = select(*_DELIVERY, *CHAT_LINE, *ITEM_LINE).select_from(
    deliveries.join(chats, chats.c.id == deliveries.c.chat_id)
    .outerjoin(items, items.c.id == deliveries.c.item_id)
    .outerjoin(feeds, feeds.c.id == items.c.feed_id)
)


def _line(row: AnyRow) -> DeliveryLine:
    return DeliveryLine(
        id=DeliveryId(row.delivery_id),
        state=row.delivery_state,
        chat=chat_line(row),
        item=item_line(row) if row.item_id is not None else None,
        keywords=tuple(why.keyword for why in row.delivery_why),
        attempts=row.delivery_attempts,
        created=row.delivery_created,
        due_at=row.delivery_due_at,
        finished=row.delivery_finished,
        reason=row.delivery_reason,
        held_by=row.delivery_held_by,
    )
