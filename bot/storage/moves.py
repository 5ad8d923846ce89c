"""A chat that got a new id from its platform, with all its topics."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Table, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import ChatAddress, ChatState
from bot.storage.chats import at_address
from bot.storage.engine import Database
from bot.storage.folding import unbind
from bot.storage.heads import line_up_anew
from bot.storage.keywords import next_revision
from bot.storage.leases import FREE
from bot.storage.states import DUE, HELD, SENT
from bot.storage.tables import chats, deliveries, keywords, subscriptions, told

CHOSEN = ("locale", "hint", "languages", "script", "reports", "timezone", "state", "reason", "choices", "admitted")


async def move(database: Database, connection: AsyncConnection, address: ChatAddress, to: str) -> None:
    """Give every topic of the chat its new address; where that is taken already (somebody spoke there before the
    platform's notice came), merge the old topic into the one there."""
    if to == address.chat:
        return
    olds = select(chats.c.id, chats.c.thread).where(chats.c.platform == address.platform, chats.c.chat == address.chat)
    for old in (await connection.execute(olds.with_for_update())).all():
        await _leave_messages(connection, old.id)
        there = at_address(replace(address, chat=to, thread=old.thread))
        new = await connection.scalar(select(chats.c.id).where(*there).with_for_update())
        if new is None:
            await connection.execute(update(chats).where(chats.c.id == old.id).values(chat=to))
        else:
            await _merge(connection, old.id, new)
            await line_up_anew(database, connection, [old.id, new])


async def _leave_messages(connection: AsyncConnection, chat: int) -> None:
    """What was sent stays at the old address: at the new one its ids are those of other messages."""
    sent = update(deliveries).where(deliveries.c.state == SENT, deliveries.c.chat_id == chat)
    await connection.execute(sent.values(message="", edit_at=None, **FREE))


async def _merge(connection: AsyncConnection, old: int, new: int) -> None:
    """Hand over all that `old` has and `new` lacks. The old chat stays behind, gone and empty."""
    if not await _is_used(connection, new):
        chosen = select(*(chats.c[name] for name in CHOSEN)).where(chats.c.id == old)
        values = dict((await connection.execute(chosen)).mappings().one())
        # Somebody spoke there just now: it is not blocked or gone, unless it was expelled.
        if values["state"] != ChatState.PAUSED and values["admitted"]:
            values |= {"state": ChatState.ACTIVE, "reason": ""}
        await connection.execute(update(chats).where(chats.c.id == new).values(**values))
    await _merge_keywords(connection, old, new)
    await _hand_over(connection, subscriptions, "feed_id", old, new)
    await connection.execute(delete(subscriptions).where(subscriptions.c.chat_id == old))
    await _hand_over(connection, told, "story_id", old, new)
    await unbind(connection, old)  # some of them may be there already, so others have to carry
    await _hand_over(connection, deliveries, "item_id", old, new)
    owed = deliveries.c.state.in_([DUE, HELD])
    await connection.execute(delete(deliveries).where(deliveries.c.chat_id == old, owed))
    await connection.execute(update(chats).where(chats.c.id == old).values(state=ChatState.GONE, reason="moved"))


async def _is_used(connection: AsyncConnection, chat: int) -> bool:
    """Whether its people set it up already."""
    of_chat = [select(table.c.chat_id).where(table.c.chat_id == chat).limit(1) for table in (subscriptions, keywords)]
    return any([await connection.scalar(statement) is not None for statement in of_chat])


async def _hand_over(connection: AsyncConnection, table: Table, unique: str, old: int, new: int) -> None:
    """Give the rows to the new chat, but for those it has itself by the column `unique`."""
    column = table.c[unique]
    own = select(column).where(table.c.chat_id == new, column.is_not(None))
    theirs = update(table).where(table.c.chat_id == old, or_(column.is_(None), column.not_in(own)))
    await connection.execute(theirs.values(chat_id=new))


async def _merge_keywords(connection: AsyncConnection, old: int, new: int) -> None:
    """Live keywords go over, unless they are live there; the row that stays is removed, for the indexes to hear."""
    revision = await next_revision(connection)
    live = select(keywords.c.canonical_key).where(keywords.c.chat_id == old, keywords.c.live)
    removed_there = (keywords.c.chat_id == new, keywords.c.live.is_(False), keywords.c.canonical_key.in_(live))
    await connection.execute(update(keywords).where(*removed_there).values(live=True, revision=revision))
    await _hand_over(connection, keywords, "canonical_key", old, new)
    left = update(keywords).where(keywords.c.chat_id == old, keywords.c.live)
    await connection.execute(left.values(live=False, revision=revision))
