"""Writes many rows at once: by COPY on PostgreSQL, by one prepared statement on SQLite."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import Table, delete, exc, insert, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import StorageError
from bot.storage.portable import Record
from bot.storage.wordindex import clear_words


class RowsRefused(StorageError):
    """The target has other rows than the copy has put there, or what they refer to is missing."""


@asynccontextmanager
async def loading_errors(name: str) -> AsyncIterator[None]:
    """Map what the driver says of rows it does not take."""
    try:
        yield
    except exc.IntegrityError as error:
        raise RowsRefused(f"{name}: {_first_line(error.orig)}") from error
    except _by_driver("IntegrityError") as error:
        raise RowsRefused(f"{name}: {_first_line(error)}") from error
    except _by_driver("Error") as error:  # by COPY, of which SQLAlchemy knows nothing
        raise StorageError(f"{name}: {error}") from error


def _by_driver(name: str) -> type[Exception]:
    """An error of PostgreSQL's driver, which is only loaded when there is an error or PostgreSQL is in use."""
    import psycopg

    kind: type[Exception] = getattr(psycopg, name)
    return kind


def _first_line(error: object) -> str:
    return str(error).partition("\n")[0]


async def load(connection: AsyncConnection, table: Table, rows: Sequence[Record]) -> None:
    """Insert rows that have a value for each column. Raises RowsRefused, StorageError."""
    async with loading_errors(table.name):
        if connection.dialect.name == "sqlite":
            names = table.columns.keys()
            await connection.execute(insert(table), [dict(zip(names, row, strict=True)) for row in rows])
        else:
            await _copy_in(connection, table, rows)


async def _copy_in(connection: AsyncConnection, table: Table, rows: Sequence[Record]) -> None:
    from psycopg import sql  # SQLite's users need no driver in memory

    names = sql.SQL(", ").join(map(sql.Identifier, table.columns.keys()))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), names)
    driver: Any = (await connection.get_raw_connection()).driver_connection
    async with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            await copy.write_row(row)


async def clear(connection: AsyncConnection, tables: Sequence[Table]) -> None:
    """Delete all rows of the tables, which stand in the order of `portable_tables`, and the index of their words."""
    await clear_words(connection)
    if connection.dialect.name == "sqlite":
        for table in reversed(tables):
            await connection.execute(delete(table))
        return
    names = ", ".join(f'"{table.name}"' for table in tables)
    await connection.execute(text(f"TRUNCATE {names}"))


async def count_on(connection: AsyncConnection, table: Table) -> None:
    """Have PostgreSQL number new rows after those that were copied. SQLite does so by itself."""
    if connection.dialect.name == "sqlite" or "id" not in table.columns:
        return
    sequence = await connection.scalar(text("SELECT pg_get_serial_sequence(:name, 'id')"), {"name": table.name})
    if sequence:
        highest = f'(SELECT max(id) FROM "{table.name}")'  # noqa: S608 (a name of ours)
        # A sequence can't stand at 0, where the first row is yet to come.
        counted = text(f"SELECT setval(:sequence, coalesce({highest}, 1), {highest} IS NOT NULL)")
        await connection.execute(counted, {"sequence": sequence})
