from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import aiohttp
import discord
import pytest

from bot.chat.discord.errors import translated
from bot.errors import (
    ChatBlocked,
    ChatGone,
    MessageRefused,
    PlatformDown,
    RateLimited,
    TokenRefused,
)
from bot.model import Block, BlockKind, Button, ChatAddress, Message, Platform, Span
from tests.support.discord_messages import says

ALERT = Message(
    blocks=(
        Block(BlockKind.TITLE, (Span("Talks in Abu Dhabi", url="https://news.example/a"),)),
        Block(BlockKind.TEXT, (Span("三方會談在阿布扎比舉行"),)),
        Block(BlockKind.NOTE, (Span("BBC · 5 minutes ago"),)),
    ),
    buttons=((Button("Open", url="https://news.example/a"),),),
)


def to(channel, thread=""):
    return ChatAddress(Platform.DISCORD, str(channel.id), thread)


async def test_an_alert_arrives_as_an_embed_with_a_button(messenger, channel):
    message_id = await messenger.send(to(channel), ALERT, key="delivery-1")
    message = channel.last_message
    assert str(message.id) == message_id
    (embed,) = message.embeds
    assert (embed.title, embed.url) == ("Talks in Abu Dhabi", "https://news.example/a")
    assert (embed.description, embed.footer.text) == ("三方會談在阿布扎比舉行", "BBC · 5 minutes ago")
    assert message.components[0].children[0].url == "https://news.example/a"


async def test_the_key_is_an_enforced_nonce_so_that_an_alert_comes_once(messenger, channel, sent):
    await messenger.send(to(channel), ALERT, key="delivery-1")
    (body,) = sent()
    assert (body["nonce"], body["enforce_nonce"]) == ("delivery-1", True)
    assert body["allowed_mentions"] == {"parse": []}


async def test_the_id_of_a_thread_is_where_a_threads_alerts_go(messenger, env, server, channel, admin):
    thread = env.backend.create_thread(channel.id, "talks", admin.id)
    await messenger.send(to(channel, str(thread.id)), ALERT, key="k")
    (handle,) = channel.threads
    assert handle.last_message.embeds[0].title == "Talks in Abu Dhabi"


async def test_a_direct_message_is_sent_to_its_channel(messenger, env):
    user = env.create_user("dee")
    await messenger.send(to(user.dm_channel), says("hi"), key="k")
    assert user.dm_channel.last_message.content == "hi"


async def test_sending_keeps_no_view_in_memory(messenger, bot, channel):
    await messenger.send(to(channel), says("hi", buttons=((Button("Feeds", "/feeds"),),)), key="k")
    assert bot.client.persistent_views == []


LONGER = Message(
    blocks=(*ALERT.blocks, Block(BlockKind.NOTE, (Span("Also: "), Span("Wire", url="https://wire.example/b")))),
    buttons=ALERT.buttons,
)


async def test_an_edited_alert_shows_the_new_text_and_keeps_its_button(messenger, channel):
    number = await messenger.send(to(channel), ALERT, key="k")
    await messenger.edit(to(channel), number, LONGER)
    message = channel.last_message
    assert str(message.id) == number
    assert "Also: [Wire](<https://wire.example/b>)" in message.embeds[0].description
    assert message.components[0].children[0].url == "https://news.example/a"


async def test_a_message_in_a_thread_is_edited_there(messenger, env, channel, admin):
    thread = env.backend.create_thread(channel.id, "talks", admin.id)
    place = to(channel, str(thread.id))
    await messenger.edit(place, await messenger.send(place, ALERT, key="k"), LONGER)
    (handle,) = channel.threads
    assert "Also:" in handle.last_message.embeds[0].description


async def test_an_alert_that_was_sent_as_text_is_edited_as_text(messenger, env, channel):
    env.inject_error("POST", "/channels/*/messages", status=403, code=50013)
    number = await messenger.send(to(channel), ALERT, key="k")
    await messenger.edit(to(channel), number, LONGER)
    message = channel.last_message
    assert (message.embeds, "Also:" in message.content) == ([], True)


async def test_a_reply_shows_what_it_replies_to_and_pings_nobody(messenger, channel, sent):
    number = await messenger.send(to(channel), ALERT, key="k")
    await messenger.send(to(channel), LONGER, key="l", reply_to=number)
    reference = sent()[1]["message_reference"]
    assert (str(reference["message_id"]), reference["fail_if_not_exists"]) == (number, False)
    assert sent()[1]["allowed_mentions"] == {"parse": []}


async def test_a_reply_to_a_message_that_was_deleted_or_may_not_be_read_is_sent_all_the_same(
    messenger, env, channel, sent
):
    number = await messenger.send(to(channel), ALERT, key="k")
    await messenger.send(to(channel), LONGER, key="l", reply_to="1" * 18)
    env.inject_error("POST", "/channels/*/messages", status=403, code=160002)
    await messenger.send(to(channel), LONGER, key="m", reply_to=number)
    assert ["message_reference" in body for body in sent()] == [False, True, True, False]


# --- what goes wrong ------------------------------------------------------------------------------------


async def test_a_deleted_channel_is_gone(messenger, env, channel):
    env.backend.delete_channel(channel.id)
    with pytest.raises(ChatGone) as caught:
        await messenger.send(to(channel), ALERT, key="k")
    assert "10003" in caught.value.reason


async def test_a_channel_where_we_may_not_write_is_blocked(messenger, server, bot):
    silent = discord.PermissionOverwrite(send_messages=False, embed_links=False)
    closed = server.create_text_channel("closed", overwrites={server.default_role: silent})
    with pytest.raises(ChatBlocked) as caught:
        await messenger.send(to(closed), ALERT, key="k")
    assert "50013" in caught.value.reason


@pytest.mark.parametrize("code", [50001, 50007, 50013, 50278, 0])
async def test_any_forbidden_is_blocked(code, messenger, env, channel):
    env.inject_error("POST", "/channels/*/messages", status=403, code=code, times=2)
    with pytest.raises(ChatBlocked):
        await messenger.send(to(channel), ALERT, key="k")


async def test_a_channel_that_allows_no_embeds_gets_the_alert_as_text(messenger, env, channel, sent):
    env.inject_error("POST", "/channels/*/messages", status=403, code=50013, message="Missing Permissions")
    await messenger.send(to(channel), ALERT, key="k")
    assert channel.last_message.content.startswith("[**Talks in Abu Dhabi**](<https://news.example/a>)")
    assert [body["nonce"] for body in sent()] == ["k", "k"]


async def test_a_text_that_is_forbidden_is_not_sent_again(messenger, env, channel, sent):
    env.inject_error("POST", "/channels/*/messages", status=403, code=50013, times=None)
    with pytest.raises(ChatBlocked):
        await messenger.send(to(channel), says("hi"), key="k")
    assert len(sent()) == 1


async def test_a_form_that_discord_can_not_read_is_sent_again_as_text(messenger, env, channel):
    env.inject_error("POST", "/channels/*/messages", status=400, code=50035, message="Invalid Form Body")
    await messenger.send(to(channel), ALERT, key="k")
    assert channel.last_message.embeds == []
    assert "三方會談在阿布扎比舉行" in channel.last_message.content


async def test_a_picture_that_discord_does_not_take_costs_the_picture_alone(messenger, env, channel, sent):
    pictured = replace(ALERT, picture="https://img.example/a.jpg")
    number = await messenger.send(to(channel), pictured, key="k")
    assert channel.last_message.embeds[0].thumbnail.url == "https://img.example/a.jpg"
    env.inject_error("POST", "/channels/*/messages", status=400, code=50035, message="Invalid Form Body")
    await messenger.send(to(channel), pictured, key="k2")
    (embed,) = channel.last_message.embeds
    assert (embed.title, embed.thumbnail.url) == ("Talks in Abu Dhabi", None)
    assert channel.last_message.components
    env.inject_error("PATCH", "/channels/*/messages/*", status=400, code=50035, message="Invalid Form Body")
    await messenger.edit(to(channel), number, replace(LONGER, picture=pictured.picture))


async def test_a_message_that_is_refused_as_text_too_is_refused(messenger, env, channel, sent):
    words = "Invalid Form Body\nIn content: what someone wrote"
    env.inject_error("POST", "/channels/*/messages", status=400, code=50035, message=words, times=None)
    with pytest.raises(MessageRefused) as caught:
        await messenger.send(to(channel), ALERT, key="k")
    assert len(sent()) == 2
    assert "what someone wrote" not in caught.value.reason


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (401, 0, PlatformDown),  # of a token that works
        (429, 0, RateLimited),
        (429, 20028, RateLimited),
        (500, 0, PlatformDown),
        (502, 0, PlatformDown),
        (504, 0, PlatformDown),
        (404, 0, PlatformDown),
        (404, 10004, ChatGone),
        (400, 50008, ChatGone),
        (400, 50083, ChatBlocked),
    ],
)
async def test_statuses_have_their_errors(status, code, expected, messenger, channel):
    messenger_env = channel._env
    messenger_env.inject_error("POST", "/channels/*/messages", status=status, code=code, times=2)
    with pytest.raises(expected):
        await messenger.send(to(channel), says("hi"), key="k")


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (404, 10008, MessageRefused),
        (403, 50005, MessageRefused),
        (403, 50013, MessageRefused),
        (429, 30046, MessageRefused),
        (400, 50083, MessageRefused),
        (400, 50035, MessageRefused),
        (403, 50001, ChatBlocked),
        (404, 10003, ChatGone),
        (429, 0, RateLimited),
        (502, 0, PlatformDown),
    ],
)
async def test_a_refused_edit_says_no_more_of_the_chat_than_is_told(status, code, expected, messenger, env, channel):
    number = await messenger.send(to(channel), ALERT, key="k")
    env.inject_error("PATCH", "/channels/*/messages/*", status=status, code=code, times=None)
    with pytest.raises(expected):
        await messenger.edit(to(channel), number, LONGER)


async def test_a_limit_of_the_channel_holds_for_it_alone(messenger, env, channel):
    env.inject_error("POST", "/channels/*/messages", status=429, code=20028)
    with pytest.raises(RateLimited) as channels:
        await messenger.send(to(channel), says("hi"), key="k")
    env.inject_error("POST", "/channels/*/messages", status=429)
    with pytest.raises(RateLimited) as everywhere:
        await messenger.send(to(channel), says("hi"), key="k")
    assert (channels.value.everywhere, everywhere.value.everywhere) == (False, True)


@pytest.mark.parametrize("chat", ["", "general", "1" * 5000])
async def test_an_address_that_is_no_channel_is_gone(chat, messenger):
    with pytest.raises(ChatGone):
        await messenger.send(ChatAddress(Platform.DISCORD, chat), ALERT, key="k")


async def test_before_the_login_discord_is_down(make_bot):
    with pytest.raises(PlatformDown):
        await make_bot().messenger.send(ChatAddress(Platform.DISCORD, "1"), ALERT, key="k")


class Response:
    status, reason = 429, "Too Many Requests"

    def __init__(self, retry_after):
        self.headers = {"Retry-After": retry_after}


@pytest.mark.parametrize(("header", "seconds"), [("7.5", 7.5), ("soon", 60), ("", 60), ("1e999", 60), ("nan", 60)])
def test_a_wait_that_is_given_is_kept_and_another_is_a_minute(header, seconds):
    with pytest.raises(RateLimited) as caught, translated():
        raise discord.HTTPException(Response(header), "slow down")
    assert caught.value.retry_after == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (discord.RateLimited(31.0), RateLimited),
        (discord.LoginFailure("Improper token has been passed."), TokenRefused),
        (discord.GatewayNotFound(), PlatformDown),
        (aiohttp.ClientPayloadError(), PlatformDown),
        (ConnectionResetError(), PlatformDown),
        (TimeoutError(), PlatformDown),
    ],
)
def test_errors_of_the_library_and_the_network_become_ours(error, expected):
    with pytest.raises(expected), translated():
        raise error


@pytest.mark.parametrize(("code", "expected"), [(4004, TokenRefused), (4013, PlatformDown)])
def test_a_gateway_that_closes_says_why(code, expected):
    class Socket:
        close_code = code

    with pytest.raises(expected), translated():
        raise discord.ConnectionClosed(Socket(), shard_id=None)


def test_bugs_stay_bugs():
    with pytest.raises(KeyError), translated():
        raise KeyError("x")
