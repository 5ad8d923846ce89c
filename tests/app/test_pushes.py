"""WebSub is there where hubs can call back, and only there."""

from __future__ import annotations

from structlog.testing import capture_logs

from bot.app.clock import utc_now
from bot.app.parts import open_core
from bot.app.program import Program


async def built(settings):
    async with open_core(settings, utc_now) as core:
        return core, [route.path for route in Program(core, [])._push_routes()]


async def test_hubs_are_asked_and_heard_where_they_can_call_back(make_settings):
    core, paths = await built(make_settings(public_url="https://news.example", web_port=8080))
    assert core.pushes is not None
    assert set(paths) == {"/websub/{token}"}


async def test_it_is_off_unless_told_where_the_internet_reaches_us(make_settings):
    core, paths = await built(make_settings(public_url="", web_port=8080))
    assert (core.pushes, paths) == (None, [])


async def test_without_a_web_server_it_is_off_and_says_so(make_settings):
    with capture_logs() as logs:
        core, paths = await built(make_settings(public_url="https://news.example", web_port=0))
    assert (core.pushes, paths) == (None, [])
    assert any("PUBLIC_URL" in one["event"] for one in logs)
