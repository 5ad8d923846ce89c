from __future__ import annotations

import asyncio

import discord
import pytest
from structlog.testing import capture_logs

from bot.chat.discord.places import request_from
from bot.model import Block, BlockKind, Button, ChatKind, Locale, Message, Span
from tests.support.discord_messages import says

# Shorter than the waits that are tested, so that these pass only when a test moves the clock.
UNHURRIED = pytest.mark.simcord(settle_timeout=0.5)

# --- requests -------------------------------------------------------------------------------------------


async def test_a_command_of_an_admin_becomes_a_request(handler, channel, admin):
    result = await admin.slash(channel, "feeds")
    (request,) = handler.requests
    assert (request.command, request.arguments) == ("feeds", "")
    assert (request.address.chat, request.address.thread) == (str(channel.id), "")
    assert (request.kind, request.title) == (ChatKind.GROUP, "News desk #alerts")
    assert (request.person.id, request.person.locale, request.person.can_manage) == (str(admin.id), Locale.EN, True)
    assert result.response.content == "Done."
    assert not result.ephemeral


async def test_options_become_the_arguments_that_one_would_type(handler, channel, admin):
    await admin.slash(channel, "subscribe", address="https://a.example/feed", everything=True)
    await admin.slash(channel, "subscribe", address="BBC", everything=False)
    await admin.slash(channel, "subscribe")
    await admin.slash(channel, "latest", count="3")
    assert [request.arguments for request in handler.requests] == ["https://a.example/feed everything", "BBC", "", "3"]


async def test_a_subcommand_stands_before_its_arguments(handler, channel, admin):
    await admin.slash(channel, "keyword add", query='"trilateral talks" OR 三方會談')
    await admin.slash(channel, "keyword list")
    await admin.slash(channel, "settings languages", value="zh,en")
    assert [(request.command, request.arguments) for request in handler.requests] == [
        ("keyword", 'add "trilateral talks" OR 三方會談'),
        ("keyword", "list"),
        ("settings", "languages zh,en"),
    ]


async def test_who_can_not_manage_the_server_is_said_to_be_so(handler, channel, guest):
    await guest.slash(channel, "feeds")
    assert not handler.requests[0].person.can_manage


async def test_rights_in_the_channel_are_enough_to_manage_it(handler, env, server, channel):
    role = server.create_role("Keepers", permissions=discord.Permissions(manage_channels=True))
    keeper = server.add_member(env.create_user("kim"), roles=[role])
    await keeper.slash(channel, "feeds")
    assert handler.requests[0].person.can_manage


async def test_a_direct_message_is_a_private_chat_of_its_person(handler, env):
    user = env.create_user("dee")
    result = await user.slash("keyword add", query="talks")
    (request,) = handler.requests
    assert (request.kind, request.title, request.person.can_manage) == (ChatKind.PRIVATE, "dee", True)
    assert request.address.chat == str(user.dm_channel.id)
    assert result.response.content == "Done."


async def test_an_announcement_channel_is_a_channel(handler, server, admin):
    await admin.slash(server.create_news_channel("wire"), "feeds")
    assert handler.requests[0].kind is ChatKind.CHANNEL


async def test_a_thread_is_a_chat_of_its_own(handler, env, server, channel, admin):
    thread = env.backend.create_thread(channel.id, "talks", admin.id)
    await env.settle()
    (handle,) = channel.threads
    await admin.slash(handle, "feeds")
    (request,) = handler.requests
    assert (request.address.chat, request.address.thread) == (str(thread.id), "")
    assert (request.kind, request.title) == (ChatKind.GROUP, "News desk #talks")


async def test_a_post_of_a_forum_is_a_chat_of_its_own_where_admins_manage(handler, env, server, admin, guest):
    forum = server.create_forum_channel("questions")
    post = env.backend.create_thread(forum.id, "what now", admin.id)
    await env.settle()
    (handle,) = forum.threads
    await admin.slash(handle, "feeds")
    await guest.slash(handle, "feeds")
    assert [request.address.chat for request in handler.requests] == [str(post.id)] * 2
    assert [request.person.can_manage for request in handler.requests] == [True, False]
    assert (handler.requests[0].kind, handler.requests[0].title) == (ChatKind.GROUP, "News desk #what now")


async def test_the_roles_of_a_person_go_along(handler, env, server, channel):
    role = server.create_role("Desk")
    member = server.add_member(env.create_user("dee"), roles=[role])
    await member.slash(channel, "feeds")
    assert str(role.id) in handler.requests[0].person.roles


async def test_channels_and_roles_are_chosen_from_lists_and_go_by_their_ids(handler, env, server, channel, admin):
    wire, role = server.create_text_channel("wire"), server.create_role("Desk")
    await admin.slash(channel, "manage", place=wire)
    await admin.slash(channel, "keyword move", keyword="3", place=wire)
    await admin.slash(channel, "settings managers", who="role", role=role)
    assert [request.arguments for request in handler.requests] == [
        str(wire.id),
        f"move 3 {wire.id}",
        f"managers role {role.id}",
    ]


async def test_the_persons_app_language_goes_along(handler, channel, admin, speaking):
    for tag in ("zh-TW", "zh-CN", "fr", "xx"):
        speaking(tag)
        await admin.slash(channel, "feeds")
    locales = [request.person.locale for request in handler.requests]
    assert locales == [Locale.ZH_HANT, Locale.ZH_HANS, Locale.EN, Locale.EN]


# --- answers --------------------------------------------------------------------------------------------


async def test_a_private_answer_is_seen_by_the_asking_person_alone(handler, channel, guest, admin):
    handler.answers["subscribe"] = says("Only admins may do that.", private=True)
    result = await guest.slash(channel, "subscribe", address="BBC")
    assert result.ephemeral
    assert result.response.content == "Only admins may do that."
    assert channel.history(viewer=admin) == []


async def test_an_answer_can_ping_no_one_and_opens_no_previews(handler, env, channel, admin):
    handler.answers["feeds"] = says("@everyone https://evil.example")
    result = await admin.slash(channel, "feeds")
    body = env.http_requests[-1].json["data"]
    assert body["allowed_mentions"] == {"parse": []}
    assert result.response.flags.suppress_embeds
    assert result.response.content == "@\u200beveryone https\\://evil.example"


async def test_a_titled_answer_is_an_embed(handler, channel, admin):
    handler.answers["feeds"] = Message(blocks=(Block(BlockKind.TITLE, (Span("2 feeds"),)), *says("BBC").blocks))
    (embed,) = (await admin.slash(channel, "feeds")).response.embeds
    assert (embed.title, embed.description) == ("2 feeds", "BBC")


@UNHURRIED
async def test_a_slow_answer_is_announced_first(handler, env, channel, admin):
    handler.gate = lambda: asyncio.sleep(10)
    handler.answers["subscribe"] = says("Now watching BBC.")
    result = await admin.slash(channel, "subscribe", address="BBC")
    await env.advance_time(2)
    assert result.deferred
    assert not result.ephemeral
    await env.advance_time(10)
    assert result.response.content == "Now watching BBC."


@UNHURRIED
async def test_a_slow_refusal_is_private_from_the_start(handler, env, channel, guest):
    handler.gate = lambda: asyncio.sleep(10)
    handler.answers["subscribe"] = says("Only admins.", private=True)
    result = await guest.slash(channel, "subscribe", address="BBC")
    await env.advance_time(2)
    assert (result.deferred, result.ephemeral) == (True, True)
    await env.advance_time(10)
    assert result.response.content == "Only admins."
    assert all(message.flags.ephemeral for message in channel.history())


@UNHURRIED
async def test_a_slow_answer_that_turns_out_private_replaces_its_announcement(handler, env, channel, admin, guest):
    handler.gate = lambda: asyncio.sleep(10)
    handler.answers["status"] = says("For you alone.", private=True)
    result = await admin.slash(channel, "status")
    await env.advance_time(12)
    assert result.response is None
    (followup,) = result.followups
    assert (followup.content, followup.ephemeral) == ("For you alone.", True)
    assert channel.history(viewer=guest) == []


@UNHURRIED
async def test_a_command_is_carried_out_even_if_it_can_not_be_acknowledged(handler, env, channel, admin):
    finished = []

    async def work():
        await asyncio.sleep(10)
        finished.append(True)

    handler.gate = work
    env.inject_error("POST", "/interactions/*/callback", status=404, code=10062, message="Unknown interaction")
    with capture_logs() as logs:
        await admin.slash(channel, "subscribe", address="BBC")
        await env.advance_time(12)
    assert finished == [True]
    assert logs[0]["event"] == "acknowledgement.lost"


async def test_an_answer_that_discord_can_not_read_is_sent_again_as_text(handler, env, channel, admin):
    handler.answers["feeds"] = Message(
        blocks=(Block(BlockKind.TITLE, (Span("2 feeds"),)), *says("BBC").blocks), buttons=((Button("x", "/x"),),)
    )
    env.inject_error("POST", "/interactions/*/callback", status=400, code=50035, message="Invalid Form Body")
    result = await admin.slash(channel, "feeds")
    assert (result.response.content, result.response.embeds) == ("**2 feeds**\nBBC", [])


# --- about a message ------------------------------------------------------------------------------------


async def test_a_message_is_asked_about_from_its_menu_and_answered_to_who_asked_alone(handler, bot, channel, admin):
    handler.answers["why"] = says("Because.")
    alert = await bot.client.get_partial_messageable(channel.id).send("An alert")
    result = await admin.context_menu(channel, "Why this alert?", alert)
    (request,) = handler.requests
    assert (request.command, request.arguments, request.reply_to) == ("why", "", str(alert.id))
    assert (request.address.chat, request.person.can_manage) == (str(channel.id), True)
    assert (result.response.content, result.ephemeral) == ("Because.", True)


async def test_what_a_message_says_goes_along_with_a_command_about_it(handler, bot, channel, admin):
    handler.answers["translate"] = says("會談結束了。")
    embed = discord.Embed(title="Talks end", description="They **left**.").add_field(name="Where", value="Abu Dhabi")
    posted = await bot.client.get_partial_messageable(channel.id).send("News <:flag:123456789012345678>", embed=embed)
    result = await admin.context_menu(channel, "Translate this", posted)
    (request,) = handler.requests
    assert (request.command, request.reply_to) == ("translate", str(posted.id))
    assert request.about == "News \nTalks end\nThey **left**.\nWhere: Abu Dhabi"
    assert (result.response.content, result.ephemeral) == ("會談結束了。", True)


@UNHURRIED
async def test_a_slow_answer_about_a_message_is_private_from_the_start(handler, env, bot, channel, admin):
    handler.gate = lambda: asyncio.sleep(10)
    alert = await bot.client.get_partial_messageable(channel.id).send("An alert")
    result = await admin.context_menu(channel, "Why this alert?", alert)
    await env.advance_time(2)
    assert (result.deferred, result.ephemeral) == (True, True)
    await env.advance_time(10)
    assert result.response.content == "Done."


# --- buttons --------------------------------------------------------------------------------------------


async def test_a_button_gives_its_command(handler, channel, admin):
    handler.answers["feeds"] = says("Feeds", buttons=((Button("Stop BBC", "/unsubscribe 7"),),))
    handler.answers["unsubscribe"] = says("Stopped.")
    shown = await admin.slash(channel, "feeds")
    result = await admin.click(shown.response, label="Stop BBC")
    assert (handler.requests[-1].command, handler.requests[-1].arguments) == ("unsubscribe", "7")
    assert handler.requests[-1].address.chat == str(channel.id)
    assert result.response.content == "Stopped."


async def test_a_button_of_an_alert_works_after_a_restart(handler, env, make_bot, channel, admin):
    handler.answers["feeds"] = says("Feeds", buttons=((Button("More", "/feeds 2"),),))
    shown = await admin.slash(channel, "feeds")
    await env.restart_bot(make_bot().client)
    await admin.click(shown.response, label="More")
    assert handler.requests[-1].arguments == "2"


async def test_a_button_pressed_by_a_guest_is_answered_as_by_a_guest(handler, channel, admin, guest):
    handler.answers["feeds"] = says("Feeds", buttons=((Button("Stop", "/unsubscribe 7"),),))
    shown = await admin.slash(channel, "feeds")
    await guest.click(shown.response, label="Stop")
    assert not handler.requests[-1].person.can_manage


async def test_a_button_that_is_not_ours_is_left_alone(handler, env, bot, channel, admin):
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="Other", custom_id="other:1"))
    message = await bot.client.get_partial_messageable(channel.id).send("x", view=view)
    await admin.click(message, label="Other")
    assert handler.requests == []


# --- autocomplete ---------------------------------------------------------------------------------------


async def test_completions_come_from_the_handler(handler, channel, admin):
    handler.choices = [("BBC 中文", "7"), ("BBC World", "9")]
    offered = await admin.autocomplete(channel, "unsubscribe", "feed", "BB")
    assert [(choice["name"], choice["value"]) for choice in offered] == handler.choices
    assert handler.completions == [("unsubscribe", "", "feed", "BB")]


async def test_a_completion_knows_its_subcommand(handler, channel, admin):
    await admin.autocomplete(channel, "keyword remove", "keyword", "tal")
    assert handler.completions == [("keyword", "remove", "keyword", "tal")]


async def test_completions_keep_within_discords_limits(handler, channel, admin):
    handler.choices = [("x" * 300, "1"), ("too long a value", "v" * 101), (" ", "2"), ("same", "3"), ("same", "4")]
    handler.choices += [(f"feed {number}", f"f{number}") for number in range(40)]
    offered = await admin.autocomplete(channel, "subscribe", "address", "")
    assert len(offered) == 25
    assert len(offered[0]["name"]) <= 100
    assert [choice["value"] for choice in offered[:3]] == ["1", "3", "f0"]


@UNHURRIED
async def test_completions_that_take_too_long_are_none(handler, env, channel, admin):
    handler.gate = lambda: asyncio.sleep(60)
    handler.choices = [("late", "late")]
    asked = await admin.autocomplete(channel, "subscribe", "address", "l")
    assert asked == []
    await env.advance_time(3)
    answers = [request for request in env.http_requests if request.path.endswith("/callback")]
    assert answers[-1].json["data"]["choices"] == []


# --- faults ---------------------------------------------------------------------------------------------


async def test_an_unexpected_fault_is_answered_with_the_reference_that_the_log_has(handler, channel, admin):
    handler.error = RuntimeError("what someone typed")
    with capture_logs() as logs:
        result = await admin.slash(channel, "feeds")
    (entry,) = [log for log in logs if log["event"] == "interaction.failed"]
    assert entry["reference"] in result.response.content
    assert result.ephemeral
    assert "what someone typed" not in str(entry)
    handler.error = None
    assert (await admin.slash(channel, "feeds")).response.content == "Done."


async def test_a_fault_whose_answer_fails_too_ends_nothing(handler, env, channel, admin):
    handler.error = RuntimeError("x")
    env.inject_error("POST", "/interactions/*/callback", status=500)
    with capture_logs() as logs:
        await admin.slash(channel, "feeds")
    assert [log["event"] for log in logs] == ["interaction.failed", "answer.lost"]
    handler.error = None
    assert (await admin.slash(channel, "feeds")).response.content == "Done."


async def test_an_answer_that_discord_does_not_take_is_logged(handler, env, channel, admin):
    env.inject_error("POST", "/interactions/*/callback", status=404, code=10062, message="Unknown interaction")
    with capture_logs() as logs:
        result = await admin.slash(channel, "feeds")
    assert result.response is None
    assert [(log["event"], log["reason"]) for log in logs] == [("answer.lost", "404 10062 Unknown interaction")]


async def test_a_command_that_is_listed_no_more_is_answered_as_an_unknown_one(handler, env, bot, channel, admin):
    bot.client.tree.remove_command("status")
    await admin.slash(channel, "status")
    assert handler.requests[0].command == "status"
    assert len(env.errors) == 1


async def test_a_completion_of_a_command_that_is_listed_no_more_is_only_logged(handler, env, bot, channel, admin):
    bot.client.tree.remove_command("unsubscribe")
    with capture_logs() as logs:
        await admin.autocomplete(channel, "unsubscribe", "feed", "x")
    assert [log["event"] for log in logs] == ["interaction.failed"]
    assert handler.requests == []
    assert len(env.errors) == 1


def test_a_channel_of_a_kind_we_do_not_know_has_no_title():
    class Unknown:
        guild_id, guild, channel, channel_id = 1, None, None, 5
        locale = discord.Locale.american_english
        permissions = discord.Permissions.none()
        user = discord.Object(9)

    request = request_from(Unknown(), "feeds")
    assert (request.kind, request.title, request.address.chat) == (ChatKind.GROUP, "", "5")
