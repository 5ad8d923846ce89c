from __future__ import annotations

from datetime import timedelta

from bot.model import ChatStatus, FoundFeed, Mode
from tests.support.polls import record_poll

DAY = timedelta(days=1)


async def test_recent_items_are_those_of_the_chats_feeds_newest_first(storage, world):
    chat, other = await world.chat(1), await world.chat(2)
    await world.follow(chat.id)
    await world.poll("old", now=world.now)
    await world.poll("a", "b", now=world.now + DAY)
    found = await storage.history.recent_items(chat.id, since=world.now + DAY, limit=9)
    assert [stored.item.title for stored in found] == ["b", "a"]
    assert len(await storage.history.recent_items(chat.id, since=world.now, limit=2)) == 2
    assert await storage.history.recent_items(other.id, since=world.now, limit=9) == []


async def test_latest_alerts_are_the_chats_newest_that_did_not_fail(storage, world):
    chat, other = await world.chat(1), await world.chat(2)
    await world.follow(chat.id)
    await world.poll("a", "b", "c")
    await world.alert(chat.id, items=3)
    [due] = await world.claim_deliveries()
    await storage.outbox.delivery_failed(due, reason="refused", now=world.now)
    alerts = await storage.history.latest_alerts(chat.id, limit=9)
    assert [alert.item.item.title for alert in alerts] == ["c", "b"]
    assert alerts[0].brief == world.brief
    assert alerts[0].why[0].keyword == "trilateral talks"
    assert len(await storage.history.latest_alerts(chat.id, limit=1)) == 1
    assert await storage.history.latest_alerts(other.id, limit=9) == []


async def test_alerts_before_and_after_another_are_the_next_ones_to_it_newest_first(storage, world):
    chat, other = await world.chat(1), await world.chat(2)
    await world.follow(chat.id)
    await world.poll("a", "b", "c", "d", "e")
    await world.alert(chat.id, items=5)
    history = storage.history
    e, d, c, b, a = (alert.item.id for alert in await history.latest_alerts(chat.id, limit=9))
    assert [one.item.id for one in await history.latest_alerts(chat.id, before=d, limit=2)] == [c, b]
    assert [one.item.id for one in await history.latest_alerts(chat.id, after=b, limit=2)] == [d, c]
    assert [one.item.id for one in await history.latest_alerts(chat.id, before=b, limit=9)] == [a]
    assert await history.latest_alerts(chat.id, before=a, limit=9) == []
    assert await history.latest_alerts(chat.id, after=e, limit=9) == []
    assert await history.latest_alerts(other.id, before=e, limit=9) == []


async def test_status_of_a_chat_with_nothing_is_all_zero(storage, world):
    status = await storage.history.status((await world.chat()).id, now=world.now)
    assert status == ChatStatus(feeds=0, failing=0, keywords=0, items_day=0, sent_day=0, waiting=0)


async def test_status_counts_what_the_chat_has(storage, world):
    chat, other = await world.chat(1), await world.chat(2)
    await world.follow(chat.id, now=world.now - 2 * DAY)
    await world.poll("old", now=world.now - 2 * DAY)
    await world.poll("a", "b", now=world.now)
    await world.alert(chat.id, other.id, items=3)
    sent = await world.claim_deliveries()
    for due in sent:
        await storage.outbox.delivery_sent(due, message="1", now=world.now)
    await storage.keywords.add_keyword(chat.id, query="a", canonical="a", now=world.now)
    removed, _ = await storage.keywords.add_keyword(chat.id, query="b", canonical="b", now=world.now)
    await storage.keywords.remove_keyword(chat.id, removed.id)
    await record_poll(storage.feeds, world.change(await world.claim_feed(), next_poll=world.now + DAY), now=world.now)
    bad = FoundFeed(url="https://bad.example/feed", title="")
    await storage.subscriptions.subscribe(chat.id, bad, mode=Mode.MATCHING, now=world.now)
    failed = world.change(await world.claim_feed(), succeeded=False, failures=1)
    await record_poll(storage.feeds, failed, now=world.now)
    assert await storage.history.status(chat.id, now=world.now) == ChatStatus(
        feeds=2,
        failing=1,
        keywords=1,
        items_day=2,
        sent_day=1,
        waiting=2,
        ahead=4,  # two of the other chat's
        last_poll=world.now,
        last_sent=world.now,
    )
