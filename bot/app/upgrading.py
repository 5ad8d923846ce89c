"""Before a new version changes the tables of an SQLite file at its start, the file is backed up beside it.

Whoever goes back to the version before puts that backup in place (docs/howto/upgrading.md). A PostgreSQL server has its
own ways, and a copy of it would keep the bot from starting for long.
"""

from __future__ import annotations

from datetime import datetime

import structlog

from bot.app.backups import back_up
from bot.app.places import file_of
from bot.errors import StorageError
from bot.settings import Settings
from bot.storage.engine import open_database
from bot.storage.schema import revision


async def back_up_before_upgrade(settings: Settings, *, now: datetime) -> None:
    """Make the backup where the tables are older than this version's. Where it can't be made, the upgrade goes on: it
    is one transaction, and a bot that does not start tells nobody the news. Raises StorageError for a broken file."""
    file = file_of(settings.database_url)
    if file is None or not file.exists():
        return
    async with open_database(settings.database_url) as database:
        current, newest = await revision(database)
    if not current or current >= newest:
        return
    log = structlog.get_logger("bot.app")
    log.info("backing up before the upgrade of the tables", revision=current, to=newest)
    try:
        report = await back_up(settings, None, now=now, show=lambda *_: None)
    except StorageError as error:
        log.warning("no backup before the upgrade", reason=str(error))
    else:
        log.info("backed up before the upgrade", file=report["file"], bytes=report["bytes"])
