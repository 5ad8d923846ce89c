"""Plays the demo: a script that checks itself, or a chat in which new sample items keep arriving."""

from __future__ import annotations

import asyncio
import os
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from bot.app.clock import utc_now
from bot.app.parts import Core, open_core
from bot.app.program import Program
from bot.chat.catalogue import locale_from_tag
from bot.chat.console import ADDRESS, ConsoleChat, ConsoleMessenger
from bot.demo.server import SampleHost, sample_host
from bot.model import ChatAddress, Locale, Message, Platform
from bot.settings import Settings
from bot.storage import exclusive_lock

KEYWORDS = ("trilateral talks", "Abu Dhabi", "三方會談")
DATABASE = Path("data/demo.db")
DEADLINE = 20.0  # seconds that polls and alerts may take
DECOY_TIME = 1.5  # seconds in which a decoy would have come, too
NEWS_EVERY = 15.0  # seconds between new items in the chat


class Witness:
    """Sends to the console, and remembers which stories were told."""

    platform = Platform.CONSOLE

    def __init__(self, messenger: ConsoleMessenger) -> None:
        self._messenger = messenger
        self.told: Counter[str] = Counter()

    async def private_chat(self, person: str) -> ChatAddress:
        """See Messenger."""
        return await self._messenger.private_chat(person)

    async def send(self, address: ChatAddress, message: Message, *, key: str, reply_to: str = "") -> str:
        """See `bot.ports.Messenger`."""
        links = {span.url for block in message.blocks for span in block.spans if "/story/" in span.url}
        self.told.update(link.rpartition("/")[2] for link in links)
        return await self._messenger.send(address, message, key=key, reply_to=reply_to)

    async def edit(self, address: ChatAddress, message_id: str, message: Message) -> None:
        """See `bot.ports.Messenger`."""
        await self._messenger.edit(address, message_id, message)


class ConsoleSide:
    """The console as a platform of the program. The chat itself is run by the demo."""

    def __init__(self, messenger: Witness) -> None:
        self.messenger = messenger

    async def run(self) -> None:
        """Nothing comes in by itself."""


class Stage:
    """The running demo: Diting, its feed host, and the chat in the console."""

    def __init__(self, core: Core, host: SampleHost, witness: Witness, chat: ConsoleChat) -> None:
        self._core = core
        self._host = host
        self._chat = chat
        self.witness = witness

    async def say(self, line: str) -> None:
        """Type a line into the chat."""
        sys.stdout.write(f"> {line}\n")
        sys.stdout.flush()
        await self._chat.answer(line)

    async def set_up(self) -> None:
        """Subscribe to the sample feeds, add the keywords, and let the first, silent polls pass."""
        await self.say("/start")
        for address in self._host.addresses().values():
            await self.say(f"/subscribe {address}")
        for keyword in KEYWORDS:
            await self.say(f"/keyword add {keyword}")
        await until(self._all_polled)

    async def _all_polled(self) -> bool:
        chat = await self._core.storage.chats.find_chat(ADDRESS)
        feeds = await self._core.storage.subscriptions.subscriptions(chat.id) if chat else []
        return len(feeds) == len(self._host.feeds) and all(feed.polled for feed in feeds)

    async def chat(self) -> None:
        """Chat until the person leaves; meanwhile new items keep arriving."""
        news = asyncio.create_task(self._keep_publishing())
        try:
            await self._chat.run()
        finally:
            news.cancel()

    async def _keep_publishing(self) -> None:
        while True:
            await asyncio.sleep(NEWS_EVERY)
            self._host.publish_next()


async def play_script() -> int:
    """Play the script; answer 0 only if every expected alert came, each once, and no decoy."""
    async with on_stage() as (stage, host):
        await stage.set_up()
        host.publish(1)
        expected = {sample.slug for sample in host.batch(1) if sample.keyword}
        await until(lambda: _came(stage.witness, expected))
        await asyncio.sleep(DECOY_TIME)
        await stage.say("/keyword test 三方会谈")
        await stage.say("/status")
    return verdict(stage.witness.told, expected)


async def chat_in_terminal() -> int:
    """Set up the demo, then chat until the person leaves."""
    async with on_stage() as (stage, host):
        await stage.set_up()
        host.publish(1)
        await stage.chat()
    return 0


def verdict(told: Counter[str], expected: set[str]) -> int:
    """Say how the alerts that came compare to the expected ones; the exit code."""
    problems = [f"missing: {slug}" for slug in sorted(expected - told.keys())]
    problems += [f"a decoy, or too old: {slug}" for slug in sorted(told.keys() - expected)]
    problems += [f"told {times} times: {slug}" for slug, times in sorted(told.items()) if times > 1]
    if problems:
        sys.stderr.write("demo failed:\n" + "".join(f"  {problem}\n" for problem in problems))
        return 1
    sys.stdout.write(f"demo passed: {len(expected)} alerts expected and delivered, each once; no decoy came through\n")
    return 0


async def _came(witness: Witness, expected: set[str]) -> bool:
    return expected <= witness.told.keys()


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Wait until an async condition holds, at most for the deadline: what is missing then, the verdict names."""
    try:
        async with asyncio.timeout(DEADLINE):
            while not await condition():  # noqa: ASYNC110 - rows in a database ring no event
                await asyncio.sleep(0.05)
    except TimeoutError:
        return


@asynccontextmanager
async def on_stage() -> AsyncIterator[tuple[Stage, SampleHost]]:
    """Everything started, on a fresh database; stopped at the end."""
    DATABASE.parent.mkdir(parents=True, exist_ok=True)
    stop = asyncio.Event()
    with exclusive_lock(DATABASE):
        _clear(DATABASE)
        async with sample_host(utc_now) as host, open_core(demo_settings()) as core:
            messenger = ConsoleMessenger()
            witness = Witness(messenger)
            chat = ConsoleChat(core.commands, messenger, locale=terminal_locale())
            program = asyncio.create_task(Program(core, [ConsoleSide(witness)]).run(stop))
            sys.stdout.write(
                f"Diting's demo: a chat, {len(host.feeds)} sample feeds on this machine, and {DATABASE}\n\n"
            )
            try:
                yield Stage(core, host, witness, chat), host
            finally:
                stop.set()
                await program


def demo_settings() -> Settings:
    """Embedded defaults, whatever the environment says; only our own feed host on this machine may be fetched."""
    return Settings.model_construct(
        database_url=f"sqlite:///{DATABASE}",
        allow_hosts=("127.0.0.1",),
        poll_interval=1.0,
        poll_longest=1.0,
        web_port=0,
    )


def terminal_locale() -> Locale:
    """The language of the terminal."""
    return locale_from_tag(os.environ.get("LANG", "").partition(".")[0].replace("_", "-"))


def _clear(database: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)
