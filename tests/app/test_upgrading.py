"""An SQLite file is backed up before a new version changes its tables, and only then."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from structlog.testing import capture_logs

from bot.app import program
from bot.app.upgrading import back_up_before_upgrade
from bot.storage import backup, schema
from bot.storage.engine import open_database
from tests.support import databases

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
BACKUP = "diting-20260304-050607.db"


@pytest.fixture
def settings(make_settings, tmp_path):
    return make_settings(database_url=f"sqlite:///{tmp_path}/diting.db")


async def age(url: str) -> str:
    """Take the tables back by one revision; answer which they are at."""

    def downgrade(connection) -> str:
        with schema._config() as config:
            config.attributes["connection"] = connection
            command.downgrade(config, "-1")
        return schema.current_revision(connection)

    async with open_database(url) as database, database.write() as connection:
        return await connection.run_sync(downgrade)


def backups(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("backups/*.db"))


async def test_older_tables_are_backed_up_whole(settings, tmp_path):
    await databases.make(settings.database_url)
    old = await age(settings.database_url)
    before = databases.rows_of(tmp_path / "diting.db")
    await back_up_before_upgrade(settings, now=NOW)
    assert backups(tmp_path) == [BACKUP]
    kept = tmp_path / "backups" / BACKUP
    assert backup.examine(kept).revision == old
    assert databases.rows_of(kept) == before


async def test_the_program_does_so_when_it_starts_and_upgrades(settings, tmp_path, monkeypatch):
    async def run(self, stop) -> None:
        assert await self._core.storage.revision() == (schema.head_revision(),) * 2

    monkeypatch.setattr(program.Program, "run", run)
    await databases.make(settings.database_url)
    await age(settings.database_url)
    await program.run_bot(settings)
    assert len(backups(tmp_path)) == 1
    await program.run_bot(settings)
    assert len(backups(tmp_path)) == 1


async def test_a_new_database_and_one_that_is_up_to_date_need_none(settings, tmp_path):
    await back_up_before_upgrade(settings, now=NOW)
    assert not (tmp_path / "diting.db").exists()
    await databases.make(settings.database_url)
    await back_up_before_upgrade(settings, now=NOW)
    assert backups(tmp_path) == []


async def test_what_can_not_be_backed_up_is_said_and_the_upgrade_goes_on(settings, tmp_path):
    await databases.make(settings.database_url)
    await age(settings.database_url)
    (tmp_path / "backups").write_text("in the way")
    with capture_logs() as logs:
        await back_up_before_upgrade(settings, now=NOW)
    assert [log["event"] for log in logs][-1] == "no backup before the upgrade"
