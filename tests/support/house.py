"""The whole program over a furnished database, with its admin pages on loopback."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp
from yarl import URL

from bot.app.parts import Core, open_core
from bot.settings import Settings, load_settings
from tests.support.furnished import Furnished
from tests.support.sides import running

ADMIN, VIEWER = "admin-token-0123456789", "viewer-token-0123456789"
TELEGRAM = "123456:ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghi"
OWNER = "7"


@dataclass(frozen=True)
class House:
    core: Core
    url: str
    rows: Furnished

    @asynccontextmanager
    async def visitor(self, token: str = "", **headers: str) -> AsyncIterator[aiohttp.ClientSession]:
        """A browser without scripts; with a token, one that logged in. It follows no redirect by itself."""
        jar = aiohttp.CookieJar(unsafe=True)  # of a host that is a number
        async with aiohttp.ClientSession(self.url, cookie_jar=jar, headers=headers) as client:
            if token:
                async with client.post("/admin/login", data={"token": token}, allow_redirects=False) as answer:
                    assert answer.status == 303
            yield client

    async def look(self, client: aiohttp.ClientSession, path: str, status: int = 200) -> str:
        async with client.get(URL(path, encoded=True), allow_redirects=False) as answer:
            text = await answer.text()
            assert answer.status == status, text
            return text


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


def settings_for(folder, **more: object) -> Settings:
    defaults = {
        "database_url": f"sqlite:///{folder}/diting.db",
        "web_port": free_port(),
        "admin_token": ADMIN,
        "admin_view_token": VIEWER,
        "telegram_token": TELEGRAM,
        "owners": f"telegram:{OWNER}",
        "allow_hosts": "127.0.0.1",
        "model_url": "http://127.0.0.1:1/v1",
        "model_name": "qwen2.5:7b-instruct",
    }
    return load_settings(_env_file=None, **(defaults | more))


@asynccontextmanager
async def open_house(settings: Settings, rows: Furnished) -> AsyncIterator[House]:
    """The program over a database that was furnished."""
    async with open_core(settings) as core, running(core, []):
        yield House(core, await _answering(f"http://127.0.0.1:{settings.web_port}"), rows)


async def _answering(url: str) -> str:
    async with aiohttp.ClientSession() as client:
        while True:
            try:
                async with client.get(f"{url}/healthz"):
                    return url
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.01)
