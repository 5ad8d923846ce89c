"""Databases on servers and files, from one to the other, killed in between, and written anew."""

from __future__ import annotations

import asyncio
import io
import os
import re
import shutil
import sys
from contextlib import nullcontext
from pathlib import Path

import psycopg
import pytest
from rich.console import Console

from bot.app import moving
from bot.storage import schema
from bot.storage.engine import open_database
from bot.storage.sqlite import exclusive_lock
from tests.support.databases import ROWS, TABLES, make, names, opened, rows_of

ROOT = Path(__file__).parents[2]


# --- PostgreSQL, and from one to the other ---------------------------------------------------------------


def test_a_server_is_backed_up_and_restored_by_the_same_file(cli, live, saved, server_url, monkeypatch):
    before = rows_of(live)
    assert cli("db", "copy", "--to", server_url).code == 0
    monkeypatch.setenv("DATABASE_URL", server_url)
    [report] = cli("db", "backup", "server.db").reports
    assert (report["rows"], rows_of(Path("server.db"))) == (ROWS * TABLES, before)
    with psycopg.connect(server_url) as connection:
        connection.execute("DELETE FROM chats WHERE id > 5")
    assert "holds data" in cli("db", "restore", "server.db").err
    [report] = cli("db", "restore", "server.db", "--force").reports
    with opened(report["kept"]) as connection:
        assert connection.execute("SELECT count(*) FROM chats").fetchone() == (5,)
    cli("db", "backup", "again.db")
    assert rows_of(Path("again.db")) == before
    assert {path.suffix for path in Path().iterdir()} == {".db", ".sha256", ".lock"}


def test_a_server_that_a_bot_uses_is_not_copied_or_restored_under(cli_beside, live, saved, server_url, monkeypatch):
    async def scenario() -> list[str]:
        async with open_database(server_url) as bot:
            await schema.upgrade(bot)
            copied = await cli_beside("db", "copy", "--to", server_url)
            monkeypatch.setenv("DATABASE_URL", server_url)
            back = await cli_beside("db", "copy", "--to", "sqlite:///new.db")
            restored = await cli_beside("db", "restore", str(saved), "--force")
            kept = await cli_beside("db", "backup", "while.db")
        assert kept.code == 0
        return [ran.err for ran in (copied, back, restored)]

    for said in asyncio.run(scenario()):
        assert (
            "1 other sessions of Diting are on the PostgreSQL database: stop the bot, all its replicas, first" in said
        )


def test_a_copy_never_shows_a_password_and_says_what_comes_next(cli, live, monkeypatch, server_url):
    with_password = re.sub(r"//(\w+)(:[^@]*)?@", r"//\1:geheim@", server_url)
    ran = cli("db", "copy", "--to", with_password, "--text")
    assert "next: put the new address into DATABASE_URL and start the bot" in ran.out
    assert "geheim" not in ran.out + ran.err


@pytest.mark.parametrize(
    ("to", "says"),
    [
        ("sqlite:///full.db", "holds data already: choose an empty database, or say --force"),
        ("sqlite:///diting.db", "onto itself"),
        ("mysql://a/b", "--to: must begin with sqlite:/// or postgresql://"),
        ("nonsense", "--to: not an address"),
        ("postgresql://nobody@127.0.0.1:1/none", "refused"),
    ],
)
def test_a_copy_that_can_not_be_says_why(cli, live, to, says, template, monkeypatch, tmp_path):
    shutil.copy(template, "full.db")
    monkeypatch.setenv("DATABASE_URL", "sqlite:///diting.db")
    ran = cli("db", "copy", "--to", to)
    assert (ran.code, ran.out) == (1, "")
    assert says in ran.err
    assert "Traceback" not in ran.err


def test_a_bot_does_not_start_on_a_copy_that_broke_off(cli, live, monkeypatch, server_url):
    def broken(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(moving, "progress_bar", lambda console: nullcontext(broken))
    assert cli("db", "copy", "--to", server_url).code == 130
    monkeypatch.setenv("DATABASE_URL", server_url)
    assert "a copy into this database broke off" in cli("db", "upgrade").err


HANG = """
import sys, time
from contextlib import nullcontext
from pathlib import Path
from bot.app import moving
from bot.cli import main

def show(step, table, done, total):
    if done > total / 2:
        Path("half").touch()
        time.sleep(600)

moving.progress_bar = lambda console: nullcontext(show)
sys.argv = ["diting", "db", "copy", "--to", sys.argv[1]]
main()
"""


async def test_a_copy_that_is_killed_goes_on_when_it_is_run_again(live, tmp_path, server_url, cli_beside, monkeypatch):
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "DATABASE_URL": os.environ["DATABASE_URL"]}
    started = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HANG, server_url, env=environment, cwd=tmp_path
    )
    while not (tmp_path / "half").exists():
        assert started.returncode is None
        await asyncio.sleep(0.01)
    started.kill()
    assert await started.wait() == -9
    with psycopg.connect(server_url) as connection:
        [there] = connection.execute("SELECT count(*) FROM feeds").fetchone()
    assert there == ROWS
    [report] = (await cli_beside("db", "copy", "--to", server_url)).reports
    assert set(report["tables"].values()) == {ROWS}
    monkeypatch.setenv("DATABASE_URL", server_url)
    assert (await cli_beside("db", "backup", "server.db")).code == 0
    assert rows_of(Path("server.db")) == rows_of(live)


async def test_a_backup_that_is_killed_leaves_no_half_and_the_next_one_takes_its_place(
    tmp_path, cli_beside, monkeypatch
):
    await make(f"sqlite:///{tmp_path}/diting.db", 20)
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "DATABASE_URL": f"sqlite:///{tmp_path}/diting.db",
    }
    hang = (
        "import sys, time; from bot.storage import backup; backup.settle = lambda path: time.sleep(600);"
        "sys.argv = ['diting', 'db', 'backup', 'saved.db']; from bot.cli import main; main()"
    )
    started = await asyncio.create_subprocess_exec(sys.executable, "-c", hang, env=environment, cwd=tmp_path)
    partial = tmp_path / "saved.db.partial"
    while not (partial.exists() and partial.stat().st_size):
        await asyncio.sleep(0.01)
    started.kill()
    await started.wait()
    assert not (tmp_path / "saved.db").exists()
    monkeypatch.setenv("DATABASE_URL", environment["DATABASE_URL"])
    assert (await cli_beside("db", "backup", "saved.db")).code == 0
    assert names(tmp_path) == {"diting.db", "saved.db", "saved.db.sha256"}


def test_progress_is_drawn_on_a_terminal_alone() -> None:
    drawn = {}
    for terminal in (True, False):
        console = Console(force_terminal=terminal, file=io.StringIO(), width=80)
        with moving.progress_bar(console) as show:
            show("copy", "items", 1, 2)
            show("check", "chats", 2, 2)
        drawn[terminal] = console.file.getvalue()
    assert "comparing chats" in drawn[True]
    assert drawn[False] == ""


# --- compact ---------------------------------------------------------------------------------------------


def test_a_file_of_an_earlier_version_is_written_anew_on_demand(cli, live):
    with opened(live) as connection:
        connection.execute("PRAGMA auto_vacuum = NONE")
        connection.execute("VACUUM")
        connection.execute("CREATE TABLE ballast AS SELECT randomblob(4000000)")
        connection.execute("DROP TABLE ballast")
    before = rows_of(live)
    with exclusive_lock(live):
        assert "another process runs on" in cli("db", "compact").err
    [report] = cli("db", "compact").reports
    assert report["before"] - report["after"] > 3_900_000
    assert report["after"] == live.stat().st_size
    assert rows_of(live) == before
    assert names(live.parent) == {"diting.db"}
    with opened(live) as connection:
        assert connection.execute("PRAGMA auto_vacuum").fetchone() == (2,)


def test_a_server_needs_no_compacting(cli, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://diting@127.0.0.1/diting")
    assert "autovacuum does it by itself" in cli("db", "compact").err
