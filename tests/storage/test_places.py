"""Which chats are let in, which is managed from where, and keywords that move between chats."""

from __future__ import annotations

from datetime import timedelta

from bot.model import ChatAddress, ChatKind, ChatSettings, ChatState, Locale, Managers, Mode, Platform, Role
from bot.storage import open_storage
from tests.support.fakes import NOW


def at(chat: int, thread: str = "") -> ChatAddress:
    return ChatAddress(Platform.TELEGRAM, str(chat), thread)


async def opened(storage, chat: int, *, kind: ChatKind = ChatKind.GROUP, thread: str = ""):
    return await storage.chats.open_chat(at(chat, thread), kind=kind, title=f"Chat {chat}", hint=Locale.EN, now=NOW)


async def test_who_may_change_a_chat_is_kept_with_its_settings(storage):
    chat = await opened(storage, -5)
    assert (chat.settings.managers, chat.settings.role) == (Managers.ADMINS, None)
    chosen = ChatSettings(managers=Managers.ROLE, role=Role("77", "News desk"))
    await storage.chats.save_settings(chat.id, chosen)
    assert (await storage.chats.find_chat(at(-5))).settings == chosen


async def test_a_chat_manages_another_one_until_it_does_no_more(storage):
    home, channel = await opened(storage, 7, kind=ChatKind.PRIVATE), await opened(storage, -100, kind=ChatKind.CHANNEL)
    await storage.places.manage(home.id, channel.id)
    assert (await storage.chats.find_chat(at(7))).managing == channel.id
    assert await storage.places.chat(channel.id) == channel
    await storage.places.manage(home.id, None)
    assert (await storage.chats.find_chat(at(7))).managing is None


async def test_groups_and_channels_that_take_messages_are_known_the_newest_first(storage):
    await opened(storage, 7, kind=ChatKind.PRIVATE)
    group, channel = await opened(storage, -5), await opened(storage, -100, kind=ChatKind.CHANNEL)
    gone = await opened(storage, -6)
    await storage.outbox.stop_chat(gone.id, state=ChatState.GONE, reason="deleted", now=NOW)
    assert [chat.id for chat in await storage.places.known(Platform.TELEGRAM, limit=9)] == [channel.id, group.id]
    assert [chat.id for chat in await storage.places.known(Platform.TELEGRAM, limit=1)] == [channel.id]
    assert await storage.places.known(Platform.DISCORD, limit=9) == []


async def test_a_closed_bot_lets_no_new_chat_in_and_keeps_those_there_are(storage, url):
    old = await opened(storage, -5)
    async with open_storage(url, closed=True) as closed:
        assert (await opened(closed, -5)).admitted
        new = await opened(closed, -6)
        assert not new.admitted
        assert await closed.places.admit(new.id)
        assert not await closed.places.admit(new.id)
        assert (await opened(closed, -6)).admitted
    assert old.admitted


async def test_a_chat_that_was_expelled_gets_nothing_and_contact_does_not_change_that(storage, world):
    chat = (await world.chat()).id
    await world.follow(chat)
    await world.poll("a")
    await world.alert(chat)
    assert await storage.places.expel(chat, now=NOW)
    assert not await storage.places.expel(chat, now=NOW)
    assert await world.claim_deliveries() == []
    out = await storage.places.chat(chat)
    assert (out.admitted, out.state) == (False, ChatState.BLOCKED)
    again = await storage.chats.open_chat(out.address, kind=out.kind, title="", hint=Locale.EN, now=NOW)
    assert again.state is ChatState.BLOCKED
    assert not await storage.chats.resume(out.address)
    assert await storage.places.admit(chat)
    assert (await storage.places.chat(chat)).state is ChatState.ACTIVE


async def test_one_admitted_chat_among_its_neighbours_is_found(storage):
    topic = await opened(storage, -5, thread="12")
    assert await storage.places.admitted_among(Platform.TELEGRAM, ["-9", "-5"])
    assert not await storage.places.admitted_among(Platform.DISCORD, ["-5"])
    await storage.places.expel(topic.id, now=NOW)
    assert not await storage.places.admitted_among(Platform.TELEGRAM, ["-5"])
    assert not await storage.places.admitted_among(Platform.TELEGRAM, [])


async def test_an_expelled_group_stays_out_when_it_gets_a_new_id(storage):
    old, new = await opened(storage, -5), await opened(storage, -1005)
    await storage.places.expel(old.id, now=NOW)
    await storage.outbox.move_chat(at(-5), to="-1005")
    moved = await storage.places.chat(new.id)
    assert (moved.admitted, moved.state) == (False, ChatState.BLOCKED)


# --- keywords that move -----------------------------------------------------------------------------------


async def keyword(storage, chat, query="talks"):
    added, _ = await storage.keywords.add_keyword(chat.id, query=query, canonical=query, now=NOW)
    return added


async def test_a_keyword_moves_with_the_feeds_that_the_other_chat_lacks(storage, world):
    here, there = await opened(storage, -5), await opened(storage, -100)
    for address in ("https://a.example/rss", "https://b.example/rss"):
        await world.follow(here.id, address)
    await world.follow(there.id, "https://a.example/rss", mode=Mode.EVERYTHING)
    old = await keyword(storage, here)
    later = NOW + timedelta(minutes=1)
    moved, feeds = await storage.places.move_keyword(here.id, old.id, to=there.id, most_feeds=9, now=later)
    assert await storage.keywords.keywords(here.id) == []
    assert await storage.keywords.keywords(there.id) == [moved]
    assert [feed.url for feed in feeds] == ["https://b.example/rss"]
    watched = {each.feed.url: (each.mode, each.created) for each in await storage.subscriptions.subscriptions(there.id)}
    assert watched["https://a.example/rss"][0] is Mode.EVERYTHING
    assert watched["https://b.example/rss"] == (Mode.MATCHING, later)


async def test_a_keyword_comes_back_in_its_old_row_and_brings_no_feed_too_many(storage, world):
    here, there = await opened(storage, -5), await opened(storage, -100)
    await world.follow(here.id)
    old = await keyword(storage, here)
    moved, feeds = await storage.places.move_keyword(here.id, old.id, to=there.id, most_feeds=0, now=NOW)
    assert feeds == []
    back, _ = await storage.places.move_keyword(there.id, moved.id, to=here.id, most_feeds=0, now=NOW)
    assert back.id == old.id
    assert [one.id for one in await storage.keywords.keywords(here.id)] == [old.id]


async def test_what_the_other_chat_has_already_is_not_moved(storage):
    here, there = await opened(storage, -5), await opened(storage, -100)
    old = await keyword(storage, here)
    await keyword(storage, there)
    assert await storage.places.move_keyword(here.id, old.id, to=there.id, most_feeds=9, now=NOW) is None
    assert await storage.keywords.keywords(here.id) == [old]
    assert await storage.places.move_keyword(there.id, old.id, to=here.id, most_feeds=9, now=NOW) is None
