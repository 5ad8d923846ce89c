"""The command line as people meet it: what it offers, how `run` starts and stops, and how faults end."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.app import program
from bot.cli import app
from bot.demo import play
from tests.support.bot_api import FakeBotApi

ROOT = Path(__file__).parents[2]
WRONG_TOKEN = "7000000009:AAWrongWrongWrongWrongWrongWrongWron"


@pytest.fixture
async def api():
    async with FakeBotApi() as api:
        yield api


@pytest.fixture
def environment(tmp_path, api) -> dict[str, str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "TELEGRAM_TOKEN": api.token,
        "TELEGRAM_API_URL": api.url,
        "DATABASE_URL": f"sqlite:///{tmp_path}/diting.db",
        "WEB_PORT": str(port),
        "LOG_FORMAT": "json",
    }


@asynccontextmanager
async def process(folder: Path, environment: dict[str, str], *arguments: str):
    """`python -m bot`, killed at the end if it still runs."""
    pipe = asyncio.subprocess.PIPE
    started = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *arguments, cwd=folder, env=environment, stdout=pipe, stderr=pipe
    )
    try:
        yield started
    finally:
        if started.returncode is None:
            started.kill()
            await started.communicate()


async def ended(started, within: float) -> tuple[int | None, str]:
    """Its exit code, and all it wrote."""
    out, err = await asyncio.wait_for(started.communicate(), within)
    return started.returncode, (out + err).decode()


# --- run -------------------------------------------------------------------------------------------------


def test_without_a_token_it_names_both(cli):
    ran = cli("run")
    assert (ran.code, ran.out) == (1, "")
    assert "TELEGRAM_TOKEN and DISCORD_TOKEN" in ran.err


async def test_a_wrong_token_is_named_and_never_shown(tmp_path, environment):
    async with process(tmp_path, environment | {"TELEGRAM_TOKEN": WRONG_TOKEN}, "run") as started:
        code, said = await ended(started, 30)
    assert code == 1
    assert "error: TELEGRAM_TOKEN: Telegram refuses it" in said
    assert WRONG_TOKEN not in said


async def test_it_runs_alone_on_its_file_until_it_is_told_to_stop(tmp_path, api, environment):
    async with process(tmp_path, environment, "run") as started:
        api.say(7, "/help")
        await api.until(lambda: api.sent_to(7), within=30)
        async with process(tmp_path, environment, "run") as second, process(tmp_path, environment, "health") as asked:
            code, said = await ended(second, 30)
            assert (code, "another process runs on" in said) == (1, True)
            code, said = await ended(asked, 30)
            assert (code, '"database": "ok"' in said) == (0, True)
        started.send_signal(signal.SIGTERM)
        code, said = await ended(started, 10)
    assert (code, api.token in said) == (0, False)
    assert '"event": "stopped"' in said


def test_a_bug_ends_it_with_its_traceback_but_without_the_token(cli, monkeypatch):
    async def faulty(settings, **_: object) -> None:
        raise ZeroDivisionError(f"https://api.telegram.org/bot{settings.telegram_token.get_secret_value()}/getMe")

    monkeypatch.setenv("TELEGRAM_TOKEN", WRONG_TOKEN)
    monkeypatch.setattr(program, "run_bot", faulty)
    ran = cli("run")
    assert ran.code == 1
    assert "ZeroDivisionError" in ran.err
    assert WRONG_TOKEN not in ran.out + ran.err


# --- the rest --------------------------------------------------------------------------------------------


async def test_output_is_utf8_whatever_the_locale_says(tmp_path):
    (tmp_path / "keywords.txt").write_text("三方會談\n", "utf-8")
    (tmp_path / "items.jsonl").write_text('{"guid": "1", "title": "三方会谈"}\n', "utf-8")
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "latin-1"}
    async with process(tmp_path, environment, "match", "--keywords", "keywords.txt", "items.jsonl") as started:
        assert await ended(started, 30) == (0, '{"item": "1", "keyword": "三方會談", "matched": ["三方会谈"]}\n')


def test_help_lists_the_commands(cli):
    ran = cli("--help")
    assert ran.code == 0
    names = {command.callback.__name__ for command in app.registered_commands}
    assert names == {"run", "demo", "match", "story", "brief", "poll", "doctor", "health"}
    assert all(name in ran.out for name in (*names, "feed", "db"))


@pytest.mark.parametrize("arguments", [["nonsense"], ["match"], ["feed", "parse"], ["poll", "--twice"]])
def test_wrong_usage_ends_with_2(cli, arguments):
    ran = cli(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err


def test_an_interrupt_ends_with_130(cli, monkeypatch):
    async def interrupted() -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(play, "play_script", interrupted)
    assert cli("demo").code == 130


@pytest.mark.parametrize(("arguments", "played"), [([], "script"), (["--script"], "script"), (["--chat"], "chat")])
def test_without_a_terminal_the_demo_plays_its_script(cli, monkeypatch, arguments, played):
    async def script() -> int:
        return 3

    async def chat() -> int:
        return 4

    monkeypatch.setattr(play, "play_script", script)
    monkeypatch.setattr(play, "chat_in_terminal", chat)
    assert cli("demo", *arguments).code == {"script": 3, "chat": 4}[played]


def test_the_doctor_speaks_to_people_or_to_programs(cli):
    said = cli("doctor", "--text")
    assert said.code == 1
    assert "✗ tokens: no platform is set up\n  → set TELEGRAM_TOKEN" in said.out
    assert "· model: MODEL_URL is not set" in said.out
    assert set(cli("doctor", "--json").reports[0]) == {"check", "state", "detail", "mend"}


def test_the_doctor_notices_slips_and_a_database_without_a_name(cli, monkeypatch, tmp_path):
    (tmp_path / ".env").write_text("MODEL_ULR=http://127.0.0.1\nPOSTGRES_PASSWORD=x\n")
    monkeypatch.setenv("DATABASE_URL", "sqlite:///")
    said = cli("doctor", "--text")
    assert "! settings: MODEL_ULR is no setting\n  → write MODEL_URL" in said.out
    assert "✗ database: DATABASE_URL: name a file" in said.out
    assert "· translator:" in said.out
