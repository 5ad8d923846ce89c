"""No address of the program answers strangers, but those that are meant to."""

from __future__ import annotations

import re

import pytest
from starlette.routing import BaseRoute, Mount, Route

from bot.app.pages import pages_for
from bot.app.parts import open_core
from bot.log import LogMemory
from bot.web.metrics import PrometheusMeter
from bot.web.server import web_app
from tests.support.house import settings_for

# What a monitor, a hub, a browser before the login, or a feed reader with its key may have.
OPEN = {
    ("GET", "/healthz"), ("GET", "/readyz"), ("GET", "/metrics"),
    ("GET", "/"), ("GET", "/admin"),  # both lead to the login
    ("GET", "/admin/login"), ("POST", "/admin/login"), ("POST", "/admin/language"),
    ("GET", "/admin/static/{file}"),
    ("GET", "/alerts/{chat:int}/{key}.{form}"),  # see test_alertfeed
}  # fmt: skip


def addresses(routes: list[BaseRoute], before: str = "") -> set[tuple[str, str]]:
    """All of them, with their methods."""
    found: set[tuple[str, str]] = set()
    for route in routes:
        if isinstance(route, Route):
            found |= {(method, before + route.path) for method in route.methods - {"HEAD"}}
        elif isinstance(route, Mount) and route.routes:
            found |= addresses(route.routes, before + route.path)
        elif isinstance(route, Mount):
            found.add(("GET", before + route.path + "/{file}"))
        else:
            raise TypeError(route)
    return found


@pytest.fixture
async def every_address(tmp_path):
    async with open_core(settings_for(tmp_path)) as core:

        async def checks() -> dict[str, str]:
            return {}

        routes, _ = pages_for(core, checks, LogMemory())
        return addresses(web_app(PrometheusMeter(), checks, routes).routes)


async def test_strangers_are_refused_everywhere_else(house, every_address):
    assert every_address >= OPEN
    assert len(every_address - OPEN) > 35
    async with house.visitor() as client:
        for method, path in sorted(every_address - OPEN):
            there = re.sub(r"\{[^}]*\}", "1", path)
            async with client.request(method, there, allow_redirects=False) as answer:
                if path.startswith("/api/"):
                    assert answer.status == 401, (method, path)
                    assert set(await answer.json()) == {"detail"}
                else:
                    assert answer.status == 303, (method, path)
                    assert answer.headers["Location"].startswith("/admin/login"), (method, path)
                    assert not await answer.read()


async def test_without_a_token_in_the_settings_there_are_no_pages_at_all(tmp_path, furnished_file):
    from tests.support.house import open_house

    settings = settings_for(tmp_path, admin_token=None, admin_view_token=None)
    async with open_house(settings, furnished_file[1]) as house, house.visitor() as client:
        for path in ("/admin/", "/admin/login", "/api/v1/state", "/", "/admin/static/admin.css"):
            await house.look(client, path, 404)
