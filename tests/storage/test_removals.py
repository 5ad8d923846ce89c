"""Keywords that go together come back together; and what a button brings back is kept for its chat."""

from __future__ import annotations

from datetime import timedelta

from bot.model import Choice, Urgency


async def add(storage, world, chat, *queries):
    made = [
        await storage.keywords.add_keyword(chat.id, query=query, canonical=query, now=world.now + timedelta(seconds=n))
        for n, query in enumerate(queries)
    ]
    return [keyword for keyword, _ in made]


async def test_what_went_together_comes_back_together_as_it_was(storage, world):
    chat = await world.chat()
    one, two, three = await add(storage, world, chat, "one", "two", "three")
    two = await storage.keywords.set_keyword_choice(chat.id, two.id, Choice(urgency=Urgency.DIGEST))
    await storage.keywords.remove_keyword(chat.id, three.id)
    removal, gone = await storage.keywords.remove_keywords(chat.id, [two.id, one.id, three.id])
    assert gone == [one, two]
    assert await storage.keywords.keywords(chat.id) == []
    assert await storage.keywords.removed_keywords(chat.id, removal) == [one, two]
    assert await storage.keywords.removed_keywords(chat.id, None) == [one, two]
    assert await storage.keywords.restore_keywords(chat.id, [one.id, two.id]) == [one, two]
    assert await storage.keywords.keywords(chat.id) == [one, two]
    assert await storage.keywords.removed_keywords(chat.id, removal) == []
    assert await storage.keywords.restore_keywords(chat.id, [one.id]) == []


async def test_the_log_tells_who_went_and_came_back(storage, world):
    chat = await world.chat()
    one, two = await add(storage, world, chat, "one", "two")
    before, _ = await storage.keywords.keyword_changes(after=0)
    await storage.keywords.remove_keywords(chat.id, [one.id, two.id])
    after, changes = await storage.keywords.keyword_changes(after=before)
    assert {(change.id, change.live) for change in changes} == {(one.id, False), (two.id, False)}
    await storage.keywords.restore_keywords(chat.id, [two.id])
    _, changes = await storage.keywords.keyword_changes(after=after)
    assert [(change.id, change.canonical, change.live) for change in changes] == [(two.id, "two", True)]


async def test_nobody_takes_or_brings_back_what_is_another_chats(storage, world):
    mine, theirs = await world.chat(1), await world.chat(2)
    [one] = await add(storage, world, mine, "one")
    assert (await storage.keywords.remove_keywords(theirs.id, [one.id]))[1] == []
    removal, _ = await storage.keywords.remove_keywords(mine.id, [one.id])
    assert await storage.keywords.removed_keywords(theirs.id, removal) == []
    assert await storage.keywords.restore_keywords(theirs.id, [one.id]) == []


async def test_what_was_removed_and_has_become_another_keyword_does_not_come_back(storage, world):
    chat = await world.chat()
    one, two = await add(storage, world, chat, "one", "two")
    removal, _ = await storage.keywords.remove_keywords(chat.id, [one.id])
    await storage.keywords.edit_keyword(chat.id, two.id, query="one", canonical="one")
    assert await storage.keywords.removed_keywords(chat.id, removal) == []
    assert [each.query for each in await storage.keywords.keywords(chat.id)] == ["one"]


async def test_the_tally_of_a_keyword_counts_what_was_sent_lately(storage, world):
    chat, other = await world.chat(1), await world.chat(2)
    feed = await world.follow(chat.id)
    for n, day in enumerate((0, 8, 9)):
        now = world.now + timedelta(days=day)
        await world.poll(f"news {n}", now=now)
        await world.alert(chat.id, now=now)
        [due] = await world.claim_deliveries(now)
        await storage.outbox.delivery_sent(due, message=str(n), now=now)
    last = world.now + timedelta(days=9)
    since = last - timedelta(days=7)
    tally = await storage.tallies.of_keyword(chat.id, "trilateral talks", since=since)
    assert (tally.alerts, tally.last) == (2, last)
    assert await storage.tallies.of_feed(chat.id, feed, since=since) == type(tally)(alerts=2, last=last, items=2)
    for found in (
        await storage.tallies.of_keyword(chat.id, "peace", since=since),
        await storage.tallies.of_keyword(other.id, "trilateral talks", since=since),
    ):
        assert (found.alerts, found.last) == (0, None)
    assert (await storage.tallies.of_feed(other.id, feed, since=since)).alerts == 0


async def test_what_is_kept_is_had_once_and_by_its_chat_alone(storage, world):
    mine, theirs = await world.chat(1), await world.chat(2)
    token = await storage.shelf.keep(mine.id, {"a": ["會談", 1]}, now=world.now)
    assert len(token) == 16
    assert await storage.shelf.take(theirs.id, token) is None
    assert await storage.shelf.take(mine.id, token) == {"a": ["會談", 1]}
    assert await storage.shelf.take(mine.id, token) is None


async def test_of_what_a_chat_keeps_the_last_stays(storage, world):
    mine, theirs = await world.chat(1), await world.chat(2)
    other = await storage.shelf.keep(theirs.id, {}, now=world.now)
    tokens = [await storage.shelf.keep(mine.id, {"n": n}, now=world.now + timedelta(seconds=n)) for n in range(23)]
    had = [await storage.shelf.take(mine.id, token) for token in tokens]
    assert [each["n"] for each in had if each] == list(range(3, 23))
    assert await storage.shelf.take(theirs.id, other) == {}
