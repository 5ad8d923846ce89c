"""How long from an item in a poll's answer to the message that the platform accepts, at a steady rate of items.

Each item is asked for by one private chat, Telegram's and Discord's in turn, so that the platforms' documented limits
hold: 25 messages a second each, and far less than one a second in a chat. Briefs are the feed's own words.

Run: python -m tests.torture.latency --seconds 60 --rate 50
"""

from __future__ import annotations

import argparse
import asyncio
import random
import resource
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from statistics import quantiles

from sqlalchemy import select

from bot.storage.engine import open_engine
from bot.storage.tables import deliveries, items
from tests.support.bot_process import UNPACED
from tests.support.ferries import ferry, name
from tests.torture.kills import report, settle
from tests.torture.verdict import Verdict, conclude
from tests.torture.world import World, open_world, run_fleet, say

MEDIAN, WORST = 0.5, 2.0  # seconds, at the median and at the 99th percentile
DOCUMENTED = {
    "TELEGRAM_PER_SECOND": "30",
    "TELEGRAM_CHAT_PER_SECOND": "1",
    "TELEGRAM_GROUP_PER_MINUTE": "20",
    "DISCORD_PER_SECOND": "50",
}
STEPS = ("in the poll's answer", "item noted", "alert due", "accepted by the platform", "noted as sent")


async def measure(*, database: str, seconds: float, rate: float, chats: int, feeds: int, seed: int) -> Verdict:
    """Publish at so many items a second, and time each one's way."""
    words = [name(random.Random(f"chat {number}")) for number in range(chats)]
    count, chance = round(seconds * rate), random.Random(seed)
    async with open_world(database, chats=chats, feeds=feeds, query=words.__getitem__, limits=True) as world:
        world.settings = dict.fromkeys(UNPACED, "") | DOCUMENTED | {"POLL_INTERVAL": "1", "POLL_LONGEST": "1"}
        for feed in world.feeds:
            feed.window = 50
            feed.published = datetime.now(UTC)  # what is older than a day would be looked at for a digest
        places = turns(chats)
        due = {(f"{chat.platform} {chat.chat}", n) for n in range(count) for chat in [world.chats[places[n % chats]]]}
        before = spent()
        async with run_fleet(world, 1) as fleet, asyncio.TaskGroup() as group:
            told = group.create_task(report(world, len(due)))
            loop = asyncio.get_running_loop()
            start = loop.time()
            for number in range(count):
                chance.choice(world.feeds).add(*ferry(number, words[places[number % chats]]))
                await asyncio.sleep(start + (number + 1) / rate - loop.time())
            await settle(world, fleet, due)
            told.cancel()
        verdict = judge(world, due, await ways(world))
        return Verdict(
            [*verdict.figures, ("CPU of the process, an item", f"{(spent() - before) / count * 1000:.0f} ms")],
            verdict.faults,
        )


def spent() -> float:
    """CPU seconds of the processes that ended, their start included."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def turns(chats: int) -> list[int]:
    """The places of the chats, the two platforms' in turn."""
    half = chats // 2
    return [place for pair in zip(range(half), range(half, chats), strict=True) for place in pair]


async def ways(world: World) -> list[tuple[float, ...]]:
    """The times of each item at each of the steps."""
    accepted = {one.item: one.at for one in reversed(world.arrivals.log)}
    served: Mapping[str, float] = {guid: at for feed in world.feeds for guid, at in feed.served.items()}
    rows = select(items.c.guid, items.c.seen, deliveries.c.created, deliveries.c.finished).join(deliveries)
    engine = open_engine(world.database_url)
    try:
        async with engine.connect() as connection:
            found = (await connection.execute(rows.where(items.c.guid.like("ferry-%")))).all()
    finally:
        await engine.dispose()
    return [
        (served[guid], _at(seen), _at(created), accepted[int(guid.removeprefix("ferry-"))], _at(finished))
        for guid, seen, created, finished in found
        if finished is not None
    ]


def _at(moment: datetime) -> float:
    return moment.timestamp()


def judge(world: World, due: set[tuple[str, int]], times: Sequence[tuple[float, ...]]) -> Verdict:
    """The waits at the 50th, 90th and 99th percentile, the worst, and of which steps they are made."""
    whole = [one[3] - one[0] for one in times]
    middle, _, late, _ = percentiles(whole)
    missing = world.arrivals.missing(due)
    figures: list[tuple[str, object]] = [
        ("items", len(due)),
        ("lost", len(missing)),
        ("repeated", len(world.arrivals.repeats())),
        ("told to wait by Discord", world.discord.refused),
        ("p50, p90, p99, most", shown(whole)),
    ]
    for number, (before, after) in enumerate(pairwise(STEPS)):
        figures.append((f"  {before} → {after}", shown([one[number + 1] - one[number] for one in times])))
    faults = [f"lost: {len(missing)}"] if missing else []
    faults += [f"median {middle:.2f} s, and not {MEDIAN} s at most"] if middle > MEDIAN else []
    faults += [f"99th percentile {late:.2f} s, and not {WORST} s at most"] if late > WORST else []
    return Verdict(figures, faults)


def percentiles(waits: Sequence[float]) -> tuple[float, float, float, float]:
    """The 50th, 90th and 99th percentile, and the worst."""
    cuts = quantiles(waits, n=100, method="inclusive")
    return cuts[49], cuts[89], cuts[98], max(waits)


def shown(waits: Sequence[float]) -> str:
    """Percentiles as people read them."""
    return " / ".join(f"{one:.2f}" for one in percentiles(waits)) + " s"


def arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--rate", type=float, default=50, help="items a second")
    parser.add_argument("--chats", type=int, default=100, help="half of them on Telegram, half on Discord")
    parser.add_argument("--feeds", type=int, default=25)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    """Answers 1 when a bar is missed."""
    options = vars(arguments(argv))
    say(f"latency: {' '.join(f'{name}={value}' for name, value in options.items())}")
    return conclude(asyncio.run(measure(**options)))


if __name__ == "__main__":
    raise SystemExit(main())
