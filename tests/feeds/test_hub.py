"""Requests to hubs: a form by POST, behind the address guard, in bounded time, and the secret only where it is safe."""

from __future__ import annotations

import asyncio
import socket
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from aiohttp import web

from bot.errors import AddressRefused, FetchFailed, FetchTimeout, HttpError
from bot.feeds.hub import HubClient
from tests.support.names import Names

FIELDS = {"hub.mode": "subscribe", "hub.topic": "https://a.example/feed?a=1&b=ü", "hub.secret": "hush"}


@asynccontextmanager
async def client(**more):
    options = {"user_agent": "Diting/1", "allow_hosts": ("127.0.0.1",), "timeout": timedelta(seconds=5)} | more
    async with HubClient(**options) as made:
        yield made


@pytest.fixture
async def forms(host):
    """What was posted where."""
    seen: list[tuple[str, dict[str, str]]] = []

    def listen(path: str, status: int = 202, **headers: str) -> str:
        async def answer(request: web.Request) -> web.Response:
            assert request.method == "POST"
            seen.append((path, dict(await request.post())))
            return web.Response(status=status, headers=headers)

        return host.serve(path, answer)

    return listen, seen


async def test_a_form_is_posted_as_it_is(host, forms):
    listen, seen = forms
    async with client() as hub:
        await hub.ask(listen("/hub"), FIELDS)
    assert seen == [("/hub", FIELDS)]
    headers = host.requests[0].headers
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert headers["User-Agent"] == "Diting/1"


async def test_a_hub_whose_address_has_a_query_keeps_it(host, forms):
    listen, _ = forms
    async with client() as hub:
        await hub.ask(listen("/") + "?pushpress=hub", FIELDS)
    assert host.requests[0].query_string == "pushpress=hub"


@pytest.mark.parametrize("status", [200, 202, 204])
async def test_any_success_will_do(forms, status):
    listen, seen = forms
    async with client() as hub:
        await hub.ask(listen("/hub", status), FIELDS)
    assert len(seen) == 1


async def test_a_refusal_says_its_status_and_how_long_to_wait(forms):
    listen, _ = forms
    async with client() as hub:
        with pytest.raises(HttpError) as caught:
            await hub.ask(listen("/hub", 503, **{"Retry-After": "120"}), FIELDS)
    assert (caught.value.status, caught.value.retry_after) == (503, timedelta(minutes=2))


@pytest.mark.parametrize("status", [307, 308])
async def test_a_redirect_that_keeps_the_method_is_followed_once(forms, status):
    listen, seen = forms
    listen("/new")
    async with client() as hub:
        await hub.ask(listen("/hub", status, Location="/new"), FIELDS)
        assert [path for path, _ in seen] == ["/hub", "/new"]
        assert seen[1][1] == FIELDS
        with pytest.raises(FetchFailed, match="redirects"):
            await hub.ask(listen("/loop", status, Location="/loop"), FIELDS)


@pytest.mark.parametrize("status", [301, 302, 303])
async def test_other_redirects_are_no_agreement(forms, status):
    listen, seen = forms
    listen("/new")
    async with client() as hub:
        with pytest.raises(HttpError):
            await hub.ask(listen("/hub", status, Location="/new"), FIELDS)
    assert [path for path, _ in seen] == ["/hub"]


@pytest.mark.parametrize("location", ["http://10.0.0.1/", "file:///etc/passwd", "http://[", "http://localhost/"])
async def test_a_redirect_into_a_private_network_is_refused(forms, location):
    listen, seen = forms
    async with client() as hub:
        with pytest.raises(AddressRefused):
            await hub.ask(listen("/hub", 307, Location=location), FIELDS)
    assert len(seen) == 1


@pytest.mark.parametrize("url", ["http://10.0.0.1/hub", "ftp://hub.example/", "http://localhost/", "nonsense", ""])
async def test_hubs_on_private_networks_are_refused(url):
    async with client(allow_hosts=()) as hub:
        with pytest.raises(AddressRefused):
            await hub.ask(url, FIELDS)


async def test_a_public_name_with_a_private_address_is_refused():
    async with client(allow_hosts=(), resolver=Names("127.0.0.1")) as hub:
        with pytest.raises(AddressRefused):
            await hub.ask("https://hub.example/", FIELDS)


async def test_the_secret_is_sent_by_tls_or_not_at_all(forms, monkeypatch):
    listen, seen = forms
    port = listen("/hub").rpartition(":")[2].partition("/")[0]
    # The name is public as far as the guard can tell, and leads here all the same.
    monkeypatch.setattr("bot.feeds.hub.GuardedResolver", lambda _allowed, inner: inner)
    async with client(resolver=Names("127.0.0.1")) as hub:
        await hub.ask(f"http://hub.example:{port}/hub", FIELDS)
    assert seen == [("/hub", {name: value for name, value in FIELDS.items() if name != "hub.secret"})]


async def test_a_hub_whose_address_leaves_out_its_tls_is_told_the_secret_by_tls(monkeypatch):
    sent: list[tuple[str, bool]] = []

    async def send(self, address, fields):
        sent.append((address, "hub.secret" in fields))

    monkeypatch.setattr(HubClient, "_send", send)
    async with client() as hub:
        await hub.ask("http://hub.example/", FIELDS)
        await hub.ask("http://hub.example/", {"hub.mode": "unsubscribe"})
    assert sent == [("https://hub.example/", True), ("http://hub.example/", False)]


async def test_a_redirect_away_from_tls_does_not_get_the_secret(monkeypatch):
    posted: list[str] = []

    async def post(self, address, fields):
        posted.append(address)
        return "http://hub.example/plain"

    monkeypatch.setattr(HubClient, "_post", post)
    async with client() as hub:
        with pytest.raises(AddressRefused, match="scheme"):
            await hub.ask("https://hub.example/", FIELDS)
    assert posted == ["https://hub.example/"]


async def test_a_hub_that_never_answers_is_given_up(host):
    async def never(_: web.Request) -> web.Response:
        await asyncio.sleep(60)
        return web.Response()

    async with client(timeout=timedelta(seconds=0.1)) as hub:
        with pytest.raises(FetchTimeout):
            await hub.ask(host.serve("/hub", never), FIELDS)


async def test_an_answer_without_end_is_not_read(host):
    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(status=202)
        await response.prepare(request)
        while True:
            await response.write(b"x" * 65536)

    async with client() as hub:
        await hub.ask(host.serve("/hub", endless), FIELDS)


async def test_network_trouble_has_a_word_for_it(host):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    async with client() as hub:
        with pytest.raises(FetchFailed, match="connection"):
            await hub.ask(f"http://127.0.0.1:{port}/", FIELDS)
        with pytest.raises(FetchFailed, match=r"tls|connection"):
            await hub.ask(host.give("/hub").replace("http:", "https:"), FIELDS)


async def test_a_server_that_hangs_up_is_network_trouble():
    async def hang_up(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, client() as hub:
        with pytest.raises(FetchFailed, match="network"):
            await hub.ask(f"http://127.0.0.1:{port}/", FIELDS)


async def test_it_is_used_inside_its_context_only():
    hub = HubClient(user_agent="Diting/1")
    with pytest.raises(RuntimeError):
        await hub.ask("https://hub.example/", FIELDS)
