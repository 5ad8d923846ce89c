"""Chats, and what they chose."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, select, update

from bot.model import (
    STOPPED_STATES,
    Chat,
    ChatAddress,
    ChatId,
    ChatKind,
    ChatSettings,
    ChatState,
    Language,
    Locale,
)
from bot.storage.choices import choices_of
from bot.storage.engine import Database
from bot.storage.rows import CHAT
from bot.storage.rows import chat as chat_of
from bot.storage.tables import chats
from bot.storage.uninterrupted import uninterrupted


@uninterrupted
class ChatStore:
    """Implements ChatBook. In a bot that is `closed` to strangers, new chats are not admitted by themselves."""

    def __init__(self, database: Database, *, closed: bool = False) -> None:
        self._database = database
        self._closed = closed

    async def open_chat(self, address: ChatAddress, *, kind: ChatKind, title: str, hint: Locale, now: datetime) -> Chat:
        """See ChatBook. One statement, so two first contacts at once make one chat."""
        new = chat_values(address, kind=kind, title=title, hint=hint, now=now)
        made = self._database.insert(chats).values(**new, admitted=not self._closed)
        stopped = and_(chats.c.state.in_(STOPPED_STATES), chats.c.admitted)  # who was expelled stays out
        opened = made.on_conflict_do_update(
            index_elements=["platform", "chat", "thread"],
            set_={
                "kind": kind,
                "title": title or chats.c.title,
                # In a group the next person's app language is no reason to change the chat's.
                "hint": hint if kind is ChatKind.PRIVATE else chats.c.hint,
                "state": case((stopped, ChatState.ACTIVE.value), else_=chats.c.state),
                "reason": case((stopped, ""), else_=chats.c.reason),
            },
        )
        # A bot that is heard in one topic is in the whole group again.
        same_group = update(chats).where(chats.c.platform == address.platform, chats.c.chat == address.chat)
        topics = same_group.where(chats.c.state == ChatState.BLOCKED, chats.c.admitted).values(
            state=ChatState.ACTIVE, reason=""
        )
        async with self._database.write() as connection:
            chat = chat_of((await connection.execute(opened.returning(*CHAT))).one())
            await connection.execute(topics)
            return chat

    async def find_chat(self, address: ChatAddress) -> Chat | None:
        """See ChatBook."""
        async with self._database.read() as connection:
            row = (await connection.execute(select(*CHAT).where(*at_address(address)))).one_or_none()
        return chat_of(row) if row else None

    async def resume(self, address: ChatAddress) -> bool:
        """See ChatBook."""
        stopped = update(chats).where(*at_address(address), chats.c.state.in_(STOPPED_STATES), chats.c.admitted)
        async with self._database.write() as connection:
            resumed = await connection.execute(stopped.values(state=ChatState.ACTIVE, reason=""))
            return bool(resumed.rowcount)

    async def save_settings(self, chat: ChatId, settings: ChatSettings) -> None:
        """See ChatBook."""
        async with self._database.write() as connection:
            await connection.execute(update(chats).where(chats.c.id == chat).values(_settings_values(settings)))

    async def set_paused(self, chat: ChatId, *, paused: bool) -> bool:
        """See ChatBook."""
        old, new = (ChatState.ACTIVE, ChatState.PAUSED) if paused else (ChatState.PAUSED, ChatState.ACTIVE)
        changed = update(chats).where(chats.c.id == chat, chats.c.state == old).values(state=new, reason="")
        async with self._database.write() as connection:
            return bool((await connection.execute(changed)).rowcount)


def chat_values(address: ChatAddress, *, kind: ChatKind, title: str, hint: Locale, now: datetime) -> dict[str, Any]:
    """The row of a chat that was never heard of before."""
    languages = (Language.ZH, Language.EN) if hint.is_chinese else (Language.EN, Language.ZH)
    return {
        **_address_values(address),
        **_settings_values(ChatSettings(hint=hint, languages=languages)),
        "kind": kind,
        "title": title,
        "state": ChatState.ACTIVE,
        "created": now,
    }


def at_address(address: ChatAddress) -> list[ColumnElement[bool]]:
    """The conditions that a chat is at an address."""
    return [chats.c[name] == value for name, value in _address_values(address).items()]


def _address_values(address: ChatAddress) -> dict[str, str]:
    return {"platform": address.platform, "chat": address.chat, "thread": address.thread}


def _settings_values(settings: ChatSettings) -> dict[str, Any]:
    return {
        "locale": settings.locale,
        "hint": settings.hint,
        "languages": settings.languages,
        "script": settings.script,
        "reports": settings.reports,
        "timezone": settings.timezone,
        "choices": choices_of(settings),
    }
