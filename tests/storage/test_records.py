"""What came and what was sent, to be counted."""

from __future__ import annotations

from datetime import timedelta


async def test_sent_alerts_tell_when_why_and_from_where(storage, world):
    chat = await world.chat()
    await world.follow(chat.id)
    await world.poll("one", "two")
    await world.alert(chat.id, items=2)
    for due in (await world.claim_deliveries())[:1]:
        await storage.outbox.delivery_sent(due, message="1", now=world.now)
    [sent] = await storage.records.sent_alerts(chat.id, since=world.now - timedelta(days=1), limit=9)
    assert (sent.at, sent.keywords, sent.feed) == (world.now, ("trilateral talks",), "A")
    assert await storage.records.sent_alerts(chat.id, since=world.now + timedelta(days=1), limit=9) == []
    assert await storage.records.sent_alerts((await world.chat(2)).id, since=world.now, limit=9) == []


async def test_titles_are_those_of_a_time_and_of_the_chats_feeds(storage, world):
    chat = await world.chat()
    feed = await world.follow(chat.id)
    await world.poll("one", "two")
    later = world.now + timedelta(hours=1)
    await world.poll("three", now=later)
    there = await storage.records.titles(chat.id, since=world.now, until=later, most=9)
    assert [(each.title, each.feed, each.seen) for each in there] == [
        ("two", feed, world.now),
        ("one", feed, world.now),
    ]
    assert await storage.records.titles((await world.chat(2)).id, since=world.now, until=later, most=9) == []


async def test_of_very_many_titles_some_of_all_the_time_are_taken(storage, world):
    chat = await world.chat()
    await world.follow(chat.id)
    await world.poll(*(f"title {n}" for n in range(20)))
    until = world.now + timedelta(hours=1)
    there = await storage.records.titles(chat.id, since=world.now, until=until, most=5)
    assert len(there) == 5
    assert {each.id % 4 for each in there} == {0}
