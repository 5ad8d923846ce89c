"""The whole of Diting on loopback: real parts, a growing feed, and a platform that answers as the real one does."""

from __future__ import annotations

import pytest

from bot.app.parts import open_core
from bot.settings import Settings, load_settings
from tests.support.bot_api import FakeBotApi
from tests.support.feed_host import FeedHost
from tests.support.sides import running


@pytest.fixture
async def feed():
    async with FeedHost() as host:
        host.add("old", "Trilateral talks were held last year", "Long before anyone asked.")
        yield host


@pytest.fixture
async def api():
    async with FakeBotApi() as server:
        yield server


@pytest.fixture
def settings(tmp_path, api) -> Settings:
    return settings_for(tmp_path, telegram_token=api.token, telegram_api_url=api.url)


def settings_for(folder, **more: object) -> Settings:
    defaults = {
        "database_url": f"sqlite:///{folder}/diting.db",
        "allow_hosts": "127.0.0.1",
        "poll_interval": 0.05,
        "poll_longest": 0.05,
        "telegram_chat_per_second": 1000,
        "telegram_per_second": 1000,
        "telegram_group_per_minute": 60_000,
        "web_port": 0,
    }
    return load_settings(_env_file=None, **(defaults | more))


@pytest.fixture
def run_core():
    """`async with run_core(settings) as core`, without any platform yet."""
    return open_core


@pytest.fixture
def run_program():
    """`async with run_program(core, sides)`."""
    return running


@pytest.fixture
def make_settings(tmp_path):
    return lambda **more: settings_for(tmp_path, **more)
