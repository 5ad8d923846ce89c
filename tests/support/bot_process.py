"""The real process, `python -m bot run`, against platforms on loopback: what it is told, and its life and death."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
# Beyond what any test sends: pace is not what these are about.
UNPACED = {
    "TELEGRAM_PER_SECOND": "1000",
    "TELEGRAM_CHAT_PER_SECOND": "1000",
    "TELEGRAM_GROUP_PER_MINUTE": "60000",
    "DISCORD_PER_SECOND": "1000",
}


def environment(database_url: str, *platforms: Mapping[str, str]) -> dict[str, str]:
    """What a process is told that polls often and works at once. `platforms` are the variables for each."""
    common = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": database_url,
        "ALLOW_HOSTS": "127.0.0.1",
        "POLL_INTERVAL": "0.2",
        "POLL_LONGEST": "0.2",
        "FULL_TEXT": "off",
        "WEB_PORT": "0",
        "LOG_FORMAT": "json",
    }
    return common | UNPACED | {name: value for one in platforms for name, value in one.items()}


async def start_bot(environment: Mapping[str, str], log: Path) -> asyncio.subprocess.Process:
    """A process whose output is added to `log`."""
    module = "tests.support.start_bot" if "DISCORD_API_URL" in environment else "bot"
    with log.open("ab") as output:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", module, "run", cwd=ROOT, env=environment, stdout=output, stderr=output
        )


async def kill(process: asyncio.subprocess.Process) -> None:
    """End it without warning, if it still runs."""
    if process.returncode is None:
        process.send_signal(signal.SIGKILL)
    await process.wait()


@asynccontextmanager
async def bot_process(environment: Mapping[str, str], log: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """A process that is killed at the end without warning."""
    process = await start_bot(environment, log)
    try:
        yield process
    finally:
        await kill(process)
