"""Fetching is polite to hosts, bounded in what it takes from them, and connects to checked addresses only."""

import asyncio
from datetime import timedelta

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver

from bot.errors import AddressRefused, FetchFailed, FetchTimeout, HttpError, TooLarge
from bot.feeds.fetch import HttpFetcher
from tests.support.names import Names
from tests.support.seconds import Seconds


@pytest.fixture
def time():
    return Seconds()


@pytest.fixture
async def fetcher(time):
    async with HttpFetcher(user_agent="x", allow_hosts={"127.0.0.1"}, clock=time, sleep=time.sleep) as made:
        yield made


@pytest.fixture
async def stranger(time, monkeypatch):
    """A fetcher for which every name is a public host, though all of them are on loopback."""
    monkeypatch.setattr("bot.feeds.address.is_public", lambda _: True)
    names = Names("127.0.0.1")
    async with HttpFetcher(user_agent="x", resolver=names, clock=time, sleep=time.sleep) as made:
        yield made


def named(url: str, name: str) -> str:
    return url.replace("127.0.0.1", name)


@pytest.mark.parametrize("status", [429, 503])
async def test_a_host_that_asks_to_wait_is_left_alone_at_all_its_addresses(host, fetcher, time, status):
    busy, other = host.give("/busy", status=status, Retry_After="90"), host.give("/other", "<rss/>")
    with pytest.raises(HttpError):
        await fetcher.fetch(busy)
    time.now += 30
    with pytest.raises(HttpError) as held:
        await fetcher.fetch(other)
    assert (held.value.url, held.value.status, held.value.retry_after) == (other, status, timedelta(seconds=60))
    assert host.paths() == ["/busy"]
    time.now += 60
    assert (await fetcher.fetch(other)).body == b"<rss/>"


async def test_those_already_in_the_queue_heed_the_wish_to_wait(host, fetcher):
    urls = [host.give(f"/{number}", status=429, Retry_After="90") for number in range(5)]
    errors = await asyncio.gather(*(fetcher.fetch(url) for url in urls), return_exceptions=True)
    assert [type(error) for error in errors] == [HttpError] * 5
    assert len(host.requests) == 1


async def test_other_hosts_are_not_held(host, stranger):
    url = host.give("/busy", status=429, Retry_After="90")
    for name in ("a.example", "b.example"):
        with pytest.raises(HttpError):
            await stranger.fetch(named(url, name))
    assert len(host.requests) == 2


async def test_too_many_requests_without_a_time_means_a_minute(host, stranger, time):
    url = named(host.give("/busy", status=429), "a.example")
    with pytest.raises(HttpError) as failed:
        await stranger.fetch(url)
    assert failed.value.retry_after is None
    with pytest.raises(HttpError) as held:
        await stranger.fetch(url)
    assert held.value.retry_after == timedelta(minutes=1)
    assert len(host.requests) == 1


@pytest.mark.parametrize(("status", "wait"), [(503, {}), (500, {"Retry_After": "90"}), (503, {"Retry_After": "soon"})])
async def test_other_troubles_are_of_one_address(host, stranger, status, wait):
    url = named(host.give("/busy", status=status, **wait), "a.example")
    for _ in range(2):
        with pytest.raises(HttpError):
            await stranger.fetch(url)
    assert len(host.requests) == 2


async def test_the_admins_own_host_is_held_only_at_its_explicit_word(host, fetcher):
    url = host.give("/busy", status=429)
    for _ in range(2):
        with pytest.raises(HttpError):
            await fetcher.fetch(url)
    assert len(host.requests) == 2


async def test_requests_to_a_public_host_are_half_a_second_apart(host, stranger, time):
    for name in ("a.example", "a.example", "b.example", "a.example"):
        await stranger.fetch(named(host.give("/rss"), name))
    assert time.slept == [0.5, 0.5]


async def test_requests_to_the_admins_own_host_are_not(host, fetcher, time):
    for _ in range(3):
        await fetcher.fetch(host.give("/rss"))
    assert time.slept == []


async def test_redirects_on_one_host_are_one_turn_and_those_to_another_wait_for_theirs(host, stranger, time):
    host.give("/end", "<rss/>")
    host.give("/two", status=301, Location=named(host.url + "/end", "b.example"))
    url = named(host.give("/one", status=301, Location="/two"), "a.example")
    await stranger.fetch(named(host.url + "/end", "b.example"))
    fetched = await stranger.fetch(url)
    assert (fetched.url, fetched.moved_to) == (named(host.url + "/end", "b.example"),) * 2
    assert host.paths() == ["/end", "/one", "/two", "/end"]
    assert time.slept == [0.5]


async def test_a_host_that_redirects_to_a_busy_one_is_free_meanwhile(host, stranger):
    entered, leave = asyncio.Event(), asyncio.Event()

    async def slow(_):
        entered.set()
        await leave.wait()
        return web.Response(body=b"slow")

    slow_url = named(host.serve("/slow", slow), "b.example")
    host.give("/away", status=302, Location=slow_url)
    busy = asyncio.create_task(stranger.fetch(slow_url))
    await entered.wait()
    sent_away = asyncio.create_task(stranger.fetch(named(host.url + "/away", "a.example")))
    assert (await stranger.fetch(named(host.give("/rss", "fast"), "a.example"))).body == b"fast"
    leave.set()
    assert [(await task).body for task in (busy, sent_away)] == [b"slow"] * 2


async def test_no_more_requests_run_at_once_than_allowed(host, monkeypatch):
    monkeypatch.setattr("bot.feeds.address.is_public", lambda _: True)
    running, most = 0, 0

    async def answer(_):
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.005)
        running -= 1
        return web.Response(body=b"x")

    url = host.serve("/rss", answer)
    async with HttpFetcher(user_agent="x", resolver=Names("127.0.0.1"), concurrency=3) as fetcher:
        await asyncio.gather(*(fetcher.fetch(named(url, f"{number}.example")) for number in range(12)))
    assert most == 3


async def test_no_other_body_is_fetched_while_one_is_being_read(host):
    held, go = [], asyncio.Event()

    async def read(fetched):
        held.append(fetched.url)
        await go.wait()

    urls = [host.give(f"/{number}", "<rss/>") for number in range(3)]
    hosts = [f"{name}.example" for name in "abc"]
    urls = [named(url, name) for url, name in zip(urls, hosts, strict=True)]
    own = HttpFetcher(user_agent="x", allow_hosts=hosts, resolver=Names("127.0.0.1"), concurrency=2)
    async with own as fetcher:
        fetches = [asyncio.create_task(fetcher.fetch(url, then=read)) for url in urls]
        async with asyncio.timeout(5):
            while len(held) < 2:
                await asyncio.sleep(0.001)
        assert len(host.requests) == 2
        go.set()
        assert [fetched.url for fetched in await asyncio.gather(*fetches)] == urls
    assert sorted(held) == sorted(urls)


async def test_a_fault_in_the_reading_is_the_callers_and_frees_the_host(host, fetcher):
    async def read(_fetched):
        raise ZeroDivisionError

    url = host.give("/feed", "<rss/>")
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            await fetcher.fetch(url, then=read)


async def test_hub_and_self_links_come_with_the_answer(host, fetcher):
    url = host.give("/rss", Link='<https://hub.example/>; rel="hub", </rss>; rel="self"')
    assert (await fetcher.fetch(url)).links == (("hub", "https://hub.example/"), ("self", url))


@pytest.mark.parametrize(
    "lines",
    ["X: " + "y" * 1_000_000, "\r\n".join(f"X-{number}: y" for number in range(10_000)), "X" * 1_000_000],
    ids=["a long line", "many lines", "no line"],
)
async def test_headers_that_never_end_are_not_read(fetcher, lines):
    async def answer(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 200 OK\r\n{lines}\r\n\r\n".encode())
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        with pytest.raises(FetchFailed) as failed:
            await fetcher.fetch(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
    assert failed.value.reason == "protocol"


async def test_a_body_is_counted_as_it_comes_too(host):
    empty_blocks = b"\x00\x00\x00\xff\xff" * 100_000  # deflate that says nothing for ever

    async with HttpFetcher(user_agent="x", allow_hosts={"127.0.0.1"}, max_bytes=100_000) as fetcher:

        async def answer(request):
            response = web.StreamResponse(headers={"Content-Encoding": "deflate"})
            await response.prepare(request)
            await response.write(empty_blocks)
            return response

        with pytest.raises(TooLarge):
            await fetcher.fetch(host.serve("/nothing", answer))


async def test_a_packed_body_that_is_cut_off_is_a_failed_fetch(host, fetcher):
    import gzip

    url = host.give("/rss", gzip.compress(b"<rss/>" * 1_000)[:-20], Content_Encoding="gzip")
    with pytest.raises(FetchFailed) as failed:
        await fetcher.fetch(url)
    assert failed.value.reason == "body"


class Deaf(AbstractResolver):
    async def resolve(self, host, port=0, family=0):
        await asyncio.Event().wait()

    async def close(self):
        pass


async def test_a_name_server_that_never_answers_costs_no_more_than_the_deadline():
    async with HttpFetcher(user_agent="x", resolver=Deaf(), timeout=timedelta(seconds=0.05)) as fetcher:
        with pytest.raises(FetchTimeout):
            await fetcher.fetch("http://news.example/")


async def test_a_host_that_never_shakes_hands_costs_no_more_than_the_deadline():
    hung_up = asyncio.Event()

    async def silent(reader, writer):
        await reader.read()
        writer.close()
        hung_up.set()

    async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
        url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        timeout = timedelta(seconds=0.05)
        async with HttpFetcher(user_agent="x", allow_hosts={"127.0.0.1"}, timeout=timeout) as fetcher:
            with pytest.raises(FetchTimeout):
                await fetcher.fetch(url)
            await hung_up.wait()


class Turncoat(Names):
    """Public for the first look-up, private from then on."""

    async def resolve(self, host, port=0, family=0):
        answer = await super().resolve(host, port, family)
        self.addresses = ("127.0.0.1",)
        return answer


@pytest.fixture
def connected(monkeypatch):
    """The addresses that connections were tried to; none comes about."""
    tried = []

    async def start(addr_infos, **_):
        tried.extend(info[4][0] for info in addr_infos)
        raise ConnectionRefusedError

    monkeypatch.setattr("aiohttp.connector.aiohappyeyeballs.start_connection", start)
    return tried


async def test_connections_go_to_the_addresses_that_were_checked(connected):
    resolver = Names("10.0.0.1", "1.1.1.1", "::1", "64:ff9b::7f00:1", "2606:4700::1111")
    async with HttpFetcher(user_agent="x", resolver=resolver) as fetcher:
        with pytest.raises(FetchFailed):
            await fetcher.fetch("http://mixed.example/")
    assert set(connected) == {"1.1.1.1", "2606:4700::1111"}


async def test_a_name_that_turns_private_is_refused_and_never_connected_to(connected):
    resolver = Turncoat("1.1.1.1")
    async with HttpFetcher(user_agent="x", resolver=resolver, gap=timedelta()) as fetcher:
        with pytest.raises(FetchFailed):
            await fetcher.fetch("http://turncoat.example/")
        fetcher._session.connector.clear_dns_cache()
        with pytest.raises(AddressRefused):
            await fetcher.fetch("http://turncoat.example/")
    assert set(connected) == {"1.1.1.1"}


async def test_the_name_in_a_redirect_is_checked_too(host, monkeypatch):
    monkeypatch.setattr("bot.feeds.address._is_public_text", lambda address: address == "127.0.0.1")
    resolver = Names("127.0.0.1")
    async with HttpFetcher(user_agent="x", resolver=resolver) as fetcher:
        url = named(host.give("/rss", status=302, Location="http://inside.example/"), "outside.example")

        async def answer(_):
            resolver.addresses = ("10.0.0.1",)
            return web.Response(status=302, headers={"Location": "http://inside.example/"})

        host.serve("/rss", answer)
        with pytest.raises(AddressRefused) as refused:
            await fetcher.fetch(url)
    assert refused.value.url == "http://inside.example/"
