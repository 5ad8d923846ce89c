"""`db restore`, `db copy` and `db compact`: whole databases from place to place, with nobody else on them."""

from __future__ import annotations

import shutil
import time
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.app.backups import MOMENT, back_up
from bot.app.places import be_there, file_of, make_folder, need_room, shown, size_of
from bot.errors import StorageError
from bot.settings import Settings
from bot.storage import backup, schema
from bot.storage.copying import Occupied, Show, copy_database, holds_data
from bot.storage.engine import Database, open_database, read_address
from bot.storage.postgres import other_sessions
from bot.storage.sqlite import exclusive_lock

Report = dict[str, Any]


async def restore(settings: Settings, file: Path, *, now: datetime, show: Show, force: bool = False) -> Report:
    """Put a backup in place of the database, which nothing else may use. `force`: also where that holds data, which
    is kept aside.

    Raises SettingsError, StorageError.
    """
    checked = backup.check_sum(file)
    contents = backup.examine(file)
    path = file_of(settings.database_url)
    stage = (path or file).with_name(f"{(path or file).name}.restoring")
    make_folder(stage.parent)
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
        "to": shown(settings.database_url),
        "revision": contents.revision,
        "rows": sum(contents.rows.values()),
        "checked": checked,
        "kept": str(aside) if aside else "",
    }


async def _stage(file: Path, stage: Path) -> None:
    """A copy of the backup with this version's tables, which later gives its room back."""
    backup.remove(stage)
    need_room(stage.parent, 2 * size_of(file))
    with backup.backup_errors(stage):
        shutil.copyfile(file, stage)
    async with open_database(f"sqlite:///{stage}") as database:
        await schema.upgrade(database)
    backup.settle(stage)
    if not backup.gives_back(stage):
        _write_anew(stage)


def _write_anew(path: Path) -> None:
    new = path.with_name(f"{path.name}.anew")
    try:
        backup.remove(new)
        backup.write_anew(path, new)
        backup.settle(new)
        backup.examine(new)
        backup.put_in_place(new, path, aside=None)
    finally:
        backup.remove(new)


async def _refuse_data(url: str, *, force: bool) -> None:
    path = file_of(url)
    if force or (path and not path.exists()):
        return
    try:
        async with open_database(url) as database:
            occupied = await _is_occupied(database)
    except StorageError as error:
        raise StorageError(f"{error}; to replace it all the same (it is kept aside), say --force") from error
    if occupied:
        raise StorageError(
            f"{shown(url)} holds data: say --force to put the backup in its place (the data is kept aside)"
        )


def _restore_to_file(stage: Path, path: Path, now: datetime) -> Path | None:
    aside = path.with_name(f"{path.name}.before-restore-{now:{MOMENT}}") if path.exists() else None
    backup.put_in_place(stage, path, aside=aside)
    return aside


async def _restore_to_server(settings: Settings, stage: Path, file: Path, *, now: datetime, show: Show) -> Path | None:
    aside = None
    async with open_database(settings.database_url) as target:
        await _be_alone(target)
        if await _is_occupied(target):
            aside = file.with_name(f"before-restore-{now:{MOMENT}}.db")
            await back_up(settings, aside, now=now, show=show)
        async with open_database(f"sqlite:///{stage}") as source:
            await copy_database(source, target, origin=backup.sha256_of(file), show=show, replace=True)
    return aside


async def _is_occupied(database: Database) -> bool:
    """Whether it holds data; half a copy is none."""
    return (
        await schema.has_tables(database) and not await schema.is_half_copied(database) and await holds_data(database)
    )


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
            tables = await copy_database(source, target, origin=shown(settings.database_url), show=show, replace=force)
        except Occupied:
            raise StorageError(
                f"{shown(to)} holds data already: choose an empty database, or say --force to give up what it holds"
            ) from None
    rows, seconds = sum(tables.values()), time.monotonic() - begun
    return {
        "from": shown(settings.database_url),
        "to": shown(to),
        "rows": rows,
        "tables": tables,
        "seconds": round(seconds, 1),
    }


def compact(settings: Settings) -> Report:
    """Write an SQLite file anew, which nothing else may use: without free pages, and so that it gives them back from
    then on. Raises SettingsError, StorageError."""
    path = file_of(settings.database_url)
    if path is None:
        raise StorageError("only SQLite files need that: PostgreSQL's autovacuum does it by itself")
    be_there(path)
    with exclusive_lock(path):
        before = size_of(path)
        need_room(path.parent, before)
        _write_anew(path)
    return {"file": str(path), "before": before, "after": size_of(path)}


@asynccontextmanager
async def _alone(url: str, *, must_be: bool = False) -> AsyncIterator[Database]:
    """A database that no other process uses."""
    path = file_of(url)
    with ExitStack() as stack:
        if path:
            if must_be:
                be_there(path)
            make_folder(path.parent)
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
