"""Items are found by their words, within a chat's feeds, newest first, and no more once they are gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.matching.lookup import lookup
from bot.matching.query import parse
from bot.model import FeedId, ItemId
from bot.storage.wordindex import clear_words
from tests.support.polls import record_poll

NOTHING = 10**9


def wanted(query: str):
    found = lookup(parse(query))
    assert found is not None
    return found


async def titles(world, chat, query: str, **more) -> list[str]:
    options = {"limit": 9} | more
    return [item.item.title for item in await world.storage.search.newest(chat, wanted(query), **options)]


async def test_items_are_found_by_words_in_either_language_newest_first(storage, world):
    chat = (await world.chat()).id
    await world.follow(chat)
    await world.poll("Talks in Abu Dhabi", "三方會談在阿布扎比舉行", "An art party", "He's talking of C++ and R&D")
    assert await titles(world, chat, "talk") == ["He's talking of C++ and R&D", "Talks in Abu Dhabi"]
    assert await titles(world, chat, "三方会谈") == ["三方會談在阿布扎比舉行"]
    assert await titles(world, chat, "会谈 OR party") == ["An art party", "三方會談在阿布扎比舉行"]
    assert await titles(world, chat, "談") == ["三方會談在阿布扎比舉行"]
    assert await titles(world, chat, "行") == ["三方會談在阿布扎比舉行"]  # the last of its run
    assert await titles(world, chat, "C++ R&D") == ["He's talking of C++ and R&D"]
    assert await titles(world, chat, "talk chess") == []
    assert await titles(world, chat, "\"It's a trap\" OR O'Brien") == []


async def test_only_the_chats_own_feeds_are_searched(storage, world):
    ours, theirs = (await world.chat(1)).id, (await world.chat(2)).id
    await world.follow(ours)
    await world.poll("Talks of ours")
    await storage.subscriptions.unsubscribe(ours, FeedId(1))  # so that only the other feed is due
    await world.follow(theirs, "https://b.example/feed")
    await world.poll("Talks of theirs")
    await world.follow(ours)
    assert await titles(world, ours, "talks") == ["Talks of ours"]
    assert await titles(world, theirs, "talks") == ["Talks of theirs"]
    assert await titles(world, (await world.chat(3)).id, "talks") == []


async def test_a_page_ends_where_the_next_begins(storage, world):
    chat = (await world.chat()).id
    await world.follow(chat)
    await world.poll(*(f"Talks {n}" for n in range(5)))
    first = await storage.search.newest(chat, wanted("talks"), limit=2)
    assert [item.item.title for item in first] == ["Talks 4", "Talks 3"]
    assert await titles(world, chat, "talks", before=first[-1].id) == ["Talks 2", "Talks 1", "Talks 0"]
    assert await titles(world, chat, "talks", before=ItemId(1)) == []


async def test_items_are_counted_since_a_time(storage, world):
    chat = (await world.chat()).id
    await world.follow(chat)
    later = world.now + timedelta(hours=2)
    await world.poll("Talks", "Party")
    await world.poll("More talks", now=later)
    assert await storage.search.count_with(chat, wanted("talks"), since=world.now) == 2
    assert await storage.search.count_with(chat, wanted("talks"), since=later) == 1
    assert await storage.search.count_items(chat, since=world.now) == 3
    assert await storage.search.count_with(chat, wanted("talks"), since=later + timedelta(days=1)) == 0
    assert await titles(world, chat, "talks", since=later) == ["More talks"]


async def test_the_inflections_of_each_language_are_found_as_soon_as_there_is_an_item_of_it(storage, world):
    chat = (await world.chat()).id
    await world.follow(chat)
    await world.poll("Talks")
    assert await titles(world, chat, "forhandling") == []
    due = await world.claim_feed(world.now)
    danish = world.new_item("Nye forhandlinger")
    danish = replace(danish, item=replace(danish.item, language="da"))
    await record_poll(storage.feeds, world.change(due, danish, next_poll=world.now), now=world.now)
    assert await titles(world, chat, "forhandling") == ["Nye forhandlinger"]
    assert await titles(world, chat, "talk OR forhandling") == ["Nye forhandlinger", "Talks"]
    assert await storage.search.count_with(chat, wanted("forhandling"), since=world.now) == 1


async def test_pages_go_on_through_all_parts_of_a_large_index(storage, world, monkeypatch):
    monkeypatch.setattr("bot.storage.wordindex._PART", 1)  # two items in a part
    chat = (await world.chat()).id
    await world.follow(chat)
    await world.poll(*(f"{'Talks' if n % 5 == 0 else 'Party'} {n}" for n in range(60)))
    later = world.now + timedelta(hours=2)
    await world.poll("Talks 60", now=later)
    known = [f"Talks {n}" for n in range(60, -1, -5)]
    assert await titles(world, chat, "talks", limit=99) == known
    assert await titles(world, chat, "talks", since=later) == known[:1]
    page = await storage.search.newest(chat, wanted("talks"), limit=4)
    assert [item.item.title for item in page] == known[:4]
    assert await titles(world, chat, "talks", before=page[-1].id, limit=99) == known[4:]
    assert await storage.search.count_with(chat, wanted("talks"), since=world.now) == len(known)


async def test_of_very_many_items_about_as_many_are_counted(storage, world, monkeypatch):
    monkeypatch.setattr("bot.storage.wordindex._PART", 1)
    monkeypatch.setattr("bot.storage.wordindex.EXACT_TO", 30)
    chat = (await world.chat()).id
    await world.follow(chat)
    await world.poll(*(f"Talks {n}" for n in range(80)))
    counted = await storage.search.count_with(chat, wanted("talks"), since=world.now)
    assert counted == pytest.approx(80, rel=0.1)


async def test_items_that_were_cleaned_away_are_found_no_more(storage, world):
    chat = (await world.chat()).id
    await world.follow(chat)
    await world.poll("Talks", "Party")
    await world.alert(items=2)
    later = world.now + timedelta(days=40)
    due = await world.claim_feed(later)
    await record_poll(storage.feeds, world.change(due, world.new_item("New talks"), next_poll=later), now=later)
    assert await storage.purge(later, timedelta(days=30)) == 2
    assert await titles(world, chat, "talks") == ["New talks"]
    assert await storage.search.count_with(chat, wanted("talks"), since=world.now) == 1
    assert await rows_in_index(storage) == 1


async def rows_in_index(storage) -> int:
    table = "item_words_docsize" if storage.is_sqlite else "item_words"
    async with storage._database.read() as connection:
        return await connection.scalar(text(f"SELECT count(*) FROM {table}"))


async def test_items_from_before_the_index_are_filed_later_the_newest_first(storage, world, monkeypatch):
    monkeypatch.setattr("bot.storage.searching.BATCH", 2)
    chat = (await world.chat()).id
    await world.follow(chat)
    await world.poll("Talks 1", "Talks 2", "Talks 3")
    async with storage._database.write() as connection:
        await clear_words(connection)
    await world.poll("Talks 4")
    assert await titles(world, chat, "talks") == ["Talks 4"]
    assert await storage.search.file_words() == 2
    assert await titles(world, chat, "talks") == ["Talks 4", "Talks 3", "Talks 2"]
    assert await storage.search.file_words() == 1
    assert await storage.search.file_words() == 0
    assert len(await titles(world, chat, "talks")) == 4


async def test_cleaning_up_leaves_items_alone_that_were_not_filed_yet(storage, world):
    chat = (await world.chat()).id
    await world.follow(chat)
    await world.poll("Talks")
    await world.alert(items=1)
    async with storage._database.write() as connection:
        await clear_words(connection)
    assert await storage.purge(world.now + timedelta(days=40), timedelta(days=30)) == 1
    assert await rows_in_index(storage) == 0
