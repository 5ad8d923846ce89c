"""Replicas of the bot as processes on one PostgreSQL, for tests and figures."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any, Self

from tests.support.bot_api import FakeBotApi

ROOT = Path(__file__).parents[2]


def environment(api: FakeBotApi, database_url: str, **more: object) -> dict[str, str]:
    """Telegram by a server of the test's, quick polls, no limits of pace."""
    return {
        "PATH": os.environ["PATH"],
        "TELEGRAM_TOKEN": api.token,
        "TELEGRAM_API_URL": api.url,
        "TELEGRAM_PER_SECOND": "1000",
        "TELEGRAM_CHAT_PER_SECOND": "1000",
        "TELEGRAM_GROUP_PER_MINUTE": "60000",
        "DATABASE_URL": database_url,
        "ALLOW_HOSTS": "127.0.0.1",
        "POLL_INTERVAL": "0.2",
        "POLL_LONGEST": "0.2",
        "WEB_PORT": "0",
        "LOG_FORMAT": "json",
    } | {name: str(value) for name, value in more.items()}


class Replica:
    """`python -m bot run`, with its log in a file. `async with` starts it, and kills it at the end if it still runs."""

    def __init__(self, log: Path, env: dict[str, str]) -> None:
        self._log = log
        self._env = env
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Self:
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", cwd=ROOT, env=self._env, stdout=log, stderr=log
            )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGKILL)
        await self._process.wait()

    def events(self) -> list[str]:
        """What it has logged."""
        return [line["event"] for line in self.lines()]

    def lines(self) -> list[dict[str, Any]]:
        """Its log, as far as it is written."""
        return [json.loads(line) for line in self._log.read_text().splitlines(keepends=True) if line.endswith("\n")]

    @property
    def serves(self) -> bool:
        """Whether it has taken over and was not stopped since."""
        return self._process.returncode is None and "took over" in self.events()

    def send(self, name: signal.Signals) -> None:
        """Signal it."""
        self._process.send_signal(name)

    async def ended(self, within: float = 15) -> int:
        """Its exit code, when it has ended."""
        return await asyncio.wait_for(self._process.wait(), within)


async def until(condition, within: float = 30) -> None:
    """Wait for a condition that rings no bell."""
    async with asyncio.timeout(within):
        while not condition():
            await asyncio.sleep(0.02)
