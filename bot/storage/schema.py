"""Brings the tables to the newest revision, with Alembic, on the running event loop."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

from sqlalchemy import Connection, func, inspect, select, text

from bot.errors import StorageError
from bot.storage.engine import Database
from bot.storage.postgres import UPGRADE_LOCK

if TYPE_CHECKING:
    from alembic.config import Config

# A table that is there while the database is being copied into: see `copying`.
UNFINISHED = "unfinished_copy"
_MIGRATIONS = files("bot.storage") / "migrations"
_KEPT_IN = "alembic_version"  # the table in which Alembic keeps how far it is
_DIGITS = 4


async def upgrade(database: Database, *, unfinished: bool = False) -> None:
    """Run the migrations that are missing, all in one transaction. Processes that start together take turns.

    Raises StorageError when the tables are of a newer version than this one, and, but for `unfinished`, when a copy
    into them broke off: half of the chats would look as if it were all.
    """
    async with database.write() as connection:
        if not database.is_sqlite:
            await connection.execute(select(func.pg_advisory_xact_lock(UPGRADE_LOCK)))
        if not unfinished and await connection.run_sync(is_unfinished):
            raise StorageError(
                "a copy into this database broke off, so not everything is there: run the same `db copy` or"
                " `db restore` again, which goes on where it stopped"
            )
        await connection.run_sync(_upgrade)


async def revision(database: Database) -> tuple[str, str]:
    """The revision of the tables (empty before the first upgrade), and the newest that there is."""
    async with database.read() as connection:
        return await connection.run_sync(current_revision), head_revision()


async def has_tables(database: Database) -> bool:
    """Whether there are tables of ours."""
    return (await revision(database))[0] != ""


async def is_half_copied(database: Database) -> bool:
    """See `is_unfinished`."""
    async with database.read() as connection:
        return await connection.run_sync(is_unfinished)


def is_unfinished(connection: Connection) -> bool:
    """Whether a copy into the database is under way, or broke off."""
    return inspect(connection).has_table(UNFINISHED)


def _upgrade(connection: Connection) -> None:
    current = current_revision(connection)
    if current == head_revision():
        return
    if current and current not in _revisions():
        raise StorageError(
            f"the tables are at revision {current}, which a newer version of Diting has made: run that version,"
            " or restore a backup from before"
        )
    with _config() as config:
        from alembic import command  # noqa: PLC0415 - as below

        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def current_revision(connection: Connection) -> str:
    """The revision of the tables; empty before the first upgrade."""
    if not inspect(connection).has_table(_KEPT_IN):
        return ""
    return connection.scalar(text(f"SELECT version_num FROM {_KEPT_IN}")) or ""  # noqa: S608 (a name of Alembic's)


def head_revision() -> str:
    """The newest revision that there is."""
    return _revisions()[-1]


def _revisions() -> list[str]:
    """All revisions, which follow one another by the numbers that their files begin with."""
    names = [path.name for path in (_MIGRATIONS / "versions").iterdir()]
    return sorted(name[:_DIGITS] for name in names if name[:_DIGITS].isdigit() and name.endswith(".py"))


@contextmanager
def _config() -> Iterator[Config]:
    """Alembic's configuration, made in code: the migrations are where the package is."""
    # At most starts there is nothing to migrate, and to load it takes a tenth of a second and ten megabytes.
    from alembic.config import Config  # noqa: PLC0415

    with as_file(_MIGRATIONS) as folder:
        config = Config()
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
        config.set_main_option("path_separator", "os")
        yield config
