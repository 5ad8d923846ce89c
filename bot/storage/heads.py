"""The head of each chat's line: the delivery that goes next, so that a claim need not look at all that wait.

Whoever adds deliveries that are due lines them up; whoever ends one lets the next move up. Both do so last in their
transaction, so that no two wait for each other's rows.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import cache

from sqlalchemy import ColumnElement, bindparam, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import ChatKind
from bot.storage.among import among
from bot.storage.engine import Database, Insert, insert_for
from bot.storage.states import DUE
from bot.storage.tables import chats, deliveries, heads


async def line_up(database: Database, connection: AsyncConnection, *these: ColumnElement[bool]) -> None:
    """Have the due deliveries that the conditions name go when their chats' turn comes: those whose chat has no other
    that is older."""
    await connection.execute(_lining_up(*these, is_sqlite=database.is_sqlite))


async def line_up_item(database: Database, connection: AsyncConnection, item: int) -> None:
    """The same for the due deliveries of an item."""
    await connection.execute(_lining_up_item(is_sqlite=database.is_sqlite), {"item": item})


@cache
def _lining_up_item(*, is_sqlite: bool) -> Insert:
    return _lining_up(deliveries.c.item_id == bindparam("item"), is_sqlite=is_sqlite)


def _lining_up(*these: ColumnElement[bool], is_sqlite: bool) -> Insert:
    first = (
        select(func.min(deliveries.c.id).label("id"))
        .where(deliveries.c.state == DUE, *these)
        .group_by(deliveries.c.chat_id)
        .subquery("first")
    )
    is_private = chats.c.kind == ChatKind.PRIVATE
    # In order of chat, so that two workers that owe the same chats wait for each other and never deadlock.
    found = (
        select(deliveries.c.chat_id, deliveries.c.id, chats.c.platform, is_private, deliveries.c.due_at)
        .select_from(deliveries.join(first, first.c.id == deliveries.c.id).join(chats))
        .where(deliveries.c.state == DUE)
        .order_by(deliveries.c.chat_id)
    )
    lined = insert_for(heads, is_sqlite=is_sqlite).from_select(
        ["chat_id", "delivery_id", "platform", "private", "due_at"], found
    )
    # Never "do nothing": that passes by a head which another worker is about to remove, where this waits for its end
    # and then adds its own.
    older = {"delivery_id": lined.excluded.delivery_id, "due_at": lined.excluded.due_at}
    is_older = lined.excluded.delivery_id < heads.c.delivery_id
    return lined.on_conflict_do_update(index_elements=["chat_id"], set_=older, where=is_older)


_HAS_HEAD = select(heads.c.chat_id).where(heads.c.delivery_id == bindparam("ended")).with_for_update()
_HEAD = heads.c.chat_id == bindparam("chat")
_FOLLOWING = (
    select(deliveries.c.id, deliveries.c.due_at)
    .where(deliveries.c.state == DUE, deliveries.c.chat_id == bindparam("chat"))
    .order_by(deliveries.c.id)
    .limit(1)
)
_NO_HEAD = delete(heads).where(_HEAD)
_NEXT_HEAD = update(heads).where(_HEAD).values(delivery_id=bindparam("following"), due_at=bindparam("at"))


async def move_up(connection: AsyncConnection, ended: int) -> datetime | None:
    """A delivery ended: the next one of its chat is the head, if there is one. Answers when that is due."""
    chat = await connection.scalar(_HAS_HEAD, {"ended": ended})
    if chat is None:
        return None
    following = (await connection.execute(_FOLLOWING, {"chat": chat})).one_or_none()
    if following is None:
        await connection.execute(_NO_HEAD, {"chat": chat})
        return None
    await connection.execute(_NEXT_HEAD, {"chat": chat, "following": following.id, "at": following.due_at})
    due_at: datetime = following.due_at
    return due_at


async def put_off(connection: AsyncConnection, delivery: int, at: datetime) -> None:
    """The chat's turn comes no sooner than then."""
    await connection.execute(update(heads).where(heads.c.delivery_id == delivery).values(due_at=at))


async def line_up_anew(database: Database, connection: AsyncConnection, of: Collection[int]) -> None:
    """Find the heads of these chats, whatever was there."""
    await connection.execute(delete(heads).where(among(heads.c.chat_id, of)))
    await line_up(database, connection, among(deliveries.c.chat_id, of))
