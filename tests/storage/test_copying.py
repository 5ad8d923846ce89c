"""A database is copied into another whole, whichever kinds they are, and however often the copy breaks off."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import delete, func, select, text, update

from bot.errors import StorageError
from bot.storage import Storage, copying, schema
from bot.storage.copying import Occupied, copy_database, holds_data
from bot.storage.engine import Database, open_database
from bot.storage.loading import clear, count_on
from bot.storage.portable import portable_tables
from bot.storage.tables import chats, deliveries, feeds, metadata, spendings
from tests.storage.conftest import World
from tests.support.databases import opened
from tests.support.filling import fill
from tests.support.postgres import PostgresServer

Make = Callable[[str], Awaitable[Database]]
ROWS = 8
WAYS = [("sqlite", "postgres"), ("postgres", "sqlite"), ("postgres", "postgres"), ("sqlite", "sqlite")]


def ignore(step: str, table: str, done: int, total: int) -> None:
    """Shows nothing."""


@pytest.fixture(scope="session")
def servers(postgres: PostgresServer) -> list[str]:
    """Two databases on the server, made once: that takes longer than a test."""
    urls = [postgres.url(postgres.create()) for _ in range(2)]
    for url in urls:
        asyncio.run(upgraded(url))
    return urls


async def upgraded(url: str) -> None:
    async with open_database(url) as database:
        await schema.upgrade(database)


@pytest.fixture
async def make(tmp_path: Path, sqlite_template: Path, servers: list[str]) -> AsyncIterator[Make]:
    """`make("sqlite")`: a database with empty tables."""
    async with AsyncExitStack() as stack:
        free = list(servers)

        async def made(kind: str) -> Database:
            if kind == "sqlite":
                path = tmp_path / f"{len(list(tmp_path.glob('*.db')))}.db"
                shutil.copy(sqlite_template, path)
                return await stack.enter_async_context(open_database(f"sqlite:///{path}"))
            database = await stack.enter_async_context(open_database(free.pop()))
            async with database.write() as connection:
                await connection.execute(text("DROP TABLE IF EXISTS unfinished_copy"))
                await clear(connection, portable_tables())
                for table in portable_tables():
                    await count_on(connection, table)
            return database

        yield made


@pytest.fixture
async def filled(make: Make) -> Make:
    """The same, with rows in every table."""

    async def made(kind: str) -> Database:
        source = await make("sqlite")
        await fill(source, ROWS)
        if kind == "sqlite":
            return source
        server = await make(kind)
        await copy_database(source, server, origin="filling", show=ignore)
        return server

    return made


async def everything(database: Database) -> dict[str, list[str]]:
    async with database.read() as connection:
        return {
            table.name: sorted(repr(tuple(row)) for row in await connection.execute(select(table)))
            for table in portable_tables()
        }


@pytest.mark.parametrize(("one", "other"), WAYS)
async def test_all_rows_of_all_tables_arrive_as_they_are(make, filled, one, other, monkeypatch):
    monkeypatch.setattr("bot.storage.portable.pages.__defaults__", (5,))
    source, target = await filled(one), await make(other)
    before = await everything(source)
    counts = await copy_database(source, target, origin="a", show=ignore)
    assert set(counts) == set(metadata.tables)
    assert set(counts.values()) == {ROWS}
    assert await everything(target) == before == await everything(source)


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_new_rows_are_numbered_after_those_copied(make, filled, kind):
    source, target = await filled("sqlite"), await make(kind)
    async with source.write() as connection:
        await connection.execute(delete(spendings))
    await copy_database(source, target, origin="a", show=ignore)
    assert (await World(Storage(target)).chat(99)).id == ROWS + 1


async def test_an_empty_database_is_copied_too_and_numbers_from_one(make):
    target = await make("postgres")
    await copy_database(await make("sqlite"), target, origin="a", show=ignore)
    assert (await World(Storage(target)).chat(99)).id == 1


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_a_target_with_data_is_refused_and_left_alone_unless_it_may_go(make, filled, kind):
    source, target = await filled("sqlite"), await make(kind)
    await World(Storage(target)).chat(1)
    before = await everything(target)
    with pytest.raises(Occupied):
        await copy_database(source, target, origin="a", show=ignore)
    assert await everything(target) == before
    await schema.upgrade(target)
    await copy_database(source, target, origin="a", show=ignore, replace=True)
    assert await everything(target) == await everything(source)


class Broken(Exception):
    """Stands for a killed process."""


def breaking_at(share: float, step: str = "copy"):
    def show(now: str, table: str, done: int, total: int) -> None:
        if now == step and done >= share * total:
            raise Broken

    return show


@pytest.fixture
def loaded(monkeypatch) -> list[int]:
    """How many rows each load has put in."""
    loads: list[int] = []
    load = copying.load

    async def counting(connection, table, rows):
        await load(connection, table, rows)
        loads.append(len(rows))

    monkeypatch.setattr(copying, "load", counting)
    monkeypatch.setattr("bot.storage.portable.pages.__defaults__", (5,))
    return loads


@pytest.mark.parametrize(("one", "other"), WAYS[:2])
async def test_a_copy_that_breaks_off_again_and_again_goes_on_where_it_stopped(make, filled, loaded, one, other):
    source, target = await filled(one), await make(other)
    loaded.clear()
    for share in (0.02, 0.3, 1):
        with pytest.raises(Broken):
            await copy_database(source, target, origin="a", show=breaking_at(share))
    with pytest.raises(Broken):
        await copy_database(source, target, origin="a", show=breaking_at(0.5, "check"))
    with pytest.raises(StorageError, match="a copy into this database broke off"):
        await schema.upgrade(target)
    with pytest.raises(StorageError, match="holds a copy itself that broke off"):
        await copy_database(target, source, origin="b", show=ignore, replace=True)
    await copy_database(source, target, origin="a", show=ignore)
    assert sum(loaded) == ROWS * len(metadata.tables)
    await schema.upgrade(target)
    assert await everything(target) == await everything(source)


@pytest.mark.parametrize(("one", "other"), WAYS[1:2])
async def test_a_source_that_changed_since_the_copy_broke_off_is_copied_anew(make, filled, loaded, one, other):
    source, target = await filled(one), await make(other)
    with pytest.raises(Broken):
        await copy_database(source, target, origin="a", show=breaking_at(0.8))
    async with source.write() as connection:
        await connection.execute(delete(deliveries).where(deliveries.c.id == 3))
        await connection.execute(update(feeds).where(feeds.c.id == 2).values(title="changed"))
    await World(Storage(source)).chat(99)
    await copy_database(source, target, origin="a", show=ignore)
    assert await everything(target) == await everything(source)


async def test_a_copy_from_elsewhere_begins_anew(make, filled, loaded):
    source, target = await filled("sqlite"), await make("postgres")
    with pytest.raises(Broken):
        await copy_database(source, target, origin="a", show=breaking_at(0.8))
    loaded.clear()
    await copy_database(source, target, origin="b", show=ignore)
    assert sum(loaded) == ROWS * len(metadata.tables)


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_what_is_written_meanwhile_is_not_copied_by_halves(make, filled, kind):
    source, target = await filled(kind), await make("sqlite")
    before = await everything(source)
    url = source.engine.url

    def write(step: str, table: str, done: int, total: int) -> None:
        if table == "feeds" and step == "copy":
            statement = "DELETE FROM chats WHERE id = 1"
            if kind == "sqlite":
                with opened(url.database) as connection:
                    connection.execute("PRAGMA foreign_keys = ON")
                    connection.execute(statement)
            else:
                plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
                with psycopg.connect(plain) as connection:
                    connection.execute(statement)

    await copy_database(source, target, origin="a", show=write)
    assert await everything(target) == before
    async with source.read() as connection:
        assert await connection.scalar(select(func.count()).select_from(chats)) == ROWS - 1


async def test_a_value_that_arrives_differently_is_noticed(make, filled, monkeypatch):
    source, target = await filled("sqlite"), await make("sqlite")
    finished = copying.count_rows

    async def spoil(connection, table):
        if connection.engine.url == target.engine.url and table.name == "spendings":
            async with target.write() as other:
                await other.execute(update(chats).where(chats.c.id == 5).values(title="x"))
        return await finished(connection, table)

    monkeypatch.setattr(copying, "count_rows", spoil)
    with pytest.raises(StorageError, match="chats: 8 rows were copied and 8 are there, with other values"):
        await copy_database(source, target, origin="a", show=ignore)


async def test_a_database_of_another_version_or_of_nothing_is_not_copied(make, tmp_path):
    source, target = await make("sqlite"), await make("sqlite")
    with opened(source.engine.url.database) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0003'")
    with pytest.raises(StorageError, match="tables of another version"):
        await copy_database(source, target, origin="a", show=ignore)
    async with open_database(f"sqlite:///{tmp_path}/nothing.db") as nothing:
        with pytest.raises(StorageError, match="no tables of Diting"):
            await copy_database(nothing, target, origin="a", show=ignore)
    assert not await holds_data(target)
