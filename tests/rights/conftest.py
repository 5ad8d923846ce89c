"""The commands over a real database, with places and people that a test makes up."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.chat.commands import Commands, Gate, Limits, Office, Parts, Places, Policy
from bot.model import Chat, ChatAddress, ChatKind, Locale, Message, Owner, Person, Platform, Request
from bot.storage import Storage, open_storage
from bot.work.chatfiles import ChatFileService
from bot.work.lists import FeedListService
from tests.support.fakes import (
    NOW,
    FakeBell,
    FakeCounterparts,
    FakeFinder,
    FakeInquiry,
    FakeOutlook,
    FakePreview,
    FakeSearch,
    FakeTrends,
)
from tests.support.rights import FakeRights

OWNER = Owner(Platform.TELEGRAM, "1")
LIMITS = Limits(feeds=2, keywords=2, regexes=1)


def at(chat: int, platform: Platform = Platform.TELEGRAM, thread: str = "") -> ChatAddress:
    return ChatAddress(platform, str(chat), thread)


@dataclass
class Stage:
    """The commands, what they stand on, and the time."""

    storage: Storage
    policy: Policy
    rights: FakeRights = field(default_factory=FakeRights)
    bell: FakeBell = field(default_factory=FakeBell)
    inquiry: FakeInquiry = field(default_factory=FakeInquiry)
    finder: FakeFinder = field(default_factory=FakeFinder)
    now: datetime = NOW

    def __post_init__(self) -> None:
        storage, places = self.storage, Places(rights=self.rights, book=self.storage.places)
        lists = FeedListService(storage.subscriptions, limit=LIMITS.feeds)
        parts = Parts(
            chats=storage.chats,
            subscriptions=storage.subscriptions,
            keywords=storage.keywords,
            history=storage.history,
            finder=self.finder,
            held=storage.held,
            lists=lists,
            files=ChatFileService(
                chats=storage.chats,
                subscriptions=storage.subscriptions,
                keywords=storage.keywords,
                lists=lists,
                shelf=storage.shelf,
                most_keywords=LIMITS.keywords,
                most_regexes=LIMITS.regexes,
            ),
            removals=storage.keywords,
            tallies=storage.tallies,
            preview=FakePreview(),
            search=FakeSearch(),
            records=storage.records,
            trends=FakeTrends(),
            counterparts=FakeCounterparts(),
            inquiry=self.inquiry,
            mutes=storage.mutes,
            bell=self.bell,
            outlook=FakeOutlook(),
            shares=storage.shares,
            limits=LIMITS,
            places=places,
            office=Office(owners=frozenset({OWNER}), oversight=storage.oversight, broadcasts=storage.broadcasts),
        )
        self.commands = Commands(parts, clock=lambda: self.now, gate=Gate(self.policy, places))

    async def say(
        self,
        line: str,
        *,
        person: str = "7",
        chat: ChatAddress | None = None,
        kind: ChatKind | None = None,
        admin: bool = True,
        roles: frozenset[str] = frozenset(),
        locale: Locale = Locale.EN,
        title: str = "A chat",
    ) -> Message:
        """Give a command line, in the person's private chat where no other is named, and answer the reply."""
        command, _, arguments = line.removeprefix("/").partition(" ")
        where = chat or at(int(person))
        place = kind or (ChatKind.PRIVATE if chat is None else ChatKind.GROUP)
        return await self.commands.handle(
            Request(
                address=where,
                kind=place,
                person=Person(id=person, locale=locale, can_manage=admin, roles=roles),
                command=command,
                arguments=arguments,
                title=title,
            )
        )

    async def chat(self, address: ChatAddress) -> Chat:
        found = await self.storage.chats.find_chat(address)
        assert found is not None
        return found

    def later(self, **time: float) -> None:
        self.now += timedelta(**time)


async def _upgrade(url: str) -> None:
    async with open_storage(url) as storage:
        await storage.upgrade()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "diting.db"
    asyncio.run(_upgrade(f"sqlite:///{path}"))
    return path


@pytest.fixture
def staged(template: Path, tmp_path: Path) -> Callable[..., object]:
    """Opens a stage: a bot with a policy, on a database that is the same for all stages of a test."""
    shutil.copy(template, tmp_path / "diting.db")

    @asynccontextmanager
    async def opened(policy: Policy | None = None) -> AsyncIterator[Stage]:
        chosen = policy or Policy(owners=frozenset({OWNER}))
        closed = chosen.access != "open"
        async with open_storage(f"sqlite:///{tmp_path}/diting.db", closed=closed) as storage:
            yield Stage(storage, chosen)

    return opened


@pytest.fixture
async def stage(staged) -> AsyncIterator[Stage]:
    async with staged() as stage:
        yield stage
