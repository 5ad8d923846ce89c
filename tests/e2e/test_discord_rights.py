"""Rights on Discord through the real client: a role that manages, a staff channel, a keyword that moves."""

from __future__ import annotations

import discord
import pytest

from bot.app.access import PlatformRights
from bot.chat.discord.places import channel_address
from bot.chat.discord.rights import DiscordRights
from bot.model import Platform
from tests.support.offline_discord import discord_bot


@pytest.fixture
async def core(make_settings, run_core):
    async with run_core(make_settings(access="list", allowed_chats="discord:1", owners="discord:42")) as core:
        yield core


@pytest.fixture
def bot(core):
    return discord_bot(core, owned=True)


@pytest.fixture
def simcord_bot(bot):
    return bot.client


@pytest.fixture
def env(simcord_env, core, bot):
    assert isinstance(core.rights, PlatformRights)
    with core.rights.known_by(Platform.DISCORD, DiscordRights(lambda: bot.client)):
        yield simcord_env


@pytest.fixture
def server(env):
    return env.create_guild("News desk")


@pytest.fixture
def staff(server):
    return server.create_text_channel("staff")


@pytest.fixture
def wire(server):
    return server.create_text_channel("wire")


@pytest.fixture
def admin(env, server):
    role = server.create_role("Editors", permissions=discord.Permissions(manage_guild=True))
    return server.add_member(env.create_user("ada"), roles=[role])


async def let_in(core, *channels):
    """As an owner does with the number that the refused are told."""
    for channel in channels:
        chat = await core.storage.chats.find_chat(channel_address(channel.id))
        await core.storage.places.admit(chat.id)


def text_of(answer) -> str:
    message = answer.response
    return message.content + "".join(f"{one.title} {one.description}" for one in message.embeds)


async def keywords(core, channel) -> list[str]:
    chat = await core.storage.chats.find_chat(channel_address(channel.id))
    return [each.query for each in await core.storage.keywords.keywords(chat.id)]


async def test_a_server_is_let_in_with_one_of_its_channels(core, staff, wire, admin):
    refused = await admin.slash(staff, "feeds")
    assert refused.ephemeral
    assert f"discord:{staff.id}" in text_of(refused)
    await let_in(core, staff)
    assert "does not know" not in text_of(await admin.slash(wire, "feeds"))


async def test_a_role_manages_a_channel_and_a_guest_does_not(core, env, server, staff, admin):
    await admin.slash(staff, "feeds")
    await let_in(core, staff)
    desk = server.create_role("Desk")
    said = await admin.slash(staff, "settings managers", who="role", role=desk)
    assert "@Desk" in text_of(said).replace("\u200b", "")
    member = server.add_member(env.create_user("dee"), roles=[desk])
    guest = server.add_member(env.create_user("gil"))
    assert "added" in text_of(await member.slash(staff, "keyword add", query="talks"))
    refused = await guest.slash(staff, "keyword add", query="war")
    assert refused.ephemeral
    assert await keywords(core, staff) == ["talks"]


async def test_a_staff_channel_manages_another_and_keywords_move_there(core, env, server, staff, wire, admin):
    await admin.slash(staff, "feeds")
    await let_in(core, staff)
    await admin.slash(staff, "keyword add", query="talks")
    chat = await core.storage.chats.find_chat(channel_address(staff.id))
    (keyword,) = await core.storage.keywords.keywords(chat.id)
    moved = await admin.slash(staff, "keyword move", keyword=str(keyword.id), place=wire)
    assert "News desk #wire" in text_of(moved).replace("\\", "")
    assert (await keywords(core, staff), await keywords(core, wire)) == ([], ["talks"])
    await admin.click(moved.response, label="Undo")
    assert (await keywords(core, staff), await keywords(core, wire)) == (["talks"], [])
    await admin.slash(staff, "manage", place=wire)
    answer = await admin.slash(staff, "keyword add", query="war")
    assert "📢 **News desk" in text_of(answer)
    assert await keywords(core, wire) == ["war"]
    guest = server.add_member(env.create_user("gil"))
    assert "You may not change that place" in text_of(await guest.slash(staff, "keyword list"))
    await admin.click(answer.response, label="◀ Back to this chat")
    assert "talks" in text_of(await admin.slash(staff, "keyword list"))


async def test_to_who_is_no_owner_there_is_no_such_command(core, env):
    user = env.create_user("dee")
    await user.slash("feeds")
    await let_in(core, user.dm_channel)
    assert "There is no command" in text_of(await user.slash("admin show"))
