"""The database as the stores see it: transactions for reading and writing, and errors in our own terms."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, nullcontext
from typing import Any

from sqlalchemy import URL, Table, exc, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.errors import SettingsError, StorageError, StorageFull
from bot.storage.postgres import postgres_engine
from bot.storage.sqlite import GLANCES, WRITES, sqlite_engine

Insert = sqlite.Insert | postgresql.Insert

_DISK_FULL = "53100"  # https://www.postgresql.org/docs/current/errcodes-appendix.html


@contextmanager
def storage_errors() -> Iterator[None]:
    """Map what a database can do to us to StorageError. What shows a bug of ours (IntegrityError, …) goes by."""
    try:
        yield
    except (exc.OperationalError, exc.InterfaceError, exc.InternalError) as error:
        kind = StorageFull if _is_full(error.orig) else StorageError
        raise kind(str(error.orig)) from error
    except exc.TimeoutError as error:  # no connection came free
        raise StorageError(str(error)) from error
    except exc.DatabaseError as error:
        # SQLite says of a broken file, and of a file that is no database, DatabaseError and no more.
        if type(error) is not exc.DatabaseError and not error.connection_invalidated:
            raise
        raise StorageError(str(error.orig)) from error


def _is_full(error: BaseException | None) -> bool:
    """Whether the disk is full, by SQLITE_FULL or PostgreSQL's code."""
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
    return getattr(error, "sqlstate", None) == _DISK_FULL  # no driver is loaded to ask what it would be


def open_engine(url: str) -> AsyncEngine:
    """An engine for an address as people write it. Raises SettingsError, as `read_address`."""
    parsed = read_address(url)
    return sqlite_engine(parsed) if _kind(parsed) == "sqlite" else postgres_engine(parsed)


def read_address(url: str, name: str = "DATABASE_URL") -> URL:
    """The parts of an address as people write it. Raises SettingsError, which never shows the address: it may hold a
    password."""
    try:
        parsed = make_url(url)
    except (exc.ArgumentError, ValueError) as error:
        raise SettingsError(f"{name}: not an address like sqlite:///data/diting.db") from error
    if _kind(parsed) not in {"sqlite", "postgresql", "postgres"}:
        raise SettingsError(f"{name}: must begin with sqlite:/// or postgresql://")
    return parsed


def _kind(parsed: URL) -> str:
    return parsed.drivername.partition("+")[0]


class Database:
    """Gives out connections, each within one transaction."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self.is_sqlite = engine.dialect.name == "sqlite"
        self._writing = engine.execution_options(**WRITES) if self.is_sqlite else engine
        self._glancing = engine.execution_options(**GLANCES) if self.is_sqlite else engine
        # SQLite's writers wait by polling, unfairly and in threads; within the process they queue up here instead.
        self._turn: AbstractAsyncContextManager[object] = asyncio.Lock() if self.is_sqlite else nullcontext()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A transaction for reading. Raises StorageError."""
        with storage_errors():
            async with self.engine.begin() as connection:
                yield connection

    @asynccontextmanager
    async def glance(self) -> AsyncIterator[AsyncConnection]:
        """A transaction for reading what is found by an index and is probably little: sooner done than another thread
        is woken for it. What turns out to be much is left to one. Raises StorageError."""
        with storage_errors():
            async with self._glancing.begin() as connection:
                yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A transaction for writing: committed at the end, undone by an exception. Raises StorageError."""
        with storage_errors():
            async with self._turn, self._writing.begin() as connection:
                yield connection

    async def free_pages(self, most: int) -> None:
        """Have SQLite take up to `most` free pages off the end of its file. Raises StorageError."""
        with storage_errors():
            async with self._turn, self.engine.connect() as connection:
                driver: Any = (await connection.get_raw_connection()).driver_connection
                try:
                    # A page is freed at each step of the statement: as a plain statement, the driver takes one step.
                    await driver.executescript(f"PRAGMA incremental_vacuum({most:d})")
                except sqlite3.Error as error:  # by the driver itself, of which SQLAlchemy knows nothing
                    raise StorageError(str(error)) from error

    def insert(self, table: Table) -> Insert:
        """See `insert_for`."""
        return insert_for(table, is_sqlite=self.is_sqlite)


def insert_for(table: Table, *, is_sqlite: bool) -> Insert:
    """An INSERT that knows ON CONFLICT, which the two databases have alike and SQLAlchemy has twice."""
    return sqlite.insert(table) if is_sqlite else postgresql.insert(table)


@asynccontextmanager
async def open_database(url: str) -> AsyncIterator[Database]:
    """The database at `sqlite:///path` or `postgresql://…`; nothing connects until it is used.

    Raises SettingsError for an address that is neither, StorageError when SQLite's folder can't be made.
    """
    engine = open_engine(url)
    try:
        yield Database(engine)
    finally:
        await engine.dispose()
