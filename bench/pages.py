"""How long the admin pages take, with the database of a large house: a million items, and as many deliveries. First the
storage by its methods, then whole pages by HTTP, nothing of which was kept from the look before.

Run: python -m bench.pages [--items N] [--deliveries N] [--rounds N] [--state STATE] [--postgres | --database ADDRESS]

To fill the database takes minutes; `--database` fills an empty one that stays, and takes it up again. SQLite has no
statistics of its tables there, as in every house, and PostgreSQL has those that autovacuum makes. `--state` puts all
deliveries into one state first, but for ten: what failed or waits is rare as a rule, and need not be.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from functools import partial
from http import HTTPStatus
from itertools import chain, cycle, islice, product
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote

import aiohttp

from bench.busy import BusyCrowd, BusySize
from bench.commands import row
from bot.app.pages import pages_for
from bot.app.parts import open_core
from bot.log import LogMemory
from bot.model import ChatState, DeliveryFilter, FeedFilter, Platform
from bot.settings import load_settings
from bot.storage import Storage, open_storage
from bot.storage.engine import open_database
from bot.storage.schema import has_tables
from bot.web.pages import desk
from bot.web.server import WebServer, web_app

BAR, PAGE_BAR = 100, 150  # ms
TOKEN = "a-token-for-measuring"
DAY = timedelta(days=1)
SEARCHES = ("", "paper", "Paper 7", "SITE1", "room 49", "nothing has this", "%")
Call = tuple[str, Callable[[], Awaitable[Any]]]


def calls(storage: Storage, size: BusySize, now: datetime, rng: Random) -> Iterator[list[Call]]:
    """One call of each kind, with other arguments in each round."""
    searches = cycle(SEARCHES)
    feed_lists = cycle(product(FeedFilter, SEARCHES))
    chat_lists = cycle(product((None, *ChatState), (None, Platform.DISCORD)))
    lists = cycle(product(DeliveryFilter, (None, Platform.TELEGRAM, Platform.DISCORD, Platform.CONSOLE)))
    feeds, keywords, deliveries = storage.feed_sheets, storage.keyword_sheets, storage.delivery_sheets
    stories, chats, activity = storage.story_sheets.stories, storage.chat_sheets, storage.activity.activity
    while True:
        (only, words), (state, platform), (which, where) = next(feed_lists), next(chat_lists), next(lists)
        feed, chat, one = (rng.randint(1, most) for most in (size.feeds, size.chats, size.deliveries))
        page = {"offset": rng.choice((0, 50, 900)), "limit": 50}
        since = now - rng.choice((1, 7, 30)) * DAY
        before = rng.choice((None, one))
        chosen = {"search": next(searches), "platform": platform, "state": state}
        yield [
            ("activity, 24 hours", partial(activity, hours=24, now=now)),
            ("activity, 168 hours", partial(activity, hours=168, now=now)),
            ("feed_lines", partial(feeds.feed_lines, search=words, only=only, now=now, **page)),
            ("feed_sheet", partial(feeds.feed_sheet, feed, now=now)),
            ("poll_now", partial(feeds.poll_now, feed, now=now)),
            ("pause_feed", partial(feeds.pause_feed, feed, paused=feed % 2 == 0, now=now)),
            ("chat_lines", partial(chats.chat_lines, **chosen, **page)),
            ("chat_line", partial(chats.chat_line, chat)),
            ("keyword_sheet", partial(keywords.keyword_sheet, since=since, created_before=since, limit=40)),
            ("stories, 24 hours", partial(stories, hours=24, limit=20, now=now)),
            ("stories, 168 hours", partial(stories, hours=168, limit=20, now=now)),
            (
                f"delivery_lines, {which}",
                partial(deliveries.delivery_lines, only=which, platform=where, before=before, limit=50),
            ),
            ("delivery_lines, a chat", partial(deliveries.delivery_lines, only=which, chat=chat, limit=50)),
            ("retry_delivery", partial(deliveries.retry_delivery, one, now=now)),
            ("retry_failed", partial(deliveries.retry_failed, since=since, limit=100, now=now)),
            ("spending_days", partial(storage.spending.spending_days, since=since)),
        ]


Taken = dict[str, list[tuple[float, float]]]


async def answer_times(storage: Storage, size: BusySize, now: datetime, rounds: int, seed: int) -> Taken:
    """Milliseconds by the kind of call: by the clock, and of this process in all threads."""
    taken: Taken = {}
    for name, call in chain.from_iterable(islice(calls(storage, size, now, Random(seed)), rounds)):
        begun, worked = time.perf_counter(), time.process_time()
        await call()
        both = (time.perf_counter() - begun) * 1000, (time.process_time() - worked) * 1000
        taken.setdefault(name, []).append(both)
    return taken


def addresses(size: BusySize, rng: Random) -> Iterator[list[tuple[str, str]]]:
    """Each page by its kind, with other arguments in each round."""
    lists = cycle(product(DeliveryFilter, ("", *Platform)))
    found = cycle(product(FeedFilter, SEARCHES))
    while True:
        (which, where), (only, words) = next(lists), next(found)
        feed, chat, before = (rng.randint(1, most) for most in (size.feeds, size.chats, size.deliveries))
        yield [
            ("overview", "/admin/"),
            ("feeds", f"/admin/feeds?only={only}&search={quote(words)}&page={rng.choice((1, 2, 20))}"),
            ("a feed", f"/admin/feeds/{feed}"),
            ("chats", f"/admin/chats?search={quote(words)}&page={rng.choice((1, 2, 100))}"),
            ("a chat", f"/admin/chats/{chat}"),
            ("keywords", "/admin/keywords"),
            ("stories", "/admin/stories"),
            (f"deliveries, {which}", f"/admin/deliveries?only={which}&platform={where}&before={before}"),
            ("models", "/admin/models"),
            ("log", "/admin/log"),
            ("API, activity", "/api/v1/activity"),
            ("API, feeds", f"/api/v1/feeds?only={only}&search={quote(words)}"),
            ("API, alerts of a chat", f"/api/v1/chats/{chat}/alerts"),
        ]


async def page_times(url: str, size: BusySize, now: datetime, rounds: int) -> Taken:
    """Milliseconds by the kind of page, from the request to the last byte, by the clock and of this process, which is
    both the server and its only visitor."""
    desk.FRESH = timedelta()
    settings = load_settings(_env_file=None, database_url=url, admin_token=TOKEN)
    taken: Taken = {}
    async with open_core(settings, lambda: now) as core, AsyncExitStack() as stack:
        routes, _ = pages_for(core, _no_checks, LogMemory())
        server = WebServer(web_app(core.meter, _no_checks, routes), host="127.0.0.1", port=0)
        serving = asyncio.create_task(server.run())
        stack.callback(server.stop)
        headers = {"Authorization": f"Bearer {TOKEN}"}
        jar = aiohttp.CookieJar(unsafe=True)
        client = await stack.enter_async_context(
            aiohttp.ClientSession(f"http://127.0.0.1:{server.port}", headers=headers, cookie_jar=jar)
        )
        await (await client.post("/admin/login", data={"token": TOKEN})).read()
        warm = list(chain.from_iterable(islice(addresses(size, Random(1)), 3)))
        for place, (name, address) in enumerate(chain(warm, *islice(addresses(size, Random(2)), rounds))):
            begun, worked = time.perf_counter(), time.process_time()
            async with client.get(address, allow_redirects=False) as answer:
                page = await answer.read()
            both = (time.perf_counter() - begun) * 1000, (time.process_time() - worked) * 1000
            if answer.status != HTTPStatus.OK or not page:
                raise SystemExit(f"{address}: {answer.status}")
            if place >= len(warm):
                taken.setdefault(name, []).append(both)
        server.stop()
        await serving
    return taken


async def _no_checks() -> dict[str, str]:
    return {}


def report(taken: Taken, what: str, bar: float) -> bool:
    print(f"{what:36}{'p50':>8}{'p99':>8}{'worst':>8} ms{'CPU p50':>9}{'p99':>8} ms")
    kept = [row(name, times, bar) for name, times in sorted(taken.items())]
    print(f"all within {bar:.0f} ms: {'yes' if all(kept) else 'no'}")
    return all(kept)


async def main(arguments: argparse.Namespace, url: str) -> bool:
    size = BusySize(arguments.items, arguments.keywords, arguments.chats, arguments.feeds, arguments.deliveries)
    begun = time.perf_counter()
    async with open_database(url) as database:
        crowd = BusyCrowd(database, size, datetime.now(UTC))
        if not await has_tables(database):
            await crowd.fill()
            print(f"filled in {time.perf_counter() - begun:,.0f} s", flush=True)
        if arguments.state:
            await crowd.have_all(arguments.state)
        now = await crowd.end()
    async with open_storage(url) as storage:
        await storage.outbox.line_up_left_out()
        await answer_times(storage, size, now, 3, 1)
        gc.collect()
        gc.freeze()
        taken = await answer_times(storage, size, now, arguments.rounds, 2)
    print(
        f"{size.items:,} items, {size.deliveries:,} deliveries, {size.keywords:,} keywords; {url[:6]}", arguments.state
    )
    quick = report(taken, "method", BAR)
    return report(await page_times(url, size, now, arguments.rounds), "page", PAGE_BAR) and quick


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--deliveries", type=int, default=1_000_000)
    parser.add_argument("--keywords", type=int, default=100_000)
    parser.add_argument("--chats", type=int, default=5_000)
    parser.add_argument("--feeds", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=120)
    parser.add_argument("--state", default="", choices=["due", "held", "sent", "failed", "joined"])
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--database", metavar="ADDRESS")
    return parser.parse_args()


def run() -> bool:
    arguments = parsed()
    if arguments.database:
        return asyncio.run(main(arguments, arguments.database))
    if arguments.postgres:
        from tests.support.postgres import run_postgres  # noqa: PLC0415

        with run_postgres() as server:
            return asyncio.run(main(arguments, server.url(server.create())))
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(main(arguments, f"sqlite:///{Path(folder) / 'crowd.db'}"))


if __name__ == "__main__":
    sys.exit(not run())
