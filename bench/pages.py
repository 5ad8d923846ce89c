"""How long the storage takes to answer the admin pages, with the database of a large house: a million items, and as
many deliveries.

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
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import chain, cycle, islice, product
from pathlib import Path
from random import Random
from typing import Any

from bench.busy import BusyCrowd, BusySize
from bench.commands import row
from bot.model import ChatState, DeliveryFilter, FeedFilter, Platform
from bot.storage import Storage, open_storage
from bot.storage.engine import open_database
from bot.storage.schema import has_tables

BAR = 100  # ms
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
            ("top_keywords", partial(keywords.top_keywords, since=since, limit=20)),
            ("silent_keywords", partial(keywords.silent_keywords, created_before=since, limit=20)),
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


def report(taken: Taken) -> bool:
    print(f"{'method':36}{'p50':>8}{'p99':>8}{'worst':>8} ms{'CPU p50':>9}{'p99':>8} ms")
    kept = [row(name, times) for name, times in sorted(taken.items())]
    print(f"all within {BAR} ms: {'yes' if all(kept) else 'no'}")
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
    return report(taken)


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
