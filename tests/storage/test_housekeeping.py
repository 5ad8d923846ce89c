from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from bot.storage import Storage, tables
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
