from __future__ import annotations

from types import SimpleNamespace

import discord
from structlog.testing import capture_logs

from bot.model import ChatState
from tests.support.discord_messages import NOW


async def test_removal_from_a_server_blocks_all_its_chats(env, books, server, channel, admin):
    thread = env.backend.create_thread(channel.id, "talks", admin.id)
    other = server.create_text_channel("other")
    known = [books.know(channel), books.know(thread)]
    await env.settle()
    env.backend.remove_guild(server.id)
    await env.settle()
    assert sorted(chat for chat, *_ in books.stopped) == known
    assert {(state, now) for _, state, _, now in books.stopped} == {(ChatState.BLOCKED, NOW)}
    assert other.id


async def test_a_deleted_channel_is_gone_and_so_are_its_threads(env, books, channel, admin):
    thread = env.backend.create_thread(channel.id, "talks", admin.id)
    known = [books.know(channel), books.know(thread)]
    await env.settle()
    env.backend.delete_channel(channel.id)
    await env.settle()
    assert sorted(chat for chat, *_ in books.stopped) == known
    assert {state for _, state, *_ in books.stopped} == {ChatState.GONE}


async def test_a_deleted_thread_is_gone_and_its_channel_stays(env, books, channel, admin):
    thread = env.backend.create_thread(channel.id, "talks", admin.id)
    books.know(channel)
    known = books.know(thread)
    await env.settle()
    env.backend.delete_channel(thread.id)
    await env.settle()
    assert [chat for chat, *_ in books.stopped] == [known]


async def test_channels_that_are_no_chats_of_ours_are_no_matter(env, books, channel):
    await env.settle()
    env.backend.delete_channel(channel.id)
    await env.settle()
    assert books.stopped == []


async def test_a_server_that_is_only_unavailable_stops_nothing(env, books, server, channel):
    books.know(channel)
    await env.settle()
    env.backend.emit("GUILD_DELETE", {"id": str(server.id), "unavailable": True})
    await env.settle()
    assert books.stopped == []


async def test_a_fault_of_an_event_is_logged_and_ends_nothing(env, books, handler, server, admin):
    async def broken(*_, **__):
        raise RuntimeError("the database is away")

    doomed, other = server.create_text_channel("doomed"), server.create_text_channel("other")
    books.find_chat = broken
    await env.settle()
    with capture_logs() as logs:
        env.backend.delete_channel(doomed.id)
        await env.settle()
    assert [(log["event"], log["where"]) for log in logs] == [("event.failed", "on_guild_channel_delete")]
    assert len(env.errors) == 1
    assert (await admin.slash(other, "feeds")).response.content == "Done."


# --- the greeting ---------------------------------------------------------------------------------------


async def join(env, bot, locale="zh-TW", *, may_send=True):
    server = env.create_guild("New", preferred_locale=locale)
    denied = discord.PermissionOverwrite(send_messages=may_send)
    lobby = server.create_text_channel("lobby", overwrites={server.default_role: denied})
    await env.settle()
    guild = bot.client.get_guild(server.id)
    guild._system_channel_id = lobby.id
    await bot.client.on_guild_join(guild)
    return lobby


async def test_a_new_server_is_greeted_in_its_language_where_it_gets_its_notices(env, bot):
    lobby = await join(env, bot)
    assert [message.content for message in lobby.history()] == ["Hello in zh-Hant"]


async def test_where_we_may_write_nowhere_there_is_no_greeting(env, bot):
    assert (await join(env, bot, may_send=False)).history() == []


async def test_a_server_without_a_place_for_notices_is_greeted_where_we_may_write(env, bot):
    server = env.create_guild("New")
    closed = discord.PermissionOverwrite(send_messages=False)
    rules = server.create_text_channel("rules", overwrites={server.default_role: closed})
    talk = server.create_text_channel("talk")
    await env.settle()
    await bot.client.on_guild_join(bot.client.get_guild(server.id))
    assert (len(rules.history()), len(talk.history())) == (0, 1)


async def test_a_server_is_greeted_once(env, bot, sent):
    lobby = await join(env, bot)
    await bot.client.on_guild_join(bot.client.get_guild(lobby.guild.id))
    assert len(sent()) == 1


async def test_where_admins_have_a_channel_of_their_own_they_alone_are_greeted(env, bot):
    server = env.create_guild("New")
    lobby, staff = server.create_text_channel("lobby"), server.create_text_channel("staff")
    await env.settle()
    guild = bot.client.get_guild(server.id)
    guild._system_channel_id, guild._public_updates_channel_id = lobby.id, staff.id
    await bot.client.on_guild_join(guild)
    assert [message.content for message in staff.history()] == ["Hello in en, New"]
    assert lobby.history() == []


async def test_who_added_the_bot_is_greeted_in_private_where_the_log_of_the_server_tells(env, bot, monkeypatch):
    adder = env.create_user("ada")
    server = env.create_guild("New")
    lobby = server.create_text_channel("lobby")
    await env.settle()
    guild = bot.client.get_guild(server.id)
    user = await bot.client.fetch_user(adder.id)

    async def entries(*_, **__):
        yield SimpleNamespace(user=user, target=discord.Object(1))
        yield SimpleNamespace(user=user, target=discord.Object(guild.me.id))

    monkeypatch.setattr(discord.Guild, "audit_logs", entries)
    await bot.client.on_guild_join(guild)
    assert [message.content for message in adder.dm_channel.history()] == ["Hello in en, New"]
    assert lobby.history() == []


async def test_an_admins_closed_messages_leave_the_channel_for_notices(env, bot, monkeypatch):
    adder = env.create_user("ada")
    server = env.create_guild("New")
    lobby = server.create_text_channel("lobby")
    await env.settle()
    user = await bot.client.fetch_user(adder.id)

    async def entries(*_, **__):
        yield SimpleNamespace(user=user, target=discord.Object(bot.client.user.id))

    monkeypatch.setattr(discord.Guild, "audit_logs", entries)
    env.inject_error("POST", "/channels/*/messages", status=403, code=50007)
    await bot.client.on_guild_join(bot.client.get_guild(server.id))
    assert [message.content for message in lobby.history()] == ["Hello in en"]


async def test_a_greeting_that_fails_is_no_fault(env, bot):
    env.inject_error("POST", "/channels/*/messages", status=500)
    with capture_logs() as logs:
        await join(env, bot)
    assert [log["event"] for log in logs] == ["greeting.lost"]


def test_the_client_asks_for_no_privileged_intent(bot):
    intents = bot.client.intents
    assert intents.guilds
    assert not any((intents.members, intents.presences, intents.message_content, intents.messages))
