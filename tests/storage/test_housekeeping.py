from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from bot.storage import Storage, housekeeping, open_storage, tables
from bot.storage.housekeeping import Steps
from tests.support.days import Days
from tests.support.polls import record_poll

KEEP = timedelta(days=30)
LATER = timedelta(days=31)


async def count(storage: Storage, name: str) -> int:
    async with storage._database.read() as connection:
        return await connection.scalar(select(func.count()).select_from(tables.metadata.tables[name]))


async def finish(storage, world, chat):
    """Everything new is alerted to the chat, and everything due is sent."""
    await world.alert(chat.id, items=999)
    while due := await world.claim_deliveries():
        for each in due:
            await storage.outbox.delivery_sent(each, message="1", now=world.now)


async def test_old_items_go_with_their_briefs_deliveries_and_stories(storage, world, monkeypatch):
    monkeypatch.setattr("bot.storage.housekeeping.LOOK_UP", 2)
    chat = await world.chat()
    await world.follow(chat.id)
    await world.poll("a", "b", "c", "d", "e")
    await finish(storage, world, chat)
    await world.poll("recent", now=world.now + LATER)
    assert await storage.purge(world.now + LATER, KEEP) == 5
    left = {name: await count(storage, name) for name in ("items", "briefs", "deliveries", "stories", "told", "feeds")}
    assert left == {"items": 1, "briefs": 0, "deliveries": 0, "stories": 0, "told": 0, "feeds": 1}


async def test_an_item_that_was_cleaned_away_is_still_known_to_its_feed(storage, world):
    chat = await world.chat()
    feed = await world.follow(chat.id)
    await world.poll("a")
    await finish(storage, world, chat)
    await storage.purge(world.now + LATER, KEEP)
    assert await storage.feeds.known_keys([(feed, ["guid:a"])]) == [{"guid:a"}]
    change = world.change(await world.claim_feed(), world.new_item("a"), known=(("guid:a", ("url:more",)),))
    assert await record_poll(storage.feeds, change, now=world.now + LATER) == 0
    assert await storage.feeds.known_keys([(feed, ["url:more"])]) == [{"url:more"}]


async def test_items_that_wait_for_matching_or_sending_stay(storage, world):
    chat = await world.chat()
    await world.follow(chat.id)
    await world.poll("due", "new")
    await world.alert(chat.id)
    assert await storage.purge(world.now + LATER, KEEP) == 0
    assert len(await world.claim_deliveries()) == 1
    assert len(await storage.items.claim_items(now=world.now + LATER, limit=9, lease=world.lease)) == 1


async def test_a_feed_that_nobody_follows_goes_with_its_keys(storage, world):
    chat = await world.chat()
    feed = await world.follow(chat.id)
    await world.poll("a")
    await finish(storage, world, chat)
    await storage.subscriptions.unsubscribe(chat.id, feed)
    await storage.purge(world.now + LATER, KEEP)
    assert (await count(storage, "feeds"), await count(storage, "item_keys")) == (0, 0)


async def test_purging_twice_finds_nothing_more(storage, world):
    chat = await world.chat()
    await world.follow(chat.id)
    await world.poll("a")
    await finish(storage, world, chat)
    assert await storage.purge(world.now + LATER, KEEP) == 1
    assert await storage.purge(world.now + LATER, KEEP) == 0


async def test_a_delivery_that_nobody_could_make_for_so_long_is_given_up(storage, world):
    chat = await world.chat()
    await world.follow(chat.id)
    await world.poll("old", "held")
    await world.alert(chat.id, items=2)
    [held] = await world.claim_deliveries(now=world.now + LATER, limit=1)
    assert await storage.expire(world.now + LATER, KEEP) == 1
    assert await storage.expire(world.now + LATER, KEEP) == 0
    assert await storage.purge(world.now + LATER, KEEP) == 1
    await storage.outbox.delivery_sent(held, message="1", now=world.now + LATER)
    assert await storage.purge(world.now + LATER, KEEP) == 1


async def test_keys_go_when_the_feed_lists_others_and_not_them(storage, world):
    chat = await world.chat()
    feed = await world.follow(chat.id)
    await world.poll("gone", "listed")
    await finish(storage, world, chat)
    both = [(feed, ["guid:gone", "guid:listed"])]
    for days in range(0, 80, 10):
        now = world.now + timedelta(days=days)
        await storage.feeds.known_keys([(feed, ["guid:listed"])], now=now)
        await storage.purge(now, KEEP)
        known = {"guid:gone", "guid:listed"} if days <= 30 else {"guid:listed"}
        assert await storage.feeds.known_keys(both) == [known], days


async def test_keys_of_a_feed_that_says_nothing_new_stay(storage, world):
    chat = await world.chat()
    feed = await world.follow(chat.id)
    await world.poll("a")
    await finish(storage, world, chat)
    for years in range(1, 5):
        await storage.purge(world.now + timedelta(days=365 * years), KEEP)
    assert await storage.feeds.known_keys([(feed, ["guid:a"])]) == [{"guid:a"}]


async def test_removed_keywords_go_when_everybody_has_heard(storage, world, monkeypatch):
    monkeypatch.setattr(housekeeping, "CHANGES", 4)
    chat = await world.chat()
    kept, _ = await storage.keywords.add_keyword(chat.id, query="kept", canonical="kept", now=world.now)
    for word in "abc":
        keyword, _ = await storage.keywords.add_keyword(chat.id, query=word, canonical=word, now=world.now)
        await storage.keywords.remove_keyword(chat.id, keyword.id)
    await storage.purge(world.now, KEEP)
    assert await count(storage, "keywords") == 3
    assert [one.id for one in await storage.keywords.keywords(chat.id)] == [kept.id]


@pytest.mark.parametrize(
    ("size", "seconds", "then"),
    [(50, 0.05, 50), (50, 0.5, 5), (50, 0.001, 63), (1000, 0.001, 1000), (2, 60, 1), (1, 0, 2)],
)
def test_a_step_that_took_long_makes_the_next_one_small(size, seconds, then):
    assert housekeeping.next_size(size, seconds) == then


async def test_an_item_with_many_deliveries_goes_in_many_steps(storage, world, monkeypatch):
    monkeypatch.setattr(housekeeping, "MOST", 10)
    chats = [await world.chat(number) for number in range(25)]
    await world.follow(chats[0].id)
    await world.poll("a")
    await world.alert(*(chat.id for chat in chats))
    for due in await world.claim_deliveries():
        await storage.outbox.delivery_sent(due, message="1", now=world.now)
    steps = Steps(10)
    sizes = []
    monkeypatch.setattr(Steps, "took", lambda steps, table, seconds: sizes.append(table))
    assert await housekeeping.purge(storage._database, world.now + LATER, KEEP, steps) == 1
    assert await count(storage, "deliveries") == 0
    assert [sizes.count(name) for name in ("deliveries", "items", "told", "stories")] == [3, 1, 3, 1]


async def test_sizes_stay_flat_over_months(storage, monkeypatch):
    """Long after all that there is was brought later: there is no row more than when that began."""
    monkeypatch.setattr(housekeeping, "CHANGES", 4)
    monkeypatch.setattr(housekeeping, "LISTED_AGAIN", timedelta())
    days = Days(storage, feeds=1, items=4, chats=2, listed=8, keep=timedelta(days=3))
    await days.begin()
    sizes = []
    for _ in range(18):
        await days.pass_one()
        sizes.append(await days.sizes())
    early, late = sizes[10:14], sizes[14:]
    for name in sizes[0]:
        most = max(size[name] for size in early)
        if name == "bytes" and not storage.is_sqlite:
            continue  # PostgreSQL's autovacuum runs when it likes
        assert max(size[name] for size in late) <= most * (1.1 if name == "bytes" else 1), name
    assert {name for name, rows in sizes[-1].items() if rows == 0} <= {
        "rhythms",
        "pushes",
        "posts",
        "shares",
        "broadcasts",
    }


async def test_free_pages_are_given_back_but_for_a_reserve(tmp_path):
    async with open_storage(f"sqlite:///{tmp_path}/a.db") as storage:
        await storage.upgrade()
        async with storage._database.write() as connection:
            await connection.execute(text("CREATE TABLE ballast (x)"))
            await connection.execute(text("INSERT INTO ballast VALUES (randomblob(8000000))"))
        async with storage._database.write() as connection:
            await connection.execute(text("DELETE FROM ballast"))
        assert await storage.give_back() > 1000
        assert await storage.give_back() < 300
        async with storage._database.read() as connection:
            pages = await connection.scalar(text("PRAGMA page_count"))
            free = await connection.scalar(text("PRAGMA freelist_count"))
    assert 0 < free < pages


async def test_a_file_that_can_not_give_back_is_left_as_it_is(tmp_path):
    with closing(sqlite3.connect(tmp_path / "a.db")) as connection:
        connection.execute("CREATE TABLE ballast (x)")
        connection.execute("INSERT INTO ballast VALUES (randomblob(8000000))")
        connection.execute("DELETE FROM ballast")
        connection.commit()
    async with open_storage(f"sqlite:///{tmp_path}/a.db") as storage:
        await storage.upgrade()
        assert await storage.give_back() == 0
