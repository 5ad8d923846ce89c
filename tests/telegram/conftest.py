"""A Bot API server on loopback, a connection to it, and a bot that echoes commands."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from bot.chat.blocks import text
from bot.chat.telegram import Client, Pace, Patience, TelegramBot, TelegramMessenger, Webhook, connected
from bot.model import Button, Chat, ChatAddress, ChatKind, ChatState, Locale, Message, Platform, Request
from tests.support.bot_api import FakeBotApi
from tests.support.fakes import FakeChats
from tests.support.watch import Heard

NOW = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
TICK = timedelta(milliseconds=2)
PATIENCE = Patience(connect=timedelta(seconds=5), answer=timedelta(seconds=5))


def telegram(chat: int | str, thread: str = "") -> ChatAddress:
    return ChatAddress(Platform.TELEGRAM, str(chat), thread)


class Echo:
    """A CommandHandler that says what it was asked, and keeps the request."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.gates: dict[str, asyncio.Event] = {}
        self.fault: Exception | None = None
        self.private = False

    async def handle(self, request: Request) -> Message:
        self.requests.append(request)
        if gate := self.gates.get(request.arguments):
            await gate.wait()
        if self.fault:
            raise self.fault
        return Message(
            blocks=(text(f"got {request.command} [{request.arguments}]"),),
            buttons=((Button("Undo", action="/keyword remove 1"),),),
            private=self.private,
        )

    async def may_change(self, request: Request) -> bool:
        return request.person.can_manage

    async def complete(self, request: Request, option: str, typed: str) -> list[tuple[str, str]]:
        return []


@dataclass
class ChatOutcomes:
    """The part of an Outbox that the bot uses."""

    stopped: list[tuple[int, ChatState, str]] = field(default_factory=list)
    moved: list[tuple[str, str]] = field(default_factory=list)
    warned: list[tuple[int, tuple[ChatAddress, ...]]] = field(default_factory=list)

    async def stop_chat(self, chat: int, *, state: ChatState, reason: str, now: datetime) -> None:
        self.stopped.append((chat, state, reason))

    async def warn_managers(self, chat: Chat, managers: tuple[ChatAddress, ...], *, reason: str, now: datetime) -> int:
        self.warned.append((chat.id, managers))
        return len(managers)

    async def move_chat(self, address: ChatAddress, *, to: str) -> None:
        self.moved.append((address.chat, to))


@dataclass
class Stage:
    """All there is of a running bot."""

    api: FakeBotApi
    handler: Echo
    chats: FakeChats
    outbox: ChatOutcomes
    task: asyncio.Task[None]
    bot: Client
    watch: Heard
    run: Callable[[], Coroutine[None, None, None]]

    def run_again(self) -> None:
        self.task = asyncio.create_task(self.run())

    async def known(self, address: ChatAddress, hint: Locale = Locale.EN) -> int:
        chat = await self.chats.open_chat(address, kind=ChatKind.GROUP, title="", hint=hint, now=NOW)
        return chat.id


@pytest.fixture(scope="session")
def tls() -> ssl.SSLContext:
    """Made once: reading the authorities takes longer than most tests."""
    return ssl.create_default_context()


@pytest.fixture
def connect(tls: ssl.SSLContext) -> Callable[..., AbstractAsyncContextManager[Client]]:
    return partial(connected, tls=tls)


@pytest.fixture
async def api() -> AsyncIterator[FakeBotApi]:
    async with FakeBotApi() as server:
        yield server


@pytest.fixture
async def messenger(api: FakeBotApi, connect) -> AsyncIterator[TelegramMessenger]:
    async with connect(api.token, api.url, patience=PATIENCE) as bot:
        yield TelegramMessenger(bot)


def hello(locale: Locale, *, by: str = "", elsewhere: str = "") -> Message:
    whom = "".join([f", {by}" if by else "", f": {elsewhere}" if elsewhere else ""])
    return Message(blocks=(text(f"hello in {locale}{whom}"),))


@asynccontextmanager
async def performing(
    connect, api: FakeBotApi, *, webhook: Webhook | None = None, token: str = ""
) -> AsyncIterator[Stage]:
    handler, chats, outbox, watch = Echo(), FakeChats(), ChatOutcomes(), Heard()
    async with connect(token or api.token, api.url, pace=Pace(group_per_minute=0), patience=PATIENCE) as bot:
        adapter = TelegramBot(
            bot,
            handler=handler,
            chats=chats,
            outbox=outbox,
            greeting=hello,
            clock=lambda: NOW,
            webhook=webhook,
            watch=watch,
            poll_timeout=timedelta(seconds=5),
            first_wait=TICK,
            grace=timedelta(seconds=0.2),
        )
        async with adapter:
            task = asyncio.create_task(adapter.run())
            stage = Stage(api, handler, chats, outbox, task, bot, watch, adapter.run)
            try:
                yield stage
            finally:
                stage.task.cancel()
                await asyncio.gather(stage.task, return_exceptions=True)


@pytest.fixture
async def stage(api: FakeBotApi, connect) -> AsyncIterator[Stage]:
    async with performing(connect, api) as running:
        yield running


@pytest.fixture
def perform(connect) -> Callable[..., AbstractAsyncContextManager[Stage]]:
    return partial(performing, connect)
