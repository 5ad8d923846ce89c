"""What is SQLite's own: pragmas, functions, explicit transactions, and the lock that keeps a second process away."""

from __future__ import annotations

import asyncio
import fcntl
import math
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Dialect, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.util import await_only

from bot.errors import SettingsError, StorageError
from bot.storage.onetrip import LOCK, OneTripConnection, WriteAheadLog

BUSY_SECONDS = 10
BUSY_PAUSE = 0.01  # seconds

# A transaction that reads first and writes later can't wait for another writer (SQLITE_BUSY at once): those that
# will write say so when they begin.
WRITES = {"sqlite_begin": LOCK}
GLANCES = {"sqlite_glances": True}

# WAL lets readers go on beside the writer. With it NORMAL loses nothing when the process is killed: what is committed
# is with the operating system. Only a power cut may undo the last commits, and never breaks the file.
# The log grows while a long reader holds on to what it shows, and is cut to its limit afterwards.
WAL = "PRAGMA journal_mode = WAL"
PRAGMAS = (
    "PRAGMA synchronous = NORMAL",
    "PRAGMA foreign_keys = ON",
    f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}",
    f"PRAGMA journal_size_limit = {16 * 1024 * 1024}",
    "PRAGMA wal_autocheckpoint = 4000",  # pages, 16 megabytes: mostly it is done before that (see `onetrip`)
)


def database_file(url: URL) -> Path:
    """The file of an SQLite address. Raises SettingsError when it names none: memory would lose alerts."""
    if not url.database or url.database == ":memory:" or url.query.get("mode") == "memory":
        raise SettingsError("DATABASE_URL: name a file, like sqlite:///data/diting.db")
    return Path(url.database.removeprefix("file:")).expanduser()


def sqlite_engine(url: URL) -> AsyncEngine:
    """An engine on the file, in a folder that is made if need be. Raises SettingsError, StorageError."""
    path = database_file(url)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"{path.parent}: {error.strerror}") from error
    engine = create_async_engine(
        url.set(drivername="sqlite+aiosqlite", database=str(path)),
        # The driver begins no transactions of its own; `_begin` does.
        connect_args={"isolation_level": None, "timeout": BUSY_SECONDS, "check_same_thread": False},
        hide_parameters=True,
        pool_reset_on_return=None,  # a rollback of what `Database` has ended anyway
    )
    event.listen(engine.sync_engine, "do_connect", partial(_connect, path, WriteAheadLog()))
    event.listen(engine.sync_engine, "connect", _set_pragmas)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _connect(
    path: Path,
    log: WriteAheadLog,
    dialect: Dialect,
    _record: object,
    arguments: tuple[Any, ...],
    options: dict[str, Any],
) -> OneTripConnection:
    _check_file(path)
    plain: Any = dialect.connect(*arguments, **options)
    return OneTripConnection(plain.dbapi, plain.driver_connection, log)


def _check_file(path: Path) -> None:
    """Name what is wrong, since SQLite does not. The file is not opened for it: closing it would end SQLite's locks."""
    place = path if os.access(path, os.F_OK) else path.parent
    if path.is_dir():
        raise StorageError(f"{path}: is a folder, not a file")
    if not os.access(place, os.R_OK | os.W_OK):
        raise StorageError(f"{place}: may not be read and written")


def _set_pragmas(connection: Any, _record: object) -> None:  # noqa: ANN401 (the driver's adapted connection)
    cursor = connection.cursor()
    cursor.execute("PRAGMA page_count")
    if cursor.fetchone() == (0,):
        # Its free pages can then be given back (see `vacuum`). Only in a new file: in another it changes nothing, and
        # waits for the lock to do so.
        cursor.execute("PRAGMA auto_vacuum = INCREMENTAL")
    _use_wal(cursor)
    for pragma in PRAGMAS:
        cursor.execute(pragma)
    cursor.execute("SELECT 1 FROM pragma_compile_options WHERE compile_options = 'ENABLE_MATH_FUNCTIONS'")
    _add_functions(connection.driver_connection, has_mathematics=cursor.fetchone() is not None)
    cursor.close()


def _add_functions(driver: Any, *, has_mathematics: bool) -> None:  # noqa: ANN401 (the driver's connection)
    """What PostgreSQL has by itself: small letters of all alphabets (SQLite knows those of English), and a logarithm,
    which not every build of SQLite has."""
    # As SQLAlchemy's own adapter has to, it reaches into the driver.
    plain: sqlite3.Connection = driver._conn  # noqa: SLF001
    plain.create_function("lower", 1, _lower, deterministic=True)
    if not has_mathematics:
        plain.create_function("ln", 1, math.log, deterministic=True)


def _lower(text: str | None) -> str | None:
    return text.lower() if isinstance(text, str) else text


def _use_wal(cursor: Any) -> None:  # noqa: ANN401 (as above)
    """Go over to WAL. A new file that another connection takes over at the same moment refuses at once, whatever the
    timeout says: SQLite sees two that would wait for each other."""
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            cursor.execute(WAL)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            await_only(asyncio.sleep(BUSY_PAUSE))
        else:
            return


def _begin(connection: Connection) -> None:
    how = connection.get_execution_options().get("sqlite_begin", "BEGIN")
    connection.exec_driver_sql(how)
    driver: Any = connection.connection.dbapi_connection
    driver.began(writes=how != "BEGIN", glances=connection.get_execution_options().get("sqlite_glances", False))


@contextmanager
def exclusive_lock(path: Path) -> Iterator[None]:
    """Hold the database file `path` for this process (by a lock on `path`.lock, which ends with the process).

    Raises StorageError while another process runs on it.
    """
    lock = path.with_name(path.name + ".lock")
    try:
        file = lock.open("a")
    except OSError as error:
        raise StorageError(f"{lock}: {error.strerror}") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise StorageError(
                f"another process runs on {path}: stop that one first, or let several share a PostgreSQL (DATABASE_URL)"
            ) from error
        yield
