"""What Telegram says of places and people, asked over HTTP and believed for a minute."""

from __future__ import annotations

import pytest

from bot.chat.telegram.rights import TelegramRights, read_name
from bot.model import ChatAddress, ChatKind, Platform

CHANNEL, GROUP, FORUM = -1000000000500, -5, -1000000000700


def at(chat: int, thread: str = "") -> ChatAddress:
    return ChatAddress(Platform.TELEGRAM, str(chat), thread)


HERE = at(7)


@pytest.fixture
def seconds():
    return [0.0]


@pytest.fixture
async def rights(api, connect, seconds):
    channel = api.place(CHANNEL, "channel", title="News")
    channel.username, channel.admins = "daily_news", {7}
    api.place(GROUP, title="Talk").admins.add(8)
    api.place(FORUM, title="Forum", topics=(12,)).username = "our_forum"
    async with connect(api.token, api.url) as bot:
        await bot.initialize()
        yield TelegramRights(bot, clock=lambda: seconds[0])


@pytest.mark.parametrize(
    ("typed", "chat", "thread"),
    [
        ("@daily_news", "@daily_news", ""),
        ("https://t.me/daily_news", "@daily_news", ""),
        ("t.me/daily_news/45", "@daily_news", "45"),
        ("https://t.me/c/1234567/12", -1001234567, "12"),
        ("https://t.me/c/1234567/12/99", -1001234567, "12"),
        ("-1001234567", -1001234567, ""),
        ("-1001234567:12", -1001234567, "12"),
    ],
)
def test_places_are_named_by_name_link_or_id(typed, chat, thread):
    named = read_name(typed)
    assert (named.chat, named.thread) == (chat, thread)


@pytest.mark.parametrize("typed", ["", "12345", "@ab", "news", "https://evil.example/c/1", "@daily_news extra"])
def test_what_names_no_group_or_channel_is_none(typed):
    assert read_name(typed) is None


async def test_a_channel_is_found_by_its_name_with_who_may_what_there(rights):
    found = await rights.find("7", "@daily_news", HERE)
    assert (found.address, found.kind, found.title) == (at(CHANNEL), ChatKind.CHANNEL, "News")
    assert (found.is_admin, found.can_write, found.can_post) == (True, True, True)
    other = await rights.find("9", "https://t.me/daily_news/45", HERE)
    assert (other.address, other.is_admin, other.can_write) == (at(CHANNEL), False, False)


async def test_a_link_to_a_topic_means_the_topic(rights):
    found = await rights.find("7", "https://t.me/our_forum/12", HERE)
    assert found.address == at(FORUM, "12")


async def test_members_of_a_group_write_and_those_who_left_do_not(api, rights):
    api.place(GROUP).outsiders.add(10)
    assert (await rights.standing("8", at(GROUP))).is_admin
    assert (await rights.standing("9", at(GROUP))).can_write
    assert not (await rights.standing("10", at(GROUP))).can_write


async def test_a_bot_that_may_not_post_in_a_channel_says_so(api, rights):
    api.place(CHANNEL).me = {"status": "administrator", "can_post_messages": False}
    assert not (await rights.standing("7", at(CHANNEL))).can_post


@pytest.mark.parametrize("typed", ["@nowhere", "-99", "@person_seven"])
async def test_a_place_that_is_not_seen_or_another_persons_chat_is_none(api, rights, typed):
    api.any_chat = False
    api.place(77).username = "person_seven"
    assert await rights.find("7", typed, HERE) is None


async def test_what_telegram_said_is_believed_for_a_minute_and_no_longer(api, rights, seconds):
    assert (await rights.standing("7", at(CHANNEL))).is_admin
    asked = len(api.called("getChatMember"))
    api.place(CHANNEL).admins.clear()
    assert (await rights.standing("7", at(CHANNEL))).is_admin
    assert len(api.called("getChatMember")) == asked
    seconds[0] = 61
    assert not (await rights.standing("7", at(CHANNEL))).is_admin


async def test_who_can_not_be_asked_about_has_no_rights(api, rights):
    api.fail_next("getChat", status=400, description="Bad Request: chat not found")
    assert await rights.standing("7", at(CHANNEL)) is None
    api.fail_next("getChatMember", status=400, description="Bad Request: member list is inaccessible")
    assert await rights.standing("7", at(CHANNEL)) is None
    assert (await rights.standing("7", at(CHANNEL))).is_admin


async def test_a_private_chat_is_its_persons_own_and_telegram_has_neither_roles_nor_servers(api, rights):
    api.place(7)
    assert (await rights.standing("7", at(7))).is_admin
    assert not (await rights.standing("8", at(7))).is_admin
    assert await rights.role(at(GROUP), "Editors") is None
    assert (await rights.surroundings(at(GROUP))).places == ()
