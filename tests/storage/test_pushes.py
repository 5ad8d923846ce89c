from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.model import Push, PushState
from bot.storage import open_storage
from tests.support.polls import record_poll

HUB, TOPIC = "https://hub.example/", "https://a.example/self"
HOLD = timedelta(minutes=5)
DAY = timedelta(days=1)


@pytest.fixture
def book(storage):
    return storage.pushes


@pytest.fixture
def claim(book, world):
    async def claimed(now=None, limit=10) -> list[Push]:
        return await book.claim_pushes(now=now or world.now, limit=limit, hold=HOLD)

    return claimed


@pytest.fixture
def offer(storage, world):
    """A poll finds that a feed offers a hub."""

    async def poll(feed: int, hub: str | None = HUB, topic: str | None = TOPIC, **more) -> None:
        due = await storage.feeds.take_feed(feed, now=world.now, lease=world.lease)
        change = world.change(due, next_poll=world.now + DAY, hub=hub, topic=topic, **more)
        await record_poll(storage.feeds, change, now=world.now)

    return poll


@pytest.fixture
async def feed(world, offer) -> int:
    """A feed that a chat follows and that offers a hub."""
    followed = await world.follow((await world.chat()).id)
    await offer(followed)
    return followed


@pytest.fixture
async def push(feed, claim, book, world) -> Push:
    """A subscription that the hub verified, for nine days."""
    [asked] = await claim()
    await book.confirm(asked, expires=world.now + 9 * DAY, due=world.now + 6 * DAY)
    return await book.find_push(asked.token)


async def test_a_feed_that_offers_a_hub_is_due_at_once(claim, feed, world):
    [push] = await claim()
    assert (push.feed, push.hub, push.topic, push.state) == (feed, HUB, TOPIC, PushState.ASKED)
    assert (push.due, push.expires, push.failures) == (world.now + HOLD, None, 0)


async def test_tokens_and_secrets_are_long_and_differ(claim, feed, world, offer):
    await offer(await world.follow((await world.chat()).id, "https://b.example/feed"))
    one, other = await claim()
    assert len({one.token, other.token, one.secret, other.secret}) == 4
    assert min(len(one.token), len(one.secret)) >= 22  # 128 bits in base64
    assert len(one.secret.encode()) < 200


async def test_feeds_without_a_hub_or_followers_or_future_are_not_due(storage, claim, world, offer):
    chat = (await world.chat()).id
    await offer(await world.follow(chat, "https://plain.example/"), hub="", topic="")
    await offer(await world.follow(chat, "https://unseen.example/"), hub=None, topic=None)
    await offer(await world.follow(chat, "https://ended.example/"), gone=True, succeeded=False)
    left = await world.follow(chat, "https://left.example/")
    await offer(left)
    await storage.subscriptions.unsubscribe(chat, left)
    assert await claim() == []


async def test_what_is_claimed_is_due_again_after_the_hold(claim, feed, world):
    [first] = await claim()
    assert await claim() == []
    [again] = await claim(world.now + HOLD)
    assert (again.token, again.secret) == (first.token, first.secret)


async def test_the_longest_due_come_first_and_no_more_than_asked_for(claim, world, offer):
    chat = (await world.chat()).id
    feeds = [await world.follow(chat, f"https://{number}.example/") for number in range(5)]
    for one in feeds:
        await offer(one)
    found = [push.feed for push in await claim(limit=2) + await claim(limit=2) + await claim(limit=2)]
    assert found == feeds


async def test_an_agreement_is_found_by_its_token_alone(book, push):
    assert await book.find_push(push.token) == push
    assert await book.find_push("another") is None
    assert await book.find_push("") is None


async def test_a_verified_subscription_rests_until_it_is_to_be_renewed(book, claim, push, world):
    assert (push.state, push.expires, push.due) == (PushState.LIVE, world.now + 9 * DAY, world.now + 6 * DAY)
    assert await claim(world.now + 6 * DAY - HOLD) == []
    [again] = await claim(world.now + 6 * DAY)
    assert (again.state, again.token, again.expires) == (PushState.LIVE, push.token, push.expires)


async def test_a_try_that_led_to_nothing_is_counted_and_waits(book, claim, feed, world):
    [push] = await claim()
    await book.postpone(push, due=world.now + 2 * HOLD, reason="dns")
    assert await claim(world.now + HOLD) == []
    [again] = await claim(world.now + 2 * HOLD)
    assert again.failures == 1


async def test_a_hub_that_called_back_during_the_request_is_not_taken_for_silent(book, claim, feed, world):
    [push] = await claim()
    await book.confirm(push, expires=world.now + 9 * DAY, due=world.now + 6 * DAY)
    await book.postpone(push, due=world.now + HOLD)
    found = await book.find_push(push.token)
    assert (found.state, found.due, found.failures) == (PushState.LIVE, world.now + 6 * DAY, 0)


async def test_a_confirmation_ends_the_count_of_failures(book, claim, feed, world):
    [push] = await claim()
    await book.postpone(push, due=world.now + HOLD, reason="dns")
    await book.confirm(push, expires=world.now + DAY, due=world.now + DAY)
    assert (await book.find_push(push.token)).failures == 0


async def test_a_denied_subscription_is_asked_for_again_later(book, claim, push, world):
    await book.deny(push, reason="not here", due=world.now + 3 * DAY)
    denied = await book.find_push(push.token)
    assert (denied.state, denied.expires) == (PushState.DENIED, None)
    assert await claim(world.now + 3 * DAY - HOLD) == []
    [again] = await claim(world.now + 3 * DAY)
    assert again.state is PushState.ASKED


async def test_what_nobody_follows_any_more_is_to_be_ended(storage, book, claim, push, world):
    chat = (await world.chat()).id
    await storage.chats.set_paused(chat, paused=True)
    [leaving] = await claim()
    assert (leaving.state, leaving.token, leaving.failures) == (PushState.LEAVING, push.token, 0)
    await book.confirm(leaving, expires=world.now + DAY, due=world.now + DAY)  # a late word of the hub
    assert (await book.find_push(push.token)).state is PushState.LEAVING
    await book.forget(leaving)
    assert await book.find_push(push.token) is None
    await storage.chats.set_paused(chat, paused=False)
    [anew] = await claim()
    assert anew.token != push.token


@pytest.mark.parametrize(
    ("hub", "topic"), [("https://other.example/", TOPIC), (HUB, "https://a.example/new"), ("", "")]
)
async def test_another_hub_or_topic_ends_what_was_agreed_with_the_old_one(book, claim, feed, push, offer, hub, topic):
    await offer(feed, hub, topic)
    [old] = await claim()
    assert (old.state, old.hub, old.topic) == (PushState.LEAVING, HUB, TOPIC)
    await book.forget(old)
    assert [(new.hub, new.topic) for new in await claim()] == ([(hub, topic)] if hub else [])


async def test_a_poll_that_did_not_see_the_document_changes_nothing(claim, feed, push, offer):
    await offer(feed, None, None)
    assert await claim() == []


async def test_what_the_hub_denied_is_dropped_without_a_goodbye(book, claim, feed, push, offer, world):
    await book.deny(push, reason="", due=world.now + DAY)
    await offer(feed, "", "")
    assert await claim() == []
    assert await book.find_push(push.token) is None


async def test_a_row_made_anew_is_not_touched_in_the_old_ones_name(storage, book, claim, push, world):
    await book.forget(push)
    [new] = await claim()
    await book.confirm(push, expires=world.now, due=world.now)
    await book.deny(push, reason="", due=world.now)
    await book.forget(push)
    assert await book.find_push(new.token) == new


async def test_replicas_share_the_work_and_ask_no_hub_twice(url, world, offer):
    chat = (await world.chat()).id
    for number in range(12):
        await offer(await world.follow(chat, f"https://{number}.example/"))
    async with open_storage(url) as one, open_storage(url) as other:
        options = {"now": world.now, "limit": 20, "hold": HOLD}
        found = await asyncio.gather(*(each.pushes.claim_pushes(**options) for each in (one, other) * 3))
        claimed = [push.feed for some in found for push in some]
        claimed += [push.feed for push in await one.pushes.claim_pushes(**options)]
    assert len(claimed) == len(set(claimed)) == 12


async def test_a_feed_is_hastened_unless_it_is_due_before(storage, book, feed, world):
    assert await book.hasten(feed, at=world.now + HOLD, now=world.now)
    assert await storage.feeds.claim_feeds(now=world.now, limit=1, lease=world.lease) == []
    assert await book.hasten(feed, at=world.now, now=world.now)
    assert await book.hasten(feed, at=world.now + HOLD, now=world.now)
    [due] = await storage.feeds.claim_feeds(now=world.now, limit=1, lease=world.lease)
    assert due.id == feed


async def test_a_feed_that_is_in_hand_is_not_hastened(storage, book, feed, world):
    due = await storage.feeds.take_feed(feed, now=world.now, lease=world.lease)
    assert not await book.hasten(feed, at=world.now, now=world.now)
    await storage.feeds.release_feeds([due])
    assert await book.hasten(feed, at=world.now, now=world.now)


async def test_a_feed_that_goes_takes_its_agreement_along(storage, book, push, world):
    await storage.subscriptions.unsubscribe((await world.chat()).id, push.feed)
    await storage.purge(world.now + 99 * DAY, DAY)
    assert await book.find_push(push.token) is None
