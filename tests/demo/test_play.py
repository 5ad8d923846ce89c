"""The demo checks itself, and is a chat on a terminal."""

from __future__ import annotations

import asyncio
import fcntl
import os
import pty
import struct
import sys
import termios
from collections import Counter
from pathlib import Path
from typing import Self

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from bot.chat.console import ConsoleMessenger
from bot.demo import play
from bot.demo.play import Witness, chat_in_terminal, demo_settings, play_script, terminal_locale, until, verdict
from bot.model import Locale

ROOT = Path(__file__).parents[2]


async def test_the_script_delivers_what_it_should_and_nothing_else(capsys):
    assert await play_script() == 0
    out = capsys.readouterr().out
    assert "demo passed: " in out
    assert "trilateral Russian-Ukrainian-US talks in Abu Dhabi" in out
    assert "三方" in out
    assert "> /status" in out


async def test_the_script_fails_when_an_alert_does_not_come(capsys, monkeypatch):
    monkeypatch.setattr(play, "KEYWORDS", ("Abu Dhabi", "三方會談", "Abu Simbel"))
    monkeypatch.setattr(play, "DEADLINE", 5.0)
    monkeypatch.setattr(play, "DECOY_TIME", 0.1)
    assert await play_script() == 1
    err = capsys.readouterr().err
    assert "a decoy, or too old: abu-simbel" in err
    assert "missing: three-states-fishing" in err


@pytest.mark.parametrize(
    ("told", "problem"),
    [
        ({"a": 1}, "missing: b"),
        ({"a": 1, "b": 1, "c": 1}, "a decoy, or too old: c"),
        ({"a": 1, "b": 2}, "told 2 times: b"),
    ],
)
def test_the_verdict_names_what_is_wrong(capsys, told, problem):
    assert verdict(Counter(told), {"a", "b"}) == 1
    assert capsys.readouterr().err == f"demo failed:\n  {problem}\n"


def test_the_verdict_is_good_when_each_came_once(capsys):
    assert verdict(Counter(a=1, b=1), {"a", "b"}) == 0
    assert capsys.readouterr().out.startswith("demo passed: 2 alerts")


def test_the_environment_does_not_reach_the_demo(monkeypatch):
    wrong = {"TELEGRAM_TOKEN": "secret", "MODEL_URL": "http://127.0.0.1:1", "POLL_INTERVAL": "-1", "MAX_KEYWORDS": "1"}
    for name, value in wrong.items():
        monkeypatch.setenv(name, value)
    settings = demo_settings()
    assert settings.secrets() == []
    assert (settings.model_url, settings.poll_interval, settings.max_keywords) == ("", 1, 200)


@pytest.mark.parametrize(
    ("lang", "locale"),
    [("zh_TW.UTF-8", Locale.ZH_HANT_TW), ("zh_CN", Locale.ZH_HANS), ("de_DE.UTF-8", Locale.EN), ("", Locale.EN)],
)
def test_the_terminals_language_is_spoken(monkeypatch, lang, locale):
    monkeypatch.setenv("LANG", lang)
    assert terminal_locale() is locale


async def test_what_never_comes_is_waited_for_no_longer_than_the_deadline(monkeypatch):
    async def never() -> bool:
        return False

    monkeypatch.setattr(play, "DEADLINE", 0.01)
    await asyncio.wait_for(until(never), 5)


class Terminal:
    """A program on a pseudo terminal."""

    def __init__(self, *command: str, folder: Path) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 200, 0, 0))
        os.set_blocking(self._master, False)
        self._slave = slave
        self._command = command
        self._folder = folder
        self.seen = ""

    async def __aenter__(self) -> Self:
        environment = {"PATH": os.environ["PATH"], "TERM": "xterm", "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT)}
        self.process = await asyncio.create_subprocess_exec(
            *self._command, cwd=self._folder, env=environment, stdin=self._slave, stdout=self._slave, stderr=self._slave
        )
        os.close(self._slave)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()
        os.close(self._master)

    def type(self, line: str) -> None:
        os.write(self._master, f"{line}\r".encode())

    async def until(self, text: str) -> None:
        """Read on until the text has come; it is then no more looked for."""
        async with asyncio.timeout(20):
            while text not in self.seen:
                await asyncio.sleep(0.02)
                self._read()
        self.seen = self.seen.partition(text)[2]

    async def end(self) -> int | None:
        """How the program ends by itself."""
        async with asyncio.timeout(15):
            while self.process.returncode is None:
                await asyncio.sleep(0.02)
                self._read()
        return self.process.returncode

    def _read(self) -> None:
        try:
            self.seen += os.read(self._master, 100_000).decode(errors="replace")
        except OSError:  # nothing to read yet, or the program has gone
            return


async def test_on_a_terminal_the_demo_is_a_chat_that_answers_until_it_is_left(tmp_path):
    async with Terminal(sys.executable, "-m", "bot", "demo", folder=tmp_path) as terminal:
        await terminal.until("Envoys arrive for second round")
        terminal.type("/status")
        await terminal.until("Keywords")
        terminal.type("/quit")
        assert await terminal.end() == 0


async def test_while_people_chat_new_items_keep_arriving(monkeypatch):
    witnesses = []

    class KnownWitness(Witness):
        def __init__(self, messenger: ConsoleMessenger) -> None:
            super().__init__(messenger)
            witnesses.append(self)

    monkeypatch.setattr(play, "Witness", KnownWitness)
    monkeypatch.setattr(play, "NEWS_EVERY", 0.05)
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        task = asyncio.create_task(chat_in_terminal())
        async with asyncio.timeout(20):
            # The last of the samples come a second time, numbered: news never ends.
            while not (witnesses and any(slug.endswith("-2") for slug in witnesses[0].told)):
                await asyncio.sleep(0.02)
        keys.send_text("/quit\n")
        assert await asyncio.wait_for(task, 10) == 0
    assert max(witnesses[0].told.values()) == 1
