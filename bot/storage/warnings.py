"""What those who manage a chat are told of it in private, once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Chat, ChatAddress, ChatKind, ChatState, Platform, RightsNotice
from bot.storage.among import among
from bot.storage.chats import at_address, chat_values
from bot.storage.engine import Database
from bot.storage.heads import line_up
from bot.storage.states import DUE, FAILED, SENT, delivery_key
from bot.storage.tables import chats, deliveries


async def warn(
    database: Database,
    connection: AsyncConnection,
    chat: Chat,
    managers: Collection[ChatAddress],
    *,
    reason: str,
    now: datetime,
) -> int:
    """Owe each of the managers that can be written to a notice that the bot may not write in the chat, unless they
    were told since the chat last took a message. Answer how many are."""
    notice = RightsNotice(chat=chat.id, title=chat.title, reason=reason)
    owed = {"notice": notice, "why": (), "state": DUE, "created": now, "due_at": now}
    to = [
        manager
        for address in dict.fromkeys(managers)
        if (manager := await _reached(database, connection, chat, address, now)) is not None
        and not await _is_told(connection, manager, chat)
    ]
    if to:
        await connection.execute(insert(deliveries), [{"chat_id": one, "key": delivery_key()} | owed for one in to])
        await line_up(database, connection, among(deliveries.c.chat_id, to))
    return len(to)


async def _reached(
    database: Database, connection: AsyncConnection, chat: Chat, address: ChatAddress, now: datetime
) -> int | None:
    """The chat at an address, if it takes messages. On Discord a bot writes to people first; on Telegram it may write
    only to those who spoke to it, whom we know."""
    if address.platform is Platform.DISCORD:
        made = chat_values(address, kind=ChatKind.PRIVATE, title="", hint=chat.settings.spoken(), now=now)
        known = database.insert(chats).values(**made).on_conflict_do_nothing()
        await connection.execute(known)
    taking = chats.c.state.in_([ChatState.ACTIVE, ChatState.PAUSED])
    found: int | None = await connection.scalar(select(chats.c.id).where(*at_address(address), taking))
    return found


async def _is_told(connection: AsyncConnection, manager: int, chat: Chat) -> bool:
    sent = select(func.max(deliveries.c.finished)).where(deliveries.c.chat_id == chat.id, deliveries.c.state == SENT)
    since = await connection.scalar(sent)
    told = select(deliveries.c.notice, deliveries.c.created).where(
        deliveries.c.chat_id == manager, deliveries.c.state.in_([DUE, SENT, FAILED]), deliveries.c.notice.is_not(None)
    )
    return any(
        isinstance(notice, RightsNotice) and notice.chat == chat.id and (since is None or created > since)
        for notice, created in (await connection.execute(told)).all()
    )
