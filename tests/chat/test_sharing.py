"""What a chat listens for goes to others by a link or a code, and comes back out by one tap."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bot.chat.commands import Limits
from bot.chat.commands.sharing import MOST_SHARES
from bot.model import ChatAddress, ChatKind, Locale, Managers, Message, Mode, Platform
from tests.support.fakes import NOW, actions, plain, request

OTHER = ChatAddress(Platform.DISCORD, "99")


def code_in(message: Message) -> str:
    found = re.search(r"/copy (\S+)", plain(message))
    assert found
    return found[1]


@pytest.fixture
async def full(desk):
    """A chat with two feeds, two keywords and settings of its own."""
    for line in (
        "/subscribe daily-globe",
        "/subscribe lab-notes everything",
        "/keyword add talks\n阿布扎比",
        "/settings timezone Asia/Hong_Kong",
    ):
        await desk.say(line)
    return desk


async def chat_of(desk, address: ChatAddress):
    chat = await desk.chats.find_chat(address)
    keywords = [each.query for each in await desk.keywords.keywords(chat.id)]
    feeds = [(each.feed.url, each.mode) for each in await desk.subscriptions.subscriptions(chat.id)]
    return keywords, feeds, chat.settings


async def test_a_link_shows_what_it_brings_and_one_tap_takes_it(full):
    token = code_in(await full.say("/share"))
    assert re.fullmatch(r"[A-Za-z0-9_-]{16}", token)
    shown = await full.say(f"/start kw_{token}", address=OTHER, locale=Locale.ZH_HANT)
    assert "2 個關鍵字 · 2 個來源" in plain(shown)
    assert "Daily Globe" in plain(shown)
    assert f"/copy {token} take" in actions(shown)
    taken = await full.say(f"/copy {token} take", address=OTHER)
    keywords, feeds, settings = await chat_of(full, OTHER)
    assert keywords == ["talks", "阿布扎比"]
    assert feeds == [("https://globe.example/rss", Mode.MATCHING), ("https://lab.example/atom", Mode.EVERYTHING)]
    assert settings.timezone == "UTC"
    undo = next(action for action in actions(taken) if action.startswith("/undo"))
    await full.say(undo, address=OTHER)
    assert (await chat_of(full, OTHER))[:2] == ([], [])


async def test_a_platform_with_links_gets_links(full):
    asked = replace(request("/share"), start_link="https://t.me/dt?start=", group_link="https://t.me/dt?startgroup=")
    said = plain(await full.commands.handle(asked))
    token = re.search(r"/copy (\S+)", said)[1]
    assert f"https://t.me/dt?start=kw_{token}" in said
    assert f"https://t.me/dt?startgroup=kw_{token}" in said


@pytest.mark.parametrize(("what", "has"), [("keywords", (2, 0)), ("feeds", (0, 2))])
async def test_keywords_or_feeds_can_go_alone(full, what: str, has: tuple[int, int]):
    token = code_in(await full.say(f"/share {what}"))
    await full.say(f"/copy {token} take", address=OTHER)
    keywords, feeds, _ = await chat_of(full, OTHER)
    assert (len(keywords), len(feeds)) == has


async def test_a_copy_brings_the_settings_too_and_undo_brings_the_old_ones_back(full):
    token = code_in(await full.say("/copy"))
    await full.say("/settings timezone Asia/Taipei", address=OTHER)
    assert "will be replaced" in plain(await full.say(f"/copy {token}", address=OTHER))
    taken = await full.say(f"/copy {token} take", address=OTHER)
    assert (await chat_of(full, OTHER))[2].timezone == "Asia/Hong_Kong"
    undo = next(action for action in actions(taken) if action.startswith("/undo"))
    assert "settings are as they were" in plain(await full.say(undo, address=OTHER))
    keywords, feeds, settings = await chat_of(full, OTHER)
    assert (keywords, feeds, settings.timezone) == ([], [], "Asia/Taipei")


async def test_who_may_change_a_place_does_not_come_along_nor_go_back(full):
    """Else who may change things could let everybody do so, by way of a chat of their own."""
    await full.say("/settings managers everyone", kind=ChatKind.GROUP)
    token = code_in(await full.say("/copy"))
    await full.say(f"/copy {token} take", address=OTHER)
    await full.say(f"/undo 0 {token}", address=OTHER)
    settings = (await chat_of(full, OTHER))[2]
    assert (settings.managers, settings.timezone) == (Managers.ADMINS, "Asia/Hong_Kong")


async def test_what_is_held_comes_as_the_settings_that_were_taken_say(full):
    await full.say("/settings schedule 08:00")
    token = code_in(await full.say("/copy"))
    full.held.asked.clear()
    await full.say(f"/copy {token} take", address=OTHER)
    assert len(full.held.asked) == 1


async def test_taking_twice_adds_nothing_twice(full):
    token = code_in(await full.say("/share"))
    await full.say(f"/copy {token} take", address=OTHER)
    again = await full.say(f"/copy {token} take", address=OTHER)
    assert "You had all of it already." in plain(again)
    assert len((await chat_of(full, OTHER))[0]) == 2


async def test_no_more_regular_expressions_are_taken_than_a_chat_may_have(make_desk):
    desk = make_desk(limits=Limits(regexes=1))
    await desk.say("/keyword add /tal+k/")
    token = code_in(await desk.say("/share"))
    await desk.say("/keyword add /ches+/", address=OTHER)
    assert "1 was one too many." in plain(await desk.say(f"/copy {token} take", address=OTHER))
    assert (await chat_of(desk, OTHER))[0] == ["/ches+/"]


async def test_the_limits_of_the_chat_that_takes_hold(make_desk):
    desk = make_desk(limits=Limits(feeds=2, keywords=2))
    for line in ("/subscribe world all", "/keyword add one\ntwo"):
        await desk.say(line)
    token = code_in(await desk.say("/share"))
    await desk.say("/subscribe lab-notes", address=OTHER)
    await desk.say("/keyword add chess", address=OTHER)
    assert "2 were too many." in plain(await desk.say(f"/copy {token} take", address=OTHER))
    keywords, feeds, _ = await chat_of(desk, OTHER)
    assert (len(keywords), len(feeds)) == (2, 2)


async def test_a_chat_ends_its_links(full):
    shared = await full.say("/share")
    token = code_in(shared)
    assert "/share stop" in actions(shared)
    assert "1 link has ended." in plain(await full.say("/share stop"))
    assert "not known" in plain(await full.say(f"/start kw_{token}", address=OTHER))
    assert "not known" in plain(await full.say(f"/copy {token} take", address=OTHER))
    assert "Nothing of this chat is shared." in plain(await full.say("/share stop"))


async def test_of_many_shares_of_a_chat_the_newest_stay(full):
    tokens = [code_in(await full.say("/share")) for _ in range(MOST_SHARES + 1)]
    assert list(full.shares.by_token) == tokens[1:]


async def test_a_chat_with_nothing_shares_nothing(desk):
    assert "nothing to share" in plain(await desk.say("/share"))
    assert desk.shares.by_token == {}


async def test_the_take_button_fits(full):
    full.commands._clock = lambda: NOW.replace(year=2286)
    token = code_in(await full.say("/copy"))
    taken = await full.say(f"/copy {token} take", address=OTHER)
    assert all(len(action.encode()) <= 64 for action in actions(taken))
    assert any(re.fullmatch(r"/undo \d+ \S+", action) for action in actions(taken))
