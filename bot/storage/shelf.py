"""What a button brings back, where that is too much for the 64 bytes of one: kept for the chat under a short token."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, select

from bot.model import ChatId
from bot.storage.engine import Database
from bot.storage.tables import shares
from bot.storage.uninterrupted import uninterrupted

_KEPT = 20  # of a chat: who goes back does so soon
# No link can hold a colon: what is kept here is opened by its own chat alone.
_OURS = "kept:"


@uninterrupted
class ShelfStore:
    """Implements Shelf, on the table of what chats share."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, chat: ChatId, content: dict[str, Any], *, now: datetime) -> str:
        """See Shelf."""
        token = secrets.token_hex(8)
        newest = _mine(chat).order_by(shares.c.created.desc(), shares.c.token).limit(_KEPT)
        async with self._database.write() as connection:
            row = {"token": _OURS + token, "chat_id": chat, "content": content, "created": now}
            await connection.execute(shares.insert().values(**row))
            kept = (await connection.execute(newest)).scalars().all()
            old = delete(shares).where(shares.c.chat_id == chat, shares.c.token.startswith(_OURS))
            await connection.execute(old.where(shares.c.token.not_in([*kept, row["token"]])))
        return token

    async def take(self, chat: ChatId, token: str) -> dict[str, Any] | None:
        """See Shelf."""
        mine = shares.c.token == _OURS + token, shares.c.chat_id == chat
        async with self._database.write() as connection:
            taken = delete(shares).where(*mine).returning(shares.c.content)
            content: dict[str, Any] | None = (await connection.execute(taken)).scalar_one_or_none()
            return content


def _mine(chat: ChatId) -> Select[str]:
    return select(shares.c.token).where(shares.c.chat_id == chat, shares.c.token.startswith(_OURS))
