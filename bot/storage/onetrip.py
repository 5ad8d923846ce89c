"""SQLite statements in one trip to the driver's thread each.

SQLAlchemy opens a cursor, executes, fetches and closes: four trips, each of which costs a tenth of a millisecond of
waking threads, where the statement itself takes a hundredth. Here a statement runs in one, with its rows and its end.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy.dialects.sqlite.aiosqlite import AsyncAdapt_aiosqlite_connection, AsyncAdapt_aiosqlite_cursor
from sqlalchemy.util import EMPTY_DICT


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
        await self._trip(partial(_execute, operation, parameters or ()))

    async def _executemany_async(self, operation: str, seq_of_parameters: Any) -> None:  # noqa: ANN401 (SQLAlchemy's)
        await self._trip(partial(_execute_many, operation, seq_of_parameters))

    async def _trip(self, work: partial[_Done]) -> None:
        driver: Any = self._connection
        self._cursor = await driver._execute(work, driver._conn)  # noqa: SLF001 - as SQLAlchemy's own adapter has to
        self._rows = deque(self._cursor.rows)


class OneTripConnection(AsyncAdapt_aiosqlite_connection):
    """As SQLAlchemy's, with such cursors."""

    __slots__ = ()

    _cursor_cls: type[AsyncAdapt_aiosqlite_cursor] = OneTripCursor


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
