from __future__ import annotations

import asyncio
import contextlib
import math
import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path
from unittest.mock import Mock

import pytest
from aiosqlite import Connection
from sqlalchemy import make_url, select, text
from sqlalchemy.exc import IntegrityError

from bot.errors import SettingsError, StorageError
from bot.model import FoundFeed, Mode
from bot.storage import Storage, exclusive_lock, open_storage
from bot.storage.engine import open_database
from bot.storage.onetrip import FULL, MUCH
from bot.storage.sqlite import _add_functions


@pytest.mark.parametrize(
    "url", ["", "diting.db", "mysql://u:secret@h/d", "sqlite://", "sqlite:///:memory:", "postgresql://h:secret/x"]
)
async def test_an_address_that_is_no_database_is_refused_without_showing_it(url):
    with pytest.raises(SettingsError) as caught:
        async with open_storage(url):
            pass
    assert "DATABASE_URL" in str(caught.value)
    assert "secret" not in str(caught.value)


async def test_sqlite_takes_relative_paths_and_makes_their_folders(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    async with open_storage("sqlite:///data/deep/diting.db") as storage:
        await storage.upgrade()
        assert storage.is_sqlite
    assert (tmp_path / "data/deep/diting.db").stat().st_size > 0


async def test_a_folder_that_cannot_be_made_is_a_storage_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError):
        async with open_storage(f"sqlite:///{tmp_path}/file/diting.db"):
            pass


async def test_a_file_that_is_no_database_is_a_storage_error(tmp_path):
    path = tmp_path / "diting.db"
    path.write_bytes(b"not a database at all" * 99)
    async with open_storage(f"sqlite:///{path}") as storage:
        with pytest.raises(StorageError, match="not a database"):
            await storage.check()


async def test_a_server_that_does_not_answer_is_a_storage_error(tmp_path):
    async with open_storage(f"postgresql://u:secret@/d?host={tmp_path}") as storage:
        assert not storage.is_sqlite
        for attempt in (storage.check(), storage.notify("poll"), storage.revision()):
            with pytest.raises(StorageError) as caught:
                await attempt
            assert "secret" not in str(caught.value)


async def test_a_bug_stays_a_bug(storage: Storage, world):
    found = FoundFeed(url="https://a.example/feed", title="")
    with pytest.raises(IntegrityError):
        await storage.subscriptions.subscribe(12345, found, mode=Mode.MATCHING, now=world.now)
    assert await storage.feeds.claim_feeds(now=world.now, limit=9, lease=world.lease) == []


async def test_sqlite_keeps_a_log_for_crashes_and_checks_references(tmp_path):
    async with (
        open_storage(f"sqlite:///{tmp_path}/diting.db") as storage,
        storage._database.read() as connection,
    ):
        values = [await connection.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "foreign_keys")]
    assert values == ["wal", 1]


async def test_sqlite_reads_while_it_writes(tmp_path):
    async with open_storage(f"sqlite:///{tmp_path}/diting.db") as storage:
        await storage.upgrade()
        async with storage._database.write() as writing:
            await writing.execute(text("UPDATE keyword_revision SET revision = 7"))
            assert await storage.keywords.keyword_changes(after=0) == (0, [])
        assert await storage.keywords.keyword_changes(after=0) == (7, [])


async def test_a_cancelled_transaction_is_undone_and_holds_up_nobody(storage: Storage, world):
    begun = asyncio.Event()

    async def write():
        async with storage._database.write() as connection:
            await connection.execute(text("UPDATE keyword_revision SET revision = 99"))
            begun.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(write())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await world.chat()
    assert (await storage.keywords.keyword_changes(after=0))[0] == 0


def test_one_process_at_a_time_holds_a_file(tmp_path):
    path = tmp_path / "diting.db"
    with exclusive_lock(path), pytest.raises(StorageError, match="another process"), exclusive_lock(path):
        pass
    with exclusive_lock(path):
        pass


def test_the_lock_of_a_killed_process_is_free(tmp_path):
    path = tmp_path / "diting.db"
    program = (
        "import sys; from pathlib import Path; from bot.storage import exclusive_lock\n"
        "with exclusive_lock(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    )
    arguments = [sys.executable, "-c", program, str(path)]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path.cwd()) as process:
        assert process.stdout.readline() == b"held\n"
        with pytest.raises(StorageError), exclusive_lock(path):
            pass
        process.kill()
        process.wait()
    with exclusive_lock(path):
        pass


def test_a_lock_that_cannot_be_made_is_a_storage_error(tmp_path):
    with pytest.raises(StorageError), exclusive_lock(tmp_path / "nowhere" / "diting.db"):
        pass


async def test_only_sqlite_is_for_one_process_alone(storage: Storage, url, database):
    async with open_storage(url) as other:
        with storage.exclusive():
            if database == "postgres":
                with other.exclusive():
                    pass
            else:
                with pytest.raises(StorageError), other.exclusive():
                    pass


KILLED = """
import asyncio, os, signal, sys
from datetime import UTC, datetime
from sqlalchemy import make_url, select, text
from bot.model import ChatAddress, ChatKind, Locale, Platform
from bot.storage import open_storage
from bot.storage.engine import open_database

async def main():
    async with open_storage(sys.argv[1]) as storage:
        await storage.chats.open_chat(ChatAddress(Platform.CONSOLE, "kept"), kind=ChatKind.PRIVATE, title="",
                                      hint=Locale.EN, now=datetime.now(UTC))
        async with storage._database.write() as connection:
            await connection.execute(text("UPDATE chats SET title = 'half done'"))
            os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


async def test_a_killed_process_keeps_what_it_committed_and_nothing_else(storage: Storage, url):
    arguments = [sys.executable, "-c", KILLED, url]
    process = await asyncio.create_subprocess_exec(*arguments, cwd=Path.cwd())
    assert await process.wait() == -9
    async with storage._database.read() as connection:
        rows = (await connection.execute(text("SELECT chat, title FROM chats"))).all()
    assert rows == [("kept", "")]


@pytest.mark.parametrize("check", [lambda storage: storage.check(), lambda storage: storage.upgrade()])
async def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, check):
    (tmp_path / "folder.db").mkdir()
    async with open_storage(f"sqlite:///{tmp_path}/folder.db") as storage:
        with pytest.raises(StorageError, match=r"folder\.db: is a folder"):
            await check(storage)


@pytest.mark.parametrize("made", [True, False])
async def test_a_file_that_may_not_be_written_is_named(tmp_path: Path, monkeypatch, made):
    file = tmp_path / "diting.db"
    if made:
        file.touch()
    monkeypatch.setattr(os, "access", lambda path, mode: mode == os.F_OK and Path(path).exists())
    async with open_storage(f"sqlite:///{file}") as storage:
        with pytest.raises(StorageError, match=re.escape(f"{file if made else tmp_path}: may not be")):
            await storage.check()


async def test_who_waits_for_sqlites_lock_holds_up_nobody_else(tmp_path):
    url = f"sqlite:///{tmp_path}/diting.db"
    async with open_storage(url) as storage:
        await storage.upgrade()
        with contextlib.closing(sqlite3.connect(tmp_path / "diting.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            waiting = asyncio.create_task(storage.release_leases())
            for _ in range(3):  # it is in the lock's queue by then, and this still runs
                await storage.check()
            assert not waiting.done()
            other.execute("ROLLBACK")
        await waiting


@pytest.mark.parametrize("ends_well", [True, False])
async def test_who_has_glanced_waits_for_the_next_lock_as_others_do(tmp_path, ends_well):
    async with open_database(f"sqlite:///{tmp_path}/diting.db") as database:
        with contextlib.suppress(ZeroDivisionError):
            async with database.glance() as connection:
                plain = (await connection.get_raw_connection()).dbapi_connection
                assert plain.glances
                1 / ends_well
        assert not plain.glances
        assert not plain.is_short("BEGIN IMMEDIATE")


async def test_a_new_file_that_another_takes_over_is_waited_for(tmp_path):
    async with open_storage(f"sqlite:///{tmp_path}/diting.db") as storage:
        with contextlib.closing(sqlite3.connect(tmp_path / "diting.db", isolation_level=None)) as other:
            other.execute("CREATE TABLE theirs (id)")
            other.execute("BEGIN IMMEDIATE")  # SQLite refuses WAL at once, whatever the timeout
            waiting = asyncio.create_task(storage.upgrade())
            await asyncio.sleep(0.1)
            assert not waiting.done()
            other.execute("ROLLBACK")
        await waiting
        assert await storage.revision()


def test_what_a_build_of_sqlite_lacks_is_added():
    driver = Mock(_conn=sqlite3.connect(":memory:"))
    _add_functions(driver, has_mathematics=False)
    asked = "SELECT ln(:e), lower(:text), lower(NULL), lower(7)"
    [row] = driver._conn.execute(asked, {"e": math.e, "text": "ÄNDERUNG Новости"}).fetchall()
    assert row == (1.0, "änderung новости", None, 7)


@pytest.mark.parametrize("rested", [True, False])
async def test_a_connection_that_the_server_has_closed_is_not_given_out_once_it_has_rested(
    postgres, postgres_url, monkeypatch, rested
):
    monkeypatch.setattr("bot.storage.postgres.RESTED", 0 if rested else 1_000)
    async with open_database(postgres_url) as database:
        for _ in range(2):
            async with database.read() as connection:
                assert await connection.scalar(select(1)) == 1
        name = make_url(postgres_url).database
        postgres.execute(f"SELECT pg_terminate_backend(pid, 10_000) FROM pg_stat_activity WHERE datname = '{name}'")
        if not rested:  # it is not tried, and the first to use it finds out for all others
            with pytest.raises(StorageError):
                async with database.read() as connection:
                    await connection.scalar(select(1))
        async with database.read() as connection:
            assert await connection.scalar(select(1)) == 1


@pytest.fixture
def trips(monkeypatch) -> list:
    """The trips to the threads of SQLite's connections."""
    made = []
    plain = Connection._execute

    async def counted(self, *given, **named):
        made.append(given)
        return await plain(self, *given, **named)

    monkeypatch.setattr(Connection, "_execute", counted)
    return made


@contextlib.asynccontextmanager
async def a_table(path: Path):
    """A database with a table."""
    async with open_database(f"sqlite:///{path}") as database:
        async with database.write() as connection:
            await connection.execute(text("CREATE TABLE numbers (number INTEGER)"))
        yield database


async def add(database, count: int) -> None:
    """Add so many rows in one transaction."""
    many = text("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count) ")
    async with database.write() as connection:
        await connection.execute(text(f"{many} INSERT INTO numbers SELECT i FROM n"), {"count": count})


async def test_of_sqlites_commits_only_those_that_may_wait_for_the_disk_go_to_a_thread(tmp_path, trips):
    async def costs(count: int) -> int:
        trips.clear()
        await add(database, count)
        return len(trips)

    async with a_table(tmp_path / "diting.db") as database:
        await add(database, 1)
        assert [await costs(1) for _ in range(3)] == [0, 0, 0]
        assert await costs(MUCH) == 1
        assert await costs(FULL - MUCH) == 1  # the log is full: it is brought into the database
        assert await costs(1) == 1  # which is begun anew
        assert await costs(1) == 0


async def test_the_log_of_an_sqlite_file_stays_short_whatever_is_written(tmp_path):
    path = tmp_path / "diting.db"
    async with a_table(path) as database:
        for _ in range(3 * FULL):
            await add(database, 1)
        assert path.with_name("diting.db-wal").stat().st_size < 1.2 * FULL * 4200
        rows = contextlib.closing(sqlite3.connect(f"file:{path}?immutable=1", uri=True))  # without the log
        with rows as connection:
            ((count,),) = connection.execute("SELECT count(*) FROM numbers")
        assert count >= 2 * FULL


async def test_a_commit_that_fails_leaves_nothing_and_no_transaction(tmp_path):
    async with a_table(tmp_path / "diting.db") as database:
        await add(database, 1)
        async with database.write() as connection:
            await connection.execute(text("CREATE TABLE parents (id INTEGER PRIMARY KEY)"))
            reference = "REFERENCES parents DEFERRABLE INITIALLY DEFERRED"
            await connection.execute(text(f"CREATE TABLE children (id INTEGER {reference})"))
        for _ in range(2):  # as often as one likes
            with pytest.raises(IntegrityError):
                async with database.write() as connection:
                    await connection.execute(text("INSERT INTO children VALUES (1)"))
        await add(database, 1)
        async with database.read() as connection:
            assert await connection.scalar(text("SELECT count(*) FROM children")) == 0


async def test_a_glance_that_turns_out_to_be_much_is_left_to_a_thread(tmp_path, trips):
    async def numbers(database, below: int) -> int:
        trips.clear()
        async with database.glance() as connection:
            found = await connection.scalars(
                text("SELECT number FROM numbers WHERE number <= :below"), {"below": below}
            )
            return len(found.all())

    async with a_table(tmp_path / "diting.db") as database:
        async with database.write() as connection:
            await connection.execute(text("CREATE INDEX by_number ON numbers (number)"))
        await add(database, 50_000)
        await numbers(database, 0)  # the connection is made
        assert (await numbers(database, 100), len(trips)) == (100, 0)
        assert (await numbers(database, 50_000), len(trips)) == (50_000, 1)
        assert (await numbers(database, 100), len(trips)) == (100, 0)


async def test_what_is_wrong_with_a_glance_is_told(tmp_path):
    async with a_table(tmp_path / "diting.db") as database:
        with pytest.raises(StorageError, match="no such table"):
            async with database.glance() as connection:
                await connection.execute(text("SELECT 1 FROM letters"))
        async with database.glance() as connection:
            assert await connection.scalar(text("SELECT count(*) FROM numbers")) == 0
