"""What people choose for a chat, a keyword and a feed is kept as it was chosen, and nothing where nothing was."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

from sqlalchemy import select

from bot.model import Choice, Frequency, KeywordId, Quiet, Schedule, Urgency
from bot.storage.tables import chats, keywords, subscriptions

SCHEDULE = Schedule(
    frequency=Frequency.DAILY,
    times=(time(8), time(18, 30)),
    weekdays=(0, 1, 2, 3, 4),
    quiet=Quiet(time(23), time(7)),
    cap=10,
)


async def test_a_schedule_is_kept(storage, world):
    chat = await world.chat()
    schedule = replace(SCHEDULE, muted_until=world.now + timedelta(hours=8))
    await storage.chats.save_settings(chat.id, replace(chat.settings, schedule=schedule))
    assert (await world.chat()).settings.schedule == schedule


async def test_what_is_as_it_comes_is_not_stored(storage, world):
    chat = await world.chat()
    await world.follow(chat.id)
    keyword, _ = await storage.keywords.add_keyword(chat.id, query="a", canonical="a", now=world.now)
    await storage.keywords.set_keyword_choice(chat.id, keyword.id, Choice())
    for settings in (replace(chat.settings, schedule=SCHEDULE), chat.settings):
        await storage.chats.save_settings(chat.id, settings)
    async with storage._database.read() as connection:
        stored = [await connection.scalar(select(table.c.choices)) for table in (chats, keywords, subscriptions)]
    assert stored == [{}, {}, {}]


async def test_a_keyword_keeps_its_choice_when_its_words_change_and_when_it_comes_back(storage, world):
    chat, book = await world.chat(), storage.keywords
    keyword, _ = await book.add_keyword(chat.id, query="a", canonical="a", now=world.now)
    choice = Choice(urgency=Urgency.INSTANT, muted_until=world.now)
    assert (await book.set_keyword_choice(chat.id, keyword.id, choice)).choice == choice
    assert (await book.edit_keyword(chat.id, keyword.id, query="b", canonical="b")).choice == choice
    assert [each.choice for each in await book.keywords(chat.id)] == [choice]
    await book.remove_keyword(chat.id, keyword.id)
    assert await book.set_keyword_choice(chat.id, keyword.id, Choice()) is None
    again, _ = await book.add_keyword(chat.id, query="b", canonical="b", now=world.now)
    assert again.choice == choice


async def test_a_feed_keeps_its_choice(storage, world):
    chat, other = await world.chat(1), await world.chat(2)
    feed = await world.follow(chat.id)
    choice = Choice(urgency=Urgency.DIGEST)
    assert (await storage.subscriptions.set_feed_choice(chat.id, feed, choice)).choice == choice
    assert [each.choice for each in await storage.subscriptions.subscriptions(chat.id)] == [choice]
    assert await storage.subscriptions.set_feed_choice(other.id, feed, choice) is None
    assert await storage.keywords.set_keyword_choice(other.id, KeywordId(99), choice) is None
