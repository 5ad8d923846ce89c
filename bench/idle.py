"""How soon the program is ready, how much memory it takes when it has nothing to do, and how soon it alerts then.

Run: python -m bench.idle [--keywords N] [--seconds N]

The real process, `python -m bot run`, with Telegram and Discord on loopback and a new SQLite file. After it idled, one
item after the other comes, each for a chat on either platform, and is timed from the poll's answer to the later
message. The first one has to wait for what is loaded at need.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import socket
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from bot.model import ChatAddress, Platform
from bot.storage import open_storage
from tests.support.arrivals import Arrivals
from tests.support.bot_process import bot_process, environment
from tests.support.feed_host import FeedHost
from tests.support.ferries import ask, ferry
from tests.support.recorded import RecordedDiscord, RecordedTelegram

MEMORY, START = 150, 5.0  # MB, seconds
LONGEST = 60.0  # seconds to wait for it
PARTS = {"telegram", "discord"}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


async def until_ready(port: int) -> None:
    """Return when /readyz says that all is well and both platforms are served."""
    async with asyncio.timeout(LONGEST), aiohttp.ClientSession() as client:
        while True:
            try:
                async with client.get(f"http://127.0.0.1:{port}/readyz") as response:
                    parts = await response.json()
                    if response.status == 200 and all(parts.get(part) in {"ok", "served here"} for part in PARTS):
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.02)


def memory(pid: int, kind: str = "VmRSS") -> float:
    """MB of memory that the process has; of kind RssAnon without the pages of files, which the kernel takes back."""
    (found,) = re.findall(rf"^{kind}:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    return int(found) / 1024


ALERTS = 3


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds from the start until it was ready, then the most memory (MB), with and without the pages of files, and
    seconds from the poll's answer to the last message of each item."""

    ready: float
    most: float
    own: float
    alerts: list[float]


async def alerted(feed: FeedHost, arrivals: Arrivals, discord: RecordedDiscord, number: int) -> float:
    """Seconds from the answer with the item of this number until both platforms had it."""
    guid, *texts = ferry(number, "Zaltho")
    feed.add(guid, *texts)
    await discord.until(lambda: sum(one.item == number for one in arrivals.log) == len(PARTS), LONGEST)
    return max(one.at for one in arrivals.log if one.item == number) - feed.served[guid]


async def measure(keywords: int, seconds: float) -> Measured:
    """One run of it."""
    arrivals, port = Arrivals(), free_port()
    with tempfile.TemporaryDirectory() as folder:
        url, log = f"sqlite:///{folder}/diting.db", Path(folder) / "log.jsonl"
        async with (
            RecordedTelegram(arrivals) as telegram,
            RecordedDiscord(arrivals, [1]) as discord,
            FeedHost() as feed,
        ):
            feed.add("first", "A first entry")
            async with open_storage(url) as storage:
                await storage.upgrade()
                for number in range(keywords):
                    chat = ChatAddress(Platform.TELEGRAM, str(number // 20 + 1))
                    await ask(storage, chat, [feed.url], f"ferry {number}")
                for chat in (ChatAddress(Platform.TELEGRAM, "1"), ChatAddress(Platform.DISCORD, "1")):
                    await ask(storage, chat, [feed.url], "Zaltho")
            told = environment(url, telegram.variables("run"), discord.variables("run"))
            told |= {"WEB_PORT": str(port), "POLL_INTERVAL": "10", "POLL_LONGEST": "10"}
            begun = time.perf_counter()
            async with bot_process(told, log) as process:
                try:
                    await until_ready(port)
                except TimeoutError:
                    sys.exit(log.read_text())
                ready = time.perf_counter() - begun
                most = own = 0.0
                while time.perf_counter() - begun < ready + seconds:
                    await asyncio.sleep(1)
                    most, own = max(most, memory(process.pid)), max(own, memory(process.pid, "RssAnon"))
                alerts = [await alerted(feed, arrivals, discord, number) for number in range(ALERTS)]
                return Measured(ready, most, own, alerts)


def main() -> bool:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--keywords", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=20)
    arguments = parser.parse_args()
    found = asyncio.run(measure(arguments.keywords, arguments.seconds))
    kept_start, kept_memory = found.ready <= START, found.most <= MEMORY
    print(f"{arguments.keywords:,} keywords; ready after {found.ready:.1f} s (bar {START:.0f} s: {_said(kept_start)})")
    memory_said = f"{found.most:.0f} MB (bar {MEMORY} MB: {_said(kept_memory)})"
    print(f"most memory in {arguments.seconds:.0f} s of idling: {memory_said}")
    print(f"of that without the pages of files: {found.own:.0f} MB")
    first, *more = (f"{1000 * one:.0f}" for one in found.alerts)
    print(f"the first alert after that: {first} ms after the poll's answer; the next ones: {', '.join(more)} ms")
    return kept_start and kept_memory


def _said(kept: bool) -> str:
    return "kept" if kept else "not kept"


if __name__ == "__main__":
    sys.exit(not main())
