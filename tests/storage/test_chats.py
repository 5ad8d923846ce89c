from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.model import (
    STOPPED_STATES,
    ChatAddress,
    ChatKind,
    ChatSettings,
    ChatState,
    FoundFeed,
    Language,
    Locale,
    Mode,
    Platform,
    Reports,
    Script,
)
from bot.storage import Storage
from tests.support.polls import record_poll

ADDRESS = ChatAddress(Platform.DISCORD, "1234567890123456789", "77")


async def open_chat(storage: Storage, world, address=ADDRESS, **more):
    values = {"kind": ChatKind.GROUP, "title": "News", "hint": Locale.EN, "now": world.now} | more
    return await storage.chats.open_chat(address, **values)


async def test_a_chat_is_made_at_first_contact(storage, world):
    assert await storage.chats.find_chat(ADDRESS) is None
    chat = await open_chat(storage, world)
    assert await storage.chats.find_chat(ADDRESS) == chat
    assert (chat.address, chat.kind, chat.title, chat.state) == (ADDRESS, ChatKind.GROUP, "News", ChatState.ACTIVE)


async def test_many_first_contacts_at_once_make_one_chat(storage, world):
    chats = await asyncio.gather(*(open_chat(storage, world) for _ in range(10)))
    assert len({chat.id for chat in chats}) == 1


@pytest.mark.parametrize(
    ("hint", "first"),
    [(Locale.EN, Language.EN), (Locale.ZH_HANT, Language.ZH), (Locale.ZH_HANS, Language.ZH)],
)
async def test_a_new_chat_reads_its_own_language_first(storage, world, hint, first):
    chat = await open_chat(storage, world, hint=hint)
    assert chat.settings.languages[0] is first
    assert len(chat.settings.languages) == 2


async def test_the_next_speakers_language_changes_a_private_chat_but_no_group(storage, world):
    await open_chat(storage, world)
    for kind, hint in ((ChatKind.GROUP, Locale.EN), (ChatKind.PRIVATE, Locale.ZH_HANS)):
        chat = await open_chat(storage, world, kind=kind, hint=Locale.ZH_HANS)
        assert chat.settings.hint is hint


async def test_contact_brings_title_and_kind_up_to_date_but_not_choices(storage, world):
    chat = await open_chat(storage, world)
    await open_chat(storage, world, title="Renamed", kind=ChatKind.CHANNEL, hint=Locale.ZH_HANS)
    again = await open_chat(storage, world, title="", kind=ChatKind.CHANNEL)
    assert (again.title, again.kind) == ("Renamed", ChatKind.CHANNEL)
    assert again.settings.languages == chat.settings.languages


@pytest.mark.parametrize("state", STOPPED_STATES)
async def test_contact_makes_a_stopped_chat_active_again(storage, world, state):
    chat = await open_chat(storage, world)
    await storage.outbox.stop_chat(chat.id, state=state, reason="kicked", now=world.now)
    again = await open_chat(storage, world)
    assert (again.state, again.reason) == (ChatState.ACTIVE, "")


async def test_contact_in_one_topic_makes_the_other_blocked_ones_of_the_group_active(storage, world):
    group, topic, closed = await world.chat(), await world.chat(thread="5"), await world.chat(thread="6")
    elsewhere = await world.chat(2)
    for chat, state in ((topic, ChatState.BLOCKED), (closed, ChatState.GONE), (elsewhere, ChatState.BLOCKED)):
        await storage.outbox.stop_chat(chat.id, state=state, reason="x", now=world.now)
    await open_chat(storage, world, address=group.address)
    states = [(await storage.chats.find_chat(chat.address)).state for chat in (topic, closed, elsewhere)]
    assert states == [ChatState.ACTIVE, ChatState.GONE, ChatState.BLOCKED]


async def test_contact_leaves_a_paused_chat_paused(storage, world):
    chat = await open_chat(storage, world)
    await storage.chats.set_paused(chat.id, paused=True)
    assert (await open_chat(storage, world)).state is ChatState.PAUSED


async def test_only_an_active_chat_is_paused_and_only_a_paused_one_goes_on(storage, world):
    chat = (await open_chat(storage, world)).id
    changed = [await storage.chats.set_paused(chat, paused=wish) for wish in (False, True, True, False)]
    assert changed == [False, True, False, True]


@pytest.mark.parametrize("state", STOPPED_STATES)
@pytest.mark.parametrize("paused", [True, False])
async def test_no_wish_makes_a_stopped_chat_active_or_paused(storage, world, state, paused):
    chat = await open_chat(storage, world)
    await storage.outbox.stop_chat(chat.id, state=state, reason="kicked", now=world.now)
    assert not await storage.chats.set_paused(chat.id, paused=paused)
    assert await storage.chats.find_chat(ADDRESS) == replace(chat, state=state, reason="kicked")


async def test_settings_come_back_as_they_were_saved(storage, world):
    chat = await open_chat(storage, world)
    chosen = ChatSettings(
        locale=Locale.ZH_HANT,
        hint=Locale.ZH_HANS,
        languages=(Language.ZH,),
        script=Script.HANT,
        reports=Reports.EACH,
        timezone="Asia/Taipei",
    )
    await storage.chats.save_settings(chat.id, chosen)
    assert (await storage.chats.find_chat(ADDRESS)).settings == chosen


async def test_a_subscription_is_new_once_and_takes_the_later_mode(storage, world):
    chat = await open_chat(storage, world)
    found = FoundFeed(url="https://a.example/feed", title="A", site="https://a.example/")
    first, new = await storage.subscriptions.subscribe(chat.id, found, mode=Mode.MATCHING, now=world.now)
    assert (new, first.mode, first.feed.title, first.polled) == (True, Mode.MATCHING, "A", None)
    later = world.now + timedelta(days=1)
    second, new = await storage.subscriptions.subscribe(chat.id, found, mode=Mode.EVERYTHING, now=later)
    assert (new, second.mode, second.created) == (False, Mode.EVERYTHING, world.now)
    assert await storage.subscriptions.subscriptions(chat.id) == [second]


async def test_many_subscriptions_at_once_make_one_feed(storage, world):
    chats = [await world.chat(n) for n in range(8)]
    feeds = await asyncio.gather(*(world.follow(chat.id) for chat in chats))
    assert len(set(feeds)) == 1


async def test_subscriptions_stand_in_their_order_and_go_once(storage, world):
    chat = await open_chat(storage, world)
    feeds = [await world.follow(chat.id, f"https://{name}.example/") for name in "cab"]
    assert [one.feed.id for one in await storage.subscriptions.subscriptions(chat.id)] == feeds
    assert await storage.subscriptions.unsubscribe(chat.id, feeds[1]) is True
    assert await storage.subscriptions.unsubscribe(chat.id, feeds[1]) is False
    assert [one.feed.id for one in await storage.subscriptions.subscriptions(chat.id)] == [feeds[0], feeds[2]]


async def test_a_feed_known_only_by_address_takes_the_title_that_is_found_later(storage, world):
    chat = await open_chat(storage, world)
    titles = []
    for title in ("", "Found", "Other"):
        found = FoundFeed(url="https://a.example/feed", title=title)
        subscription, _ = await storage.subscriptions.subscribe(chat.id, found, mode=Mode.MATCHING, now=world.now)
        titles.append(subscription.feed.title)
    assert titles == ["", "Found", "Found"]


async def test_subscribing_to_a_feed_that_waits_after_failures_polls_it_at_once(storage, world):
    one, two = await world.chat(1), await world.chat(2)
    await world.follow(one.id)
    tomorrow = world.now + timedelta(days=1)
    change = world.change(await world.claim_feed(), succeeded=False, failures=5, next_poll=tomorrow)
    await record_poll(storage.feeds, change, now=world.now)
    assert await storage.feeds.claim_feeds(now=world.now, limit=1, lease=world.lease) == []
    await world.follow(two.id)
    await world.claim_feed()


async def test_subscribing_to_a_healthy_feed_leaves_its_next_poll(storage, world):
    one, two = await world.chat(1), await world.chat(2)
    await world.follow(one.id)
    tomorrow = world.now + timedelta(days=1)
    await record_poll(storage.feeds, world.change(await world.claim_feed(), next_poll=tomorrow), now=world.now)
    await world.follow(two.id)
    [subscription] = await storage.subscriptions.subscriptions(two.id)
    assert (subscription.next_poll, subscription.polled) == (tomorrow, world.now)
