"""How long commands take to be answered, with the database of a large house: 100,000 keywords and 1,000,000 items.

Run: python -m bench.commands [--items N] [--keywords N] [--rounds N] [--postgres | --database ADDRESS]

Every command goes through the one entrance of all platforms, on the real storage, from chats with 3 to 100 feeds. To
fill the database takes minutes; `--database` fills an empty one that stays, and takes it up again. What only waits for
other hosts (/subscribe) finds nothing there and answers at once.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from bench.crowd import HOT, Crowd, Size
from bot.app.briefing import counterparts_for, glossary_for
from bot.app.commands import commands_for
from bot.briefs.wording import RegionalWording
from bot.chat.commands import Commands
from bot.errors import FetchFailed
from bot.model import ChatAddress, ChatKind, Locale, Message, Person, Platform, Request, Surroundings
from bot.settings import Settings
from bot.storage import Storage, open_storage
from bot.storage.engine import open_database
from bot.storage.schema import has_tables
from bot.work.bells import Bells

BAR = 100  # ms
LINES = (
    "start", "start topics", "start words", "start look", "help", "feeds", "feed show 1", "export", "export all",
    "share", "keyword list", "keyword list 2", "settings", "status", "latest", "latest 10", "latest 10 ~{sent}", "why",
    "why https://site7.example/{item}", "less", "full", "full #{sent}", "keyword test {query}",
    "keyword test {word}*", "keyword add {query}",
    "keyword edit {keyword} {query}", "keyword remove {keyword}", "keyword show {keyword}", "search {query}",
    "search #3 {query}", 'search "{query}"', "search {query} OR {query}", "stats", "trend", "trend week", "pause",
    "resume", "unsubscribe nothing of mine",
)  # fmt: skip


class NoHost:
    """Stands for all other hosts."""

    async def fetch(self, *_: object, **__: object) -> None:
        raise FetchFailed("nowhere")


class NoPlaces:
    """Stands for platforms that tell nothing of people and places."""

    async def standing(self, *_: object) -> None:
        return None

    async def find(self, *_: object) -> None:
        return None

    async def role(self, *_: object) -> None:
        return None

    async def surroundings(self, _: object) -> Surroundings:
        return Surroundings()


def request(chat: int, line: str) -> Request:
    command, _, arguments = line.partition(" ")
    return Request(
        address=ChatAddress(Platform.TELEGRAM, str(chat)),
        kind=ChatKind.PRIVATE,
        person=Person(id="1", locale=Locale.ZH_HANT, can_manage=True),
        command=command,
        arguments=arguments,
    )


Taken = dict[str, list[tuple[float, float]]]


async def answer_times(commands: Commands, crowd: Crowd, rounds: int) -> Taken:
    """Milliseconds by line: by the clock, and of the processor in all threads; the chats in turn."""
    times: Taken = {line: [] for line in LINES}
    chats = count(1)
    for _ in range(rounds):
        for line in LINES:
            chat = next(chats) % crowd.size.chats + 1
            values = {"query": crowd.query(), "word": crowd.rng.choice(crowd.words)[:3], "keyword": chat}
            size = crowd.size.items
            typed = line.format(**values, item=crowd.rng.randint(1, size), sent=size - crowd.rng.randrange(HOT))
            begun, worked = time.perf_counter(), time.process_time()
            said = await commands.handle(request(chat, typed))
            times[line].append(((time.perf_counter() - begun) * 1000, (time.process_time() - worked) * 1000))
            check(typed, said)
    return times


def check(typed: str, said: Message) -> None:
    text = "".join(span.text for block in said.blocks for span in block.spans)
    if "出錯" in text or "went wrong" in text or not said.blocks:
        print(f"/{typed}: {text}")


def report(times: Taken) -> bool:
    print(f"{'command':36}{'p50':>8}{'p99':>8}{'worst':>8} ms{'CPU p50':>9}{'p99':>8} ms")
    over = [line for line, taken in times.items() if not row(f"/{line}", taken)]
    row("all commands together", [one for taken in times.values() for one in taken])
    print(f"all within {BAR} ms: {'no' if over else 'yes'}")
    return not over


def row(name: str, taken: Sequence[tuple[float, float]], bar: float = BAR) -> bool:
    clock, processor = [one for one, _ in taken], [one for _, one in taken]
    kept = at(clock, 99) <= bar
    waited = f"{at(clock, 50):8.1f}{at(clock, 99):8.1f}{max(clock):8.1f}"
    print(f"{name:36}{waited}   {at(processor, 50):9.1f}{at(processor, 99):8.1f}{'' if kept else '  over'}")
    return kept


def at(taken: Sequence[float], percent: int) -> float:
    return statistics.quantiles(taken, n=100, method="inclusive")[percent - 1] if len(taken) > 1 else taken[0]


@asynccontextmanager
async def opened(storage: Storage, now: datetime) -> AsyncIterator[Commands]:
    settings = Settings(_env_file=None)
    glossary = glossary_for(settings)
    async with counterparts_for(settings, glossary) as counterparts:
        yield commands_for(
            settings,
            storage,
            NoHost(),
            counterparts,
            RegionalWording(glossary),
            glossary=glossary,
            rights=NoPlaces(),
            bell=Bells(storage.notify),
            clock=lambda: now,
        )


async def main(arguments: argparse.Namespace, url: str) -> bool:
    size = Size(arguments.items, arguments.keywords, arguments.chats, arguments.feeds)
    begun = time.perf_counter()
    async with open_database(url) as database:
        crowd = Crowd(database, size, datetime.now(UTC))
        if not await has_tables(database):
            await crowd.fill()
            print(f"filled in {time.perf_counter() - begun:,.0f} s", flush=True)
        now = await crowd.end()
    async with open_storage(url) as storage, opened(storage, now) as commands:
        await answer_times(commands, crowd, 3)  # what is loaded when first asked for
        gc.collect()
        gc.freeze()  # as the program does once it has read the keywords
        times = await answer_times(commands, crowd, arguments.rounds)
    print(
        f"{size.items:,} items of {size.feeds:,} feeds, {size.keywords:,} keywords of {size.chats:,} chats; {url[:6]}"
    )
    return report(times)


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--keywords", type=int, default=100_000)
    parser.add_argument("--chats", type=int, default=5_000)
    parser.add_argument("--feeds", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=40)
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
