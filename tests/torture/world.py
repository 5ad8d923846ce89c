"""All that the bots need, on loopback: platforms, feeds, a database with chats in it, and replicas of the process."""

from __future__ import annotations

import asyncio
import itertools
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.model import ChatAddress, Platform
from bot.storage import open_storage
from tests.support.arrivals import Arrivals
from tests.support.bot_process import environment, kill, start_bot
from tests.support.feed_host import FeedHost
from tests.support.ferries import addresses, ask
from tests.support.postgres import PostgresServer, run_postgres
from tests.support.recorded import RecordedDiscord, RecordedTelegram

LEASE = "10"  # seconds; what a killed replica had in hand is taken up after it


@dataclass
class World:
    """The platforms and what they accepted, the feeds, the chats, and where the database is."""

    folder: Path
    database_url: str
    postgres: PostgresServer | None
    arrivals: Arrivals
    telegram: RecordedTelegram
    discord: RecordedDiscord
    feeds: list[FeedHost]
    chats: list[ChatAddress]
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def file(self) -> Path:
        """The file of an SQLite database."""
        return Path(self.database_url.removeprefix("sqlite:///"))

    def due(self, items: int) -> set[tuple[str, int]]:
        """What arrives when each chat is told of so many items."""
        return {(f"{one.platform} {one.chat}", item) for one in self.chats for item in range(items)}

    def variables(self, run: str) -> dict[str, str]:
        """What the process of a run is told."""
        platforms = (self.telegram.variables(run), self.discord.variables(run))
        return environment(self.database_url, *platforms) | {"LEASE_SECONDS": LEASE} | self.settings

    def log(self, replica: int) -> Path:
        """Where a replica's log is: with the rest, which is deleted, or in the folder that TORTURE_LOGS names."""
        return Path(os.environ.get("TORTURE_LOGS") or self.folder) / f"replica-{replica}.jsonl"


@asynccontextmanager
async def open_world(
    database: str, *, chats: int, feeds: int = 1, query: Callable[[int], str] = lambda _: "ferry", limits: bool = False
) -> AsyncIterator[World]:
    """A world with so many chats, half on Telegram and half on Discord, which follow all feeds; `query` is the keyword
    of each chat by its place. `database` is "sqlite" or "postgres". With `limits` Discord's channels have their own."""
    arrivals = Arrivals()
    places = addresses(Platform.TELEGRAM, chats // 2) + addresses(Platform.DISCORD, chats - chats // 2)
    channels = [int(one.chat) for one in places if one.platform is Platform.DISCORD]
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="diting-torture-")))
        postgres = stack.enter_context(run_postgres(crashes=True)) if database == "postgres" else None
        hosts = [await stack.enter_async_context(FeedHost(title=f"Wire {number}")) for number in range(feeds)]
        for host in hosts:
            host.add("first", "A first entry")
        world = World(
            folder=folder,
            database_url=postgres.url(postgres.create()) if postgres else f"sqlite:///{folder}/diting.db",
            postgres=postgres,
            arrivals=arrivals,
            telegram=await stack.enter_async_context(RecordedTelegram(arrivals)),
            discord=await stack.enter_async_context(RecordedDiscord(arrivals, channels, limits=limits)),
            feeds=hosts,
            chats=places,
        )
        async with open_storage(world.database_url) as storage:
            await storage.upgrade()
            for number, place in enumerate(places):
                await ask(storage, place, [host.url for host in hosts], query(number))
        yield world


@dataclass
class Fleet:
    """The replicas. One that was killed is started again at once; one that ends by itself is a fault."""

    world: World
    killed: dict[str, float] = field(default_factory=dict)
    _runs: dict[int, str] = field(default_factory=dict)
    _processes: dict[int, asyncio.subprocess.Process] = field(default_factory=dict)
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    async def start(self, replica: int) -> str:
        """Start a replica; answers the name of its run."""
        run = f"run-{next(self._numbers)}-of-{replica}"
        self._processes[replica] = await start_bot(self.world.variables(run), self.world.log(replica))
        self._runs[replica] = run
        return run

    async def kill(self, replica: int) -> str:
        """Kill a replica, and start it again; answers the name of its new run."""
        self.check()
        self.killed[self._runs[replica]] = time.time()
        await kill(self._processes[replica])
        return await self.start(replica)

    def check(self) -> None:
        """Raise RuntimeError where a replica ended by itself."""
        for replica, process in self._processes.items():
            if process.returncode is not None:
                end = self.world.log(replica).read_text()[-3000:]
                raise RuntimeError(f"replica {replica} ended by itself with {process.returncode}:\n{end}")

    @property
    def pids(self) -> list[int]:
        """The processes."""
        return [process.pid for process in self._processes.values()]

    async def close(self) -> None:
        """Kill them all."""
        for process in self._processes.values():
            await kill(process)


@asynccontextmanager
async def run_fleet(world: World, replicas: int) -> AsyncIterator[Fleet]:
    """Replicas at work, from when they have seen each feed once: what comes then is news."""
    fleet = Fleet(world)
    try:
        for replica in range(replicas):
            await fleet.start(replica)
        await until(fleet, lambda: all(feed.not_modified for feed in world.feeds), within=120)
        yield fleet
    finally:
        await fleet.close()


async def until(fleet: Fleet, true: Callable[[], object], within: float) -> None:
    """Wait until something is so. Raises TimeoutError, RuntimeError."""
    async with asyncio.timeout(within):
        while not true():
            fleet.check()
            await asyncio.sleep(0.01)


def say(*words: object) -> None:
    """A line of progress."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()
