"""What clean-up and moving whole databases cost: how long a purge holds up an alert, what stays after many days, and
how many rows a second are copied. On SQLite, and on a PostgreSQL server of its own.

Run: python -m bench.keep [purge ITEMS | days DAYS | copy ROWS]
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from sqlalchemy import func, insert, select

from bot.model import ChatId
from bot.storage import Storage, schema
from bot.storage.copying import copy_database
from bot.storage.engine import Database, open_database
from bot.storage.housekeeping import Steps, purge
from bot.storage.tables import deliveries, item_keys, items, metadata, told
from bot.storage.vacuum import give_back
from tests.support.days import BEGIN, BRIEF, TEXT, Days
from tests.support.filling import fill
from tests.support.postgres import run_postgres

KINDS = ("sqlite", "postgres")
KEEP = timedelta(days=30)
AT_ONCE = 2000


@asynccontextmanager
async def empty(kind: str, folder: str, server: object) -> AsyncIterator[Database]:
    url = f"sqlite:///{folder}/{time.monotonic_ns()}.db" if kind == "sqlite" else server.url(server.create())
    async with open_database(url) as database:
        await schema.upgrade(database)
        yield database


async def fill_old(database: Database, count: int) -> None:
    """`count` items long past keeping, each with a brief, two keys and two deliveries."""
    days = Days(Storage(database), feeds=1, chats=2)
    await days.begin()
    for start in range(1, count + 1, AT_ONCE):
        numbers = range(start, min(start + AT_ONCE, count + 1))
        async with database.write() as connection:
            for name, rows in old_rows(numbers).items():
                await connection.execute(insert(metadata.tables[name]), rows)


def old_rows(numbers: range) -> dict[str, list[dict[str, object]]]:
    item = {"feed_id": 1, "seen": BEGIN, "state": "done", "text": TEXT * 20, "authors": (), "categories": ()}
    delivery = {"why": (), "state": "sent", "created": BEGIN, "due_at": BEGIN, "finished": BEGIN}
    brief = {name: getattr(BRIEF, name) for name in ("title_zh", "title_en", "summary_zh", "summary_en", "made_by")}
    chats = [ChatId(1), ChatId(2)]
    return {
        "stories": [{"id": n, "created": BEGIN} for n in numbers],
        "items": [
            item | {"id": n, "identity": f"g{n}", "guid": f"g{n}", "title": f"{n}", "story_id": n} for n in numbers
        ],
        "item_keys": [
            {"feed_id": 1, "key": f"{kind}{n}", "item_id": n, "listed": BEGIN.date()} for n in numbers for kind in "gu"
        ],
        "briefs": [brief | {"item_id": n} for n in numbers],
        "told": [{"story_id": n, "chat_id": chat} for n in numbers for chat in chats],
        "deliveries": [delivery | {"item_id": n, "chat_id": chat, "key": f"{n}"} for n in numbers for chat in chats],
    }


async def time_purge(database: Database, count: int) -> None:
    await fill_old(database, count)
    before = await size_of(database)
    waits: list[float] = []
    alerts = asyncio.create_task(keep_alerting(database, waits))
    await asyncio.sleep(5)
    calm, waits[:] = sorted(waits), []
    steps, begun = Steps(), time.monotonic()
    gone = await purge(database, BEGIN + KEEP * 3, KEEP, steps)
    took, busy = time.monotonic() - begun, sorted(waits)
    given, begun = Steps(), time.monotonic()
    pages = await give_back(database, given)
    vacuum = time.monotonic() - begun
    alerts.cancel()
    await asyncio.gather(alerts, return_exceptions=True)
    kind = "SQLite" if database.is_sqlite else "PostgreSQL"
    print(f"{kind}: {gone:,} items purged in {took:.0f} s; the longest of its transactions {ms(steps.longest)}")
    print(f"  an alert's commit beside it: {figures(busy)}; without it: {figures(calm)}")
    if database.is_sqlite:
        print(f"  {pages:,} pages given back in {vacuum:.1f} s, the longest step {ms(given.longest)}")
        print(f"  file {before / 1e6:,.0f} MB before, {await size_of(database) / 1e6:,.0f} MB after")


async def keep_alerting(database: Database, waits: list[float]) -> None:
    """What an alert's commit writes, again and again."""
    number = 10**9
    while True:
        number += 1
        rows = old_rows(range(number, number + 1))
        begun = time.monotonic()
        async with database.write() as connection:
            for name, some in rows.items():
                now = {"seen": BEGIN + KEEP * 3} if name == "items" else {}
                await connection.execute(insert(metadata.tables[name]), [row | now for row in some])
        waits.append(time.monotonic() - begun)
        await asyncio.sleep(0.005)


def figures(waits: list[float]) -> str:
    return f"p50 {ms(waits[len(waits) // 2])}, p99 {ms(waits[len(waits) * 99 // 100])}, most {ms(waits[-1])}"


def ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"


async def size_of(database: Database) -> int:
    return (await Days(Storage(database)).sizes())["bytes"]


async def pass_days(database: Database, count: int) -> None:
    days = Days(Storage(database), feeds=4, items=20, chats=4, keep=KEEP)
    await days.begin()
    kind = "SQLite" if database.is_sqlite else "PostgreSQL"
    print(f"{kind}: {days.feeds * days.items} items a day to {days.chats} chats, kept {KEEP.days} days")
    for _ in range(count):
        await days.pass_one()
        if days.day % 20 == 0:
            sizes = await days.sizes()
            rows = ", ".join(f"{name} {sizes[name]:,}" for name in ("items", "deliveries", "item_keys", "told"))
            total = sum(sizes.values()) - sizes["bytes"]
            print(f"  day {days.day}: {sizes['bytes'] / 1e6:.1f} MB, {total:,} rows in all: {rows}")
    await show_bytes(database)


async def show_bytes(database: Database) -> None:
    """What an item weighs, and its keys."""
    async with database.read() as connection:
        texts = await connection.scalar(select(func.sum(func.length(items.c.text))))
        counts = {
            table.name: await connection.scalar(select(func.count()).select_from(table))
            for table in (items, item_keys, deliveries, told)
        }
    print(
        f"  texts {texts / counts['items']:,.0f} characters an item; keys {counts['item_keys'] / counts['items']:.1f}"
    )


async def time_copies(folder: str, server: object, rows: int) -> None:
    async with empty("sqlite", folder, server) as first:
        await fill(first, max(rows // len(metadata.tables), 1))
        source = first
        for kind in ("postgres", "sqlite"):
            async with empty(kind, folder, server) as target:
                marks: dict[str, float] = {}
                begun, cpu = time.monotonic(), time.process_time()

                def show(step: str, _t: str, _d: int, _n: int, marks: dict[str, float] = marks) -> None:
                    marks[step] = time.monotonic()

                counts = await copy_database(source, target, origin="bench", show=show)
                took, cpu = time.monotonic() - begun, time.process_time() - cpu
                total = sum(counts.values())
                compared = marks["check"] - marks["copy"]
                print(
                    f"SQLite to {kind}: {total:,} rows in {took:.1f} s ({total / took:,.0f} a second; {compared:.1f} s"
                    f" of it comparing; {cpu:.1f} s of this process's own)"
                )


async def main(what: str, count: int) -> None:
    with tempfile.TemporaryDirectory() as folder, run_postgres() as server:
        if what == "copy":
            await time_copies(folder, server, count)
            return
        for kind in KINDS:
            async with empty(kind, folder, server) as database:
                await (time_purge if what == "purge" else pass_days)(database, count)


if __name__ == "__main__":
    asked = sys.argv[1] if len(sys.argv) > 1 else ""
    for name, usual in (("purge", 20_000), ("days", 60), ("copy", 60_000)):
        if asked in ("", name):
            asyncio.run(main(name, int(sys.argv[2]) if len(sys.argv) > 2 else usual))
