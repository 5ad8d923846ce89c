"""Whether the sender reaches what the platforms allow, and never passes it, as their servers count.

The real deliverer on real SQLite, through the real adapters, against a Bot API and a Discord on loopback with a given
latency. For each limit: what it allows, what was reached, and by how many messages the fullest sliding window was over
it (0, or the sender is at fault).

Run: python -m bench.deliver [--seconds 120]   (the time for groups; the others take parts of it)
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import logging
import multiprocessing
import shutil
import tempfile
import time
from bisect import bisect_left
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import structlog
from discord.http import Route

from bot.app.pacing import PATIENCE, limits_for
from bot.chat.discord.adapter import DiscordBot
from bot.chat.telegram import Pace, TelegramMessenger, connected
from bot.chat.wording import CHARACTERS
from bot.model import ChatAddress, ChatKind, Platform
from bot.ports import Messenger
from bot.settings import load_settings
from bot.storage import Storage, open_storage
from bot.web.metrics import PrometheusMeter
from bot.work.deliver import Deliverer
from bot.work.loop import Loop
from bot.work.pace import Pacer
from tests.support.backlog import Backlog
from tests.support.bot_api import FakeBotApi
from tests.support.bot_api_shapes import FloodControl
from tests.support.discord_api import DiscordApi
from tests.support.discord_limits import DiscordLimits

LATENCIES = (0.0, 0.05, 0.15)
SETTINGS = load_settings(_env_file=None)
Arrivals = list[tuple[float, str]]
Chats = Sequence[tuple[ChatAddress, ChatKind]]


@dataclass(frozen=True)
class Limit:
    """`most` messages in `span` seconds, in all or (`each`) in each chat of the platform."""

    most: int
    span: float
    each: bool = True


ALL, CHAT, GROUP = Limit(30, 1, each=False), Limit(1, 1), Limit(20, 60)
DISCORD, CHANNEL = Limit(50, 1, each=False), Limit(5, 5)


@dataclass(frozen=True)
class Case:
    """What is due, and the limit that it comes up against; `part` of the time for groups."""

    name: str
    limit: Limit
    chats: Chats
    items: int
    part: float
    also: tuple[Limit, ...] = ()
    restart: bool = False

    @property
    def file(self) -> str:
        """The name of its database."""
        return f"{self.name}.db"


def telegram(numbers: range, kind: ChatKind = ChatKind.PRIVATE, threads: int = 0) -> Chats:
    topics = [str(one) for one in range(1, threads + 1)] or [""]
    return [
        (ChatAddress(Platform.TELEGRAM, str(number), topic), kind)
        for number, topic in itertools.product(numbers, topics)
    ]


def channels(count: int) -> Chats:
    return [(ChatAddress(Platform.DISCORD, str(number)), ChatKind.CHANNEL) for number in range(1000, 1000 + count)]


PEOPLE = telegram(range(1, 601))
A_GROUP, A_FORUM = telegram(range(-1, 0), ChatKind.GROUP), telegram(range(-1, 0), ChatKind.GROUP, threads=5)
MANY = Case("Telegram, 600 private chats", ALL, PEOPLE, 1, 0.1, (CHAT,))
LIGHT = (
    Case("Telegram, one private chat", CHAT, telegram(range(1, 2)), 60, 0.25, (ALL,)),
    Case("Telegram, one group", GROUP, A_GROUP, 60, 1, (ALL, CHAT)),
    Case("Telegram, a forum of five topics", GROUP, A_FORUM, 12, 1, (ALL, CHAT)),
    Case("Telegram, one group, restarts", GROUP, A_GROUP, 60, 1, (ALL, CHAT), restart=True),
)
RESTARTED = Case("Telegram, 600 private chats, restarts", ALL, PEOPLE, 1, 0.1, (CHAT,), restart=True)
ON_DISCORD = (
    Case("Discord, 900 channels", DISCORD, channels(900), 1, 0.1),
    Case("Discord, one channel", CHANNEL, channels(1), 40, 0.125),
    Case("Discord, 40 channels with much to come", DISCORD, channels(40), 20, 0.1),
)


class Counting(FloodControl):
    """Refuses nothing, and writes down what comes."""

    def __init__(self) -> None:
        super().__init__()
        self.arrivals: Arrivals = []

    def check(self, chat_id: int, now: float) -> None:
        self.arrivals.append((now, str(chat_id)))


@dataclass
class Figures:
    """Of one case at one latency."""

    case: Case
    latency: float
    arrivals: Arrivals
    seconds: float
    refused: int = 0
    worst: int = field(init=False)
    reached: float = field(init=False)

    def __post_init__(self) -> None:
        self.worst = max(excess(self.arrivals, limit) for limit in (self.case.limit, *self.case.also))
        times = sorted(when for when, _ in self.arrivals)
        spans = max(int(self.seconds / self.case.limit.span), 1)
        self.reached = bisect_left(times, times[0] + spans * self.case.limit.span) / spans if times else 0


def excess(arrivals: Arrivals, limit: Limit) -> int:
    """By how many messages the fullest window is over the limit. Discord's windows do not slide, but begin with their
    first message."""
    windows: defaultdict[str, list[float]] = defaultdict(list)
    for when, chat in sorted(arrivals):
        windows[chat if limit.each else ""].append(when)
    if limit is CHANNEL:
        return max((fixed(times, limit) for times in windows.values()), default=0)
    over = (
        bisect_left(times, start + limit.span) - place - limit.most
        for times in windows.values()
        for place, start in enumerate(times)
    )
    return max(0, *over)


def fixed(times: list[float], limit: Limit) -> int:
    start, count, worst = times[0], 0, 0
    for when in times:
        if when >= start + limit.span:
            start, count = when, 0
        count += 1
        worst = max(worst, count - limit.most)
    return worst


def now() -> datetime:
    return datetime.now(UTC)


def deliverer(storage: Storage, messenger: Messenger, pacer: Pacer) -> Deliverer:
    return Deliverer(
        outbox=storage.outbox,
        messenger=messenger,
        pacer=pacer,
        meter=PrometheusMeter(),
        clock=now,
        lease=timedelta(minutes=1),
        patience=PATIENCE[messenger.platform],
        wording=CHARACTERS,
    )


async def deliver(storage: Storage, messenger: Messenger, pacer: Pacer, seconds: float, *, killed: bool) -> None:
    """The deliver loop for so long, with the clock's tick; at the end it is stopped, or (`killed`) just gone."""
    service = deliverer(storage, messenger, pacer)
    loop = Loop("deliver", service.step, now)
    service.on_more(loop.ring)
    task = asyncio.create_task(loop.run())
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        await asyncio.sleep(min(left, 1))
        loop.ring()
    if killed:
        for one in [task, *service._sending]:  # noqa: SLF001
            one.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return
    loop.stop()
    service.stop()
    await task
    await asyncio.wait_for(service.drain(), 30)


async def fill(case: Case, file: Path) -> None:
    """Make a database with what is due."""
    async with open_storage(f"sqlite:///{file}") as storage:
        await storage.upgrade()
        backlog = Backlog(storage)
        chats = [await backlog.chat(address, kind, now()) for address, kind in case.chats]
        await backlog.owe(chats, case.items, now())


@asynccontextmanager
async def filled(case: Case, folder: Path) -> AsyncIterator[Storage]:
    """A storage with what is due."""
    file = folder / f"{uuid4()}.db"
    await asyncio.to_thread(shutil.copy, folder / case.file, file)
    async with open_storage(f"sqlite:///{file}") as storage:
        yield storage


Messengers = Callable[[Pacer], AbstractAsyncContextManager[Messenger]]


async def run(case: Case, messengers: Messengers, seconds: float, folder: Path) -> None:
    """Deliver for the time; where there are to be restarts, in four lives."""
    async with filled(case, folder) as storage:
        lives = 4 if case.restart else 1
        for life in range(lives):
            pacer = Pacer(limits_for(SETTINGS, case.chats[0][0].platform), alone_since=now())
            await storage.release_leases()
            async with messengers(pacer) as messenger:
                await deliver(storage, messenger, pacer, seconds / lives, killed=life < lives - 1)


async def on_telegram(case: Case, latency: float, seconds: float, folder: Path) -> Figures:
    counting = Counting()
    async with FakeBotApi(any_chat=True, flood_control=counting, latency=latency) as api:

        @asynccontextmanager
        async def messengers(pacer: Pacer) -> AsyncIterator[Messenger]:
            async with connected(api.token, api.url, pace=Pace(), queue=pacer, clock=now) as client:
                yield TelegramMessenger(client)

        await run(case, messengers, seconds * case.part + 3, folder)
    return Figures(case, latency, counting.arrivals, seconds * case.part)


async def on_discord(case: Case, latency: float, seconds: float, folder: Path) -> Figures:
    api = DiscordApi("token")
    await api.start()
    api.limits, api.latency, Route.BASE = DiscordLimits(), latency, f"{api.base}/api/v10"

    @asynccontextmanager
    async def messengers(_: Pacer) -> AsyncIterator[Messenger]:
        bot = DiscordBot(token="token", handler=None, chats=None, outbox=None, greeting=None, clock=now)  # type: ignore[arg-type]
        async with bot:
            yield bot.messenger

    try:
        await run(case, messengers, seconds * case.part + 3, folder)
    finally:
        await api.stop()
    refused = sum(api.limits.refused.values())
    return Figures(case, latency, api.limits.taken, seconds * case.part, refused)


def print_row(figures: Figures) -> None:
    limit, share = figures.case.limit, figures.reached / figures.case.limit.most
    print(
        f"{figures.case.name:40} {figures.latency * 1000:4.0f} ms  {limit.most:3} in {limit.span:2.0f} s"
        f"  {figures.reached:6.2f}  {share:6.1%}  {figures.worst:6}  {figures.refused:4}",
        flush=True,
    )


async def quiet(seconds: float, folder: Path) -> list[Figures]:
    """Those that take long and keep the machine little busy, side by side."""
    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(on_telegram(case, latency, seconds, folder)) for case in LIGHT for latency in LATENCIES
        ]
    return [task.result() for task in tasks]


async def busy(seconds: float, folder: Path) -> list[Figures]:
    """Those that keep the machine busy, one after the other."""
    rows = [await on_telegram(MANY, latency, seconds, folder) for latency in LATENCIES]
    return [*rows, await on_telegram(RESTARTED, LATENCIES[1], seconds, folder)]


async def discord(seconds: float, folder: Path) -> list[Figures]:
    """One after the other, since discord.py knows one address of Discord at a time."""
    return [await on_discord(case, latency, seconds, folder) for case in ON_DISCORD for latency in LATENCIES]


def process(part: Callable[[float, Path], Coroutine[None, None, list[Figures]]], seconds: float, folder: Path):
    """A part in a process of its own."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    logging.disable(logging.CRITICAL)
    return asyncio.run(part(seconds, folder))


def main(seconds: float) -> None:
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for case in (MANY, RESTARTED, *LIGHT, *ON_DISCORD):
            asyncio.run(fill(case, folder / case.file))
        print(f"{'':40} latency  allowed     reached           excess  429s", flush=True)
        with ProcessPoolExecutor(3, multiprocessing.get_context("spawn")) as pool:
            for rows in [pool.submit(process, part, seconds, folder) for part in (busy, quiet, discord)]:
                for figures in rows.result():
                    print_row(figures)
    print(f"({time.monotonic() - started:.0f} s; restarts: killed and begun anew three times in the time)")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=120)
    main(parser.parse_args().seconds)
