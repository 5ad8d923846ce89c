"""A chat that refuses the bot is paused and resumed by a command; who manages it is told once, in private."""

from __future__ import annotations

import asyncio

import pytest

from bot.model import ChatAddress, ChatState, Platform
from tests.support.sides import open_sides

OWNER, GROUP, FORUM, TOPIC = 7, -100, -1000000000500, 12


@pytest.fixture
async def bot(settings, run_core, run_program):
    async with run_core(settings) as core, open_sides(core) as sides, run_program(core, sides):
        yield core


async def ask(api, chat: int, line: str, **more) -> str:
    before = len(api.sent_to(chat))
    api.say(chat, line, **more)
    await api.until(lambda: len(api.sent_to(chat)) > before)
    return api.sent_to(chat)[-1]


async def watch(api, feed, chat: int, **more) -> None:
    await ask(api, chat, f"/subscribe {feed.url}", **more)
    await ask(api, chat, "/keyword add ferry", **more)
    polls = feed.not_modified
    await api.until(lambda: feed.not_modified > polls)


async def until_state(core, address: ChatAddress, state: ChatState) -> None:
    async with asyncio.timeout(10):
        while (await core.storage.chats.find_chat(address)).state is not state:
            await asyncio.sleep(0.01)


def alerts(api, chat: int, title: str) -> list[str]:
    return [text for text in api.sent_to(chat) if title in text]


async def test_a_group_without_rights_is_paused_its_owner_told_once_and_it_is_resumed_by_a_command(api, feed, bot):
    await ask(api, OWNER, "/start")
    api.place(GROUP, "group").admins.add(OWNER)
    await watch(api, feed, GROUP)
    address = ChatAddress(Platform.TELEGRAM, str(GROUP))
    api.mute(GROUP)
    for title in ("A ferry sails", "Another ferry comes"):
        feed.add(title, title, "At dawn.")
        await until_state(bot, address, ChatState.BLOCKED)
        await bot.storage.chats.resume(address)  # somebody tried, and gave no rights
    await api.until(lambda: alerts(api, OWNER, "I may not write in"))
    api.place(GROUP).fault = None
    await ask(api, GROUP, "/start")
    feed.add("third", "A third ferry waits", "At noon.")
    await api.until(lambda: alerts(api, GROUP, "A third ferry waits"))
    assert len(alerts(api, OWNER, "I may not write in")) == 1
    assert not alerts(api, GROUP, "A ferry sails")


async def test_a_topic_that_is_closed_waits_until_it_is_reopened(api, feed, bot):
    api.place(FORUM, topics=(TOPIC,)).admins.add(OWNER)
    await watch(api, feed, FORUM, thread=TOPIC)
    address = ChatAddress(Platform.TELEGRAM, str(FORUM), str(TOPIC))
    api.close_topic(FORUM, TOPIC)
    feed.add("ferry", "A ferry sails", "At dawn.")
    await until_state(bot, address, ChatState.GONE)
    api.reopen_topic(FORUM, TOPIC)
    await until_state(bot, address, ChatState.ACTIVE)
    feed.add("second", "A second ferry sails", "At noon.")
    await api.until(lambda: alerts(api, FORUM, "A second ferry sails"))


async def test_a_forum_that_moves_takes_all_its_topics_along(api, feed, bot):
    new = -1000000000777
    api.place(FORUM, topics=(TOPIC,)).admins.add(OWNER)
    await watch(api, feed, FORUM, thread=TOPIC)
    api.place(new, topics=(TOPIC,))
    api.migrate(FORUM, new, announce=False)
    feed.add("ferry", "A ferry sails", "At dawn.")
    await api.until(lambda: alerts(api, new, "A ferry sails"))
    (sent,) = [one for one in api.sent if one.chat_id == new]
    assert sent.thread == TOPIC
