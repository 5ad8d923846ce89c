"""Rows written straight into the tables, for what looks at a month in which anything may have happened."""

from __future__ import annotations

from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy import Table, insert

from bot.model import Why
from bot.storage import Storage
from bot.storage.tables import chats, deliveries, feeds, items, keywords, stories, subscriptions, told


class Ledger:
    """Adds rows; each method answers the new row's id."""

    def __init__(self, storage: Storage, now: datetime) -> None:
        self.now = now
        self._database = storage._database
        self._numbers = count(1)

    async def feed(self, url: str = "", **more: Any) -> int:
        url = url or f"https://site{next(self._numbers)}.example/rss"
        return await self._add(feeds, {"url": url, "url_key": url, "created": self.now, "next_poll": self.now} | more)

    async def chat(self, **more: Any) -> int:
        row = {"platform": "telegram", "chat": str(next(self._numbers)), "kind": "group", "hint": "en"}
        row |= {"languages": ("en",), "timezone": "UTC", "state": "active", "created": self.now, "choices": {}}
        return await self._add(chats, row | more)

    async def subscription(self, chat: int, feed: int) -> int:
        row = {"chat_id": chat, "feed_id": feed, "mode": "matching", "created": self.now, "choices": {}}
        return await self._add(subscriptions, row)

    async def keyword(self, chat: int, query: str, **more: Any) -> int:
        row = {"chat_id": chat, "canonical": query, "canonical_key": query, "query": query, "choices": {}}
        return await self._add(keywords, row | {"created": self.now, "revision": next(self._numbers)} | more)

    async def story(self) -> int:
        return await self._add(stories, {"created": self.now})

    async def told(self, story: int, chat: int) -> None:
        async with self._database.write() as connection:
            await connection.execute(insert(told).values(story_id=story, chat_id=chat))

    async def item(self, feed: int, **more: Any) -> int:
        name = f"item {next(self._numbers)}"
        row = {"feed_id": feed, "identity": name, "guid": name, "title": name, "state": "done", "seen": self.now}
        return await self._add(items, row | {"authors": (), "categories": ()} | more)

    async def delivery(self, chat: int, item: int | None, *words: str, **more: Any) -> int:
        why = tuple(Why(keyword=word, matched=()) for word in words)
        row = {"chat_id": chat, "item_id": item, "key": str(next(self._numbers)), "why": why, "state": "sent"}
        row |= {"created": self.now, "due_at": self.now, "finished": self.now}
        return await self._add(deliveries, row | more)

    async def _add(self, table: Table, row: dict[str, Any]) -> int:
        async with self._database.write() as connection:
            return (await connection.execute(insert(table).values(row).returning(table.c.id))).scalar_one()
