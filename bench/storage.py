"""How fast items go in and deliveries go out on SQLite, and how that compares with bare sqlite3.

Run: python -m bench.storage [ITEMS [CHATS]]
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.model import (
    AlertDecision,
    Brief,
    ChatAddress,
    ChatId,
    ChatKind,
    FeedChange,
    FoundFeed,
    Item,
    Locale,
    MadeBy,
    Mode,
    NewDelivery,
    NewItem,
    Platform,
)
from bot.storage import Storage, open_storage

A_POLL = 20
A_CLAIM = 50
TEXT = "The trilateral talks in Abu Dhabi went on for a second day. " * 20
BRIEF = Brief(title_zh="三方会谈", title_en="Talks", summary_zh="摘要", summary_en="Summary", made_by=MadeBy.FEED)
LEASE = timedelta(minutes=5)


@contextmanager
def rate(name: str, count: int, rates: dict[str, float]) -> Iterator[None]:
    start = time.perf_counter()
    yield
    rates[name] = count / (time.perf_counter() - start)


def news(numbers: range) -> tuple[NewItem, ...]:
    items = (Item(guid=f"g{n}", url=f"https://a.example/{n}", title=f"Item {n}", text=TEXT) for n in numbers)
    return tuple(NewItem(item=item, keys=(item.guid, item.url)) for item in items)


async def prepare(storage: Storage, chats: int, now: datetime) -> list[ChatId]:
    await storage.upgrade()
    found = FoundFeed(url="https://a.example/feed", title="A")
    ids = []
    for n in range(chats):
        address = ChatAddress(Platform.CONSOLE, str(n))
        chat = await storage.chats.open_chat(address, kind=ChatKind.GROUP, title="", hint=Locale.EN, now=now)
        await storage.subscriptions.subscribe(chat.id, found, mode=Mode.EVERYTHING, now=now)
        ids.append(chat.id)
    return ids


async def poll(storage: Storage, items: int, now: datetime) -> None:
    for start in range(0, items, A_POLL):
        [due] = await storage.feeds.claim_feeds(now=now, limit=1, lease=LEASE)
        change = FeedChange(
            id=due.id, lease=due.lease, next_poll=now, succeeded=True, items=news(range(start, start + A_POLL))
        )
        await storage.feeds.record_polls([change], now=now)


async def alert(storage: Storage, chats: list[ChatId], now: datetime) -> int:
    deliveries = tuple(NewDelivery(chat=chat) for chat in chats)
    count = 0
    while claimed := await storage.items.claim_items(now=now, limit=A_CLAIM, lease=LEASE):
        for item in claimed:
            decision = AlertDecision(item=item.id, lease=item.lease, brief=BRIEF, deliveries=deliveries)
            count += (await storage.items.commit_alerts(decision, now=now)).due
    return count


async def deliver(storage: Storage, wanted: int, now: datetime) -> int:
    count = 0
    while count < wanted:
        due = await storage.outbox.claim_deliveries(platforms=tuple(Platform), now=now, limit=A_CLAIM, lease=LEASE)
        for each in due:
            await storage.outbox.delivery_sent(each, message="1", now=now)
        count += len(due)
    return count


def bare(path: Path, items: int) -> None:
    """The same rows by sqlite3 alone, as many a transaction."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("CREATE TABLE items (id INTEGER PRIMARY KEY, guid TEXT UNIQUE, url TEXT, title TEXT, text TEXT)")
    connection.execute("CREATE TABLE item_keys (key TEXT PRIMARY KEY, item_id INTEGER) WITHOUT ROWID")
    for start in range(0, items, A_POLL):
        connection.execute("BEGIN IMMEDIATE")
        for n, new in enumerate(news(range(start, start + A_POLL)), start):
            item = new.item
            row = (n, item.guid, item.url, item.title, item.text)
            connection.execute("INSERT INTO items VALUES (?, ?, ?, ?, ?)", row)
            connection.executemany("INSERT INTO item_keys VALUES (?, ?)", [(key, n) for key in new.keys])
        connection.execute("COMMIT")
    connection.close()


async def main(items: int, chats: int) -> None:
    now = datetime.now(UTC)
    rates: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        async with open_storage(f"sqlite:///{folder}/diting.db") as storage:
            ids = await prepare(storage, chats, now)
            with rate("items stored", items, rates):
                await poll(storage, items, now)
            with rate("deliveries owed", items * chats, rates):
                owed = await alert(storage, ids, now)
            sample = min(owed, 2000)
            with rate("deliveries claimed and sent", sample, rates):
                await deliver(storage, sample, now)
        with rate("items stored by bare sqlite3", items, rates):
            bare(Path(folder) / "bare.db", items)
    for name, value in rates.items():
        print(f"{name:30} {value:10,.0f} a second")
    print(f"{'bare sqlite3 / Diting':30} {rates['items stored by bare sqlite3'] / rates['items stored']:10.1f} ×")
    print(f"({items} items, {A_POLL} a poll; {chats} chats; {owed} deliveries due when the sending began)")


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:]]
    asyncio.run(main(*(numbers + [2000, 50][len(numbers) :])))
