"""How many polls a second the fetcher makes on loopback, and how that compares with a bare loop of its HTTP client.

Each host is an address of its own (127.x.y.z), so that the manners towards hosts are in play; the server runs in a
process of its own. The two take turns, and the ratio is the median of those of the rounds, since machines have moods.

Run: python -m bench.fetch [HOSTS [REQUESTS [AT_ONCE]]]
"""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection

import aiohttp

from bot.feeds.fetch import HttpFetcher

ROUNDS = 15
AGENT = "Diting/0.1 (bench)"
ETAG = '"v1"'
ITEM = "<item><title>Talks went on for a second day</title><link>https://a.example/{}</link></item>"
BODY = f"<rss><channel>{''.join(ITEM.format(n) for n in range(300))}</channel></rss>".encode()
SAME = b'HTTP/1.1 304 Not Modified\r\nETag: "v1"\r\nCache-Control: max-age=60\r\n\r\n'
WHOLE = b'HTTP/1.1 200 OK\r\nETag: "v1"\r\nContent-Type: application/rss+xml\r\nContent-Length: %d\r\n\r\n%s' % (
    len(BODY),
    BODY,
)
Get = Callable[[str, str], Awaitable[int]]


class Answers(asyncio.Protocol):
    """Keeps connections open, and answers 304 to whoever has the ETag."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.heard = b""

    def data_received(self, data: bytes) -> None:
        *requests, self.heard = (self.heard + data).split(b"\r\n\r\n")
        for request in requests:
            self.transport.write(SAME if b"If-None-Match" in request else WHOLE)


def serve(ready: Connection) -> None:
    async def run() -> None:
        server = await asyncio.get_running_loop().create_server(Answers, "0.0.0.0", 0, backlog=4096)
        ready.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


@contextmanager
def server() -> Iterator[int]:
    """The server's port."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(there,), daemon=True)
    process.start()
    try:
        yield here.recv()
    finally:
        process.terminate()
        process.join()


async def rate(get: Get, urls: list[str], etag: str, at_once: int) -> float:
    """Fetches a second, with `at_once` of them under way at any time."""
    waiting = iter(urls)

    async def work() -> int:
        return sum([await get(url, etag) for url in waiting])

    gc.collect()
    start = time.process_time()
    await asyncio.gather(*(work() for _ in range(at_once)))
    return len(urls) / (time.process_time() - start)


async def compare(hosts: list[str], requests: int, at_once: int) -> None:
    fetcher = HttpFetcher(user_agent=AGENT, allow_hosts=hosts)
    # No pool limit here either: hosts are many and each has one connection.
    session = aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0), headers={"User-Agent": AGENT}, cookie_jar=aiohttp.DummyCookieJar()
    )

    async def bare(url: str, etag: str) -> int:
        headers = {"If-None-Match": etag} if etag else {}
        async with session.get(url, headers=headers, allow_redirects=False) as response:
            return len(await response.read())

    async def ours(url: str, etag: str) -> int:
        return len((await fetcher.fetch(url, etag=etag)).body)

    async with session, fetcher:
        for name, etag, count in (("304", ETAG, requests), ("200", "", requests // 2)):
            urls = [f"http://{hosts[n % len(hosts)]}/feeds/{n}/rss.xml" for n in range(count)]
            rates: dict[Get, list[float]] = {bare: [], ours: []}
            for get in (bare, ours):
                await rate(get, urls[: len(hosts)], etag, at_once)  # connections are opened
            for _ in range(ROUNDS):
                for get, seen in rates.items():
                    seen.append(await rate(get, urls, etag, at_once))
            report(name, rates[bare], rates[ours])


def report(name: str, bare: list[float], ours: list[float]) -> None:
    ratio = statistics.median(own / other for own, other in zip(ours, bare, strict=True))
    size = f", {len(BODY) // 1000} kB each" if name == "200" else ""
    print(f"{name}: bare aiohttp {statistics.median(bare):8,.0f}   HttpFetcher {statistics.median(ours):8,.0f}", end="")
    print(f" a second of one core   ratio {ratio:.2f}{size}")


def main(hosts: int = 200, requests: int = 2_000, at_once: int = 20) -> None:
    with server() as port:
        named = [f"127.{n // 62500 + 1}.{n // 250 % 250}.{n % 250 + 1}:{port}" for n in range(hosts)]
        asyncio.run(compare(named, requests, at_once))
    print(f"({hosts} hosts, {at_once} fetches at once, medians of {ROUNDS} rounds of {requests} by turns)")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
