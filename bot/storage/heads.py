"""The head of each chat's line: the delivery that goes next, so that a claim need not look at all that wait.

Whoever adds deliveries that are due lines them up; whoever ends one lets the next move up. Both do so last in their
transaction, so that no two wait for each other's rows.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import ChatKind
from bot.storage.among import among
from bot.storage.engine import Database
from bot.storage.states import DUE
from bot.storage.tables import chats, deliveries, heads


async def line_up(database: Database, connection: AsyncConnection, *these: ColumnElement[bool]) -> None:
    """Have the due deliveries that the conditions name go when their chats' turn comes: those whose chat has no other
    that is older."""
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
    lined = database.insert(heads).from_select(["chat_id", "delivery_id", "platform", "private", "due_at"], found)
    # Never "do nothing": that passes by a head which another worker is about to remove, where this waits for its end
    # and then adds its own.
    older = {"delivery_id": lined.excluded.delivery_id, "due_at": lined.excluded.due_at}
    is_older = lined.excluded.delivery_id < heads.c.delivery_id
    await connection.execute(lined.on_conflict_do_update(index_elements=["chat_id"], set_=older, where=is_older))


async def move_up(connection: AsyncConnection, ended: int) -> None:
    """A delivery ended: the next one of its chat is the head, if there is one."""
    held = select(heads.c.chat_id).where(heads.c.delivery_id == ended)
    chat = await connection.scalar(held.with_for_update())
    if chat is None:
        return
    waiting = select(deliveries.c.id, deliveries.c.due_at).where(
        deliveries.c.state == DUE, deliveries.c.chat_id == chat
    )
    following = (await connection.execute(waiting.order_by(deliveries.c.id).limit(1))).one_or_none()
    head = heads.c.chat_id == chat
    if following is None:
        await connection.execute(delete(heads).where(head))
    else:
        await connection.execute(update(heads).where(head).values(delivery_id=following.id, due_at=following.due_at))


async def put_off(connection: AsyncConnection, delivery: int, at: datetime) -> None:
    """The chat's turn comes no sooner than then."""
    await connection.execute(update(heads).where(heads.c.delivery_id == delivery).values(due_at=at))


async def line_up_anew(database: Database, connection: AsyncConnection, of: Collection[int]) -> None:
    """Find the heads of these chats, whatever was there."""
    await connection.execute(delete(heads).where(among(heads.c.chat_id, of)))
    await line_up(database, connection, among(deliveries.c.chat_id, of))
