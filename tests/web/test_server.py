"""The pages that an admin's tools look at, from a real server."""

from __future__ import annotations

import asyncio
import socket
from asyncio import base_events
from contextlib import asynccontextmanager

import aiohttp
import pytest

from bot.web.metrics import PrometheusMeter
from bot.web.server import WebServer, web_app


class Parts:
    """The checks, as a test sets them."""

    def __init__(self) -> None:
        self.trouble: dict[str, str] = {"poll": "", "database": ""}

    async def __call__(self) -> dict[str, str]:
        return self.trouble


@asynccontextmanager
async def serving(meter: PrometheusMeter, checks: Parts, host: str = "127.0.0.1", **more):
    """A client of the running server."""
    server = WebServer(web_app(meter, checks, **more), host=host, port=0)
    task = asyncio.create_task(server.run())
    place = f"[{host}]" if ":" in host else host
    try:
        async with aiohttp.ClientSession(f"http://{place}:{server.port}") as client:
            yield client
    finally:
        server.stop()
        await asyncio.wait_for(task, 5)


@pytest.fixture
def meter():
    return PrometheusMeter()


@pytest.fixture
def checks():
    return Parts()


@pytest.fixture
async def client(meter, checks):
    async with serving(meter, checks) as client:
        yield client


async def test_what_is_neither_well_nor_ill_stands_beside_the_checks(meter, checks):
    standing = {"telegram": "standing by"}
    async with serving(meter, checks, standing=lambda: standing) as client, client.get("/readyz") as response:
        assert response.status == 200
        assert await response.json() == {"poll": "ok", "database": "ok"} | standing


async def test_a_running_server_is_alive(client):
    async with client.get("/healthz") as response:
        assert (response.status, await response.text()) == (200, "ok")


async def test_it_is_ready_while_every_part_is_well(client, checks):
    async with client.get("/readyz") as response:
        assert (response.status, await response.json()) == (200, {"poll": "ok", "database": "ok"})
    checks.trouble["database"] = "disk full"
    async with client.get("/readyz") as response:
        assert (response.status, await response.json()) == (503, {"poll": "ok", "database": "disk full"})


async def test_what_was_counted_stands_in_the_metrics(client, meter):
    meter.count("polls", "new", 3)
    meter.count("polls", "new")
    async with client.get("/metrics") as response:
        page = await response.text()
        assert response.headers["Content-Type"].startswith("text/plain")
    assert 'diting_polls_total{outcome="new"} 4.0' in page


async def test_two_programs_in_one_process_do_not_mix_their_counts(meter):
    PrometheusMeter().count("polls", "new")
    assert b'diting_polls_total{outcome="new"} 0.0' in meter.page()


async def test_answers_are_not_held_back_for_the_acknowledgement_of_their_head(meter, checks, monkeypatch):
    """By asyncio, which knows its connections for TCP by the protocol that the listening socket names."""
    delayed: list[int] = []
    set_nodelay = base_events._set_nodelay

    def noted(connection) -> None:
        set_nodelay(connection)
        delayed.append(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

    monkeypatch.setattr(base_events, "_set_nodelay", noted)
    async with serving(meter, checks) as client, client.get("/healthz") as response:
        assert response.status == 200
    assert len(delayed) > 1  # the visitor's end, and ours
    assert all(delayed)


async def test_unknown_pages_are_not_found(client):
    async with client.get("/admin") as response:
        assert response.status == 404


def test_a_port_that_is_taken_is_refused_at_once(meter, checks):
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        WebServer(web_app(meter, checks), host="127.0.0.1", port=taken.getsockname()[1])


@pytest.mark.skipif(not socket.has_ipv6, reason="no IPv6 here")
async def test_it_serves_on_ipv6_too(meter, checks):
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("no IPv6 here")
    async with serving(meter, checks, "::1") as client, client.get("/healthz") as response:
        assert response.status == 200
