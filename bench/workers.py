"""How many items a second go through poll, match and outbox with 1, 2 and 4 worker processes on one PostgreSQL.

The same work each time, on an empty database: every feed is due at once and has new items; it is done when no item is
left to be matched. Workers are whole programs without a platform. Besides the rate it counts the processor time of an
item, in the workers and in the database: that is what the next machine is computed from, whatever this one allows.

Run: python -m bench.workers [FEEDS [ITEMS [WORKERS …]]]
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import random
import signal
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event
from pathlib import Path

import psycopg
from aiohttp import web
from sqlalchemy import make_url

from bot.app.parts import open_core
from bot.app.program import Program
from bot.log import configure_logging
from bot.matching.query import canonical, parse
from bot.model import ChatAddress, ChatKind, FoundFeed, Locale, Mode, Platform
from bot.settings import Settings, load_settings
from bot.storage import Storage, open_storage
from tests.support.postgres import PostgresServer, run_postgres

CHATS, FOLLOWED, KEYWORDS = 40, 20, 25  # feeds and keywords of each chat
WORDS = [
    f"{a}{b}{c}"
    for a in ("mar", "tol", "ven", "sil", "kor")
    for b in "aeiou"
    for c in (
        "bek",
        "dan",
        "fol",
        "gim",
        "hur",
        "jat",
        "kel",
        "lom",
        "nup",
        "pos",
        "rav",
        "set",
        "tig",
        "vun",
        "wex",
        "zor",
    )
]
HOSTS = 50
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Figures:
    """Of one run: seconds, and processor milliseconds for each item."""

    workers: int
    items: int
    seconds: float
    worker_ms: float
    database_ms: float
    owed: int


def document(feed: int, items: int) -> str:
    """A feed's items, each with 1.5 kB of text and three of the words that people ask for."""
    chance = random.Random(feed)
    entries = []
    for number in range(items):
        named = " and ".join(chance.sample(WORDS, 3))
        text = f"The envoys of {named} met on day {number} in the capital. " + " ".join(
            f"Sentence {n} speaks of {chance.choice(['rain', 'trade', 'roads', 'schools', 'ships'])} in plain words."
            for n in range(25)
        )
        entries.append(
            f"<item><guid isPermaLink='false'>{feed}-{number}</guid><title>Envoys of {named} meet ({feed}-{number})"
            f"</title><link>https://wire.example/{feed}/{number}</link><description>{text}</description></item>"
        )
    head = f"<title>Wire {feed}</title><link>https://wire.example/{feed}</link><language>en</language>"
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{"".join(entries)}</channel></rss>'


def serve(port: int, items: int, full: Event) -> None:
    """The feeds: one item each at first, all of them when `full` is set."""

    async def feed(request: web.Request) -> web.Response:
        number = int(request.match_info["feed"])
        return web.Response(
            text=document(number, items + 1 if full.is_set() else 1), content_type="application/rss+xml"
        )

    app = web.Application()
    app.router.add_get("/{feed}", feed)
    web.run_app(app, host="0.0.0.0", port=port, print=None, access_log=None)


def settings_for(url: str) -> Settings:
    return load_settings(
        _env_file=None,
        database_url=url,
        telegram_token=None,
        discord_token=None,
        allow_hosts=",".join(f"127.0.1.{n}" for n in range(1, HOSTS + 1)),
        poll_interval=3600,
        poll_longest=3600,
        full_text="off",
        web_port=0,
    )


def work(url: str, ready: Event) -> None:
    """One worker, until SIGTERM."""
    configure_logging("error", "json")

    async def run() -> None:
        stop = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
        async with open_core(settings_for(url)) as core:
            await core.alerter.step()  # the index of keywords
            ready.set()
            await Program(core).run(stop)

    asyncio.run(run())


async def prepare(storage: Storage, port: int, feeds: int) -> None:
    """Chats with subscriptions and keywords."""
    await storage.upgrade()
    now, chance = datetime.now(UTC), random.Random(1)
    for number in range(CHATS):
        address = ChatAddress(Platform.CONSOLE, str(number))
        chat = await storage.chats.open_chat(address, kind=ChatKind.GROUP, title="", hint=Locale.EN, now=now)
        for feed in {*range(number, feeds, CHATS), *chance.sample(range(feeds), min(FOLLOWED, feeds))}:
            found = FoundFeed(url=f"http://127.0.1.{feed % HOSTS + 1}:{port}/{feed}", title=f"Wire {feed}")
            await storage.subscriptions.subscribe(chat.id, found, mode=Mode.MATCHING, now=now)
        for word in chance.sample(WORDS, KEYWORDS):
            expression = canonical(parse(word))
            await storage.keywords.add_keyword(chat.id, query=word, canonical=expression, now=now)


@contextmanager
def processes(url: str, count: int) -> Iterator[list[BaseProcess]]:
    """Workers that are ready, ended at the end."""
    spawn = multiprocessing.get_context("spawn")
    ready = [spawn.Event() for _ in range(count)]
    started = [spawn.Process(target=work, args=(url, event)) for event in ready]
    for process in started:
        process.start()
    try:
        for event in ready:
            event.wait()
        yield started
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.join(30)


def one(connection: psycopg.Connection[tuple[int]], query: str) -> int:
    row = connection.execute(query).fetchone()
    return row[0] if row else 0


def wait_until(connection: psycopg.Connection[tuple[int]], query: str, value: int) -> None:
    while one(connection, query) != value:
        time.sleep(0.05)


def processor_seconds(pid: int, *, family: bool = False) -> float:
    """What a process used so far; with `family` its children, too, those that ended as well."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    used = sum(int(field) for field in fields[11 : 15 if family else 13]) / TICKS
    return used + sum(processor_seconds(child) for child in children(pid)) if family else used


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def measure(url: str, workers: int, feeds: int, items: int, full: Event) -> Figures:
    folder = Path(str(make_url(url).query["host"]))
    database = int((folder / "postmaster.pid").read_text().split()[0])
    with psycopg.connect(url, autocommit=True) as connection, processes(url, workers) as started:
        wait_until(connection, "SELECT count(*) FROM items", feeds)  # the first polls, whose items are old news
        full.set()
        time.sleep(1)

        def used() -> tuple[float, float]:
            return sum(processor_seconds(one.pid or 0) for one in started), processor_seconds(database, family=True)

        (before, database_before), start = used(), time.perf_counter()
        connection.execute("UPDATE feeds SET next_poll = now()")
        connection.execute("SELECT pg_notify('diting', 'poll')")
        wait_until(connection, "SELECT count(*) FROM items WHERE state = 'done'", feeds * items)
        seconds, (after, database_after) = time.perf_counter() - start, used()
        count = feeds * items
        return Figures(
            workers=workers,
            items=count,
            seconds=seconds,
            worker_ms=(after - before) / count * 1000,
            database_ms=(database_after - database_before) / count * 1000,
            owed=one(connection, "SELECT count(*) FROM deliveries"),
        )


@contextmanager
def feed_host(port: int, items: int) -> Iterator[Event]:
    spawn = multiprocessing.get_context("spawn")
    full = spawn.Event()
    process = spawn.Process(target=serve, args=(port, items, full), daemon=True)
    process.start()
    try:
        yield full
    finally:
        process.kill()
        process.join()


@asynccontextmanager
async def prepared(server: PostgresServer, port: int, feeds: int) -> AsyncIterator[str]:
    name = server.create()
    async with open_storage(server.url(name)) as storage:
        await prepare(storage, port, feeds)
    yield server.url(name)
    server.drop(name)


async def main(feeds: int, items: int, counts: list[int]) -> None:
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; {feeds} feeds with {items} new items each, {CHATS}")
    print(f"chats with {KEYWORDS} keywords each; the database and the feed host are on this machine, too")
    first: Figures | None = None
    with run_postgres() as server:
        for count in counts:
            with ExitStack() as stack:
                port = 20_000 + os.getpid() % 10_000 + count
                full = stack.enter_context(feed_host(port, items))
                async with prepared(server, port, feeds) as url:
                    figures = measure(url, count, feeds, items, full)
            first = first or figures
            print(line(figures, first), flush=True)


def line(figures: Figures, first: Figures) -> str:
    ratio = first.seconds / figures.seconds
    return (
        f"{figures.workers:2} workers {figures.items / figures.seconds:7.1f} items a second {ratio:5.2f} ×; each takes"
        f" {figures.worker_ms:5.1f} ms of processor time in workers and {figures.database_ms:5.1f} ms in the database"
        f" ({figures.owed} deliveries owed)"
    )


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:]]
    asyncio.run(main(*(numbers[:2] + [100, 10][len(numbers[:2]) :]), numbers[2:] or [1, 2, 4]))
