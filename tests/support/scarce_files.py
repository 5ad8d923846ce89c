"""A process that runs out of file descriptors while it delivers: `python -m tests.support.scarce_files URL TOKEN API`.

It takes every descriptor there is, delivers from the database URL to the Bot API server, notes what was met, gives the
descriptors back, and goes on until nothing is due. Prints what it met as one JSON line.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import sys
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog
from sqlalchemy import func, select
from structlog.testing import LogCapture

from bot.chat.telegram import Pace, TelegramMessenger, connected
from bot.chat.wording import CHARACTERS
from bot.errors import StorageError
from bot.storage import Storage, open_storage
from bot.storage.tables import deliveries
from bot.web.metrics import PrometheusMeter
from bot.work import outcomes
from bot.work.deliver import Deliverer
from bot.work.loop import Loop
from bot.work.pace import Limits, Pacer

SPARE = 40


def utc_now() -> datetime:
    return datetime.now(UTC)


def take_all() -> list[int]:
    """Lower the limit, and open files until there are no more descriptors."""
    used = len(list(Path("/dev/fd").iterdir()))
    resource.setrlimit(resource.RLIMIT_NOFILE, (used + SPARE, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    taken: list[int] = []
    while True:
        try:
            taken.append(os.open("/dev/null", os.O_RDONLY))
        except OSError:
            return taken


async def until(condition) -> None:
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.01)


async def trouble_of(storage: Storage) -> str:
    """What a database that is opened now says."""
    try:
        await storage.check()
    except StorageError as error:
        return str(error)
    return ""


async def sent(storage: Storage) -> bool:
    """Whether nothing is due any more."""
    async with storage._database.read() as connection:
        due = await connection.scalar(select(func.count()).where(deliveries.c.state == "due"))
    return not due


async def run(url: str, token: str, api_url: str) -> dict[str, object]:
    """Deliver without descriptors, and then with."""
    outcomes.FIRST_BACKOFF = timedelta(milliseconds=20)
    logs = LogCapture()
    structlog.configure(processors=[logs])
    async with AsyncExitStack() as stack:
        storage, late = [await stack.enter_async_context(open_storage(url)) for _ in range(2)]
        await asyncio.gather(*(storage.check() for _ in range(4)))
        bot = await stack.enter_async_context(connected(token, api_url, pace=Pace(per_second=0, group_per_minute=0)))
        service = Deliverer(
            outbox=storage.outbox,
            messenger=TelegramMessenger(bot),
            pacer=Pacer(Limits(per_second=1000)),
            meter=PrometheusMeter(),
            clock=utc_now,
            lease=timedelta(minutes=1),
            patience=timedelta(seconds=1),
            wording=CHARACTERS,
        )
        loop = Loop("deliver", service.step, utc_now)
        taken = take_all()
        without = await trouble_of(late)
        task = asyncio.create_task(loop.run())
        await until(lambda: any(log["event"] == "delivery put off" for log in logs.entries))
        for descriptor in taken:
            os.close(descriptor)
        async with asyncio.timeout(20):
            while not await sent(storage):
                loop.ring()
                await asyncio.sleep(0.02)
        loop.stop()
        await task
        await service.drain()
        reasons = {log["reason"] for log in logs.entries if log["event"] == "delivery put off"}
        return {"database": without, "put off for": sorted(reasons), "afterwards": await trouble_of(late)}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(run(*sys.argv[1:]))))
