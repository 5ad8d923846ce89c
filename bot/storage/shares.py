"""What chats share, under tokens that can't be guessed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select

from bot.model import ChatId, ChatSettings, Language, Locale, Mode, Reports, Script, Share, SharedFeed
from bot.storage.choices import choices_of, chosen
from bot.storage.engine import Database
from bot.storage.tables import shares
from bot.storage.uninterrupted import uninterrupted


@uninterrupted
class ShareStore:
    """Implements ShareBook."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep_share(self, chat: ChatId, token: str, share: Share, *, most: int, now: datetime) -> None:
        """See ShareBook."""
        mine = select(shares.c.token).where(shares.c.chat_id == chat)
        kept = mine.order_by(shares.c.created.desc(), shares.c.token).limit(most)
        async with self._database.write() as connection:
            values = {"token": token, "chat_id": chat, "content": _content(share), "created": now}
            await connection.execute(insert(shares).values(**values))
            newest = [row.token for row in await connection.execute(kept)]
            await connection.execute(delete(shares).where(shares.c.chat_id == chat, shares.c.token.not_in(newest)))

    async def find_share(self, token: str) -> Share | None:
        """See ShareBook."""
        async with self._database.read() as connection:
            content = await connection.scalar(select(shares.c.content).where(shares.c.token == token))
        return _share(content) if content is not None else None

    async def drop_shares(self, chat: ChatId) -> int:
        """See ShareBook."""
        async with self._database.write() as connection:
            return (await connection.execute(delete(shares).where(shares.c.chat_id == chat))).rowcount


def _content(share: Share) -> dict[str, Any]:
    feeds = [{"url": feed.url, "title": feed.title, "mode": feed.mode.value} for feed in share.feeds]
    settings = {"settings": _plain(share.settings)} if share.settings else {}
    return {"keywords": list(share.keywords), "feeds": feeds, **settings}


def _share(content: dict[str, Any]) -> Share:
    feeds = (SharedFeed(url=one["url"], title=one["title"], mode=Mode(one["mode"])) for one in content["feeds"])
    settings = _settings(content["settings"]) if "settings" in content else None
    return Share(keywords=tuple(content["keywords"]), feeds=tuple(feeds), settings=settings)


def _plain(settings: ChatSettings) -> dict[str, Any]:
    """The settings without the app language last seen, which is the people's own."""
    return {
        "locale": settings.locale.value if settings.locale else None,
        "languages": [language.value for language in settings.languages],
        "script": settings.script.value if settings.script else None,
        "reports": settings.reports.value,
        "timezone": settings.timezone,
        "choices": choices_of(settings),
    }


def _settings(plain: dict[str, Any]) -> ChatSettings:
    return ChatSettings(
        locale=Locale(plain["locale"]) if plain["locale"] else None,
        languages=tuple(Language(language) for language in plain["languages"]),
        script=Script(plain["script"]) if plain["script"] else None,
        reports=Reports(plain["reports"]),
        timezone=plain["timezone"],
        **chosen(plain["choices"]),
    )
