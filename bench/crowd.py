"""A database as a large house has it: chats with their feeds and keywords, items, and what was sent; made in bulk."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any, cast

from sqlalchemy import Column, MetaData, Table, event, func, select

from bench.texts import made_up
from bot.matching.query import canonical, parse
from bot.model import Item
from bot.storage.columns import digest
from bot.storage.engine import Database
from bot.storage.loading import count_on, load
from bot.storage.portable import portable_tables
from bot.storage.schema import upgrade
from bot.storage.tables import items
from bot.storage.wordindex import Filed, add_words, words_of

LENGTH = 500  # characters of a text, as summaries in feeds have
PART = 50_000  # rows in a transaction
TEXTS = 4_000  # that differ; the rest repeat them under other titles
DAYS = 30
ALERTS = 100  # sent to each chat
HOT = 20_000  # items that alerts are of
# What FTS5 keeps in memory before it writes a segment (bytes), and when it merges segments: its defaults, and such that
# each is written once. Twenty segments are about as many as it has after years.
_OPTION = "INSERT INTO item_words (item_words, rank) VALUES (?, ?)"
_AS_USUAL = {"hashsize": 1 << 20, "automerge": 4, "crisismerge": 16}
_IN_ONE_PASS = {"hashsize": 1 << 28, "automerge": 0, "crisismerge": 1_000}
_INDEX = "item_words_words_idx"
FEEDS_A_CHAT = (3, 10, 20, 100)


@dataclass(frozen=True)
class Size:
    items: int
    keywords: int
    chats: int
    feeds: int


class Crowd:
    def __init__(self, database: Database, size: Size, now: datetime, seed: int = 1) -> None:
        self.database = database
        self.size = size
        self.now = now
        self.rng = Random(seed)
        self.texts = [replace(one, text=one.text[:LENGTH]) for one in made_up(self.rng, min(TEXTS, size.items))]
        self._filed_under = [words_of(one.title, one.text, one.language) for one in self.texts]
        self.words = [word for item in self.texts[:200] for word in item.title.split() if item.language == "en"]
        self.runs = [item.title[:2] for item in self.texts if item.language == "zh"]
        self._tables = {table.name: table for table in portable_tables()}

    async def fill(self) -> None:
        await upgrade(self.database)
        size = self.size
        if self.database.is_sqlite:
            event.listen(self.database.engine.sync_engine, "connect", _hurry)
            await self.database.engine.dispose()
        await self._load("feeds", (self._feed(number) for number in range(1, size.feeds + 1)))
        await self._load("chats", (self._chat(number) for number in range(1, size.chats + 1)))
        await self._load("subscriptions", self._subscriptions())
        await self._load("keywords", (self._keyword(number) for number in range(1, size.keywords + 1)))
        await self._load("stories", self._stories())
        await self._fill_items()
        hot = range(size.items, max(0, size.items - HOT), -1)
        await self._load("briefs", (self._brief(number) for number in hot))
        await self._load("deliveries", self._deliveries(list(hot)))
        await self._load("told", self._told())
        await self._analyze()

    async def end(self) -> datetime:
        """When the last item came: a file that is used again later is looked at as of then."""
        async with self.database.read() as connection:
            return cast("datetime", await connection.scalar(select(func.max(items.c.seen))))

    async def _analyze(self) -> None:
        async with self.database.write() as connection:
            await connection.exec_driver_sql("ANALYZE")

    async def _load(self, name: str, rows: Iterator[dict[str, Any]]) -> None:
        for part in _parts(rows, PART):
            async with self.database.write() as connection:
                await self._put(connection, name, part)
        async with self.database.write() as connection:
            await count_on(connection, self._tables[name])

    async def _put(self, connection: Any, name: str, part: Sequence[dict[str, Any]]) -> None:
        await load(connection, self._narrowed(name, tuple(part[0])), [tuple(row.values()) for row in part])

    def _narrowed(self, name: str, columns: tuple[str, ...]) -> Table:
        """The table with these columns alone: the others have their defaults."""
        whole = self._tables[name]
        kinds = (Column(one, whole.c[one].type, primary_key=whole.c[one].primary_key) for one in columns)
        return Table(name, MetaData(), *kinds)

    def text_of(self, number: int) -> Item:
        return self.texts[number % len(self.texts)]

    def feed_of(self, number: int) -> int:
        return number * 7919 % self.size.feeds + 1

    def seen(self, number: int) -> datetime:
        return self.now - timedelta(days=DAYS) * (1 - number / (self.size.items + 1))

    async def _fill_items(self) -> None:
        numbers = iter(range(1, self.size.items + 1))
        await self._set_index(_IN_ONE_PASS)
        index = await self._drop_index()
        for part in _parts(numbers, PART):
            async with self.database.write() as connection:
                await self._put(connection, "items", [self._item(number) for number in part])
                # In the order of its tree, which is not touched all over then.
                keys = sorted((self._key(number) for number in part), key=lambda row: (row["feed_id"], row["key"]))
                await self._put(connection, "item_keys", keys)
                await add_words(connection, [self._filed(number) for number in part])
        async with self.database.write() as connection:
            await count_on(connection, self._tables["items"])
            if index:
                await connection.exec_driver_sql("SET LOCAL maintenance_work_mem = '1GB'")
                await connection.exec_driver_sql(index)
        await self._set_index(_AS_USUAL)

    async def _drop_index(self) -> str:
        """PostgreSQL's index of words is made anew in one pass: the statement that does so."""
        if self.database.is_sqlite:
            return ""
        async with self.database.write() as connection:
            made = await connection.exec_driver_sql(f"SELECT indexdef FROM pg_indexes WHERE indexname = '{_INDEX}'")
            definition = cast("str", made.scalar_one())
            await connection.exec_driver_sql(f"DROP INDEX {_INDEX}")
        return definition

    async def _set_index(self, options: dict[str, int]) -> None:
        if self.database.is_sqlite:
            async with self.database.write() as connection:
                for name, value in options.items():
                    await connection.exec_driver_sql(_OPTION, (name, value))

    def _filed(self, number: int) -> Filed:
        return Filed(number, self.feed_of(number), self._filed_under[number % len(self.texts)])

    def _item(self, number: int) -> dict[str, Any]:
        item, seen = self.text_of(number), self.seen(number)
        hot = number > self.size.items - HOT
        return {
            "id": number, "feed_id": self.feed_of(number), "identity": digest(f"i{number}"), "guid": f"i{number}",
            "url": f"https://site{self.feed_of(number)}.example/{number}", "title": item.title, "text": item.text,
            "language": item.language, "published": seen, "authors": "[]", "categories": "[]", "seen": seen,
            "state": "done", "late": False, "lease": "", "picture": "",
            "story_id": self.size.items - number + 1 if hot else None, "told": seen if hot else None,
        }  # fmt: skip

    def _key(self, number: int) -> dict[str, Any]:
        url = f"url:https://site{self.feed_of(number)}.example/{number}"
        return {"feed_id": self.feed_of(number), "key": digest(url), "item_id": number, "listed": self.now.date()}

    def _feed(self, number: int) -> dict[str, Any]:
        url = f"https://site{number}.example/rss"
        return {
            "id": number, "url": url, "url_key": digest(url), "title": f"Paper {number}", "site": "",
            "language": "en", "created": self.now - timedelta(days=DAYS), "polled": self.now, "next_poll": self.now,
        }  # fmt: skip

    def _chat(self, number: int) -> dict[str, Any]:
        return {
            "id": number, "platform": "telegram", "chat": str(number), "thread": "", "kind": "private", "title": "",
            "locale": None, "hint": ("en", "zh-Hant", "zh-Hans")[number % 3], "languages": '["zh", "en"]',
            "script": None, "timezone": "Asia/Hong_Kong", "state": "active", "created": self.now - timedelta(days=DAYS),
        }  # fmt: skip

    def _stories(self) -> Iterator[dict[str, Any]]:
        return ({"id": number, "created": self.now} for number in range(1, min(HOT, self.size.items) + 1))

    def _told(self) -> Iterator[dict[str, Any]]:
        return iter(())

    def _subscriptions(self) -> Iterator[dict[str, Any]]:
        number = 0
        for chat in range(1, self.size.chats + 1):
            many = min(FEEDS_A_CHAT[chat % len(FEEDS_A_CHAT)], self.size.feeds)
            for feed in self.rng.sample(range(1, self.size.feeds + 1), many):
                number += 1
                yield {
                    "id": number, "chat_id": chat, "feed_id": feed, "mode": "matching",
                    "created": self.now - timedelta(days=DAYS),
                }  # fmt: skip

    def _keyword(self, number: int) -> dict[str, Any]:
        query = self.query()
        form = f"{canonical(parse(query))} {number}"
        return {
            "id": number, "chat_id": number % self.size.chats + 1, "canonical": form, "canonical_key": digest(form),
            "query": query, "live": True, "created": self.now - timedelta(days=DAYS), "revision": number,
        }  # fmt: skip

    def query(self) -> str:
        """Words that some texts have, common ones more often."""
        if self.rng.random() < 0.3:
            return self.rng.choice(self.runs)
        return " ".join(self.rng.sample(self.words, self.rng.choice((1, 2, 2))))

    def _brief(self, number: int) -> dict[str, Any]:
        item = self.text_of(number)
        return {
            "item_id": number, "title_zh": item.title, "title_en": item.title, "summary_zh": item.text[:200],
            "summary_en": item.text[:300], "made_by": "extract",
        }  # fmt: skip

    def _deliveries(self, hot: list[int]) -> Iterator[dict[str, Any]]:
        number = 0
        for chat in range(1, self.size.chats + 1):
            for item in self.rng.sample(hot, min(ALERTS, len(hot))):
                number += 1
                at = self.seen(self.rng.randrange(self.size.items))
                yield {
                    "id": number, "chat_id": chat, "item_id": item, "key": f"k{number}", "state": "sent",
                    "why": json.dumps([[self.rng.choice(self.words), ["word"]]]), "created": at, "due_at": at,
                    "finished": at, "message": str(number),
                }  # fmt: skip


def _hurry(connection: Any, _record: object) -> None:
    """What is lost in a crash is made again."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous = OFF")
    cursor.execute("PRAGMA cache_size = -200000")
    cursor.close()


def _parts(rows: Iterator[Any], size: int) -> Iterator[list[Any]]:
    part: list[Any] = []
    for row in rows:
        part.append(row)
        if len(part) == size:
            yield part
            part = []
    if part:
        yield part
