"""A chat's commands on fakes of all the ports."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from bot.chat.commands import Commands, Limits
from bot.chat.wording import CHARACTERS
from bot.model import Message
from bot.ports import Wording
from bot.work.lists import FeedListService
from tests.support.fakes import (
    NOW,
    FakeBell,
    FakeChats,
    FakeCounterparts,
    FakeFinder,
    FakeHistory,
    FakeInquiry,
    FakeKeywords,
    FakeMutes,
    FakePreview,
    FakeSubscriptions,
    request,
)


@dataclass
class Desk:
    """The commands with the fakes they stand on."""

    limits: Limits = field(default_factory=Limits)
    rates: dict = field(default_factory=dict)
    chats: FakeChats = field(default_factory=FakeChats)
    subscriptions: FakeSubscriptions = field(default_factory=FakeSubscriptions)
    keywords: FakeKeywords = field(default_factory=FakeKeywords)
    history: FakeHistory = field(default_factory=FakeHistory)
    finder: FakeFinder = field(default_factory=FakeFinder)
    preview: FakePreview = field(default_factory=FakePreview)
    counterparts: FakeCounterparts = field(default_factory=FakeCounterparts)
    inquiry: FakeInquiry = field(default_factory=FakeInquiry)
    mutes: FakeMutes = field(default_factory=FakeMutes)
    bell: FakeBell = field(default_factory=FakeBell)
    wording: Wording = CHARACTERS

    def __post_init__(self) -> None:
        self.commands = Commands(
            chats=self.chats,
            subscriptions=self.subscriptions,
            keywords=self.keywords,
            history=self.history,
            finder=self.finder,
            lists=FeedListService(self.subscriptions, limit=self.limits.feeds),
            preview=self.preview,
            counterparts=self.counterparts,
            inquiry=self.inquiry,
            mutes=self.mutes,
            bell=self.bell,
            clock=lambda: NOW,
            limits=self.limits,
            rates=self.rates,
            wording=self.wording,
        )

    async def say(self, line: str, **who: object) -> Message:
        """Give a command line and answer the reply."""
        return await self.commands.handle(request(line, **who))


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def make_desk() -> type[Desk]:
    return Desk
