from __future__ import annotations

import asyncio

import psycopg
import pytest
from sqlalchemy import func
from structlog.testing import capture_logs

from bot.storage import Storage, open_storage, postgres
from bot.storage.engine import open_engine
from bot.storage.postgres import CHANNEL, PostgresNotices


@pytest.fixture
def database() -> str:
    return "postgres"


async def until_listening(url: str, *, other_than: int = 0) -> int:
    """The process on the server that listens."""
    query = "SELECT pid FROM pg_stat_activity WHERE query = %s AND pid <> %s AND datname = current_database()"
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection, asyncio.timeout(10):
        while True:
            row = await (await connection.execute(query, (f"LISTEN {CHANNEL}", other_than))).fetchone()
            if row:
                return row[0]
            await asyncio.sleep(0.01)


async def test_a_notice_reaches_the_other_processes_and_this_one(storage: Storage, url):
    heard: asyncio.Queue[str] = asyncio.Queue()
    async with open_storage(url) as other, asyncio.timeout(10):
        task = asyncio.create_task(storage.listen(heard.put_nowait))
        await until_listening(url)
        await other.notify("deliver")
        await storage.notify("poll")
        assert [await heard.get(), await heard.get()] == ["deliver", "poll"]
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_listening_goes_on_after_the_connection_was_lost(storage: Storage, url):
    heard: asyncio.Queue[str] = asyncio.Queue()
    engine = open_engine(url)
    task = asyncio.create_task(PostgresNotices(engine, pause=0).listen(heard.put_nowait))
    first = await until_listening(url)
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute("SELECT pg_terminate_backend(%s)", (first,))
    await until_listening(url, other_than=first)
    await storage.notify("alert")
    async with asyncio.timeout(10):
        assert await heard.get() == "alert"
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await engine.dispose()


async def test_a_database_without_notices_does_without(storage: Storage, monkeypatch):
    monkeypatch.setattr(postgres, "NOTIFY", func.pg_no_such_function)
    monkeypatch.setattr(postgres, "CHANNEL", "no channel")
    await storage.notify("poll")
    with capture_logs() as logs:
        await asyncio.wait_for(storage.listen(lambda topic: None), 10)
    assert [log["event"] for log in logs] == ["no notices between replicas"]


async def test_notices_are_heard_at_an_address_of_their_own(tmp_path, storage: Storage, url):
    """As behind a pooler, which passes statements on, but no notices."""
    heard: asyncio.Queue[str] = asyncio.Queue()
    async with open_storage(f"postgresql://u@/d?host={tmp_path}", listen_url=url) as other, asyncio.timeout(10):
        task = asyncio.create_task(other.listen(heard.put_nowait))
        await until_listening(url)
        await storage.notify("deliver")
        assert await heard.get() == "deliver"
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_sqlite_has_nobody_to_notify(tmp_path):
    async with open_storage(f"sqlite:///{tmp_path}/diting.db") as storage:
        heard: list[str] = []
        await storage.notify("poll")
        async with asyncio.timeout(5):
            await storage.listen(heard.append)
        assert heard == []
