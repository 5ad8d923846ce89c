"""From a slash command on Discord to the alert in the channel, through the real client, offline."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import discord
import pytest

from bot.chat.discord.places import channel_address
from bot.model import ChatState
from tests.support.offline_discord import OfflineSide, discord_bot

TRILATERAL = "the trilateral Russian-Ukrainian-US talks in Abu Dhabi"


@pytest.fixture
async def core(make_settings, run_core):
    async with run_core(make_settings()) as core:
        yield core


@pytest.fixture
def bot(core):
    return discord_bot(core)


@pytest.fixture
def simcord_bot(bot):
    return bot.client


@pytest.fixture
def env(simcord_env):
    return simcord_env


@pytest.fixture
def server(env):
    return env.create_guild("News desk")


@pytest.fixture
def channel(server):
    return server.create_text_channel("alerts")


@pytest.fixture
def admin(env, server):
    role = server.create_role("Editors", permissions=discord.Permissions(manage_guild=True))
    return server.add_member(env.create_user("ada"), roles=[role])


def posted(env) -> list[dict]:
    """The bodies of the alerts that were posted, as Discord got them."""
    return [
        request.json
        for request in env.http_requests
        if request.method == "POST" and request.path.startswith("/channels/") and request.path.endswith("/messages")
    ]


async def until(condition) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.01)


async def test_a_new_item_reaches_the_channel_that_asked(core, bot, env, channel, admin, feed, run_program):
    async with run_program(core, [OfflineSide(bot)]):
        answer = await admin.slash(channel, "subscribe", address=feed.url)
        assert "Wire" in answer.response.content
        for keyword in ("trilateral talks", '"Abu Dhabi"'):
            await admin.slash(channel, "keyword add", query=keyword)
        polls = feed.not_modified
        await until(lambda: feed.not_modified > polls)
        feed.add("talks", "Envoys meet again", f"Envoys meet for {TRILATERAL}. @everyone may read of it.")
        feed.add("party", "An art party", "Nothing else.")
        await until(lambda: posted(env))
        (alert,) = posted(env)
        (shown,) = [one for one in channel.history() if one.embeds and one.embeds[0].title == "Envoys meet again"]
        chat = (await core.storage.chats.find_chat(channel_address(channel.id))).id
        async with asyncio.timeout(5):
            while await core.storage.trails.find_message(chat, str(shown.id)) is None:
                await asyncio.sleep(0.01)
        why = await admin.context_menu(channel, "Why this alert?", shown)
    assert why.ephemeral
    assert why.response.embeds[0].title == "Why this alert came"
    assert "**trilateral**" in why.response.embeds[0].description
    embed = alert["embeds"][0]
    assert embed["title"] == "Envoys meet again"
    assert embed["url"] == feed.link("talks")
    assert "阿布扎比" in str(embed)
    assert "trilateral talks" in str(embed)
    assert alert["enforce_nonce"] is True
    assert len(alert["nonce"]) <= 25
    assert alert["allowed_mentions"] == {"parse": []}


async def test_five_alerts_to_one_channel_wait_for_no_tick_of_the_clock(
    core, bot, env, channel, admin, feed, run_program, monkeypatch
):
    monkeypatch.setattr("bot.app.program.TICK", timedelta(hours=1))
    ships = ("ferry", "tanker", "trawler", "icebreaker", "dredger")
    async with run_program(core, [OfflineSide(bot)]):
        await admin.slash(channel, "subscribe", address=feed.url)
        await admin.slash(channel, "keyword add", query="harbour")
        polls = feed.not_modified
        await until(lambda: feed.not_modified > polls)
        for ship in ships:
            feed.add(ship, f"A {ship} is in the harbour", f"Nobody had asked for a {ship}.")
        await until(lambda: len(posted(env)) == len(ships))
    assert sorted(alert["embeds"][0]["url"] for alert in posted(env)) == sorted(map(feed.link, ships))


async def test_a_keyword_is_offered_its_chinese_names_and_takes_them_by_a_button(
    core, bot, channel, admin, feed, run_program
):
    async with run_program(core, [OfflineSide(bot)]):
        await admin.slash(channel, "subscribe", address=feed.url)
        added = await admin.slash(channel, "keyword add", query="Abu Dhabi")
        changed = await admin.click(added.response, label="Also find 阿布扎比 · 阿布達比")
    assert "Abu Dhabi OR 阿布扎比 OR 阿布達比" in str(changed.response.content)
    chat = await core.storage.chats.find_chat(channel_address(channel.id))
    (keyword,) = await core.storage.keywords.keywords(chat.id)
    await admin.slash(channel, "keyword edit", keyword=str(keyword.id), query="talks")
    assert [each.query for each in await core.storage.keywords.keywords(chat.id)] == ["talks"]


async def test_guests_change_nothing_and_are_told_so(core, env, server, channel, feed):
    guest = server.add_member(env.create_user("gil"))
    answer = await guest.slash(channel, "subscribe", address=feed.url)
    assert answer.ephemeral
    chat = await core.storage.chats.find_chat(channel_address(channel.id))
    assert await core.storage.subscriptions.subscriptions(chat.id) == []


async def test_a_channel_without_rights_is_paused_its_owner_told_in_private_and_it_is_resumed_by_a_command(
    core, bot, env, server, channel, admin, feed, run_program
):
    address = channel_address(channel.id)

    async def until_state(state):
        async with asyncio.timeout(10):
            while (await core.storage.chats.find_chat(address)).state is not state:
                await asyncio.sleep(0.01)

    async with run_program(core, [OfflineSide(bot)]):
        await admin.slash(channel, "subscribe", address=feed.url)
        await admin.slash(channel, "keyword add", query="ferry")
        polls = feed.not_modified
        await until(lambda: feed.not_modified > polls)
        env.inject_error("POST", f"/channels/{channel.id}/messages", status=403, code=50013, times=2)
        feed.add("ferry", "A ferry sails", "At dawn.")
        await until_state(ChatState.BLOCKED)
        await until(lambda: any("I may not write in" in str(body) for body in posted(env)))
        await admin.slash(channel, "start")
        await until_state(ChatState.ACTIVE)
        feed.add("second", "A second ferry sails", "At noon.")
        await until(lambda: any("A second ferry sails" in str(message) for message in shown_in(channel)))
    assert not any("A ferry sails" in title for title in shown_in(channel))


def shown_in(channel) -> list[str]:
    return [embed.title or "" for message in channel.history() for embed in message.embeds]


async def test_a_deleted_channel_is_stopped_and_the_others_go_on(core, bot, env, server, admin, feed, run_program):
    gone, kept = server.create_text_channel("gone"), server.create_text_channel("kept")
    async with run_program(core, [OfflineSide(bot)]):
        for channel in (gone, kept):
            await admin.slash(channel, "subscribe", address=feed.url)
            await admin.slash(channel, "keyword add", query="ferry")
        polls = feed.not_modified
        await until(lambda: feed.not_modified > polls)
        env.backend.delete_channel(gone.id)
        feed.add("ferry", "A ferry sails", "At dawn.")
        await until(lambda: any("A ferry sails" in str(body) for body in posted(env)))
    assert (await core.storage.chats.find_chat(channel_address(kept.id))).state is ChatState.ACTIVE
    assert (await core.storage.chats.find_chat(channel_address(gone.id))).state is ChatState.GONE
