"""The command line in this process, with an environment, a folder and logging of its own."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import structlog

from bot.cli import main
from bot.settings import Settings, load_settings
from tests.support.databases import make as make_database
from tests.support.postgres import PostgresServer, run_postgres


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def reports(self) -> list[dict[str, Any]]:
        """The JSON lines it wrote."""
        return [json.loads(line) for line in self.out.split("\n") if line]


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch, tmp_path):
    """No variable of the machine, and no .env file, gets in."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(autouse=True)
def own_logging():
    """The logging of the other tests is put back."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


@pytest.fixture
def cli(monkeypatch, capsys) -> Callable[..., Ran]:
    """`cli("match", "--keywords", ...)`: the command as `python -m bot` runs it."""

    def run(*arguments: str, stdin: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "argv", ["diting", *arguments])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        written = capsys.readouterr()
        return Ran(int(ended.value.code or 0), written.out, written.err)

    return run


@pytest.fixture
def cli_beside(cli):
    """The same, awaited: servers of the test go on beside it."""

    async def run(*arguments: str, stdin: bytes = b"") -> Ran:
        return await asyncio.to_thread(cli, *arguments, stdin=stdin)

    return run


@pytest.fixture
def make_settings(tmp_path):
    """Settings on a database of the test's own, without a web server."""

    def make(**more: object) -> Settings:
        given = {"database_url": f"sqlite:///{tmp_path}/diting.db", "allow_hosts": "127.0.0.1", "web_port": 0}
        quick = {"poll_interval": 0.05, "poll_longest": 0.05}
        return load_settings(_env_file=None, **(given | quick | more))

    return make


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    with run_postgres() as server:
        yield server


@pytest.fixture
def server_url(postgres: PostgresServer) -> Iterator[str]:
    name = postgres.create()
    yield postgres.url(name)
    postgres.drop(name)


@pytest.fixture(scope="session")
def template(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("filled") / "diting.db"
    asyncio.run(make_database(f"sqlite:///{path}"))
    return path


@pytest.fixture
def live(template, tmp_path, monkeypatch) -> Path:
    """The bot's database, with rows in every table."""
    path = tmp_path / "diting.db"
    shutil.copy(template, path)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{path}")
    return path


@pytest.fixture
def saved(live, cli) -> Path:
    """A backup of it."""
    ran = cli("db", "backup", "saved.db")
    assert ran.code == 0, ran.err
    return Path("saved.db").absolute()
