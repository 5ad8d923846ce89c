"""Copies a database into another, whichever of the two kinds each of them is.

    snapshot of the source ─▶ pages of plain rows ─▶ the target, a transaction a page ─▶ read back and compared

The target bears a mark while this goes on. A copy that broke off is taken up where it stopped: pages go in by the order
of their keys, so what is there of a table is its beginning. Whether that is so, and whether the source is still the
same, shows when all rows are compared at the end; if not, the copy begins anew.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from sqlalchemy import Column, MetaData, Table, Text, bindparam, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import StorageError
from bot.storage import schema
from bot.storage.engine import Database, storage_errors
from bot.storage.loading import RowsRefused, clear, count_on, load, loading_errors
from bot.storage.portable import Record, Tally, count_rows, own_references, pages, portable_tables
from bot.storage.tables import chats, feeds

Show = Callable[[str, str, int, int], None]
"""Shows progress: what is done ("copy", "check"), the table, the rows that are done and those there are, of all."""

Counts = dict[str, int]

unfinished = Table(schema.UNFINISHED, MetaData(), Column("origin", Text, nullable=False))


class Occupied(StorageError):
    """The target holds data of its own."""


async def copy_database(
    source: Database, target: Database, *, origin: str, show: Show, replace: bool = False
) -> Counts:
    """Make the target the same as the source; answer the rows by table. Its tables are brought to this version first.

    `origin` names the source: a copy that broke off is gone on with when it came from there, and begun anew if not.
    `replace`: what else the target holds is given up. Raises Occupied, StorageError.
    """
    await schema.upgrade(target, unfinished=True)
    async with _snapshot(source) as reading:
        await _be_current(reading)
        copy = _Copy(reading, target, portable_tables(), show)
        resumed = await copy.begin(origin, replace=replace)
        try:
            return await copy.run()
        except RowsRefused:
            if not resumed:
                raise
        # The source has changed since the copy broke off.
        await copy.begin(origin, replace=True, anew=True)
        return await copy.run()


async def holds_data(database: Database) -> bool:
    """Whether anybody would miss something: all that matters belongs to a chat or a feed."""
    async with database.read() as connection:
        return await _holds_data(connection)


async def _holds_data(connection: AsyncConnection) -> bool:
    first = [await connection.scalar(select(table.c.id).limit(1)) for table in (chats, feeds)]
    return any(one is not None for one in first)


@asynccontextmanager
async def _snapshot(database: Database) -> AsyncIterator[AsyncConnection]:
    """A transaction that to its end sees the database as it was at its first statement."""
    # What SQLite's transactions do in any case.
    options = {} if database.is_sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with storage_errors():
        async with database.engine.execution_options(**options).begin() as connection:
            yield connection


async def _be_current(reading: AsyncConnection) -> None:
    current, head = await reading.run_sync(schema.current_revision), schema.head_revision()
    if await reading.run_sync(schema.is_unfinished):
        raise StorageError("the database to copy holds a copy itself that broke off: finish that one first")
    if not current:
        raise StorageError("the database to copy has no tables of Diting in it: check DATABASE_URL")
    if current != head:
        raise StorageError(
            f"the database to copy has the tables of another version (revision {current}, not {head}): bring it to"
            " this version's by `python -m bot db upgrade`, or copy it with the version that made them"
        )


class _Copy:
    """One run of a copy, over a snapshot of the source."""

    def __init__(self, reading: AsyncConnection, target: Database, tables: list[Table], show: Show) -> None:
        self._reading = reading
        self._target = target
        self._tables = tables
        self._show = show
        self._total = 0
        self._done = 0

    async def begin(self, origin: str, *, replace: bool, anew: bool = False) -> bool:
        """Mark the target and empty it, or find the mark of a copy that broke off: answers whether it did."""
        async with self._target.write() as connection:
            marked = await connection.run_sync(schema.is_unfinished)
            if marked and not anew and await connection.scalar(select(unfinished.c.origin)) == origin:
                return True
            if not marked and not replace and await _holds_data(connection):
                raise Occupied("the target holds data already")
            await connection.run_sync(unfinished.drop, checkfirst=True)
            await connection.run_sync(unfinished.create)
            await connection.execute(unfinished.insert().values(origin=origin))
            await clear(connection, self._tables)
            return False

    async def run(self) -> Counts:
        """Copy what is missing, compare, take the mark away. Raises RowsRefused when a row is not as it should be."""
        counts = [await count_rows(self._reading, table) for table in self._tables]
        self._total, self._done = sum(counts), 0
        tallies = [await self._copy(table) for table in self._tables]
        self._done = 0
        for table, tally in zip(self._tables, tallies, strict=True):
            await self._check(table, tally)
        await self._finish()
        return {table.name: tally.rows for table, tally in zip(self._tables, tallies, strict=True)}

    async def _copy(self, table: Table) -> Tally:
        async with self._target.read() as connection:
            there = await count_rows(connection, table)
        references = own_references(table)
        tally, later = Tally(), list[Record]()
        async for page in pages(self._reading, table):
            missing = page[max(there - tally.rows, 0) :]
            tally.add(page)
            if references:
                later += [row for row in page if _points_ahead(table, references, row)]
                missing = [_without_ahead(table, references, row) for row in missing]
            if missing:
                async with self._target.write() as connection:
                    await load(connection, table, missing)
            self._progress("copy", table, len(page))
        if later:
            await self._point(table, references, later)
        return tally

    async def _point(self, table: Table, references: list[str], rows: list[Record]) -> None:
        """Put in what rows refer to that came after them."""
        names = table.columns.keys()
        values = [{f"the_{name}": row[names.index(name)] for name in ("id", *references)} for row in rows]
        pointed = update(table).where(table.c.id == bindparam("the_id"))
        async with self._target.write() as connection, loading_errors(table.name):
            await connection.execute(pointed.values({name: bindparam(f"the_{name}") for name in references}), values)

    async def _check(self, table: Table, expected: Tally) -> None:
        found = Tally()
        async with self._target.read() as connection:
            async for page in pages(connection, table):
                found.add(page)
                self._progress("check", table, len(page))
        if found != expected:
            raise RowsRefused(
                f"{table.name}: {expected.rows:,} rows were copied and {found.rows:,} are there,"
                f" {'with other values' if found.rows == expected.rows else 'not as many'}: does anything else write"
                " to the target? Run the command again"
            )

    async def _finish(self) -> None:
        async with self._target.write() as connection:
            for table in self._tables:
                await count_on(connection, table)
            await connection.run_sync(unfinished.drop)
            if not self._target.is_sqlite:  # which would plan as for empty tables until its own next round
                await connection.execute(text("ANALYZE"))

    def _progress(self, step: str, table: Table, rows: int) -> None:
        self._done += rows
        self._show(step, table.name, self._done, self._total)


def _points_ahead(table: Table, references: list[str], row: Record) -> bool:
    named = dict(zip(table.columns.keys(), row, strict=True))
    return any(named[name] is not None and named[name] > named["id"] for name in references)


def _without_ahead(table: Table, references: list[str], row: Record) -> Record:
    if not _points_ahead(table, references, row):
        return row
    return tuple(None if name in references else value for name, value in zip(table.columns.keys(), row, strict=True))
