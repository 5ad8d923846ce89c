"""The callback of WebSub subscriptions, from a real server: what it takes, echoes and refuses."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import aiohttp
import pytest

from bot.errors import StorageError
from bot.web import push as module
from bot.web.metrics import PrometheusMeter
from bot.web.push import push_routes
from bot.web.server import WebServer, web_app

TOKEN = "t" * 27
PATH = f"/websub/{TOKEN}"
MAX_BYTES = 100_000


class FakeReceiver:
    """A PushReceiver of one subscription."""

    def __init__(self) -> None:
        self.queries: list[dict[str, str]] = []
        self.received: list[tuple[bytes, str, str]] = []
        self.asked: list[str] = []
        self.answer: str | None = "echo"
        self.broken = False

    async def verify(self, token, query):
        self._look(token)
        self.queries.append(dict(query))
        return self.answer if token == TOKEN else None

    async def expects(self, token):
        self._look(token)
        return token == TOKEN

    async def receive(self, token, body, *, content_type, signature):
        assert token == TOKEN
        self.received.append((body, content_type, signature))

    def _look(self, token: str) -> None:
        self.asked.append(token)
        if self.broken:
            raise StorageError("disk full")


@pytest.fixture
def receiver():
    return FakeReceiver()


@asynccontextmanager
async def serving(receiver):
    async def checks() -> dict[str, str]:
        return {}

    routes = push_routes(receiver, max_bytes=MAX_BYTES)
    server = WebServer(web_app(PrometheusMeter(), checks, routes), host="127.0.0.1", port=0)
    task = asyncio.create_task(server.run())
    try:
        async with aiohttp.ClientSession(f"http://127.0.0.1:{server.port}") as client:
            yield client
    finally:
        server.stop()
        await asyncio.wait_for(task, 10)


@pytest.fixture
async def client(receiver):
    async with serving(receiver) as client:
        yield client


async def test_a_verified_challenge_is_echoed_as_inert_text(client, receiver):
    receiver.answer = "<script>alert(1)</script>"
    query = {"hub.mode": "subscribe", "hub.topic": "https://a.example/?a=1&b=ü", "hub.challenge": "x"}
    async with client.get(PATH, params=query) as answer:
        assert (answer.status, await answer.text()) == (200, receiver.answer)
        assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert receiver.queries == [query]


async def test_what_nobody_asked_for_is_not_found(client, receiver):
    receiver.answer = None
    async with client.get(PATH) as answer:
        assert answer.status == 404
    async with client.get("/websub/" + "u" * 27) as answer:
        assert answer.status == 404


async def test_a_denial_is_answered_with_success(client, receiver):
    receiver.answer = ""
    async with client.get(PATH) as answer:
        assert (answer.status, await answer.text()) == (200, "")


@pytest.mark.parametrize("token", ["short", "t" * 33, "t" * 20 + "%00", "t" * 20 + "é", "t" * 20 + "'--"])
async def test_what_can_be_no_token_is_not_even_looked_up(client, receiver, token):
    async with client.get(f"/websub/{token}") as answer:
        assert answer.status == 404
    async with client.post(f"/websub/{token}", data=b"x") as answer:
        assert answer.status == 202
    assert receiver.asked == []


async def test_a_push_is_taken_as_it_came(client, receiver):
    headers = {"Content-Type": "application/atom+xml; charset=utf-8", "X-Hub-Signature": "sha256=00"}
    async with client.post(PATH, data=b"<feed/>\x00\xff", headers=headers) as answer:
        assert (answer.status, await answer.read()) == (202, b"")
    assert receiver.received == [(b"<feed/>\x00\xff", headers["Content-Type"], "sha256=00")]


async def test_an_empty_push_without_headers_is_taken_too(client, receiver):
    async with client.post(PATH, skip_auto_headers=["Content-Type"]) as answer:
        assert answer.status == 202
    assert receiver.received == [(b"", "", "")]


async def test_a_push_for_nobody_is_answered_alike_and_not_read(client, receiver):
    async def endless():
        while True:
            yield b"x" * 10_000

    async with client.post("/websub/" + "u" * 27, data=endless()) as answer:
        assert answer.status == 202
    assert receiver.received == []


async def test_a_push_that_is_too_large_is_refused(client, receiver):
    async with client.post(PATH, data=b"x" * MAX_BYTES) as answer:
        assert answer.status == 202

    async def endless():
        for _ in range(100):
            yield b"x" * 10_000

    for body in (b"x" * (MAX_BYTES + 1), endless()):
        async with client.post(PATH, data=body) as answer:
            assert answer.status == 413
    assert len(receiver.received) == 1


async def test_trouble_with_the_database_asks_the_hub_to_come_back(client, receiver):
    receiver.broken = True
    async with client.get(PATH) as answer:
        assert answer.status == 503
    async with client.post(PATH, data=b"x") as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (503, "60")


async def test_a_push_that_drips_is_given_up(client, receiver, monkeypatch):
    monkeypatch.setattr(module, "READ_WITHIN", 0.05)
    gate = asyncio.Event()

    async def dripping():
        yield b"x"
        await gate.wait()

    async with client.post(PATH, data=dripping()) as answer:
        assert answer.status == 408
    gate.set()
    assert receiver.received == []


async def test_only_so_many_pushes_are_read_at_once(client, receiver, monkeypatch):
    monkeypatch.setattr(module, "BODIES_AT_ONCE", 1)
    gate = asyncio.Event()

    async def slow():
        yield b"x"
        await gate.wait()

    first = asyncio.create_task(client.post(PATH, data=slow()))
    while not receiver.asked:
        await asyncio.sleep(0.001)
    async with client.post(PATH, data=b"y") as answer:
        assert answer.status == 503
    gate.set()
    async with await first as answer:
        assert answer.status == 202
    async with client.post(PATH, data=b"z") as answer:
        assert answer.status == 202
    assert [body for body, _, _ in receiver.received] == [b"x", b"z"]


async def test_other_methods_are_refused(client):
    async with client.put(PATH, data=b"x") as answer:
        assert answer.status == 405
