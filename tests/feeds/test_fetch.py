"""Fetching from a real server: polite, bounded, and with one family of errors."""

import asyncio
import gzip
import zlib
from datetime import timedelta
from functools import partial

import brotli
import pytest
from aiohttp import web

from bot.errors import AddressRefused, FeedGone, FetchFailed, FetchTimeout, HttpError, TooLarge
from bot.feeds.fetch import HttpFetcher
from bot.feeds.unpack import zstd
from tests.support.names import Names


async def test_gives_the_body_with_all_that_the_next_poll_needs(host, fetcher):
    url = host.give("/rss", "<rss/>", ETag='"v1"', Last_Modified="Tue, 03 Feb 2026 08:15:00 GMT",
                    Cache_Control="max-age=120", Content_Type="application/rss+xml; charset=utf-8")  # fmt: skip
    fetched = await fetcher.fetch(url)
    assert (fetched.url, fetched.status, fetched.body, fetched.moved_to) == (url, 200, b"<rss/>", "")
    assert (fetched.etag, fetched.last_modified) == ('"v1"', "Tue, 03 Feb 2026 08:15:00 GMT")
    assert fetched.max_age == timedelta(minutes=2)
    assert fetched.content_type == "application/rss+xml; charset=utf-8"


async def test_says_who_asks_and_what_is_wanted(host, fetcher):
    await fetcher.fetch(host.give("/rss"))
    headers = host.requests[0].headers
    assert headers["User-Agent"] == "Diting/0.1 (+https://contact.example)"
    assert "application/rss+xml" in headers["Accept"]
    assert headers["Accept-Encoding"] == "gzip, deflate, br, zstd"
    assert "If-None-Match" not in headers
    assert "Cookie" not in headers


async def test_cookies_are_not_kept(host, fetcher):
    url = host.give("/rss", Set_Cookie="spy=1")
    await fetcher.fetch(url)
    await fetcher.fetch(url)
    assert "Cookie" not in host.requests[1].headers


async def test_validators_are_sent_and_304_has_no_body(host, fetcher):
    url = host.give("/rss", status=304, ETag='"v1"')
    fetched = await fetcher.fetch(url, etag='"v1"', last_modified="Tue, 03 Feb 2026 08:15:00 GMT")
    assert (fetched.status, fetched.body, fetched.etag) == (304, b"", '"v1"')
    assert host.requests[0].headers["If-None-Match"] == '"v1"'
    assert host.requests[0].headers["If-Modified-Since"] == "Tue, 03 Feb 2026 08:15:00 GMT"


async def test_a_304_that_nobody_asked_for_is_an_error(host, fetcher):
    with pytest.raises(HttpError) as failed:
        await fetcher.fetch(host.give("/rss", status=304))
    assert failed.value.status == 304


async def test_validators_with_line_breaks_are_not_sent(host, fetcher):
    await fetcher.fetch(host.give("/rss"), etag='"v1"\r\nX-Evil: 1')
    assert "If-None-Match" not in host.requests[0].headers


@pytest.mark.parametrize(
    ("encoding", "compress"),
    [
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("br", partial(brotli.compress, quality=1)),
        ("zstd", zstd.compress),
    ],
)
async def test_compressed_bodies_are_decoded(host, fetcher, encoding, compress):
    url = host.give("/rss", compress(b"<rss>" * 1000), Content_Encoding=encoding)
    assert (await fetcher.fetch(url)).body == b"<rss>" * 1000


@pytest.mark.parametrize(
    ("encoding", "compress"),
    [
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("br", partial(brotli.compress, quality=1)),
        ("zstd", zstd.compress),
    ],
)
async def test_a_compressed_bomb_is_dropped_at_the_cap(host, fetcher, encoding, compress):
    url = host.give("/bomb", compress(bytes(30_000_000)), Content_Encoding=encoding)
    with pytest.raises(TooLarge):
        await fetcher.fetch(url)


async def test_a_body_that_says_it_is_too_large_is_not_read(host, fetcher):
    with pytest.raises(TooLarge):
        await fetcher.fetch(host.give("/big", bytes(100_001)))
    assert len((await fetcher.fetch(host.give("/fits", bytes(100_000)))).body) == 100_000


async def test_broken_compression_is_a_failed_fetch(host, fetcher):
    with pytest.raises(FetchFailed) as failed:
        await fetcher.fetch(host.give("/rss", b"not gzip", Content_Encoding="gzip"))
    assert failed.value.reason == "body"


async def test_a_slow_drip_ends_at_the_deadline(host):
    done = asyncio.Event()

    async def drip(request):
        response = web.StreamResponse()
        await response.prepare(request)
        while not done.is_set() and request.transport is not None:
            await response.write(b"<")
            await asyncio.sleep(0.01)
        return response

    url = host.serve("/drip", drip)
    async with HttpFetcher(user_agent="x", allow_hosts={"127.0.0.1"}, timeout=timedelta(seconds=0.15)) as fetcher:
        with pytest.raises(FetchTimeout):
            await fetcher.fetch(url)
    done.set()


@pytest.mark.parametrize("status", [301, 308])
async def test_a_permanent_redirect_is_reported_as_a_move(host, fetcher, status):
    there = host.give("/new", "<rss/>")
    fetched = await fetcher.fetch(host.give("/old", status=status, Location="/new"))
    assert (fetched.url, fetched.moved_to, fetched.body) == (there, there, b"<rss/>")


async def test_one_temporary_hop_makes_it_no_move(host, fetcher):
    there = host.give("/new", "<rss/>")
    host.give("/between", status=302, Location="/new")
    fetched = await fetcher.fetch(host.give("/old", status=301, Location="/between"))
    assert (fetched.url, fetched.moved_to) == (there, "")


async def test_redirects_keep_the_validators(host, fetcher):
    host.give("/new", status=304)
    fetched = await fetcher.fetch(host.give("/old", status=302, Location="/new"), etag='"v"')
    assert fetched.status == 304
    assert host.requests[1].headers["If-None-Match"] == '"v"'


async def test_a_redirect_loop_ends_where_it_closes(host, fetcher):
    host.give("/there", status=302, Location="/back")
    with pytest.raises(FetchFailed) as failed:
        await fetcher.fetch(host.give("/back", status=302, Location="/there"))
    assert failed.value.reason == "redirects"
    assert host.paths() == ["/back", "/there"]


async def test_a_chain_of_redirects_ends(host, fetcher):
    for number in range(9):
        host.give(f"/{number}", status=302, Location=f"/{number + 1}")
    with pytest.raises(FetchFailed) as failed:
        await fetcher.fetch(host.url + "/0")
    assert (failed.value.url, failed.value.reason) == (host.url + "/0", "redirects")
    assert len(host.requests) == 6


async def test_five_redirects_are_followed(host, fetcher):
    for number in range(5):
        host.give(f"/{number}", status=303, Location=f"/{number + 1}")
    host.give("/5", "<rss/>")
    assert (await fetcher.fetch(host.url + "/0")).body == b"<rss/>"


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("http://169.254.169.254/latest/meta-data", "private"),
        ("http://localhost/", "private"),
        ("file:///etc/passwd", "scheme"),
        ("http://u:p@news.example/", "credentials"),
        ("http://[broken", "host"),
    ],
)
async def test_a_redirect_to_where_we_do_not_go_is_refused(host, fetcher, location, reason):
    with pytest.raises(AddressRefused) as refused:
        await fetcher.fetch(host.give("/rss", status=302, Location=location))
    assert refused.value.reason == reason
    assert len(host.requests) == 1


async def test_a_redirect_without_a_target_is_an_error(host, fetcher):
    with pytest.raises(HttpError):
        await fetcher.fetch(host.give("/rss", status=302))


async def test_private_addresses_are_refused_before_any_request(host):
    async with HttpFetcher(user_agent="x") as fetcher:
        with pytest.raises(AddressRefused):
            await fetcher.fetch(host.give("/rss"))
    assert host.requests == []


async def test_a_name_that_resolves_to_a_private_address_is_refused(host):
    async with HttpFetcher(user_agent="x", resolver=Names("127.0.0.1")) as fetcher:
        url = host.give("/rss").replace("127.0.0.1", "rebound.example")
        with pytest.raises(AddressRefused) as refused:
            await fetcher.fetch(url)
    assert (refused.value.url, refused.value.reason) == (url, "private")
    assert host.requests == []


async def test_gone_is_told_from_other_errors(host, fetcher):
    with pytest.raises(FeedGone):
        await fetcher.fetch(host.give("/rss", status=410))


@pytest.mark.parametrize("status", [429, 503])
async def test_the_wait_that_a_host_asks_for_is_in_the_error(host, fetcher, status):
    with pytest.raises(HttpError) as failed:
        await fetcher.fetch(host.give("/rss", status=status, Retry_After="90"))
    assert (failed.value.status, failed.value.retry_after) == (status, timedelta(seconds=90))


@pytest.mark.parametrize("status", [204, 206, 300, 403, 404, 500])
async def test_other_statuses_are_errors(host, fetcher, status):
    with pytest.raises(HttpError) as failed:
        await fetcher.fetch(host.give("/rss", status=status))
    assert failed.value.reason == f"HTTP {status}"


async def test_nobody_listening_is_a_failed_fetch(fetcher, unused_tcp_port):
    with pytest.raises(FetchFailed) as failed:
        await fetcher.fetch(f"http://127.0.0.1:{unused_tcp_port}/")
    assert failed.value.reason == "connection"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"", "disconnected"),
        (b"hello\r\n\r\n", "protocol"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ncut", "body"),
    ],
)
async def test_a_host_that_hangs_up_or_talks_nonsense_is_a_failed_fetch(fetcher, answer, reason):
    async def nonsense(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(nonsense, "127.0.0.1", 0) as server:
        with pytest.raises(FetchFailed) as failed:
            await fetcher.fetch(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
    assert failed.value.reason == reason


async def test_one_request_at_a_time_for_each_host(host, fetcher):
    running, most = 0, 0

    async def answer(_):
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.005)
        running -= 1
        return web.Response(body=b"x")

    urls = [host.serve(f"/{number}", answer) for number in range(8)]
    await asyncio.gather(*(fetcher.fetch(url) for url in urls))
    assert (most, len(host.requests)) == (1, 8)
    assert fetcher._hosts._queues == {}


async def test_waiting_for_the_turn_does_not_count_against_the_deadline(host):
    async def answer(_):
        await asyncio.sleep(0.1)
        return web.Response(body=b"x")

    url = host.serve("/slow", answer)
    async with HttpFetcher(user_agent="x", allow_hosts={"127.0.0.1"}, timeout=timedelta(seconds=0.35)) as fetcher:
        fetched = await asyncio.gather(*(fetcher.fetch(url) for _ in range(5)))
    assert [one.body for one in fetched] == [b"x"] * 5


async def test_outside_its_context_it_is_a_bug(host):
    with pytest.raises(RuntimeError):
        await HttpFetcher(user_agent="x", allow_hosts={"127.0.0.1"}).fetch(host.give("/rss"))
