from __future__ import annotations

import asyncio
from datetime import timedelta, timezone

import pytest
from sqlalchemy import func, select

from bot.errors import LeaseLost
from bot.model import Alert, ChatState, FeedRef, FoundFeed, Item, Mode, NewItem, Notice, NoticeKind, Platform
from bot.storage import Storage, open_storage
from bot.storage.tables import deliveries
from tests.support.polls import record_poll

MINUTE = timedelta(minutes=1)


async def claim(storage: Storage, world, now=None, limit=10):
    return await storage.feeds.claim_feeds(now=now or world.now, limit=limit, lease=world.lease)


async def titles(storage: Storage, world, chat) -> list[str]:
    """The titles of the stored items, oldest row first."""
    found = await storage.history.recent_items(chat, since=world.now - timedelta(days=999), limit=999)
    return [stored.item.title for stored in sorted(found, key=lambda stored: stored.id)]


async def test_a_new_subscription_makes_its_feed_due_at_once(storage, world):
    await world.follow((await world.chat()).id)
    [due] = await claim(storage, world)
    assert due.url == "https://a.example/feed"
    assert due.polled is None
    assert due.created == world.now


async def test_a_feed_nobody_active_follows_is_not_polled(storage, world):
    chat = await world.chat()
    feed = await world.follow(chat.id)
    await storage.chats.set_paused(chat.id, paused=True)
    assert await claim(storage, world) == []
    await storage.chats.set_paused(chat.id, paused=False)
    await storage.subscriptions.unsubscribe(chat.id, feed)
    assert await claim(storage, world) == []


async def test_a_claimed_feed_is_free_again_when_its_lease_ran_out(storage, world):
    await world.follow((await world.chat()).id)
    first = await world.claim_feed()
    assert await claim(storage, world, world.now + world.lease - MINUTE) == []
    second = await world.claim_feed(world.now + world.lease)
    assert second.lease != first.lease
    with pytest.raises(LeaseLost):
        await record_poll(storage.feeds, world.change(first, world.new_item("late")), now=world.now)
    assert await record_poll(storage.feeds, world.change(second, world.new_item("late")), now=world.now) == 1


async def test_the_next_due_feed_is_one_that_nobody_has_in_hand(storage, world):
    chat = await world.chat()
    assert await storage.feeds.next_due(now=world.now) is None
    await world.follow(chat.id)
    assert await storage.feeds.next_due(now=world.now) == world.now
    due = await world.claim_feed()
    assert await storage.feeds.next_due(now=world.now) is None
    assert await storage.feeds.next_due(now=world.now + world.lease) == world.now
    change = world.change(due)
    await record_poll(storage.feeds, change, now=world.now)
    assert await storage.feeds.next_due(now=world.now) == change.next_poll
    await storage.chats.set_paused(chat.id, paused=True)
    assert await storage.feeds.next_due(now=world.now) is None


async def test_an_outcome_is_recorded_once(storage, world):
    await world.follow((await world.chat()).id)
    change = world.change(await world.claim_feed(), world.new_item("one"))
    assert await record_poll(storage.feeds, change, now=world.now) == 1
    with pytest.raises(LeaseLost):
        await record_poll(storage.feeds, change, now=world.now)


async def test_the_longest_due_feeds_go_first_and_the_limit_holds(storage, world):
    chat = await world.chat()
    for n in (3, 1, 2):
        await world.follow(chat.id, f"https://a.example/{n}", now=world.now + n * MINUTE)
    due = await claim(storage, world, world.now + 9 * MINUTE, limit=2)
    assert [feed.url[-1] for feed in due] == ["1", "2"]


async def test_two_workers_never_claim_the_same_feeds(storage, world, url):
    chat = await world.chat()
    for n in range(40):
        await world.follow(chat.id, f"https://a.example/{n}")
    async with open_storage(url) as other:
        parts = await asyncio.gather(*(claim(one, world, limit=5) for one in (storage, other) * 8))
    ids = [feed.id for part in parts for feed in part]
    assert len(ids) == len(set(ids))
    left = await claim(storage, world, limit=99)
    assert len(ids) + len(left) == 40


async def test_what_a_poll_learned_is_there_at_the_next(storage, world):
    await world.follow((await world.chat()).id)
    due = await world.claim_feed()
    learned = {"etag": '"e"', "last_modified": "Sun", "body_hash": "h", "title": "New title", "rhythm": b"r"}
    change = world.change(due, next_poll=world.now + 7 * MINUTE, **learned)
    await record_poll(storage.feeds, change, now=world.now)
    assert await claim(storage, world, world.now + 6 * MINUTE) == []
    again = await world.claim_feed(world.now + 7 * MINUTE)
    assert (again.etag, again.last_modified, again.body_hash, again.title) == ('"e"', "Sun", "h", "New title")
    assert (again.rhythm, again.polled) == (b"r", world.now)


async def test_a_failed_poll_keeps_what_was_known(storage, world):
    chat = await world.chat()
    await world.follow(chat.id)
    await record_poll(storage.feeds, world.change(await world.claim_feed(), etag='"e"'), now=world.now)
    failed = world.change(await world.claim_feed(), succeeded=False, failures=2, error="http 503")
    await record_poll(storage.feeds, failed, now=world.now + MINUTE)
    due = await world.claim_feed()
    assert (due.etag, due.failures, due.polled) == ('"e"', 2, world.now)
    [subscription] = await storage.subscriptions.subscriptions(chat.id)
    assert subscription.error == "http 503"


async def test_a_feed_that_is_gone_is_polled_no_more_until_somebody_subscribes_anew(storage, world):
    chat = await world.chat()
    await world.follow(chat.id)
    await record_poll(storage.feeds, world.change(await world.claim_feed(), gone=True, succeeded=False), now=world.now)
    assert await claim(storage, world) == []
    await world.follow(chat.id)
    assert len(await claim(storage, world)) == 1


async def test_items_are_stored_once_whatever_poll_brings_them(storage, world):
    chat = await world.chat()
    await world.follow(chat.id)
    await world.poll("a", "b")
    due = await world.claim_feed()
    change = world.change(due, *(world.new_item(name) for name in ("a", "b", "c", "c")))
    assert await record_poll(storage.feeds, change, now=world.now) == 1
    assert sorted(await titles(storage, world, chat.id)) == ["a", "b", "c"]


async def test_items_stand_in_the_order_of_the_decision(storage, world):
    chat = await world.chat()
    await world.follow(chat.id)
    news = [world.new_item(name) for name in ("old", "mid", "new")]
    await record_poll(storage.feeds, world.change(await world.claim_feed(), *news), now=world.now)
    assert await titles(storage, world, chat.id) == ["old", "mid", "new"]


async def test_known_keys_are_those_of_this_feed_alone(storage, world):
    chat = await world.chat()
    feed = await world.follow(chat.id)
    await world.poll("a")
    other = await world.follow(chat.id, "https://b.example/feed")
    asked = {"guid:a", "url:https://a.example/a", "guid:b"} | {f"guid:{n}" for n in range(1200)}
    assert await storage.feeds.known_keys([(feed, asked)]) == [{"guid:a", "url:https://a.example/a"}]
    assert await storage.feeds.known_keys([(other, asked)]) == [set()]


async def test_a_known_item_learns_further_keys(storage, world):
    feed = await world.follow((await world.chat()).id)
    await world.poll("a")
    change = world.change(await world.claim_feed(), known=(("guid:a", ("url:moved",)), ("guid:never", ("x",))))
    await record_poll(storage.feeds, change, now=world.now)
    assert await storage.feeds.known_keys([(feed, ["url:moved", "x"])]) == [{"url:moved"}]


async def test_a_moved_feed_takes_its_new_address(storage, world):
    chat = await world.chat()
    feed = await world.follow(chat.id)
    change = world.change(await world.claim_feed(), url="https://new.example/feed")
    await record_poll(storage.feeds, change, now=world.now)
    found = FoundFeed(url="https://new.example/feed", title="")
    subscription, new = await storage.subscriptions.subscribe(chat.id, found, mode=Mode.MATCHING, now=world.now)
    assert (subscription.feed.id, new) == (feed, False)


async def test_a_feed_that_moved_onto_another_keeps_its_address_and_its_items(storage, world):
    chat = await world.chat()
    await world.follow(chat.id)
    due = await world.claim_feed()
    await world.follow(chat.id, "https://b.example/feed")
    change = world.change(due, world.new_item("a"), url="https://b.example/feed")
    assert await record_poll(storage.feeds, change, now=world.now) == 1
    urls = [one.feed.url for one in await storage.subscriptions.subscriptions(chat.id)]
    assert urls == ["https://a.example/feed", "https://b.example/feed"]


async def test_hostile_text_is_stored_and_comes_back_readable(storage, world):
    chat = await world.chat()
    feed = await world.follow(chat.id)
    guid = "g\0\ud800" + "长" * 5000
    item = Item(guid=guid, url="u\0", title="a\0b\ud800", text="\U0001f600", authors=("x\0", "'; --"))
    change = world.change(await world.claim_feed(), NewItem(item=item, keys=(guid,)))
    assert await record_poll(storage.feeds, change, now=world.now) == 1
    assert await storage.feeds.known_keys([(feed, [guid])]) == [{guid}]
    [stored] = await storage.history.recent_items(chat.id, since=world.now, limit=9)
    assert stored.item.title == "ab?"
    assert stored.item.text == "\U0001f600"
    assert stored.item.authors[1] == "'; --"


async def test_an_item_without_any_key_is_known_by_what_it_has(storage, world):
    await world.follow((await world.chat()).id)
    bare = NewItem(item=Item(guid="", url="", title="only a title"), keys=())
    assert await record_poll(storage.feeds, world.change(await world.claim_feed(), bare, bare), now=world.now) == 1


async def test_times_come_back_as_the_same_instants_in_utc(storage, world):
    chat = await world.chat()
    await world.follow(chat.id)
    there = world.now.astimezone(timezone(timedelta(hours=8))).replace(microsecond=123456)
    change = world.change(await world.claim_feed(), world.new_item("a", published=there))
    await record_poll(storage.feeds, change, now=world.now)
    [stored] = await storage.history.recent_items(chat.id, since=there - timedelta(days=1), limit=1)
    assert stored.item.published == there
    assert stored.item.published.utcoffset() == timedelta(0)


async def test_a_time_without_zone_is_refused(storage, world):
    with pytest.raises(Exception, match="without a time zone"):
        await storage.feeds.claim_feeds(now=world.now.replace(tzinfo=None), limit=1, lease=world.lease)


async def test_a_date_in_the_future_does_not_make_the_feed_look_fresh(storage, world):
    chat = await world.chat()
    await world.follow(chat.id)
    change = world.change(await world.claim_feed(), world.new_item("a", published=world.now + timedelta(days=99)))
    await record_poll(storage.feeds, change, now=world.now)
    (subscription,) = await storage.subscriptions.subscriptions(chat.id)
    assert subscription.last_item == world.now


async def test_leases_of_a_process_that_died_can_be_set_free(storage, world):
    chat = await world.chat()
    await world.follow(chat.id)
    await world.claim_feed()
    await storage.release_leases()
    assert len(await claim(storage, world)) == 1


async def test_a_stopped_chat_counts_as_nobody(storage, world):
    chat = await world.chat()
    await world.follow(chat.id)
    await storage.outbox.stop_chat(chat.id, state=ChatState.GONE, reason="deleted", now=world.now)
    assert await claim(storage, world) == []


async def test_the_followed_feeds_in_trouble_are_told_worst_first(storage, world):
    chat = await world.chat()
    for name, failures in (("well", 0), ("ill", 1), ("dead", 9)):
        await world.follow(chat.id, f"https://{name}.example/feed")
        error = "HTTP 500" if failures else ""
        outcome = {"succeeded": not failures, "failures": failures, "error": error}
        change = world.change(await world.claim_feed(), next_poll=world.now + MINUTE, **outcome)
        await record_poll(storage.feeds, change, now=world.now)
    failing = await storage.feeds.failing(limit=5)
    assert [(one.feed.url, one.error) for one in failing] == [
        ("https://dead.example/feed", "HTTP 500"),
        ("https://ill.example/feed", "HTTP 500"),
    ]


async def test_leases_of_polls_are_prolonged_and_given_back_by_their_holder_alone(storage, world):
    await world.follow((await world.chat()).id)
    first = await world.claim_feed()
    later = world.now + world.lease
    await storage.feeds.prolong_feeds([first], until=later + MINUTE)
    assert await claim(storage, world, later) == []
    second = await world.claim_feed(later + MINUTE)
    await storage.feeds.prolong_feeds([first], until=later + 9 * world.lease)
    await storage.feeds.release_feeds([first])
    assert await claim(storage, world, later + MINUTE) == []
    await storage.feeds.release_feeds([second])
    assert len(await claim(storage, world, later + MINUTE)) == 1


@pytest.mark.parametrize("stopped", [False, True])
async def test_a_feed_that_nobody_took_meanwhile_begins_anew_for_its_next_follower(storage, world, stopped):
    chat, other = await world.chat(1), await world.chat(2)
    feed = await world.follow(chat.id)
    await world.poll("one")
    if stopped:
        await storage.outbox.stop_chat(chat.id, state=ChatState.BLOCKED, reason="blocked", now=world.now)
    else:
        await storage.subscriptions.unsubscribe(chat.id, feed)
    later = world.now + timedelta(days=90)
    await world.follow(other.id, now=later)
    due = await world.claim_feed(later)
    assert (due.polled, due.created) == (None, later)


async def test_a_further_follower_changes_nothing_about_a_feed_that_is_polled(storage, world):
    await world.follow((await world.chat(1)).id)
    await world.poll("one")
    await world.follow((await world.chat(2)).id, now=world.now + MINUTE)
    due = await world.claim_feed(world.now + MINUTE)
    assert (due.polled, due.created) == (world.now, world.now)


async def test_many_outcomes_are_written_at_once_and_each_is_told_its_own(storage, world):
    chat = await world.chat()
    for n in range(4):
        await world.follow(chat.id, f"https://a.example/{n}")
    first, second, third, lost = await claim(storage, world)
    later = world.now + MINUTE
    changes = [
        world.change(first, world.new_item("a"), world.new_item("b"), next_poll=later, etag='"e"'),
        world.change(lost._replace(lease="stolen"), world.new_item("c"), next_poll=later),
        world.change(second, next_poll=later),
        world.change(third, succeeded=False, failures=3, error="HTTP 500", next_poll=later),
        world.change(second, world.new_item("d"), next_poll=later),
    ]
    assert await storage.feeds.record_polls(changes, now=world.now) == [2, None, 0, 0, None]
    again = {feed.id: feed for feed in await claim(storage, world, later)}
    assert set(again) == {first.id, second.id, third.id}
    assert (again[first.id].etag, again[first.id].polled) == ('"e"', world.now)
    assert (again[second.id].etag, again[second.id].polled) == ("", world.now)
    assert (again[third.id].failures, again[third.id].polled) == (3, None)


async def test_one_feed_can_be_taken_before_its_time_but_not_from_others(storage, world):
    feed = await world.follow((await world.chat()).id)
    await record_poll(
        storage.feeds, world.change(await world.claim_feed(), next_poll=world.now + 9 * MINUTE), now=world.now
    )
    due = await storage.feeds.take_feed(feed, now=world.now, lease=world.lease)
    assert due is not None
    assert await storage.feeds.take_feed(feed, now=world.now, lease=world.lease) is None
    assert await record_poll(storage.feeds, world.change(due, world.new_item("pushed")), now=world.now) == 1
    assert await storage.feeds.take_feed(feed, now=world.now, lease=world.lease) is not None


async def notices(storage, world):
    due = await storage.outbox.claim_deliveries(
        platforms=[Platform.TELEGRAM], now=world.now, limit=9, lease=world.lease
    )
    return [(one.chat.id, one.content) for one in due]


async def test_the_chats_of_a_feed_that_died_are_told_and_told_again_when_it_is_back(storage, world):
    first, second, paused, other = [await world.chat(number) for number in range(4)]
    for chat in (first, second, paused):
        feed = await world.follow(chat.id)
    await world.follow(other.id, "https://b.example/feed")
    await storage.chats.set_paused(paused.id, paused=True)
    due = next(each for each in await claim(storage, world) if each.id == feed)
    died = {"succeeded": False, "failures": 24, "error": "HTTP 404", "dead": True, "notice": NoticeKind.FEED_DEAD}
    await record_poll(storage.feeds, world.change(due, **died), now=world.now)
    told = await notices(storage, world)
    assert {chat for chat, _ in told} == {first.id, second.id}
    ref = FeedRef(id=feed, url="https://a.example/feed", title="A", site="https://a.example/")
    assert told[0][1] == Notice(kind=NoticeKind.FEED_DEAD, feed=ref, reason="HTTP 404")
    due = await storage.feeds.take_feed(feed, now=world.now, lease=world.lease)
    assert due.dead
    await record_poll(storage.feeds, world.change(due, notice=NoticeKind.FEED_BACK), now=world.now)
    assert not (await storage.feeds.take_feed(feed, now=world.now, lease=world.lease)).dead


async def test_notices_come_among_the_alerts_in_their_order_and_are_forgotten_in_time(storage, world):
    chat = await world.chat()
    feed = await world.follow(chat.id)
    await world.poll("news")
    await world.alert(chat.id)
    due = await storage.feeds.take_feed(feed, now=world.now, lease=world.lease)
    await record_poll(storage.feeds, world.change(due, notice=NoticeKind.FEED_BACK), now=world.now)
    kinds = []
    for _ in range(2):
        (one,) = await storage.outbox.claim_deliveries(
            platforms=[Platform.TELEGRAM], now=world.now, limit=9, lease=world.lease
        )
        kinds.append(type(one.content))
        await storage.outbox.delivery_sent(one, message="1", now=world.now)
    assert kinds == [Alert, Notice]
    assert len(await storage.history.latest_alerts(chat.id, limit=9)) == 1
    await storage.purge(world.now + timedelta(days=40), timedelta(days=30))
    async with storage._database.read() as connection:
        assert (await connection.scalar(select(func.count()).select_from(deliveries))) == 0


async def test_a_chat_that_moves_takes_its_notices_along(storage, world):
    old, new = await world.chat(1), await world.chat(2)
    feed = await world.follow(old.id)
    await world.follow(new.id)
    due = await storage.feeds.take_feed(feed, now=world.now, lease=world.lease)
    await record_poll(storage.feeds, world.change(due, notice=NoticeKind.FEED_BACK), now=world.now)
    await storage.outbox.move_chat(old.address, to=new.address.chat)
    async with storage._database.read() as connection:
        held = (await connection.execute(select(deliveries.c.chat_id, deliveries.c.state))).all()
    assert held == [(new.id, "due"), (new.id, "due")]
