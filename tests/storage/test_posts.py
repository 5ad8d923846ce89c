"""A post has one holder; it is free when it was released, or when it was not prolonged in time."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import text

from bot.model import Platform
from bot.storage import Storage, open_storage
from tests.storage.test_notices import until_listening

LEASE = timedelta(minutes=5)
OVER = timedelta()  # a lease that has ended when it begins


async def hold(storage: Storage, holder: str, *names: str, lease: timedelta = LEASE) -> set[str]:
    return await storage.posts.hold(names, holder=holder, lease=lease)


@pytest.mark.parametrize("database", ["postgres"])
class TestOnPostgres:
    async def test_the_first_who_asks_has_it_and_keeps_it(self, storage):
        assert await hold(storage, "one", "telegram", "discord") == {"telegram", "discord"}
        assert await hold(storage, "two", "telegram", "discord", "clean-up") == {"clean-up"}
        assert await hold(storage, "one", "telegram", "discord", "clean-up") == {"telegram", "discord"}

    async def test_when_the_lease_has_ended_another_has_it_and_the_first_learns_so(self, storage):
        await hold(storage, "one", "telegram", lease=OVER)
        assert await hold(storage, "two", "telegram") == {"telegram"}
        assert await hold(storage, "one", "telegram") == set()

    async def test_a_lease_that_has_ended_can_be_taken_up_again_by_its_holder(self, storage):
        await hold(storage, "one", "telegram", lease=OVER)
        assert await hold(storage, "one", "telegram") == {"telegram"}
        assert await hold(storage, "two", "telegram") == set()

    async def test_who_releases_a_post_leaves_it_to_others_at_once_and_tells_them(self, storage, url):
        heard: asyncio.Queue[str] = asyncio.Queue()
        await hold(storage, "one", "telegram", "discord")
        async with open_storage(url) as other, asyncio.timeout(10):
            task = asyncio.create_task(other.listen(heard.put_nowait))
            await until_listening(url)
            await storage.posts.release(["telegram"], holder="one")
            assert await heard.get() == "posts"
            assert await hold(other, "two", "telegram", "discord") == {"telegram"}
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def test_nobody_releases_the_post_of_another(self, storage):
        await hold(storage, "one", "telegram")
        await storage.posts.release(["telegram"], holder="two")
        assert await hold(storage, "two", "telegram") == set()

    async def test_of_many_who_ask_at_once_one_has_each(self, storage):
        names = ["telegram", "discord", "clean-up"]
        asked = await asyncio.gather(*(hold(storage, f"replica {n}", *names[:: 1 if n % 2 else -1]) for n in range(12)))
        assert sorted(name for held in asked for name in held) == sorted(names)

    async def test_who_vanished_while_it_asked_leaves_no_post_locked(self, storage, url):
        """Asking is no transaction of several statements, that would stay open on the server."""
        await hold(storage, "one", "telegram", lease=OVER)
        async with storage.posts._at_once() as connection:
            await connection.execute(text("UPDATE posts SET holder = 'vanished'"))
            async with asyncio.timeout(10):
                assert await hold(storage, "two", "telegram") == {"telegram"}

    async def test_rows_that_a_vanished_process_has_locked_hold_up_no_heir(self, storage, world, url):
        chat = await world.chat()
        await world.follow(chat.id)
        await world.poll("news")
        await world.alert(chat.id)
        await world.claim_deliveries()
        with psycopg.connect(url) as vanished:
            vanished.execute("SELECT id FROM deliveries FOR UPDATE")
            async with asyncio.timeout(10):
                await storage.posts.inherit(Platform.TELEGRAM)
        assert await world.claim_deliveries() == []  # they stay as they were, until their leases run out

    async def test_transactions_that_were_abandoned_are_ended_by_the_server(self, storage):
        async with storage._database.read() as connection:
            limit = await connection.scalar(text("SHOW idle_in_transaction_session_timeout"))
        assert limit == "30s"

    async def test_who_stands_by_writes_nothing(self, storage, url):
        await hold(storage, "one", "telegram")
        with psycopg.connect(url) as connection:
            row = "SELECT xmin, xmax, ctid FROM posts"
            before = connection.execute(row).fetchall()
            await hold(storage, "two", "telegram")
            assert connection.execute(row).fetchall() == before

    async def test_the_next_holder_takes_up_what_the_last_one_of_its_platform_had_claimed(self, storage, world):
        chats = [await world.chat(1), await world.chat(2), await world.chat(3, platform=Platform.DISCORD)]
        for chat in chats:
            await world.follow(chat.id)
        await world.poll("news")
        await world.alert(*(chat.id for chat in chats))
        assert len(await world.claim_deliveries()) == 3
        await storage.posts.inherit(Platform.TELEGRAM)
        assert {due.chat.id for due in await world.claim_deliveries()} == {chat.id for chat in chats[:2]}


@pytest.mark.parametrize("database", ["sqlite"])
async def test_the_sole_process_on_a_file_holds_every_post(storage):
    assert await hold(storage, "one", "telegram", "clean-up") == {"telegram", "clean-up"}
    await storage.posts.release(["telegram"], holder="one")


async def test_replicas_that_start_together_make_the_tables_once(empty_url: str):
    async with open_storage(empty_url) as one, open_storage(empty_url) as two, open_storage(empty_url) as three:
        await asyncio.gather(one.upgrade(), two.upgrade(), three.upgrade())
        current, head = await one.revision()
    assert current == head
