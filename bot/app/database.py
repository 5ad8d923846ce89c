"""`db backup`, `db restore` and `db copy`: whole databases from one place to another."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from bot.errors import StorageError
from bot.settings import Settings
from bot.storage import backup, schema
from bot.storage.copying import Occupied, Show, copy_database, holds_data
from bot.storage.engine import Database, open_database, read_address
from bot.storage.postgres import other_sessions
from bot.storage.sqlite import database_file, exclusive_lock

Report = dict[str, Any]

_MOMENT = "%Y%m%d-%H%M%S"
_OURS = re.compile(r"diting-\d{8}-\d{6}\.db", re.ASCII)
_MEGABYTE = 1_000_000
_BACKUPS = Path("data/backups")


async def back_up(
    settings: Settings, to: Path | None, *, now: datetime, show: Show, force: bool = False, keep: int | None = None
) -> Report:
    """Back up the database to a file, or to a new file in a folder (None: `backups` beside the database); of the
    folder's backups only the newest `keep` stay, where it is given. Others may use the database all the while.

    Raises SettingsError, StorageError.
    """
    path = _place(settings, to, now)
    _be_free(path, force=force)
    partial = path.with_name(path.name + ".partial")
    try:
        expected = await _write_backup(settings.database_url, partial, show)
        backup.settle(partial)
        contents = backup.examine(partial)
        if contents.rows != expected:
            raise StorageError(f"{path}: other rows arrived than were there; nothing was kept. Run the command again")
        size = partial.stat().st_size
        checksum = backup.note_sum(partial, path.name)
        backup.put_in_place(partial, path, aside=None)
    finally:
        backup.remove(partial)
    return {
        "file": str(path),
        "bytes": size,
        "revision": contents.revision,
        "rows": sum(contents.rows.values()),
        "tables": contents.rows,
        "sha256": checksum,
        "removed": [] if keep is None else _thin_out(path.parent, max(keep, 1)),
    }


def _place(settings: Settings, to: Path | None, now: datetime) -> Path:
    name = f"diting-{now:{_MOMENT}}.db"
    if to is None:
        file = _file_of(settings.database_url)
        return (file.parent / "backups" if file else _BACKUPS) / name
    return to / name if to.is_dir() else to


def _be_free(path: Path, *, force: bool) -> None:
    if path.exists() and not force:
        raise StorageError(f"{path}: is there already; name another file, or say --force to replace it")
    _make_folder(path.parent)


def _make_folder(folder: Path) -> None:
    with backup.backup_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise StorageError(f"{folder}: may not be written; choose another folder, or its owner")


async def _write_backup(url: str, partial: Path, show: Show) -> dict[str, int]:
    backup.remove(partial)
    source = _file_of(url)
    if source is None:
        async with open_database(url) as database, open_database(f"sqlite:///{partial}") as target:
            return await copy_database(database, target, origin="backup", show=show)
    _be_there(source)
    _need_room(partial.parent, _size(source))
    task = asyncio.current_task()

    def show_pages(done: int, total: int) -> None:
        if task and task.cancelling():  # an interrupt, which can't be delivered to what does not await
            raise asyncio.CancelledError
        show("copy", "pages", done, total)

    rows = backup.copy_pages(source, partial, show_pages)
    rows.pop("alembic_version", None)
    return rows


def _thin_out(folder: Path, keep: int) -> list[str]:
    """Remove all but the newest of the backups that were named by date."""
    ours = sorted(path for path in folder.iterdir() if _OURS.fullmatch(path.name))
    old = ours[:-keep]
    for path in old:
        with backup.backup_errors(path):
            path.unlink()
            path.with_name(path.name + backup.SUM).unlink(missing_ok=True)
    return [str(path) for path in old]


async def restore(settings: Settings, file: Path, *, now: datetime, show: Show, force: bool = False) -> Report:
    """Put a backup in place of the database, which nothing else may use. `force`: also where that holds data, which
    is kept aside.

    Raises SettingsError, StorageError.
    """
    checked = backup.check_sum(file)
    contents = backup.examine(file)
    path = _file_of(settings.database_url)
    stage = (path or file).with_name(f"{(path or file).name}.restoring")
    _make_folder(stage.parent)
    with ExitStack() as stack:
        if path:
            stack.enter_context(exclusive_lock(path))
        await _refuse_data(settings.database_url, force=force)
        stack.callback(backup.remove, stage)
        await _stage(file, stage)
        if path:
            aside = _restore_to_file(stage, path, now)
        else:
            aside = await _restore_to_server(settings, stage, file, now=now, show=show)
    return {
        "restored": str(file),
        "to": _shown(settings.database_url),
        "revision": contents.revision,
        "rows": sum(contents.rows.values()),
        "checked": checked,
        "kept": str(aside) if aside else "",
    }


async def _stage(file: Path, stage: Path) -> None:
    """A copy of the backup with this version's tables, which later gives its room back."""
    backup.remove(stage)
    _need_room(stage.parent, 2 * _size(file))
    with backup.backup_errors(stage):
        shutil.copyfile(file, stage)
    async with open_database(f"sqlite:///{stage}") as database:
        await schema.upgrade(database)
    backup.settle(stage)
    backup.make_growable(stage)


async def _refuse_data(url: str, *, force: bool) -> None:
    path = _file_of(url)
    if force or (path and not path.exists()):
        return
    try:
        async with open_database(url) as database:
            occupied = await schema.has_tables(database) and await holds_data(database)
    except StorageError as error:
        raise StorageError(f"{error}; to replace it all the same (it is kept aside), say --force") from error
    if occupied:
        raise StorageError(
            f"{_shown(url)} holds data: say --force to put the backup in its place (the data is kept aside)"
        )


def _restore_to_file(stage: Path, path: Path, now: datetime) -> Path | None:
    aside = path.with_name(f"{path.name}.before-restore-{now:{_MOMENT}}") if path.exists() else None
    backup.put_in_place(stage, path, aside=aside)
    return aside


async def _restore_to_server(settings: Settings, stage: Path, file: Path, *, now: datetime, show: Show) -> Path | None:
    aside = None
    async with open_database(settings.database_url) as target:
        await _be_alone(target)
        if await schema.has_tables(target) and not await schema.is_half_copied(target) and await holds_data(target):
            aside = file.with_name(f"before-restore-{now:{_MOMENT}}.db")
            await back_up(settings, aside, now=now, show=show)
        async with open_database(f"sqlite:///{stage}") as source:
            await copy_database(source, target, origin=backup.sha256_of(file), show=show, replace=True)
    return aside


async def copy(settings: Settings, to: str, *, show: Show, force: bool = False) -> Report:
    """Copy the database to another address, which nothing else may use, nor the database. `force`: what the target
    holds is given up.

    Raises SettingsError, StorageError.
    """
    begun = time.monotonic()
    if read_address(to, "--to") == read_address(settings.database_url):
        raise StorageError("the database can't be copied onto itself: give another address after --to")
    async with _alone(settings.database_url, must_be=True) as source, _alone(to) as target:
        try:
            tables = await copy_database(source, target, origin=_shown(settings.database_url), show=show, replace=force)
        except Occupied:
            raise StorageError(
                f"{_shown(to)} holds data already: choose an empty database, or say --force to give up what it holds"
            ) from None
    rows, seconds = sum(tables.values()), time.monotonic() - begun
    return {
        "from": _shown(settings.database_url),
        "to": _shown(to),
        "rows": rows,
        "tables": tables,
        "seconds": round(seconds, 1),
    }


@asynccontextmanager
async def _alone(url: str, *, must_be: bool = False) -> AsyncIterator[Database]:
    """A database that no other process uses."""
    path = _file_of(url)
    with ExitStack() as stack:
        if path:
            if must_be:
                _be_there(path)
            _make_folder(path.parent)
            stack.enter_context(exclusive_lock(path))
        async with open_database(url) as database:
            await _be_alone(database)
            yield database


async def _be_alone(database: Database) -> None:
    """Raises StorageError when there are other sessions on the server; of a file the lock tells."""
    if database.is_sqlite:
        return
    async with database.read() as connection:
        others = await other_sessions(connection)
    if others:
        raise StorageError(
            f"{others} other sessions of Diting are on the PostgreSQL database: stop the bot, all its replicas, first."
            " Through PgBouncer they may last for minutes after it: give the server's own address then"
        )


def _file_of(url: str) -> Path | None:
    """The file of an SQLite address; None for another. Raises SettingsError."""
    return database_file(read_address(url)) if url.startswith("sqlite") else None


def _be_there(path: Path) -> None:
    if not path.is_file():
        raise StorageError(f"{path}: there is no such database; check DATABASE_URL and the folder you are in")


def _size(path: Path) -> int:
    return sum(part.stat().st_size for part in (path, path.with_name(path.name + "-wal")) if part.exists())


def _need_room(folder: Path, size: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < size:
        raise StorageError(
            f"{folder}: {_megabytes(size)} are needed there and {_megabytes(free)} are free; make room, or choose"
            " another folder"
        )


def _shown(url: str) -> str:
    return read_address(url).render_as_string(hide_password=True)


def _megabytes(size: float) -> str:
    return f"{size / _MEGABYTE:,.1f} MB"


def as_text(report: Report) -> str:
    """A report for people, with what to do next."""
    rows = f"{report['rows']:,} rows"
    if "file" in report:
        removed = f"\nremoved {len(report['removed'])} older" if report["removed"] else ""
        return (
            f"{report['file']}: {_megabytes(report['bytes'])}, {rows}, revision {report['revision']}, looked through"
            f" and found whole\nSHA-256 {report['sha256']}{removed}"
        )
    if "restored" in report:
        kept = f"\nwhat was there is kept as {report['kept']}" if report["kept"] else ""
        return f"{report['to']}: {rows} of {report['restored']} are in place{kept}\nnext: start the bot"
    return (
        f"{report['to']}: {rows} copied in {report['seconds']:,.0f} s and compared; {report['from']} is as it was\n"
        "next: put the new address into DATABASE_URL and start the bot"
    )


@contextmanager
def progress_bar(console: Console) -> Iterator[Show]:
    """A bar for copying and one for comparing, on a terminal."""
    if not console.is_terminal:
        yield lambda _step, _table, _done, _total: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=None)

        def show(step: str, table: str, done: int, total: int) -> None:
            doing = "copying" if step == "copy" else "comparing"
            progress.update(task, description=f"{doing} {table}", completed=done, total=total or None)

        yield show
