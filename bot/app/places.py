"""Where databases and backups are, and whether there is room."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from bot.errors import StorageError
from bot.storage import backup
from bot.storage.engine import read_address
from bot.storage.sqlite import database_file

_MEGABYTE = 1_000_000


def file_of(url: str) -> Path | None:
    """The file of an SQLite address; None for another. Raises SettingsError."""
    return database_file(read_address(url)) if url.startswith("sqlite") else None


def be_there(path: Path) -> None:
    """Raises StorageError when there is no such database."""
    if not path.is_file():
        raise StorageError(f"{path}: there is no such database; check DATABASE_URL and the folder you are in")


def size_of(path: Path) -> int:
    """The bytes of an SQLite database, with those of its log."""
    return sum(part.stat().st_size for part in (path, path.with_name(path.name + "-wal")) if part.exists())


def need_room(folder: Path, size: int) -> None:
    """Raises StorageError when fewer bytes are free."""
    free = shutil.disk_usage(folder).free
    if free < size:
        raise StorageError(
            f"{folder}: {megabytes(size)} are needed there and {megabytes(free)} are free; make room, or choose"
            " another folder"
        )


def shown(url: str) -> str:
    """An address without its password."""
    return read_address(url).render_as_string(hide_password=True)


def megabytes(size: float) -> str:
    """A number of bytes for people."""
    return f"{size / _MEGABYTE:,.1f} MB"


def make_folder(folder: Path) -> None:
    """Make a folder that can be written. Raises StorageError."""
    with backup.backup_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise StorageError(f"{folder}: may not be written; choose another folder, or its owner")
