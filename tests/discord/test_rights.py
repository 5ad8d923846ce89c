"""What Discord says of places and people, of servers and channels that a backend answers for."""

from __future__ import annotations

import discord
import pytest

from bot.chat.discord.places import channel_address
from bot.chat.discord.rights import DiscordRights
from bot.model import ChatKind


@pytest.fixture
def rights(bot, env):
    return DiscordRights(lambda: bot.client)


async def test_an_admin_and_a_guest_stand_as_their_permissions_say(rights, server, channel, admin, guest):
    theirs = await rights.standing(str(admin.id), channel_address(channel.id))
    assert (theirs.is_admin, theirs.can_write, theirs.can_post) == (True, True, True)
    assert (theirs.kind, theirs.title, theirs.server) == (ChatKind.GROUP, "News desk #alerts", str(server.id))
    others = await rights.standing(str(guest.id), channel_address(channel.id))
    assert (others.is_admin, others.can_write) == (False, True)


async def test_the_roles_of_a_person_come_along(rights, env, server, channel):
    role = server.create_role("Desk")
    member = server.add_member(env.create_user("dee"), roles=[role])
    standing = await rights.standing(str(member.id), channel_address(channel.id))
    assert str(role.id) in standing.roles


async def test_a_place_that_a_person_does_not_see_is_none(rights, env, server):
    hidden = server.create_text_channel(
        "staff", overwrites={server.default_role: discord.PermissionOverwrite(view_channel=False)}
    )
    guest = server.add_member(env.create_user("gil"))
    assert await rights.standing(str(guest.id), channel_address(hidden.id)) is None
    assert await rights.standing(str(guest.id), channel_address(1)) is None


async def test_a_stranger_to_the_server_stands_nowhere_in_it(rights, env, channel):
    assert await rights.standing(str(env.create_user("sam").id), channel_address(channel.id)) is None


async def test_where_the_bot_may_not_write_it_says_so(rights, server, admin):
    quiet = server.create_text_channel(
        "quiet", overwrites={server.default_role: discord.PermissionOverwrite(send_messages=False)}
    )
    standing = await rights.standing(str(admin.id), channel_address(quiet.id))
    assert (standing.is_admin, standing.can_post) == (True, False)


@pytest.mark.parametrize("form", ["{id}", "<#{id}>", "alerts", "#alerts"])
async def test_a_channel_is_found_by_id_mention_or_name(rights, server, channel, admin, form):
    here = channel_address(server.create_text_channel("staff").id)
    found = await rights.find(str(admin.id), form.format(id=channel.id), here)
    assert found.address == channel_address(channel.id)


async def test_a_thread_is_a_place_of_its_own(rights, env, channel, admin, guest):
    thread = env.backend.create_thread(channel.id, "talks", admin.id)
    await env.settle()
    standing = await rights.standing(str(admin.id), channel_address(thread.id))
    assert (standing.title, standing.can_post, standing.is_admin) == ("News desk #talks", True, True)
    other = await rights.standing(str(guest.id), channel_address(thread.id))
    assert (other.is_admin, other.can_write) == (False, True)


async def test_a_forum_takes_nothing_itself_and_its_posts_do(rights, env, server, admin):
    forum = server.create_forum_channel("questions")
    post = env.backend.create_thread(forum.id, "what now", admin.id)
    await env.settle()
    assert not (await rights.standing(str(admin.id), channel_address(forum.id))).can_post
    standing = await rights.standing(str(admin.id), channel_address(post.id))
    assert (standing.title, standing.can_post, standing.kind) == ("News desk #what now", True, ChatKind.GROUP)


@pytest.mark.parametrize("form", ["{id}", "<@&{id}>", "Editors", "@editors"])
async def test_a_role_is_found_by_id_mention_or_name(rights, server, channel, admin, form):
    role = next(role for role in server_roles(rights, channel) if role.name == "Editors")
    found = await rights.role(channel_address(channel.id), form.format(id=role.id))
    assert (found.id, found.name) == (str(role.id), "Editors")


async def test_everyone_is_no_role_and_one_of_another_server_is_none(rights, channel, server):
    assert await rights.role(channel_address(channel.id), str(server.id)) is None
    assert await rights.role(channel_address(channel.id), "Nobody") is None
    assert await rights.role(channel_address(1), "Editors") is None


async def test_the_surroundings_are_the_server_with_its_channels(rights, server, channel):
    other = server.create_text_channel("wire")
    around = await rights.surroundings(channel_address(channel.id))
    assert around.server == str(server.id)
    assert {channel_address(channel.id), channel_address(other.id)} <= set(around.places)


def server_roles(rights, channel):
    place = rights._client().get_channel(channel.id)
    assert isinstance(place, discord.TextChannel)
    return place.guild.roles
