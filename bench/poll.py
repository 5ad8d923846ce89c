"""How many feeds a second of one core are polled, whole polls with guard, database, cadence and the sifting of items.

Against 304s the yardstick is a bare loop of the same HTTP client; against full bodies, a loop of httpx and feedparser.
The server runs in a process of its own; each host is an address of its own (127.x.y.z).

Run: python -m bench.poll [FEEDS [ROUNDS]]           the figures
     python -m bench.poll --memory [POLLS [FEEDS]]   the memory while it polls on and on
"""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path

import aiohttp
import feedparser
import httpx

from bot.feeds.cadence import Cadence
from bot.feeds.fetch import HttpFetcher
from bot.feeds.parse import read
from bot.log import configure_logging
from bot.model import ChatAddress, ChatKind, FoundFeed, Locale, Mode, Platform
from bot.storage import Storage, open_storage
from bot.text.language import detect
from bot.work.poll import Poller

AGENT = "Diting/0.1 (bench)"
HOSTS = 200
AT_ONCE = 20
ITEMS = 30
ETAG = b'"v1"'
KINDS = ("same", "unchanged", "changed")  # a 304; the body of last time; a body with one new item
PARAGRAPH = (
    "<p>The envoys met for a second day in the capital, <a href='https://a.example/talks'>officials said</a>, and no"
    " date was set for a third &amp; last round of the talks, which began on 23 January.</p>\n"
)


def item(number: int) -> bytes:
    """An item with an article of 2.6 kB, as newspapers' feeds have them."""
    text = f"<p>Report number {number}.</p>" + PARAGRAPH * 13
    return (
        f"<item><title>Talks go on, report {number}</title><link>https://a.example/news/{number}?at=rss</link>"
        f'<guid isPermaLink="false">a.example:{number}</guid><pubDate>Sun, 01 Feb 2026 {number // 60 % 24:02}:'
        f"{number % 60:02}:00 GMT</pubDate><dc:creator>A Writer</dc:creator><category>World</category>"
        f"<description>The envoys met for a second day.</description>"
        f"<content:encoded><![CDATA[{text}]]></content:encoded></item>\n"
    ).encode()


HEAD = (
    b'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    b' xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>The Example</title>'
    b"<link>https://a.example/</link><language>en</language>"
)


def document(newest: int, items: int = ITEMS) -> bytes:
    """The last items, newest first."""
    return HEAD + b"".join(item(n) for n in range(newest, newest - items, -1)) + b"</channel></rss>"


@dataclass
class Pages:
    """What each address of the server has. A `changed` one has one item more at each request."""

    short: bytes = field(default_factory=lambda: document(1000, 5))
    plain: bytes = field(default_factory=lambda: document(1000))
    newer: dict[bytes, int] = field(default_factory=dict)
    made: dict[int, bytes] = field(default_factory=dict)

    def answer(self, path: bytes, request: bytes) -> bytes:
        if path.startswith(b"/same/"):
            if b"If-None-Match" in request:
                return b"HTTP/1.1 304 Not Modified\r\nETag: " + ETAG + b"\r\n\r\n"
            return whole(self.short, b"ETag: " + ETAG + b"\r\n")
        if path.startswith(b"/changed/"):
            newest = self.newer[path] = self.newer.get(path, 1000) + 1
            if newest not in self.made:
                self.made[newest] = document(newest)
            return whole(self.made[newest], b"")
        return whole(self.plain, b"")


def whole(body: bytes, more: bytes) -> bytes:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nContent-Length: %d\r\n" % len(body)
    return head + more + b"\r\n" + body


class Answers(asyncio.Protocol):
    """Keeps connections open and answers from the pages."""

    def __init__(self, pages: Pages) -> None:
        self.pages = pages
        self.heard = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        *requests, self.heard = (self.heard + data).split(b"\r\n\r\n")
        for request in requests:
            path = request.split(b" ", 2)[1]
            self.transport.write(self.pages.answer(path, request))


def serve(ready: Connection) -> None:
    async def run() -> None:
        pages = Pages()
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: Answers(pages), "0.0.0.0", 0, backlog=4096)
        ready.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


@contextmanager
def serving() -> Iterator[int]:
    """The server's port."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(there,), daemon=True)
    process.start()
    try:
        yield here.recv()
    finally:
        process.terminate()
        process.join()


class Watch:
    """A clock that the bench sets forward, for every feed to be due again."""

    def __init__(self) -> None:
        self.now = datetime(2026, 2, 2, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


class Quiet:
    """A Bell that wakes the bench, and a Meter."""

    def __init__(self) -> None:
        self.woken = asyncio.Event()
        self.outcomes: dict[str, int] = {}

    def ring(self, topic: str) -> None:
        """Nobody else listens."""

    def wake(self, topic: str) -> None:  # noqa: ARG002 - as the loops have it
        """Wake the bench."""
        self.woken.set()

    def count(self, event: str, outcome: str, by: int = 1) -> None:
        """Keep the count of polls."""
        if event == "polls":
            self.outcomes[outcome] = self.outcomes.get(outcome, 0) + by

    def took(self, event: str, time: timedelta, outcome: str = "") -> None:
        """Not wanted here."""


@dataclass
class Bench:
    """The poller over one database."""

    storage: Storage
    poller: Poller
    watch: Watch
    quiet: Quiet
    polls: int = 0

    async def follow(self, urls: list[str]) -> None:
        """Have these feeds, and no others, polled."""
        address = ChatAddress(Platform.CONSOLE, f"{self.watch()}{urls[0]}")
        chat = await self.storage.chats.open_chat(
            address, kind=ChatKind.PRIVATE, title="", hint=Locale.EN, now=self.watch()
        )
        for url in urls:
            await self.storage.subscriptions.subscribe(
                chat.id, FoundFeed(url=url, title=""), mode=Mode.MATCHING, now=self.watch()
            )
        self.chat = chat.id

    async def forget(self) -> None:
        """Poll these feeds no more."""
        await self.storage.chats.set_paused(self.chat, paused=True)

    async def round(self, feeds: int) -> None:
        """Poll every feed once."""
        self.watch.now += timedelta(hours=2)
        before = sum(self.quiet.outcomes.values())
        while sum(self.quiet.outcomes.values()) < before + feeds:
            self.quiet.woken.clear()
            await self.poller.step()
            await self.quiet.woken.wait()
        await self.poller.drain()


@asynccontextmanager
async def bench(hosts: list[str]) -> AsyncIterator[Bench]:
    with tempfile.TemporaryDirectory() as folder:
        fetcher = HttpFetcher(user_agent=AGENT, allow_hosts=hosts)
        async with open_storage(f"sqlite:///{Path(folder) / 'bench.db'}") as storage, fetcher:
            await storage.upgrade()
            watch, quiet = Watch(), Quiet()
            poller = Poller(
                queue=storage.feeds,
                fetcher=fetcher,
                read=read,
                cadence=Cadence(),
                bell=quiet,
                meter=quiet,
                clock=watch,
                lease=timedelta(minutes=5),
                at_once=AT_ONCE,
                in_hand=25 * AT_ONCE,
            )
            yield Bench(storage, poller, watch, quiet)


async def spent(work: Callable[[], Awaitable[None]]) -> float:
    """Seconds of this process's cores."""
    gc.collect()
    start = time.process_time()
    await work()
    return time.process_time() - start


async def side_by_side(urls: list[str], get: Callable[[str], Awaitable[None]]) -> None:
    waiting = iter(urls)

    async def work() -> None:
        for url in waiting:
            await get(url)

    await asyncio.gather(*(work() for _ in range(AT_ONCE)))


async def compare(port: int, feeds: int, rounds: int) -> None:
    hosts = named_hosts(port)
    async with bench(hosts) as ours:
        for kind in KINDS:
            count = feeds if kind == "same" else feeds // 8
            urls = [f"http://{hosts[n % HOSTS]}/{kind}/{n}" for n in range(count)]
            await ours.follow(urls)
            await ours.round(count)  # the first poll stores what is there
            times = [await by_turns(ours, kind, urls) for _ in range(rounds)]
            own, theirs = (statistics.median(column) for column in zip(*times, strict=True))
            ratio = statistics.median(ours_then / theirs_then for ours_then, theirs_then in times)
            other = "bare aiohttp" if kind == "same" else "httpx+feedparser"
            rates = f"ours {own:7,.0f}   {other:17}{theirs:7,.0f} a second of one core"
            print(f"{kind:10} {rates}   ratio, pair by pair, {ratio:.2f}")
            await ours.forget()
        print(f"polls by outcome: {ours.quiet.outcomes}")


async def by_turns(ours: Bench, kind: str, urls: list[str]) -> tuple[float, float]:
    """Feeds a second of one core: ours, and the yardstick's."""
    own = len(urls) / await spent(lambda: ours.round(len(urls)))
    if kind == "same":
        return own, len(urls) / await spent(lambda: bare(urls))
    some = urls[: max(len(urls) // 8, 20)]
    return own, len(some) / await spent(lambda: httpx_and_feedparser(some))


async def bare(urls: list[str]) -> None:
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, headers={"User-Agent": AGENT}) as session:

        async def get(url: str) -> None:
            async with session.get(url, headers={"If-None-Match": '"v1"'}) as response:
                await response.read()

        await side_by_side(urls, get)


async def httpx_and_feedparser(urls: list[str]) -> None:
    async with httpx.AsyncClient(headers={"User-Agent": AGENT}) as client:

        async def get(url: str) -> None:
            feedparser.parse((await client.get(url)).content)

        await side_by_side(urls, get)


async def watch_memory(port: int, polls: int, feeds: int) -> None:
    hosts = named_hosts(port)
    async with bench(hosts) as ours:
        urls = [f"http://{hosts[n % HOSTS]}/{KINDS[0] if n % 50 else KINDS[2]}/{n}" for n in range(feeds)]
        await ours.follow(urls)
        done = 0
        while done < polls:
            await ours.round(feeds)
            done += feeds
            if done % (polls // 10) < feeds:
                gc.collect()
                print(f"{done:8,} polls   {resident():6.1f} MB", flush=True)


def resident() -> float:
    """This process's memory."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 1e6


def named_hosts(port: int) -> list[str]:
    return [f"127.1.{n // 250}.{n % 250 + 1}:{port}" for n in range(HOSTS)]


def main(arguments: list[str]) -> None:
    configure_logging("error", "json")
    detect("Ett kort stycke")  # the first text that needs them loads the statistics of languages, once for all
    memory = arguments[:1] == ["--memory"]
    numbers = [int(argument) for argument in arguments[memory:]]
    with serving() as port:
        if memory:
            asyncio.run(watch_memory(port, *(numbers + [100_000, 2_000][len(numbers) :])))
        else:
            asyncio.run(compare(port, *(numbers + [2_000, 3][len(numbers) :])))


if __name__ == "__main__":
    main(sys.argv[1:])
