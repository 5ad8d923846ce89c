"""Who manages a chat is told once, in private, that the bot may not write there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.model import ChatAddress, ChatKind, ChatState, Locale, Platform, RightsNotice

MINUTE = timedelta(minutes=1)
OWNER = ChatAddress(Platform.TELEGRAM, "900")


@pytest.fixture
async def owner(storage, world):
    return await storage.chats.open_chat(OWNER, kind=ChatKind.PRIVATE, title="", hint=Locale.ZH_HANT, now=world.now)


async def warn(storage, world, chat, *managers, now=None) -> int:
    return await storage.outbox.warn_managers(chat, managers, reason="not enough rights", now=now or world.now)


async def test_the_notice_comes_to_the_manager_and_names_the_chat(storage, world, owner):
    chat = await world.chat()
    assert await warn(storage, world, chat, OWNER) == 1
    [due] = await world.claim_deliveries()
    assert (due.chat, due.content) == (owner, RightsNotice(chat=chat.id, title="Chat 1", reason="not enough rights"))
    assert due.key


async def test_it_is_told_once_whatever_became_of_it(storage, world, owner):
    chat = await world.chat()
    await warn(storage, world, chat, OWNER, OWNER)
    assert await warn(storage, world, chat, OWNER) == 0
    [due] = await world.claim_deliveries()
    await storage.outbox.delivery_failed(due, reason="blocked", now=world.now)
    assert await warn(storage, world, chat, OWNER, now=world.now + MINUTE) == 0
    assert await warn(storage, world, await world.chat(2), OWNER) == 1


async def test_it_is_told_again_when_the_chat_took_a_message_in_between(storage, world, owner):
    chat = await world.chat()
    await warn(storage, world, chat, OWNER)
    await world.follow(chat.id)
    await world.poll("item")
    await world.alert(chat.id)
    for due in await world.claim_deliveries():
        await storage.outbox.delivery_sent(due, message="1", now=world.now + MINUTE)
    assert await warn(storage, world, chat, OWNER, now=world.now + 2 * MINUTE) == 1


async def test_on_telegram_only_who_spoke_to_the_bot_and_did_not_block_it_is_told(storage, world, owner):
    chat = await world.chat()
    assert await warn(storage, world, chat, replace(OWNER, chat="901")) == 0
    await storage.outbox.stop_chat(owner.id, state=ChatState.BLOCKED, reason="blocked", now=world.now)
    assert await warn(storage, world, chat, OWNER) == 0
    assert (await storage.chats.find_chat(OWNER)).state is ChatState.BLOCKED


async def test_on_discord_whoever_is_named_is_told_in_the_language_of_the_chat(storage, world):
    address = ChatAddress(Platform.DISCORD, "77")
    chat = await world.chat(1, platform=Platform.DISCORD)
    chat = replace(chat, settings=replace(chat.settings, hint=Locale.ZH_HANS))
    assert await warn(storage, world, chat, address) == 1
    [due] = await world.claim_deliveries()
    assert (due.chat.address, due.chat.kind, due.chat.settings.hint) == (address, ChatKind.PRIVATE, Locale.ZH_HANS)


async def test_a_chat_that_was_stopped_is_resumed_and_a_paused_one_is_left_alone(storage, world):
    chat = await world.chat()
    assert not await storage.chats.resume(chat.address)
    for state in (ChatState.BLOCKED, ChatState.GONE):
        await storage.outbox.stop_chat(chat.id, state=state, reason="topic_closed", now=world.now)
        assert await storage.chats.resume(chat.address)
        found = await storage.chats.find_chat(chat.address)
        assert (found.state, found.reason) == (ChatState.ACTIVE, "")
    await storage.chats.set_paused(chat.id, paused=True)
    assert not await storage.chats.resume(chat.address)
    assert not await storage.chats.resume(ChatAddress(Platform.TELEGRAM, "404"))
