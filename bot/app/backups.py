"""`db backup`: the database as one file, made while others use it."""

from __future__ import annotations

import asyncio
import re
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.app.places import be_there, file_of, make_folder, need_room, size_of
from bot.errors import StorageError
from bot.settings import Settings
from bot.storage import backup
from bot.storage.copying import Show, copy_database
from bot.storage.engine import open_database

Report = dict[str, Any]

MOMENT = "%Y%m%d-%H%M%S"
_OURS = re.compile(r"diting-\d{8}-\d{6}\.db", re.ASCII)
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
    name = f"diting-{now:{MOMENT}}.db"
    if to is None:
        file = file_of(settings.database_url)
        return (file.parent / "backups" if file else _BACKUPS) / name
    return to / name if to.is_dir() else to


def _be_free(path: Path, *, force: bool) -> None:
    if path.exists() and not force:
        raise StorageError(f"{path}: is there already; name another file, or say --force to replace it")
    make_folder(path.parent)


async def _write_backup(url: str, partial: Path, show: Show) -> dict[str, int]:
    backup.remove(partial)
    source = file_of(url)
    if source is None:
        async with open_database(url) as database, open_database(f"sqlite:///{partial}") as target:
            return await copy_database(database, target, origin="backup", show=show)
    be_there(source)
    need_room(partial.parent, size_of(source))
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
