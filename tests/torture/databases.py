"""PostgreSQL restarted, and an SQLite file locked, while alerts go out: the processes go on by themselves.

Run: python -m tests.torture.databases --database sqlite --blows 10
     python -m tests.torture.databases --database postgres --replicas 1
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from bot.storage.sqlite import BUSY_SECONDS
from tests.support.arrivals import struck_meanwhile
from tests.support.postgres import PostgresServer
from tests.torture.kills import publish, report, settle
from tests.torture.verdict import Verdict, conclude, judge
from tests.torture.world import Fleet, World, open_world, run_fleet, say, until

LOCKS = (1.0, 15.0)  # seconds


def hold_lock(file: Path, seconds: float) -> None:
    """Lock an SQLite file as another process may."""
    with closing(sqlite3.connect(file, timeout=60, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        time.sleep(seconds)
        connection.execute("ROLLBACK")


def restart(server: PostgresServer, mode: str, seconds: float) -> None:
    """Stop the server, and start it again after some time."""
    server.stop(mode)
    time.sleep(seconds)
    server.start()


def blows_to(world: World, count: int, chance: random.Random) -> list[tuple[str, Callable[[], None]]]:
    """What is done to the database, one after the other, each with its name."""
    server = world.postgres
    return [_lock(world.file, n, chance) if server is None else _outage(server, n, chance) for n in range(count)]


def _lock(file: Path, number: int, chance: random.Random) -> tuple[str, Callable[[], None]]:
    """Every other one lasts longer than SQLite is told to wait."""
    span = chance.uniform(LOCKS[0], BUSY_SECONDS - 1) if number % 2 else chance.uniform(BUSY_SECONDS + 1, LOCKS[1])
    return f"locked for {span:.1f} s", lambda: hold_lock(file, span)


def _outage(server: PostgresServer, number: int, chance: random.Random) -> tuple[str, Callable[[], None]]:
    down = chance.uniform(0, 3)
    return (
        ("all sessions ended", server.hang_up),
        (f"restarted, {down:.1f} s down", lambda: restart(server, "fast", down)),
        (f"crashed, {down:.1f} s down", lambda: restart(server, "immediate", down)),
    )[number % 3]


async def torture(
    *, database: str, replicas: int, blows: int, deliveries: int, chats: int, rate: float, seed: int
) -> Verdict:
    """Strike the database so many times, spread at random over the deliveries."""
    items = deliveries // chats
    async with open_world(database, chats=chats) as world:
        due = world.due(items)
        async with run_fleet(world, replicas) as fleet, asyncio.TaskGroup() as group:
            news = group.create_task(publish(world, items, rate))
            told = group.create_task(report(world, len(due)))
            struck = await strike_at_random(world, fleet, blows, len(due), random.Random(seed))
            await news
            await settle(world, fleet, due)
            told.cancel()
        verdict = judge(world.arrivals, due, struck_meanwhile(struck))
        return Verdict([*verdict.figures, ("blows", len(struck)), ("started anew", len(fleet.killed))], verdict.faults)


async def strike_at_random(
    world: World, fleet: Fleet, count: int, deliveries: int, chance: random.Random
) -> list[tuple[float, float]]:
    """From when to when each blow lasted."""
    struck: list[tuple[float, float]] = []
    moments = sorted(chance.sample(range(deliveries), count))
    for moment, (name, strike) in zip(moments, blows_to(world, count, chance), strict=True):
        await until(fleet, lambda moment=moment: len(world.arrivals.told) >= moment, within=600)
        await asyncio.sleep(chance.uniform(0, 0.05))
        start = time.time()
        await asyncio.to_thread(strike)
        struck.append((start, time.time()))
        say(f"  {name}; {len(world.arrivals.told)} arrived")
    return struck


def arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--replicas", type=int, default=1)
    parser.add_argument("--blows", type=int, default=10)
    parser.add_argument("--deliveries", type=int, default=4_000)
    parser.add_argument("--chats", type=int, default=40, help="half of them on Telegram, half on Discord")
    parser.add_argument("--rate", type=float, default=1, help="items a second")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    """Answers 1 when a bar is missed."""
    options = vars(arguments(argv))
    say(f"databases: {' '.join(f'{name}={value}' for name, value in options.items())}")
    return conclude(asyncio.run(torture(**options)))


if __name__ == "__main__":
    raise SystemExit(main())
