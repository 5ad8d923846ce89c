"""SIGKILLs at random moments while alerts go out on both platforms: nothing lost, next to nothing twice.

Run: python -m tests.torture.kills --database sqlite --kills 20 --deliveries 2000
     python -m tests.torture.kills --database postgres --replicas 3
"""

from __future__ import annotations

import argparse
import asyncio
import random
import time
from collections.abc import Sequence, Sized

from tests.support.arrivals import killed_between
from tests.support.ferries import ferry
from tests.torture.verdict import Verdict, conclude, judge
from tests.torture.world import Fleet, World, open_world, run_fleet, say, until

STARTING = 0.2  # of the kills come while the killed process starts again
QUIET = 120.0  # seconds without an arrival: no more will come


async def torture(
    *, database: str, replicas: int, kills: int, deliveries: int, chats: int, rate: float, seed: int
) -> Verdict:
    """Kill a replica at so many moments, spread at random over the deliveries."""
    items = deliveries // chats
    async with open_world(database, chats=chats) as world:
        due = world.due(items)
        async with run_fleet(world, replicas) as fleet, asyncio.TaskGroup() as group:
            start = time.monotonic()
            news = group.create_task(publish(world, items, rate))
            told = group.create_task(report(world, len(due), fleet.killed))
            await kill_at_random(world, fleet, replicas, kills, len(due), random.Random(seed))
            await news
            await settle(world, fleet, due)
            told.cancel()
            seconds = time.monotonic() - start
        verdict = judge(world.arrivals, due, killed_between(fleet.killed))
        more = [("kills", len(fleet.killed)), ("seconds", round(seconds))]
        more += [("repetitions that Discord dropped", world.discord.deduplicated)]
        return Verdict(verdict.figures + more, verdict.faults)


async def publish(world: World, items: int, rate: float) -> None:
    """Items at a steady rate (a second)."""
    for item in range(items):
        world.feeds[0].add(*ferry(item))
        await asyncio.sleep(1 / rate)


async def kill_at_random(
    world: World, fleet: Fleet, replicas: int, kills: int, deliveries: int, chance: random.Random
) -> None:
    """Each kill comes when so many alerts have arrived, and some milliseconds later; or soon after another."""
    starting = round(kills * STARTING)
    moments = sorted(chance.sample(range(deliveries), kills - starting))
    followed = set(chance.sample(range(len(moments)), starting))
    for number, moment in enumerate(moments):
        await until(fleet, lambda moment=moment: len(world.arrivals.told) >= moment, within=600)
        await asyncio.sleep(chance.uniform(0, 0.05))
        replica = chance.randrange(replicas)
        await fleet.kill(replica)
        if number in followed:
            await asyncio.sleep(chance.uniform(0, 1))
            await fleet.kill(replica)


async def settle(world: World, fleet: Fleet, due: set[tuple[str, int]]) -> None:
    """Wait for what is still to come, as long as anything comes."""
    last, since = -1, time.monotonic()
    while not due <= world.arrivals.told.keys() and time.monotonic() - since < QUIET:
        fleet.check()
        if len(world.arrivals.told) != last:
            last, since = len(world.arrivals.told), time.monotonic()
        await asyncio.sleep(0.1)


async def report(world: World, due: int, killed: Sized = (), every: float = 5.0) -> None:
    """A line every few seconds."""
    before = 0
    while True:
        await asyncio.sleep(every)
        told = len(world.arrivals.told)
        kills = f", {len(killed)} kills" if killed else ""
        say(f"  {told} of {due} arrived, {(told - before) / every:.0f} a second{kills}")
        before = told


def arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--replicas", type=int, default=0, help="default: 1 on SQLite, 3 on PostgreSQL")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--deliveries", type=int, default=20_000)
    parser.add_argument("--chats", type=int, default=100, help="half of them on Telegram, half on Discord")
    parser.add_argument("--rate", type=float, default=0.5, help="items a second")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    """Answers 1 when a bar is missed."""
    options = vars(arguments(argv))
    options["replicas"] = options["replicas"] or (1 if options["database"] == "sqlite" else 3)
    say(f"kills: {' '.join(f'{name}={value}' for name, value in options.items())}")
    return conclude(asyncio.run(torture(**options)))


if __name__ == "__main__":
    raise SystemExit(main())
