"""Backups: each is one SQLite file, whichever database it was made of, with its SHA-256 beside it.

Of an SQLite database it is made page by page by SQLite's own backup, while others write; of a PostgreSQL database it is
a copy (`copying`). A backup is written under another name, examined, and only then gets its own.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from urllib.parse import quote

from bot.errors import StorageError
from bot.storage.schema import UNFINISHED
from bot.storage.vacuum import INCREMENTAL

Pages = Callable[[int, int], None]
"""Shows progress: the pages that are copied, and those there are."""

STEP = 2000  # pages between two looks at the progress: eight megabytes
BUSY_SECONDS = 10
SUM = ".sha256"
PARTS = ("", "-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup holds: the revision of its tables, and its rows by table."""

    revision: str
    rows: dict[str, int]


@contextmanager
def backup_errors(path: Path) -> Iterator[None]:
    """Map what SQLite and the file system say of a file."""
    try:
        yield
    except sqlite3.Error as error:
        raise StorageError(f"{path}: {error}") from error
    except OSError as error:
        raise StorageError(f"{error.filename or path}: {error.strerror or error}") from error


def copy_pages(source: Path, target: Path, show: Pages) -> dict[str, int]:
    """Copy an SQLite file while others write to it; answer the rows by table at the moment that it shows.

    Raises StorageError.
    """
    with backup_errors(source), closing(_open(source, "rw")) as there:
        # The backup reads within this transaction: it begins at one moment and is never begun anew by a writer.
        # https://sqlite.org/backup.html
        there.execute("BEGIN")
        rows = _count(there)
        with backup_errors(target), closing(sqlite3.connect(target)) as here:
            there.backup(here, pages=STEP, progress=lambda _status, left, all_: show(all_ - left, all_))
        there.execute("ROLLBACK")
    return rows


def settle(path: Path) -> None:
    """Make a database that is in no use one whole file, and have the disk keep it. Raises StorageError."""
    with backup_errors(path):
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
        with path.open("rb") as file:
            os.fsync(file.fileno())


def examine(path: Path) -> Contents:
    """Look through a whole backup. Raises StorageError when it is none of ours or not as it should be."""
    if not path.is_file():
        raise StorageError(f"{path}: there is no such file")
    with backup_errors(path), closing(_open(path, "ro&immutable=1")) as connection:
        faults = [row[0] for row in connection.execute("PRAGMA integrity_check(1)")]
        if faults != ["ok"]:
            raise StorageError(f"{path}: is damaged ({faults[0].splitlines()[-1]}); use another backup")
        rows = _count(connection)
        if UNFINISHED in rows:
            raise StorageError(f"{path}: holds a copy that was never finished; use another backup")
        if "alembic_version" not in rows:
            raise StorageError(f"{path}: holds no tables of Diting")
        orphan = connection.execute("PRAGMA foreign_key_check").fetchone()
        if orphan:
            raise StorageError(f"{path}: is damaged (a row of {orphan[0]} without its {orphan[2]}); use another backup")
        [revision] = connection.execute("SELECT version_num FROM alembic_version").fetchone() or [""]
    del rows["alembic_version"]
    return Contents(revision=revision, rows=rows)


def gives_back(path: Path) -> bool:
    """Whether a database can give its free pages back in steps (see `vacuum`). Raises StorageError."""
    with backup_errors(path), closing(_open(path, "ro")) as connection:
        return bool(connection.execute("PRAGMA auto_vacuum").fetchone() == (INCREMENTAL,))


def write_anew(path: Path, to: Path) -> None:
    """Write a database that is in no use to another file, without free pages, and such that it later gives them back.

    Raises StorageError.
    """
    with backup_errors(to), closing(_open(path, "rw")) as connection:
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        # And not a plain VACUUM, which first writes all of it where temporary files are: in a container that is small.
        connection.execute("VACUUM INTO ?", [str(to)])


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal digits. Raises StorageError."""
    with backup_errors(path), path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def note_sum(path: Path, name: str) -> str:
    """Write the SHA-256 of `path` beside `name`, the way `sha256sum --check` reads it; answer it. Raises
    StorageError."""
    found = sha256_of(path)
    with backup_errors(path):
        path.with_name(name + SUM).write_text(f"{found}  {name}\n", "utf-8")
    return found


def check_sum(path: Path) -> bool:
    """Compare a backup with the SHA-256 beside it; False when there is none. Raises StorageError when it differs."""
    beside = path.with_name(path.name + SUM)
    if not path.is_file() or not beside.is_file():
        return False
    with backup_errors(beside):
        noted = beside.read_text("utf-8", "replace").split()
    if not noted or noted[0] != sha256_of(path):
        raise StorageError(
            f"{path}: is not what was written (its SHA-256 is not that of {beside.name}); use another backup"
        )
    return True


def remove(path: Path) -> None:
    """Remove a database with what SQLite puts beside it, as far as it is there."""
    for part in PARTS:
        path.with_name(path.name + part).unlink(missing_ok=True)


def put_in_place(new: Path, path: Path, *, aside: Path | None) -> None:
    """Put a database that is in no use where another is, in no use either, and keep that one `aside`.

    Raises StorageError.
    """
    log = path.with_name(path.name + "-wal")
    with backup_errors(path):
        if aside and path.exists():
            _call_also(path, aside)
            if log.exists():  # of a process that was killed: it belongs to the old file, and holds its last changes
                log.rename(aside.with_name(aside.name + "-wal"))
        for part in PARTS[1:]:  # SQLite would take an old one for the new file's
            path.with_name(path.name + part).unlink(missing_ok=True)
        new.replace(path)
        _keep_names(path.parent)


def _call_also(path: Path, name: Path) -> None:
    """A second name, so that the first is never missing; where the file system has no such thing, a new one."""
    try:
        os.link(path, name)
    except FileExistsError:
        raise
    except OSError:
        path.rename(name)


def _keep_names(folder: Path) -> None:
    """Have the disk keep who is called what in a folder."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _open(path: Path, mode: str) -> sqlite3.Connection:
    """Open a file that is there: SQLite would make it otherwise."""
    address = f"file:{quote(str(path.absolute()))}?mode={mode}"
    return sqlite3.connect(address, uri=True, isolation_level=None, timeout=BUSY_SECONDS)


def _count(connection: sqlite3.Connection) -> dict[str, int]:
    # Of the index of words nobody needs to know: it is made anew where it is missing.
    tables = "SELECT name FROM sqlite_master WHERE type = 'table'"
    names = connection.execute(f"{tables} AND name NOT GLOB 'sqlite_*' AND name NOT GLOB 'item_words*'")
    return {
        name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608 (names of its tables)
        for (name,) in names.fetchall()
    }
