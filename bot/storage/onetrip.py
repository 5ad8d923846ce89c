"""SQLite statements with as few trips to the driver's thread as can be.

SQLAlchemy opens a cursor, executes, fetches and closes: four trips, each of which costs a tenth of a millisecond of
waking threads, and several when the process is busy, where the statement itself takes a hundredth. Here a statement is
one step, with its rows and its end; and in a transaction that writes, which holds up all others, it is no trip at all.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy.dialects.sqlite.aiosqlite import AsyncAdapt_aiosqlite_connection, AsyncAdapt_aiosqlite_cursor
from sqlalchemy.util import EMPTY_DICT

LOCK = "BEGIN IMMEDIATE"
PRIMARY = 0xFF  # the part of SQLite's error codes that tells their kind


class _Done(NamedTuple):
    """What is left of the driver's cursor."""

    description: Any = None
    rowcount: int = -1
    lastrowid: int | None = None
    rows: Sequence[Any] = ()

    def close(self) -> None:
        """It is closed."""


class OneTripCursor(AsyncAdapt_aiosqlite_cursor):
    """As SQLAlchemy's, of which it fills the same fields."""

    __slots__ = ()

    _awaitable_cursor_close = False
    _cursor: Any

    def __init__(self, adapt_connection: AsyncAdapt_aiosqlite_connection) -> None:
        self._adapt_connection = adapt_connection
        self._connection = adapt_connection.driver_connection
        self._cursor = _Done()
        self._soft_closed_memoized = EMPTY_DICT
        self._rows = deque()

    async def _execute_async(self, operation: str, parameters: Any) -> None:  # noqa: ANN401 (SQLAlchemy's)
        if operation == LOCK and self._has_locked():
            return
        work = partial(_execute, operation, parameters or ())
        connection: Any = self._adapt_connection
        await self._do(work, here=connection.is_short(operation))

    def _has_locked(self) -> bool:
        """Get the lock for writing, if nobody else has it: within the process writers queue up beforehand, so it is
        free but for another connection's vacuum or backup. To wait for it is left to the thread."""
        driver: Any = self._connection
        plain: sqlite3.Connection = driver._conn  # noqa: SLF001 - as below
        ((patience,),) = plain.execute("PRAGMA busy_timeout")
        plain.execute("PRAGMA busy_timeout = 0")
        try:
            plain.execute(LOCK)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & PRIMARY != sqlite3.SQLITE_BUSY:
                raise
            return False
        finally:
            plain.execute(f"PRAGMA busy_timeout = {patience}")
        self._cursor, self._rows = _Done(), deque()
        return True

    async def _executemany_async(self, operation: str, seq_of_parameters: Any) -> None:  # noqa: ANN401 (SQLAlchemy's)
        await self._do(partial(_execute_many, operation, seq_of_parameters), here=False)

    async def _do(self, work: partial[_Done], *, here: bool) -> None:
        driver: Any = self._connection
        # As SQLAlchemy's own adapter has to, it reaches into the driver.
        self._cursor = work(driver._conn) if here else await driver._execute(work, driver._conn)  # noqa: SLF001
        self._rows = deque(self._cursor.rows)


class OneTripConnection(AsyncAdapt_aiosqlite_connection):
    """As SQLAlchemy's, with such cursors, and with what is short done here.

    `writes` is set while the connection has the lock for writing, `glances` while it reads a row or two by an index.
    """

    __slots__ = ("glances", "writes")

    _cursor_cls: type[AsyncAdapt_aiosqlite_cursor] = OneTripCursor

    def __init__(self, dbapi: Any, connection: Any) -> None:  # noqa: ANN401 (SQLAlchemy's)
        super().__init__(dbapi, connection)
        self.writes = self.glances = False

    def is_short(self, operation: str) -> bool:
        """Whether a statement is done sooner than a thread is woken: those of a transaction that writes, as they hold
        the lock, those that only glance, and to begin one that reads. To get the lock is a wait, and what is read may
        be much."""
        return self.writes or self.glances or operation == "BEGIN"

    def commit(self) -> None:
        """What was written may have to reach the disk; a transaction that read has nothing to write."""
        if self.writes:
            super().commit()
        else:
            self._connection._conn.commit()  # noqa: SLF001 - as above
        self.writes = self.glances = False

    def rollback(self) -> None:
        """See `commit`."""
        self.writes = self.glances = False
        super().rollback()


def _execute(operation: str, parameters: Sequence[Any], connection: sqlite3.Connection) -> _Done:
    cursor = connection.cursor()
    try:
        cursor.execute(operation, parameters)
        rows = cursor.fetchall() if cursor.description else ()
        return _Done(cursor.description, cursor.rowcount, cursor.lastrowid, rows)
    finally:
        cursor.close()


def _execute_many(operation: str, parameters: Iterable[Sequence[Any]], connection: sqlite3.Connection) -> _Done:
    cursor = connection.cursor()
    try:
        cursor.executemany(operation, parameters)
        return _Done(None, cursor.rowcount, cursor.lastrowid)
    finally:
        cursor.close()
