from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

import discord
import pytest
from aiohttp import web
from structlog.testing import capture_logs

from bot.chat.discord.messenger import DiscordMessenger
from bot.errors import ChatGone, PlatformDown, RateLimited, TokenRefused
from bot.model import ChatAddress, Platform
from tests.support.discord_api import says_json
from tests.support.discord_messages import says

TOKEN = "good.token"
SOON = timedelta(milliseconds=10)
ADDRESS = ChatAddress(Platform.DISCORD, "55")


@asynccontextmanager
async def running(bot):
    task = asyncio.create_task(bot.run())
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError, TokenRefused):
            await task


async def until(condition):
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.01)


def down(_):
    # Not one of the statuses that discord.py tries again by itself.
    return says_json({"message": "down", "code": 0}, status=503)


async def test_entering_logs_in_registers_the_commands_and_can_send_at_once(api, make_bot):
    async with make_bot(token=TOKEN) as bot:
        assert await bot.messenger.send(ADDRESS, says("hi"), key="key-1") == "99"
        (commands,) = api.bodies("PUT", "/applications/11/commands")
        assert {"subscribe", "keyword", "feeds"} <= {command["name"] for command in commands}
        (body,) = api.bodies("POST", "/channels/55/messages")
        assert (body["content"], body["nonce"], body["enforce_nonce"]) == ("hi", "key-1", True)
    with pytest.raises(PlatformDown):
        await bot.messenger.send(ADDRESS, says("hi"), key="key-2")


@pytest.mark.parametrize("token", ["bad.token", "", "with space", "新令牌", "line\nbreak"])
async def test_a_wrong_token_is_refused_with_the_name_of_its_setting(token, api, make_bot):
    with pytest.raises(TokenRefused, match="DISCORD_TOKEN") as caught:
        async with make_bot(token=token):
            pytest.fail("entered with a wrong token")
    assert not token or token not in str(caught.value)


async def test_running_connects_the_gateway(api, make_bot):
    async with make_bot(token=TOKEN) as bot:
        bot.client._connection.guild_ready_timeout = 0.0
        assert not bot.connected
        async with running(bot):
            await until(lambda: bot.connected)
    assert not bot.connected


async def test_while_discord_is_down_the_bot_starts_and_logs_in_later(api, make_bot):
    api.trouble = down
    with capture_logs() as logs:
        async with make_bot(token=TOKEN, first_pause=SOON) as bot:
            with pytest.raises(PlatformDown):
                await bot.messenger.send(ADDRESS, says("hi"), key="k")
            async with running(bot):
                await until(lambda: any(log["event"] == "connection.lost" for log in logs))
                api.trouble = lambda _: None
                await until(lambda: api.identified)
                assert await bot.messenger.send(ADDRESS, says("hi"), key="k") == "99"
    assert logs[0]["event"] == "login.failed"
    assert TOKEN not in str(logs)


async def test_a_login_that_hangs_does_not_hold_up_the_start(api, make_bot, monkeypatch):
    async def hang(*_):
        await asyncio.Event().wait()

    bot = make_bot(token=TOKEN, login_deadline=SOON)
    monkeypatch.setattr(bot.client, "login", hang)
    async with bot:
        with pytest.raises(PlatformDown):
            await bot.messenger.send(ADDRESS, says("hi"), key="k")


async def test_a_login_that_is_limited_is_tried_again_no_sooner_than_asked(api, make_bot):
    answers = iter([says_json({}, status=429, headers={"Retry-After": "0.05"}) for _ in range(2)])
    api.trouble = lambda _: next(answers, None)
    began = asyncio.get_running_loop().time()
    async with make_bot(token=TOKEN, first_pause=timedelta(0)) as bot, running(bot):
        await until(lambda: api.identified)
    assert asyncio.get_running_loop().time() - began >= 0.05


async def test_a_dropped_connection_is_made_again(api, make_bot):
    async with make_bot(token=TOKEN, first_pause=SOON) as bot, running(bot):
        await until(lambda: api.identified == 1)
        await api.drop()
        await until(lambda: api.identified == 2)


async def test_a_token_that_is_withdrawn_while_running_ends_the_run(api, make_bot):
    api.close_code = 4004
    async with make_bot(token=TOKEN) as bot, running(bot) as task:
        with pytest.raises(TokenRefused):
            await asyncio.wait_for(task, 10)


async def test_a_gateway_that_closes_for_good_gets_a_new_client(api, make_bot):
    api.close_code = 4010
    async with make_bot(token=TOKEN, first_pause=SOON) as bot:
        first = bot.client
        async with running(bot):
            await until(lambda: api.identified == 1)
            api.close_code = None
            await until(lambda: api.identified == 2)
            assert bot.client is not first


REFUSALS = [
    says_json({"message": "Invalid Form Body", "code": 50035, "errors": {}}, status=400),
    says_json({"message": "Service unavailable", "code": 0}, status=503),
]


@pytest.mark.parametrize("refusal", REFUSALS)
async def test_commands_that_discord_does_not_take_hinder_no_alerts(refusal, api, make_bot):
    api.trouble = lambda request: refusal if request.path.endswith("/commands") else None
    with capture_logs() as logs:
        async with make_bot(token=TOKEN) as bot:
            assert await bot.messenger.send(ADDRESS, says("hi"), key="k") == "99"
    assert [log["event"] for log in logs] == ["commands.unregistered"]


async def test_a_token_that_is_refused_for_the_commands_is_refused(api, make_bot):
    no = says_json({"message": "401: Unauthorized", "code": 0}, status=401)
    api.trouble = lambda request: no if request.path.endswith("/commands") else None
    with pytest.raises(TokenRefused):
        await make_bot(token=TOKEN).__aenter__()


async def test_an_address_that_discord_shuts_out_for_a_while_does_not_end_the_bot(api, make_bot):
    api.trouble = lambda _: web.Response(text="<html>Access denied</html>", status=403)
    async with make_bot(token=TOKEN, first_pause=SOON) as bot, running(bot):
        await until(lambda: len(api.requests) >= 3)
        api.trouble = lambda _: None
        await until(lambda: api.identified)


async def test_answers_that_are_under_way_are_finished_before_the_end(api, make_bot, handler):
    at_work, may_end = asyncio.Event(), asyncio.Event()

    async def gate():
        at_work.set()
        await may_end.wait()

    handler.gate = gate
    async with make_bot(token=TOKEN) as bot, running(bot):
        await until(lambda: api.identified)
        await api.interact("feeds")
        await asyncio.wait_for(at_work.wait(), 5)
        asyncio.get_running_loop().call_later(0.05, may_end.set)
    (answer,) = api.bodies("POST", "/interactions/77/secret/callback")
    assert answer["data"]["content"] == "Done."


# --- sending, through the library's own retries -----------------------------------------------------------


async def test_a_short_rate_limit_is_waited_out_by_the_library(api, make_bot):
    async with make_bot(token=TOKEN) as bot:
        limit = {"message": "You are being rate limited.", "retry_after": 0.01, "global": False}
        answers = iter([says_json(limit, status=429, headers={"Via": "1.1 google"})])
        api.trouble = lambda _: next(answers, None)
        assert await bot.messenger.send(ADDRESS, says("hi"), key="k") == "99"
        assert [body["nonce"] for body in api.bodies("POST", "/channels/55/messages")] == ["k", "k"]


async def test_a_long_rate_limit_is_handed_on(api, make_bot):
    async with make_bot(token=TOKEN) as bot:
        limit = {"message": "You are being rate limited.", "retry_after": 90.0, "global": False}
        api.trouble = lambda _: says_json(limit, status=429, headers={"Via": "1.1 google"})
        with pytest.raises(RateLimited) as caught:
            await bot.messenger.send(ADDRESS, says("hi"), key="k")
    assert caught.value.retry_after == timedelta(seconds=90)


async def test_a_token_that_was_revoked_is_refused_while_sending(api, make_bot):
    async with make_bot(token=TOKEN) as bot:
        api.token = "another.token"
        with pytest.raises(TokenRefused):
            await bot.messenger.send(ADDRESS, says("hi"), key="k")


async def test_the_page_of_a_guard_before_discord_says_nothing_of_the_chat(api, make_bot):
    async with make_bot(token=TOKEN) as bot:
        api.trouble = lambda _: web.Response(text="<html>Access denied</html>", status=403, content_type="text/html")
        with pytest.raises(PlatformDown):
            await bot.messenger.send(ADDRESS, says("hi"), key="k")


async def test_a_message_whose_answer_was_lost_is_there_once_when_it_is_sent_again(api, make_bot):
    async with make_bot(token=TOKEN) as bot:

        async def cut(request):
            api.trouble = lambda _: None
            api.accept(request.match_info["path"], await request.json())
            request.transport.abort()
            return says_json({})

        api.trouble = cut
        with pytest.raises(PlatformDown):
            await bot.messenger.send(ADDRESS, says("hi"), key="k")
        await bot.messenger.send(ADDRESS, says("hi"), key="k")
    assert len(api.taken) == 1


async def test_a_channel_that_discord_does_not_know_is_gone(api, make_bot):
    async with make_bot(token=TOKEN) as bot:
        api.trouble = lambda _: says_json({"message": "Unknown Channel", "code": 10003}, status=404)
        with pytest.raises(ChatGone):
            await bot.messenger.send(ADDRESS, says("hi"), key="k")


async def test_a_lost_connection_while_sending_is_an_outage(api, make_bot):
    async with make_bot(token=TOKEN) as bot:

        def cut(request):
            request.transport.close()

        api.trouble = cut
        with pytest.raises(PlatformDown):
            await bot.messenger.send(ADDRESS, says("hi"), key="k")


async def test_a_send_that_hangs_is_given_up(api, make_bot):
    async with make_bot(token=TOKEN) as bot:
        api.trouble = lambda _: says_json({}, status=500)  # discord.py waits a second before it tries again
        with pytest.raises(PlatformDown):
            await DiscordMessenger(lambda: bot.client, deadline=SOON).send(ADDRESS, says("hi"), key="k")


def test_the_twin_of_telegram_names_its_platform(make_bot):
    bot = make_bot()
    assert bot.platform is bot.messenger.platform is Platform.DISCORD
    assert isinstance(bot.client, discord.Client)
