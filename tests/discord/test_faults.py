"""Faults as Discord answers them, through the real client: each leads to what can be done about it."""

from __future__ import annotations

import asyncio

import discord
import pytest
from structlog.testing import capture_logs

from bot.chat.blocks import text, title
from bot.chat.discord.messenger import DiscordMessenger
from bot.errors import ChatBlocked, PlatformDown, RightsMissing
from bot.model import ChatAddress, Message, Platform
from tests.support.discord_messages import says
from tests.support.meter import Counts

ALERT = Message(blocks=(title("Talks"), text("They began.")))
MESSAGES = "/channels/*/messages"


def to(place) -> ChatAddress:
    return ChatAddress(Platform.DISCORD, str(place.id))


async def until(condition) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.01)


@pytest.fixture
def meter():
    return Counts()


@pytest.fixture
def counting(bot, env, meter):
    return DiscordMessenger(lambda: bot.client, meter=meter)


async def test_a_form_that_discord_does_not_take_is_reported_with_the_key_and_without_what_it_quotes(
    env, channel, counting, meter
):
    words = "Invalid Form Body\nIn content: what someone wrote"
    env.inject_error("POST", MESSAGES, status=400, code=50035, message=words)
    with capture_logs() as logs:
        await counting.send(to(channel), ALERT, key="key-1")
    (log,) = [one for one in logs if one["event"].startswith("went out plainer")]
    assert (log["log_level"], log["key"]) == ("error", "key-1")
    assert "someone" not in str(logs)
    assert meter.seen["plainer", "discord"] == 1
    assert channel.last_message.embeds == []


async def test_where_we_may_not_write_the_owner_of_the_server_is_named_in_private(env, server, bot, messenger):
    silent = discord.PermissionOverwrite(send_messages=False, embed_links=False)
    closed = server.create_text_channel("closed", overwrites={server.default_role: silent})
    with pytest.raises(RightsMissing) as caught:
        await messenger.send(to(closed), ALERT, key="k")
    (owner,) = caught.value.managers
    known = bot.client.get_guild(server.id).owner_id
    assert owner.chat == str((await bot.client.create_dm(discord.Object(known))).id)


async def test_an_owner_who_can_not_be_written_to_is_told_where_the_server_gets_its_notices(
    env, server, channel, bot, messenger
):
    guild = bot.client.get_guild(server.id)
    guild._system_channel_id = channel.id
    closed = server.create_text_channel("closed")
    env.inject_error("POST", f"/channels/{closed.id}/messages", status=403, code=50013, times=2)
    env.inject_error("POST", "/users/@me/channels", status=400, code=50007)
    with pytest.raises(RightsMissing) as caught:
        await messenger.send(to(closed), ALERT, key="k")
    assert caught.value.managers == (to(channel),)


async def test_an_archived_thread_is_opened_by_sending(env, channel, admin, messenger):
    thread = env.backend.create_thread(channel.id, "talks", admin.id)
    env.inject_error("POST", MESSAGES, status=400, code=50083, message="Thread is archived")
    await messenger.send(to(thread), ALERT, key="k")
    assert any(request.method == "PATCH" and str(thread.id) in request.path for request in env.http_requests)


async def test_an_archived_thread_that_we_may_not_open_stops_the_chat(env, channel, admin, messenger):
    thread = env.backend.create_thread(channel.id, "talks", admin.id)
    env.inject_error("POST", MESSAGES, status=400, code=50083, message="Thread is archived")
    env.inject_error("PATCH", f"/channels/{thread.id}", status=403, code=50013)
    with pytest.raises(ChatBlocked, match="50083"):
        await messenger.send(to(thread), ALERT, key="k")


@pytest.mark.parametrize(("state", "resumed"), [({}, True), ({"locked": True}, False), ({"archived": True}, False)])
async def test_a_thread_that_is_opened_again_gets_alerts_again(state, resumed, env, bot, books, channel, admin):
    thread = env.backend.create_thread(channel.id, "talks", admin.id)
    books.know(thread)
    event = {
        "id": str(thread.id),
        "guild_id": str(channel.guild.id),
        "parent_id": str(channel.id),
        "type": 11,
        "thread_metadata": {"archived": False, "locked": False} | state,
    }
    await bot.client.on_raw_thread_update(discord.RawThreadUpdateEvent(event))
    assert books.resumed == ([to(thread)] if resumed else [])


async def test_a_person_is_written_to_in_direct_messages(env, messenger):
    dee = env.create_user("dee")
    address = await messenger.private_chat(str(dee.id))
    await messenger.send(address, says("hi"), key="k")
    assert dee.dm_channel.last_message.content == "hi"


async def test_nobody_is_reached_before_the_login(make_bot):
    with pytest.raises(PlatformDown):
        await make_bot().messenger.private_chat("5")
