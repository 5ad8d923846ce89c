"""`db backup`, `db restore` and `db copy` as people meet them: what they do, refuse, and leave behind."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import sqlite3
import sys
import threading
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, text

from bot.app import places
from bot.storage import backup, schema
from bot.storage.engine import open_database
from bot.storage.sqlite import exclusive_lock
from tests.support.databases import ROWS, TABLES, names, opened, rows_of

ROOT = Path(__file__).parents[2]
NAME = re.compile(r"diting-\d{8}-\d{6}\.db")


# --- backup ----------------------------------------------------------------------------------------------


def test_a_backup_goes_beside_the_database_under_the_date(cli, live):
    ran = cli("db", "backup")
    assert ran.code == 0, ran.err
    [report] = ran.reports
    file = Path(report["file"])
    assert file.parent == live.parent / "backups"
    assert NAME.fullmatch(file.name)
    assert (report["bytes"], report["rows"], report["revision"]) == (
        file.stat().st_size,
        ROWS * TABLES,
        schema.head_revision(),
    )
    assert names(file.parent) == {file.name, f"{file.name}.sha256"}
    assert Path(f"{file}.sha256").read_text() == f"{report['sha256']}  {file.name}\n"
    assert rows_of(file) == rows_of(live)


def test_the_text_says_where_it_is_and_that_it_is_whole(cli, live):
    ran = cli("db", "backup", "--text")
    assert "looked through and found whole\nSHA-256 " in ran.out


def test_while_the_bot_runs_and_writes_a_backup_shows_one_moment(cli, live):
    """Each transaction adds a row to two tables: in a backup there are as many in one as in the other."""
    with opened(live) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE one (filler)")
        connection.execute("CREATE TABLE other (filler)")
    stop, first = threading.Event(), threading.Event()

    def write() -> None:
        connection = sqlite3.connect(live, isolation_level=None, timeout=30)
        while not stop.is_set():
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO one VALUES (randomblob(20000))")
            connection.execute("INSERT INTO other VALUES (randomblob(20000))")
            connection.execute("COMMIT")
            first.set()
        connection.close()

    writer = threading.Thread(target=write)
    with exclusive_lock(live):
        writer.start()
        first.wait()
        try:
            reports = [cli("db", "backup", f"{n}.db").reports[0] for n in range(5)]
        finally:
            stop.set()
            writer.join()
    pairs = [(report["tables"]["one"], report["tables"]["other"]) for report in reports]
    assert all(one == other for one, other in pairs)
    assert pairs[0][0] < pairs[-1][0]


def test_a_file_that_is_there_is_replaced_only_by_force(cli, live):
    Path("mine.db").write_text("mine")
    ran = cli("db", "backup", "mine.db")
    assert (ran.code, ran.out) == (1, "")
    assert "mine.db: is there already; name another file, or say --force" in ran.err
    assert Path("mine.db").read_text() == "mine"
    assert cli("db", "backup", "mine.db", "--force").code == 0
    assert rows_of(Path("mine.db")) == rows_of(live)


def test_of_a_folder_only_the_newest_of_our_own_are_kept(cli, live):
    folder = Path("kept")
    folder.mkdir()
    for name in ("diting-20200101-000000.db", "diting-20210101-000000.db", "diting.db", "holiday-20200101-000000.db"):
        (folder / name).touch()
        (folder / f"{name}.sha256").touch()
    ran = cli("db", "backup", "kept", "--keep", "2")
    [report] = ran.reports
    assert report["removed"] == ["kept/diting-20200101-000000.db"]
    new = Path(report["file"]).name
    stay = {"diting-20210101-000000.db", "diting.db", "holiday-20200101-000000.db", new}
    assert names(folder) == stay | {f"{name}.sha256" for name in stay}


def test_keeping_a_number_needs_a_folder(cli, live):
    assert cli("db", "backup", "one.db", "--keep", "2").code == 2


def test_what_is_not_there_is_not_made_by_a_backup(cli, monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", "sqlite:///nowhere.db")
    ran = cli("db", "backup", "saved.db")
    assert ran.code == 1
    assert "nowhere.db: there is no such database; check DATABASE_URL" in ran.err
    assert names(tmp_path) == set()


def test_a_full_disk_is_told_beforehand(cli, live, tmp_path, monkeypatch):
    monkeypatch.setattr(places.shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10, 9, 1))
    ran = cli("db", "backup", "saved.db")
    assert ran.code == 1
    assert re.search(r"[\d.]+ MB are needed there and 0.0 MB are free; make room, or choose another folder", ran.err)
    assert names(tmp_path) == {"diting.db"}


def test_a_disk_that_fills_up_meanwhile_leaves_nothing_behind(cli, live, tmp_path, monkeypatch):
    """A small file system, as SQLite sees it: no file may have more pages."""
    connect = sqlite3.connect

    def small(target, *arguments, **options):
        connection = connect(target, *arguments, **options)
        if str(target).endswith(".partial"):
            connection.execute("PRAGMA max_page_count = 3")
        return connection

    monkeypatch.setattr(backup.sqlite3, "connect", small)
    ran = cli("db", "backup", "saved.db")
    assert (ran.code, ran.out) == (1, "")
    assert names(tmp_path) == {"diting.db"}
    assert "saved.db.partial: database or disk is full" in ran.err


def test_a_damaged_database_makes_no_backup(cli, live, tmp_path):
    content = bytearray(live.read_bytes())
    content[8 * 4096 : 9 * 4096] = os.urandom(4096)
    live.write_bytes(content)
    ran = cli("db", "backup", "saved.db")
    assert ran.code == 1
    assert names(tmp_path) - {"diting.db-wal", "diting.db-shm"} == {"diting.db"}


# --- restore ---------------------------------------------------------------------------------------------


def test_a_backup_comes_back_and_what_was_there_is_kept(cli, live, saved):
    before = rows_of(live)
    with opened(live) as connection:
        connection.execute("DELETE FROM chats WHERE id > 5")
    later = rows_of(live)
    refused = cli("db", "restore", "saved.db")
    assert (refused.code, refused.out) == (1, "")
    assert "holds data: say --force to put the backup in its place (the data is kept aside)" in refused.err
    assert rows_of(live) == later
    ran = cli("db", "restore", "saved.db", "--force")
    [report] = ran.reports
    assert (report["rows"], report["checked"]) == (ROWS * TABLES, True)
    assert rows_of(live) == before
    assert rows_of(Path(report["kept"])) == later


def test_last_changes_of_a_killed_bot_do_not_get_into_the_backup_and_are_kept(cli, live, saved, tmp_path):
    before = rows_of(live)
    kill = (
        "import os, sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('PRAGMA journal_mode = WAL');"
        "c.execute('DELETE FROM spendings'); c.commit(); os.kill(os.getpid(), 9)"
    )
    os.spawnv(os.P_WAIT, sys.executable, [sys.executable, "-c", kill, str(live)])
    assert live.with_name("diting.db-wal").stat().st_size > 0
    live_bytes = live.read_bytes()
    [report] = cli("db", "restore", "saved.db", "--force").reports
    assert rows_of(live) == before
    assert rows_of(Path(report["kept"]))["spendings"] == []
    assert live_bytes != live.read_bytes()


def test_a_restored_file_gives_back_the_room_that_it_frees(cli, live, saved):
    with opened(saved) as connection:
        connection.execute("PRAGMA auto_vacuum = NONE")
        connection.execute("VACUUM")
    Path("saved.db.sha256").unlink()
    [report] = cli("db", "restore", "saved.db", "--force").reports
    assert report["checked"] is False
    with opened(live) as connection:
        assert connection.execute("PRAGMA auto_vacuum").fetchone() == (2,)


def test_a_running_bot_is_not_restored_under(cli, live, saved):
    with exclusive_lock(live):
        ran = cli("db", "restore", "saved.db", "--force")
    assert ran.code == 1
    assert "another process runs on" in ran.err


def spoil_end(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-5000])


def spoil_letter(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content.replace(b"Abu Dhabi", b"Abu Dhaby", 1))


def spoil_page(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[8 * 4096 : 9 * 4096] = os.urandom(4096)
    path.write_bytes(content)


def spoil_all(path: Path) -> None:
    path.write_text("no database at all" * 1000)


def spoil_kind(path: Path) -> None:
    path.unlink()
    sqlite3.connect(path).execute("CREATE TABLE one (id)").connection.close()


SPOILERS = [spoil_end, spoil_letter, spoil_page, spoil_all, spoil_kind, Path.unlink]


@pytest.mark.parametrize("spoil", SPOILERS)
@pytest.mark.parametrize("with_sum", [True, False])
def test_what_is_no_whole_backup_is_refused(cli, live, saved, tmp_path, spoil, with_sum):
    spoil(saved)
    if not with_sum:
        Path("saved.db.sha256").unlink()
        if spoil is spoil_letter:
            pytest.skip("a letter is all that the database can't know")
    before = rows_of(live)
    ran = cli("db", "restore", "saved.db", "--force")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("error: saved.db: ")
    assert rows_of(live) == before
    assert names(tmp_path) <= {"diting.db", "saved.db", "saved.db.sha256"}


@pytest.mark.parametrize("older", ["0003", "0004"])
def test_a_backup_of_an_older_version_is_brought_to_this_ones_tables(cli, monkeypatch, tmp_path, older):
    def upgrade_to(connection: Connection) -> None:
        with schema._config() as config:
            config.attributes["connection"] = connection
            command.upgrade(config, older)

    async def make_old() -> None:
        async with open_database(f"sqlite:///{tmp_path}/old.db") as database, database.write() as connection:
            await connection.run_sync(upgrade_to)
            chat = (
                "INSERT INTO chats (platform, chat, hint, languages, timezone, created)"
                " VALUES ('telegram', '7', 'en', '[]', 'UTC', '2026-01-01 00:00:00.000000')"
            )
            await connection.execute(text(chat))

    asyncio.run(make_old())
    monkeypatch.setenv("DATABASE_URL", "sqlite:///old.db")
    assert cli("db", "backup", "saved.db").reports[0]["revision"] == older
    monkeypatch.setenv("DATABASE_URL", "sqlite:///deep/new.db")
    assert cli("db", "restore", "saved.db").reports[0]["revision"] == older
    with opened("deep/new.db") as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (schema.head_revision(),)
        assert connection.execute("SELECT chat, reports FROM chats").fetchall() == [("7", "fold")]


def test_a_backup_of_a_newer_version_is_refused(cli, live, saved):
    with opened(live) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    assert cli("db", "backup", "newer.db").code == 0
    ran = cli("db", "restore", "newer.db", "--force")
    assert ran.code == 1
    assert "revision 9999, which a newer version of Diting has made" in ran.err
    assert not list(live.parent.glob("*restoring*"))


def test_a_damaged_database_is_replaced_by_force_and_kept(cli, live, saved):
    before = rows_of(live)
    live.write_bytes(b"rubbish" * 1000)
    refused = cli("db", "restore", "saved.db")
    assert refused.code == 1
    assert "say --force" in refused.err
    [report] = cli("db", "restore", "saved.db", "--force").reports
    assert rows_of(live) == before
    assert Path(report["kept"]).read_bytes().startswith(b"rubbish")
