"""All chats for those who run the bot, with how much each has."""

from __future__ import annotations

from sqlalchemy import and_, func, select, true

from bot.model import ChatId, ChatLine, ChatState, Platform
from bot.storage.among import among
from bot.storage.engine import Database
from bot.storage.sheets import ADDRESS, CHAT_FIGURES, CHAT_LINE, chat_line_with_figures, has_any
from bot.storage.tables import chats
from bot.storage.uninterrupted import uninterrupted

_LINE = select(*CHAT_LINE, *CHAT_FIGURES)


@uninterrupted
class ChatSheetStore:
    """Implements ChatSheets."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def chat_lines(
        self, *, search: str, platform: Platform | None, state: ChatState | None, offset: int, limit: int
    ) -> tuple[int, list[ChatLine]]:
        """See ChatSheets."""
        chosen = and_(
            has_any(search.strip(), chats.c.title, ADDRESS) if search.strip() else true(),
            chats.c.platform == platform if platform else true(),
            chats.c.state == state if state else true(),
        )
        page = select(chats.c.id).where(chosen).order_by(chats.c.id.desc()).offset(offset).limit(limit)
        async with self._database.read() as connection:
            count = await connection.scalar(select(func.count()).select_from(chats).where(chosen)) or 0
            # Apart: what each has is then counted for those of the page alone.
            these = (await connection.scalars(page)).all()
            rows = await connection.execute(_LINE.where(among(chats.c.id, these)).order_by(chats.c.id.desc()))
            return count, [chat_line_with_figures(row) for row in rows]

    async def chat_line(self, chat: ChatId) -> ChatLine | None:
        """See ChatSheets."""
        async with self._database.read() as connection:
            row = (await connection.execute(_LINE.where(chats.c.id == chat))).one_or_none()
        return chat_line_with_figures(row) if row else None
