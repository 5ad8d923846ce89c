"""What became of items on their way to a chat, and what a chat may know of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.model import DeliveryState, ItemState, LinkTrace, Mode, SameStory, Shared, StoryKind, StoryReason
from tests.support.polls import record_poll

MINUTE = timedelta(minutes=1)
LINK = "https://a.example/a"
KEY = f"url:{LINK}"


async def look(storage, chat, link: str = LINK, *, public: tuple[str, ...] = ()) -> LinkTrace:
    return await storage.trails.find_link(chat.id, link, key=f"url:{link}", public=public)


async def trail_of(storage, chat, link: str = LINK):
    (item,) = (await look(storage, chat, link)).items
    return await storage.trails.trail(chat.id, item)


async def test_an_item_is_found_by_its_link_and_waits_to_be_matched(storage, world):
    chat = await world.chat()
    feed = await world.follow(chat.id, mode=Mode.EVERYTHING)
    await world.poll("a", now=world.now + MINUTE)
    trail = await trail_of(storage, chat)
    assert (trail.item.item.title, trail.item.feed.id, trail.item.seen) == ("a", feed, world.now + MINUTE)
    assert (trail.state, trail.mode, trail.subscribed) == (ItemState.NEW, Mode.EVERYTHING, world.now)
    assert (trail.brief, trail.fate, trail.others, trail.told) == (None, None, (), False)


async def test_an_alert_is_known_from_its_making_to_its_end(storage, world):
    chat = await world.chat()
    await world.follow(chat.id)
    await world.poll("a", "b")
    await world.alert(chat.id, items=2)
    trail = await trail_of(storage, chat)
    assert (trail.state, trail.brief, trail.told) == (ItemState.DONE, world.brief, True)
    assert (trail.fate.state, trail.fate.why[0].keyword) == (DeliveryState.DUE, "trilateral talks")
    [due] = await world.claim_deliveries()
    await storage.outbox.delivery_retry(due, at=world.now + MINUTE, reason="timeout")
    fate = (await trail_of(storage, chat)).fate
    assert (fate.state, fate.attempts, fate.reason, fate.finished) == (DeliveryState.DUE, 1, "timeout", None)
    [due] = await world.claim_deliveries(world.now + MINUTE)
    await storage.outbox.delivery_sent(due, message="77", now=world.now + MINUTE)
    fate = (await trail_of(storage, chat)).fate
    assert (fate.state, fate.created, fate.finished) == (DeliveryState.SENT, world.now, world.now + MINUTE)
    assert await storage.trails.find_message(chat.id, "77") == due.content.item.id
    [due] = await world.claim_deliveries(world.now + MINUTE)
    await storage.outbox.delivery_failed(due, reason="refused", now=world.now)
    fate = (await trail_of(storage, chat, "https://a.example/b")).fate
    assert (fate.state, fate.reason) == (DeliveryState.FAILED, "refused")


async def test_messages_of_other_chats_and_notices_are_no_alerts_of_a_chat(storage, world):
    chat, other = await world.chat(1), await world.chat(2)
    await world.follow(chat.id)
    await world.poll("a")
    await world.alert(chat.id)
    [due] = await world.claim_deliveries()
    await storage.outbox.delivery_sent(due, message="77", now=world.now)
    assert await storage.trails.find_message(other.id, "77") is None
    assert await storage.trails.find_message(chat.id, "78") is None
    assert await storage.trails.find_message(chat.id, "") is None


async def test_other_chats_feeds_stay_unknown_but_for_those_of_the_catalogue(storage, world):
    chat, other = await world.chat(1), await world.chat(2)
    feed = await world.follow(other.id, "https://a.example/feed?token=secret")
    await world.poll("a")
    await world.alert(other.id)
    assert await look(storage, chat) == LinkTrace()
    (item,) = (await look(storage, other)).items
    assert await storage.trails.trail(chat.id, item) is None
    public = await look(storage, chat, public=("https://a.example/feed?token=secret",))
    assert (public.items, [one.id for one in public.elsewhere]) == ((), [feed])


async def test_what_was_told_stays_known_when_the_chat_takes_the_feed_no_more(storage, world):
    chat, other = await world.chat(1), await world.chat(2)
    feed = await world.follow(chat.id)
    await world.follow(other.id)
    await world.poll("a", "b")
    await world.alert(chat.id)
    await storage.subscriptions.unsubscribe(chat.id, feed)
    trail = await trail_of(storage, chat)
    assert (trail.mode, trail.subscribed, trail.fate.state) == (None, None, DeliveryState.DUE)
    assert await look(storage, chat, "https://a.example/b") == LinkTrace()


async def test_an_item_that_was_cleaned_away_is_remembered_by_its_feed(storage, world):
    chat = await world.chat()
    feed = await world.follow(chat.id)
    due = await world.claim_feed()
    old = world.new_item("a", backlog=True)
    await record_poll(storage.feeds, world.change(due, old), now=world.now)
    assert (await trail_of(storage, chat)).state is ItemState.BACKLOG
    await storage.purge(world.now + timedelta(days=31), timedelta(days=30))
    trace = await look(storage, chat)
    assert (trace.items, [one.id for one in trace.removed]) == ((), [feed])


async def test_the_items_of_a_story_are_told_with_their_alerts(storage, world):
    chat = await world.chat()
    await world.follow(chat.id)
    await world.poll("a", "b")
    [first] = await world.alert(chat.id)
    [member] = await storage.items.recent_stories(since=world.now)
    [due] = await world.claim_deliveries()
    await storage.outbox.delivery_sent(due, message="1", now=world.now + MINUTE)
    grounds = (StoryReason(shared=Shared.NAMES, words=("Abu Dhabi",)),)
    same = SameStory(story=member.story, item=first.item, kind=StoryKind.EVENT, score=0.7, reasons=grounds)
    await world.alert(chat.id, story=member.story, same=same)
    held = await trail_of(storage, chat, "https://a.example/b")
    assert held.fate
    assert (held.fate.state, held.told, held.same) == (DeliveryState.JOINED, True, same)
    [other] = held.others
    assert (other.item.id, other.state, other.at) == (first.item, DeliveryState.SENT, world.now + MINUTE)
    [other] = (await trail_of(storage, chat)).others
    assert (other.item.item.title, other.state) == ("b", DeliveryState.JOINED)


async def test_a_story_shows_no_items_of_feeds_that_the_chat_does_not_take(storage, world):
    chat, other = await world.chat(1), await world.chat(2)
    await world.follow(chat.id)
    polled = world.change(await world.claim_feed(), world.new_item("a"), next_poll=world.now + MINUTE)
    await record_poll(storage.feeds, polled, now=world.now)
    await world.alert(chat.id)
    [member] = await storage.items.recent_stories(since=world.now)
    await world.follow(other.id, "https://b.example/feed")
    await record_poll(storage.feeds, world.change(await world.claim_feed(), world.new_item("b")), now=world.now)
    await world.alert(other.id, story=member.story)
    [one, other_one] = await storage.items.recent_stories(since=world.now)
    assert one.story == other_one.story
    assert (await trail_of(storage, chat)).others == ()


async def test_an_alert_is_found_by_its_very_link_where_that_is_no_key(storage, world):
    chat = await world.chat()
    await world.follow(chat.id)
    live = world.new_item("live")
    shared = replace(live, keys=("guid:live",))
    await record_poll(storage.feeds, world.change(await world.claim_feed(), shared), now=world.now)
    assert await look(storage, chat, live.item.url) == LinkTrace()
    await world.alert(chat.id)
    assert (await trail_of(storage, chat, live.item.url)).item.item.title == "live"
