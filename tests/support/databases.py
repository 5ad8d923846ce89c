"""Whole databases with rows in every table, and what is in them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bot.storage import copying, schema
from bot.storage.engine import open_database
from tests.support.filling import fill

ROWS = 20
TABLES = len(copying.portable_tables())


async def make(url: str, rows: int = ROWS) -> None:
    async with open_database(url) as database:
        await schema.upgrade(database)
        if rows:
            await fill(database, rows)


@contextmanager
def opened(path: str | Path) -> Iterator[sqlite3.Connection]:
    """A connection that is closed at the end, as `with sqlite3.connect` is not."""
    with closing(sqlite3.connect(path)) as connection, connection:
        yield connection


def rows_of(path: Path) -> dict[str, list[str]]:
    with opened(path) as connection:
        return {
            table.name: sorted(map(repr, connection.execute(f"SELECT * FROM {table.name}")))
            for table in copying.portable_tables()
        }


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} - {"diting.db.lock"}
