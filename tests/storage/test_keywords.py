from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

from bot.storage import Storage, open_storage


async def add(storage: Storage, world, chat, query, **more):
    values = {"query": query, "canonical": query.lower(), "now": world.now} | more
    return await storage.keywords.add_keyword(chat.id, **values)


async def test_a_keyword_is_new_once_whatever_way_it_is_typed(storage, world):
    chat = await world.chat()
    first, new = await add(storage, world, chat, "Abu Dhabi")
    assert (new, first.query, first.canonical, first.created) == (True, "Abu Dhabi", "abu dhabi", world.now)
    assert await add(storage, world, chat, "ABU DHABI") == (first, False)
    assert await storage.keywords.keywords(chat.id) == [first]


async def test_keywords_stand_in_their_order(storage, world):
    chat = await world.chat()
    for n, query in enumerate(("c", "a", "b")):
        await add(storage, world, chat, query, now=world.now + timedelta(seconds=n))
    assert [one.query for one in await storage.keywords.keywords(chat.id)] == ["c", "a", "b"]


async def test_a_keyword_of_any_length_has_its_place(storage, world):
    chat = await world.chat()
    query = "会谈" * 4000
    await add(storage, world, chat, query)
    assert (await add(storage, world, chat, query))[1] is False
    assert (await add(storage, world, chat, query + "!"))[1] is True


async def test_only_the_chats_own_keyword_is_removed_and_only_once(storage, world):
    mine, theirs = await world.chat(1), await world.chat(2)
    keyword, _ = await add(storage, world, mine, "talks")
    assert await storage.keywords.remove_keyword(theirs.id, keyword.id) is None
    assert await storage.keywords.remove_keyword(mine.id, keyword.id) == keyword
    assert await storage.keywords.remove_keyword(mine.id, keyword.id) is None
    assert await storage.keywords.keywords(mine.id) == []


async def edit(storage: Storage, chat, keyword, query):
    return await storage.keywords.edit_keyword(chat.id, keyword.id, query=query, canonical=query.lower())


async def test_an_edited_keyword_keeps_its_number_and_place(storage, world):
    chat = await world.chat()
    first, _ = await add(storage, world, chat, "Abu Dhabi")
    await add(storage, world, chat, "talks", now=world.now + timedelta(seconds=1))
    edited = await edit(storage, chat, first, "Abu Dhabi OR 阿布扎比")
    assert edited == replace(first, query="Abu Dhabi OR 阿布扎比", canonical="abu dhabi or 阿布扎比")
    assert [one.query for one in await storage.keywords.keywords(chat.id)] == ["Abu Dhabi OR 阿布扎比", "talks"]
    assert await add(storage, world, chat, "Abu Dhabi or 阿布扎比") == (edited, False)
    assert (await add(storage, world, chat, "abu dhabi"))[1] is True


async def test_an_edit_and_its_undo_lead_back_to_what_was(storage, world):
    chat = await world.chat()
    first, _ = await add(storage, world, chat, "talks")
    for query in ("talks or peace", "talks", "talks or peace", "talks"):
        assert (await edit(storage, chat, first, query)).query == query
    assert await storage.keywords.keywords(chat.id) == [first]


async def test_a_keyword_can_become_one_that_was_removed_before(storage, world):
    chat = await world.chat()
    gone, _ = await add(storage, world, chat, "peace")
    await storage.keywords.remove_keyword(chat.id, gone.id)
    kept, _ = await add(storage, world, chat, "talks")
    edited = await edit(storage, chat, kept, "peace")
    assert await storage.keywords.keywords(chat.id) == [edited]
    back, new = await add(storage, world, chat, "talks")
    assert (new, back.id) == (True, gone.id)


async def test_nothing_is_edited_into_another_keyword_nor_of_another_chat(storage, world):
    mine, theirs = await world.chat(1), await world.chat(2)
    keyword, _ = await add(storage, world, mine, "talks")
    other, _ = await add(storage, world, mine, "peace")
    revision, _ = await storage.keywords.keyword_changes(after=0)
    assert await edit(storage, mine, keyword, "peace") is None
    assert await edit(storage, theirs, keyword, "war") is None
    await storage.keywords.remove_keyword(mine.id, other.id)
    assert await edit(storage, mine, other, "war") is None
    assert await storage.keywords.keywords(mine.id) == [keyword]
    _, changes = await storage.keywords.keyword_changes(after=revision)
    assert [(change.id, change.live) for change in changes] == [(other.id, False)]


async def test_the_log_tells_an_edit_as_another_form_of_the_same_keyword(storage, world):
    chat = await world.chat()
    keyword, _ = await add(storage, world, chat, "talks")
    revision, _ = await storage.keywords.keyword_changes(after=0)
    await edit(storage, chat, keyword, "peace")
    _, changes = await storage.keywords.keyword_changes(after=revision)
    assert [(change.id, change.canonical, change.live) for change in changes] == [(keyword.id, "peace", True)]


async def test_the_spelling_alone_is_edited_too(storage, world):
    chat = await world.chat()
    keyword, _ = await add(storage, world, chat, "talks")
    assert (await edit(storage, chat, keyword, "TALKS")).query == "TALKS"
    assert [one.query for one in await storage.keywords.keywords(chat.id)] == ["TALKS"]


async def test_the_log_tells_what_came_and_went_since_a_revision(storage, world):
    chat = await world.chat()
    assert await storage.keywords.keyword_changes(after=0) == (0, [])
    one, _ = await add(storage, world, chat, "one")
    two, _ = await add(storage, world, chat, "two")
    revision, changes = await storage.keywords.keyword_changes(after=0)
    assert [(change.id, change.canonical, change.live) for change in changes] == [
        (one.id, "one", True),
        (two.id, "two", True),
    ]
    assert await storage.keywords.keyword_changes(after=revision) == (revision, [])
    await storage.keywords.remove_keyword(chat.id, one.id)
    newest, changes = await storage.keywords.keyword_changes(after=revision)
    assert newest > revision
    assert [(change.id, change.live) for change in changes] == [(one.id, False)]


async def test_who_starts_anew_hears_of_live_keywords_alone(storage, world):
    chat = await world.chat()
    one, _ = await add(storage, world, chat, "one")
    await storage.keywords.remove_keyword(chat.id, one.id)
    revision, changes = await storage.keywords.keyword_changes(after=0)
    assert (revision, changes) == (2, [])


async def test_a_keyword_that_comes_back_is_new_and_in_the_log(storage, world):
    chat = await world.chat()
    gone, _ = await add(storage, world, chat, "Talks")
    await storage.keywords.remove_keyword(chat.id, gone.id)
    revision, _ = await storage.keywords.keyword_changes(after=0)
    later = world.now + timedelta(days=1)
    back, new = await add(storage, world, chat, "talks", now=later)
    assert (new, back.query, back.created) == (True, "talks", later)
    _, changes = await storage.keywords.keyword_changes(after=revision)
    assert [(change.id, change.live) for change in changes] == [(back.id, True)]


async def test_a_follower_of_the_log_misses_nothing_while_many_write(storage, world, url):
    chats = [await world.chat(n) for n in range(6)]
    seen: set[str] = set()
    revision = 0

    async def write(store, chat):
        for n in range(10):
            await add(store, world, chat, f"{chat.id}-{n}")

    async with open_storage(url) as other:
        writers = [asyncio.create_task(write((storage, other)[n % 2], chat)) for n, chat in enumerate(chats)]
        done = False
        while not done:
            done = all(writer.done() for writer in writers)
            revision, changes = await storage.keywords.keyword_changes(after=revision)
            seen |= {change.canonical for change in changes}
        await asyncio.gather(*writers)
    assert len(seen) == 60


async def test_a_long_log_is_read_whole(storage, world, monkeypatch):
    monkeypatch.setattr("bot.storage.keywords.PART", 3)
    chat = await world.chat()
    for n in range(10):
        await add(storage, world, chat, str(n))
    revision, changes = await storage.keywords.keyword_changes(after=0)
    assert (revision, [change.canonical for change in changes]) == (10, [str(n) for n in range(10)])
