"""Platforms are those that have a token; one that is refused keeps no other from running."""

from __future__ import annotations

import asyncio
import contextlib
import socket

import pytest
import telegram.ext  # noqa: F401 - whole, whichever test is the first to open a platform without webhook
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route
from structlog.testing import capture_logs

from bot.app.parts import open_core
from bot.app.platforms import post_name, posts_for
from bot.app.program import Program
from bot.errors import SettingsError
from bot.model import Platform
from tests.support.bot_api import FakeBotApi
from tests.support.discord_api import DiscordApi
from tests.support.sides import open_sides

DISCORD_TOKEN = "good.token"
WRONG_TOKEN = "7000000009:AAWrongWrongWrongWrongWrongWrongWron"


@pytest.fixture
async def bot_api():
    async with FakeBotApi() as api:
        yield api


@pytest.fixture(autouse=True)
async def discord_api(monkeypatch):
    api = DiscordApi(DISCORD_TOKEN)
    await api.start()
    monkeypatch.setattr(Route, "BASE", f"{api.base}/api/v10")
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(api.base.replace("http", "ws") + "/gateway"))
    yield api
    await api.stop()


async def opened(settings) -> list[Platform]:
    async with open_core(settings) as core, open_sides(core) as sides:
        return [side.messenger.platform for side in sides]


async def test_each_token_opens_its_platform(make_settings, bot_api):
    telegram = {"telegram_token": bot_api.token, "telegram_api_url": bot_api.url}
    discord = {"discord_token": DISCORD_TOKEN}
    assert await opened(make_settings(**telegram)) == [Platform.TELEGRAM]
    assert await opened(make_settings(**discord)) == [Platform.DISCORD]
    assert await opened(make_settings(**telegram, **discord)) == [Platform.TELEGRAM, Platform.DISCORD]


def test_a_post_has_one_name_for_each_token_and_does_not_tell_it():
    names = {post_name(platform, token) for platform in Platform for token in ("1:A", "1:B")}
    assert len(names) == 2 * len(Platform)
    assert post_name(Platform.TELEGRAM, "1:A") == post_name(Platform.TELEGRAM, "1:A")
    assert max(map(len, names)) <= 64
    assert not [name for name in names if "1:A" in name or "1:B" in name]


async def test_a_refused_token_is_logged_and_the_other_platform_runs(make_settings, bot_api):
    given = {"telegram_api_url": bot_api.url, "discord_token": DISCORD_TOKEN}
    stop = asyncio.Event()
    with capture_logs() as logs:
        async with open_core(make_settings(**given, telegram_token=WRONG_TOKEN)) as core:
            program = Program(core, posts=posts_for(core))
            running = asyncio.create_task(program.run(stop))
            async with asyncio.timeout(10):
                while {log.get("platform") for log in logs if log["event"] == "took over"} != {Platform.DISCORD}:
                    await asyncio.sleep(0.01)
                while not any(log["log_level"] == "error" for log in logs):
                    await asyncio.sleep(0.01)
            stop.set()
            await running
    (reason,) = [log["reason"] for log in logs if log["log_level"] == "error"]
    assert reason.startswith("TELEGRAM_TOKEN: Telegram refuses it")
    assert WRONG_TOKEN not in str(logs)


async def test_when_no_token_is_valid_each_is_named(make_settings, bot_api):
    settings = make_settings(telegram_token=WRONG_TOKEN, telegram_api_url=bot_api.url, discord_token="bad.token")
    async with open_core(settings) as core:
        with pytest.raises(SettingsError) as caught:
            await asyncio.wait_for(Program(core, posts=posts_for(core)).run(asyncio.Event()), 10)
    assert [problem.partition(":")[0] for problem in caught.value.problems] == ["TELEGRAM_TOKEN", "DISCORD_TOKEN"]
    assert not [secret for secret in settings.secrets() if secret in str(caught.value)]


async def test_a_platform_that_is_down_is_no_refused_token(make_settings, bot_api):
    with socket.create_server(("127.0.0.1", 0)) as server:
        nowhere = f"http://127.0.0.1:{server.getsockname()[1]}"
    assert await opened(make_settings(telegram_token=bot_api.token, telegram_api_url=nowhere)) == [Platform.TELEGRAM]


@pytest.mark.parametrize("secret", ["", "open-sesame"])
async def test_a_webhook_is_registered_when_its_address_is_set(make_settings, bot_api, secret):
    settings = make_settings(
        telegram_token=bot_api.token,
        telegram_api_url=bot_api.url,
        telegram_webhook_url="https://bot.example/hook",
        telegram_webhook_listen="127.0.0.1:0",
        **({"telegram_webhook_secret": secret} if secret else {}),
    )
    async with open_core(settings) as core, open_sides(core) as (side,):
        task = asyncio.create_task(side.run())
        await bot_api.until(lambda: bot_api.called("setWebhook"))
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
    (hook,) = bot_api.called("setWebhook")
    assert hook["url"] == "https://bot.example/hook"
    assert hook["secret_token"]
    assert not secret or hook["secret_token"] == secret
