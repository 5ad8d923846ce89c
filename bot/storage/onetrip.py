"""SQLite statements with as few trips to the driver's thread as can be.

SQLAlchemy opens a cursor, executes, fetches and closes: four trips, each of which costs a tenth of a millisecond of
waking threads, and several when the process is busy, where the statement itself takes a hundredth. Here a statement is
one step, with its rows and its end; and in a transaction that writes, which holds up all others, it is no trip at all,
nor is its end: that is a write to a file, but for the one in some hundreds that brings the log into the database.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy.dialects.sqlite.aiosqlite import AsyncAdapt_aiosqlite_connection, AsyncAdapt_aiosqlite_cursor
from sqlalchemy.util import EMPTY_DICT, await_only

LOCK = "BEGIN IMMEDIATE"
PRIMARY = 0xFF  # the part of SQLite's error codes that tells their kind

STEPS = 20_000  # of SQLite's machine: a millisecond or two, some thousand rows that are found by an index
MUCH = 200  # rows that a transaction changed: to write them to the log takes milliseconds
# Rows that were changed since the log was brought into the database: some 1000 pages, SQLite's own measure. But its own
# moment is the end of whichever transaction fills them, and that is on the event loop now.
FULL = 500


@dataclass(slots=True)
class WriteAheadLog:
    """What the connections to a file know of its log. It is `new` until something was written to it: the first write
    begins it anew, and waits for the disk."""

    changed: int = 0
    new: bool = True


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
        connection: Any = self._adapt_connection
        if operation == LOCK and self._has_locked():
            return
        work = partial(_execute, operation, parameters or ())
        if not (connection.glances and self._has_glanced(work)):
            await self._do(work, here=connection.is_short(operation))

    def _has_glanced(self, work: partial[_Done]) -> bool:
        """Read here, if it takes as few steps as was thought. Else it is begun again in the thread."""
        driver: Any = self._connection
        plain: sqlite3.Connection = driver._conn  # noqa: SLF001 - as below
        plain.set_progress_handler(_stop, STEPS)
        try:
            self._cursor = work(plain)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
                raise
            return False
        finally:
            plain.set_progress_handler(None, 0)
        self._rows = deque(self._cursor.rows)
        return True

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
    """As SQLAlchemy's, with such cursors, and with what is short done here."""

    __slots__ = ("_before", "_log", "_writes", "glances")

    _cursor_cls: type[AsyncAdapt_aiosqlite_cursor] = OneTripCursor

    def __init__(self, dbapi: Any, connection: Any, log: WriteAheadLog) -> None:  # noqa: ANN401 (SQLAlchemy's)
        super().__init__(dbapi, connection)
        self._log = log
        self._writes = self.glances = False
        self._before = 0

    def began(self, *, writes: bool, glances: bool) -> None:
        """A transaction began: one that writes has the lock for it, one that glances reads what is probably little."""
        self._writes, self.glances = writes, glances
        self._before = self._plain.total_changes

    def is_short(self, operation: str) -> bool:
        """Whether a statement is done sooner than a thread is woken: those of a transaction that writes, as they hold
        the lock, and to begin one that reads. To get the lock is a wait, and what is read may be much."""
        return self._writes or operation == "BEGIN"

    def commit(self) -> None:
        """What is written goes to the log, which the system takes at once. Where much is, where the log is new, and
        where it is full, the disk may have to be waited for."""
        changed = self._plain.total_changes - self._before
        self._writes = self.glances = False
        try:
            self._commit(changed)
        except sqlite3.Error:
            if self._plain.in_transaction:  # to SQLAlchemy it has ended either way
                self._plain.rollback()
            raise

    def _commit(self, changed: int) -> None:
        log = self._log
        log.changed += changed
        if changed and log.changed >= FULL:
            log.changed = 0
            await_only(self._in_thread(_commit_and_empty_log))
            log.new = True
        elif changed and (log.new or changed >= MUCH):
            await_only(self._in_thread(sqlite3.Connection.commit))
            log.new = False
        else:
            self._plain.commit()

    def rollback(self) -> None:
        """See `commit`."""
        self._writes = self.glances = False
        super().rollback()

    @property
    def _plain(self) -> sqlite3.Connection:
        # As SQLAlchemy's own adapter has to, it reaches into the driver.
        plain: sqlite3.Connection = self._connection._conn  # noqa: SLF001
        return plain

    async def _in_thread(self, work: Callable[[sqlite3.Connection], None]) -> None:
        driver: Any = self._connection
        await driver._execute(work, self._plain)  # noqa: SLF001 - as above


def _commit_and_empty_log(connection: sqlite3.Connection) -> None:
    """Commit, and bring what the log holds into the database, as far as no reader needs it there."""
    connection.commit()
    # Committed it is, whatever becomes of this: it is tried again with the next full log.
    with suppress(sqlite3.OperationalError):
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)").close()


def _stop() -> bool:
    return True


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
