"""What befalls a database and its machine: it says so, and goes on by itself when it is over."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

import pytest
from psycopg.errors import AdminShutdown, DiskFull
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from bot.errors import StorageError, StorageFull
from bot.storage import Storage, open_storage
from bot.storage.engine import storage_errors
from tests.support.databases import opened

PAGES = 400


async def owe(world, chat, name: str = "item", now=None) -> None:
    await world.follow(chat.id, now=now or world.now)
    await world.poll(name, now=now or world.now)
    await world.alert(chat.id, now=now or world.now)


async def test_a_lease_that_a_clock_far_ahead_gave_holds_nothing_up_when_the_clock_is_set_back(storage, world):
    chat = await world.chat()
    ahead = world.now + timedelta(days=400)
    await owe(world, chat)
    [held] = await world.claim_deliveries(ahead)
    [again] = await world.claim_deliveries()
    assert again.id == held.id
    await storage.outbox.delivery_retry(held, at=ahead, reason="x")  # the old lease changes nothing
    assert await world.claim_deliveries() == []
    assert [due.id for due in await world.claim_deliveries(world.now + world.lease)] == [held.id]


async def test_polls_and_items_are_not_held_up_either(storage, world):
    chat = await world.chat()
    ahead = world.now + timedelta(days=400)
    await world.follow(chat.id)
    await storage.feeds.claim_feeds(now=ahead, limit=1, lease=world.lease)
    await world.poll("item")
    await storage.items.claim_items(now=ahead, limit=1, lease=world.lease)
    assert len(await storage.items.claim_items(now=world.now, limit=1, lease=world.lease)) == 1


async def test_a_lease_of_a_replica_that_is_a_little_ahead_is_respected(world):
    await owe(world, await world.chat())
    await world.claim_deliveries(world.now + timedelta(minutes=2))
    assert await world.claim_deliveries() == []


class Disk:
    """Of SQLite's, how many pages it has room for."""

    def __init__(self, storage: Storage) -> None:
        self.pages = 1_000_000
        event.listen(storage._database.engine.sync_engine, "begin", self._limit)

    def _limit(self, connection) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {self.pages}")


async def _fill(storage: Storage) -> None:
    for _ in range(1000):
        async with storage._database.write() as connection:
            await connection.execute(text("INSERT INTO filling VALUES (zeroblob(100000))"))


async def _filled(url: str, storage: Storage) -> Disk:
    with opened(url.removeprefix("sqlite:///")) as connection:
        connection.execute("CREATE TABLE filling (content BLOB)")
    connection.close()
    disk = Disk(storage)
    disk.pages = PAGES
    with pytest.raises(StorageFull, match="disk is full"):
        await _fill(storage)
    return disk


@pytest.mark.parametrize("database", ["sqlite"])
async def test_a_full_disk_says_so_and_what_was_not_kept_is_kept_when_there_is_room(storage, world, url):
    chat = await world.chat()
    await owe(world, chat)
    disk = await _filled(url, storage)
    await storage.check()
    disk.pages = 1_000_000
    [due] = await world.claim_deliveries()
    await storage.outbox.delivery_sent(due, message="1", now=world.now)
    assert (await storage.history.status(chat.id, now=world.now)).sent_day == 1


def test_a_full_disk_of_the_server_is_the_same_error():
    with pytest.raises(StorageFull), storage_errors():
        raise OperationalError("INSERT", {}, DiskFull("could not extend file"))
    with pytest.raises(StorageError) as caught, storage_errors():
        raise OperationalError("INSERT", {}, AdminShutdown("terminating connection"))
    assert not isinstance(caught.value, StorageFull)


@pytest.mark.parametrize("database", ["sqlite"])
async def test_a_lock_that_another_process_keeps_is_an_error_after_a_while_and_no_more(
    storage, world, url, monkeypatch
):
    monkeypatch.setattr("bot.storage.sqlite.PRAGMAS", ("PRAGMA journal_mode = WAL", "PRAGMA busy_timeout = 20"))
    chat = await world.chat()
    await owe(world, chat)
    other = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    async with open_storage(url) as mine:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError, match="locked"):
            await mine.outbox.claim_deliveries(
                platforms=[chat.address.platform], now=world.now, limit=9, lease=world.lease
            )
        assert await mine.chats.find_chat(chat.address) == chat  # reading goes on
        other.execute("ROLLBACK")
        assert len(await world.claim_deliveries()) == 1
    other.close()
