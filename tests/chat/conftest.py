"""A chat's commands on fakes of all the ports."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from bot.chat.commands import Commands, Limits, Parts
from bot.chat.nobody import NO_BRIEFS, NO_TRANSLATOR
from bot.chat.wording import CHARACTERS
from bot.model import Message
from bot.ports import BriefBook, TextTranslator, Wording
from bot.work.chatfiles import ChatFileService
from bot.work.lists import FeedListService
from tests.support.fakes import (
    NOW,
    FakeBell,
    FakeChats,
    FakeCounterparts,
    FakeFinder,
    FakeHeld,
    FakeHistory,
    FakeInquiry,
    FakeKeywords,
    FakeMutes,
    FakeOutlook,
    FakePreview,
    FakeRecords,
    FakeSearch,
    FakeShares,
    FakeShelf,
    FakeSubscriptions,
    FakeTallies,
    FakeTrends,
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
    tallies: FakeTallies = field(default_factory=FakeTallies)
    shelf: FakeShelf = field(default_factory=FakeShelf)
    history: FakeHistory = field(default_factory=FakeHistory)
    held: FakeHeld = field(default_factory=FakeHeld)
    finder: FakeFinder = field(default_factory=FakeFinder)
    preview: FakePreview = field(default_factory=FakePreview)
    counterparts: FakeCounterparts = field(default_factory=FakeCounterparts)
    inquiry: FakeInquiry = field(default_factory=FakeInquiry)
    mutes: FakeMutes = field(default_factory=FakeMutes)
    bell: FakeBell = field(default_factory=FakeBell)
    outlook: FakeOutlook = field(default_factory=FakeOutlook)
    shares: FakeShares = field(default_factory=FakeShares)
    briefs: BriefBook = NO_BRIEFS
    translation: TextTranslator = NO_TRANSLATOR
    search: FakeSearch = field(default_factory=FakeSearch)
    records: FakeRecords = field(default_factory=FakeRecords)
    trends: FakeTrends = field(default_factory=FakeTrends)
    wording: Wording = CHARACTERS

    def __post_init__(self) -> None:
        lists = FeedListService(self.subscriptions, limit=self.limits.feeds)
        parts = Parts(
            chats=self.chats,
            subscriptions=self.subscriptions,
            keywords=self.keywords,
            history=self.history,
            held=self.held,
            finder=self.finder,
            lists=lists,
            files=ChatFileService(
                chats=self.chats,
                subscriptions=self.subscriptions,
                keywords=self.keywords,
                lists=lists,
                shelf=self.shelf,
                most_keywords=self.limits.keywords,
                most_regexes=self.limits.regexes,
            ),
            removals=self.keywords,
            tallies=self.tallies,
            preview=self.preview,
            counterparts=self.counterparts,
            inquiry=self.inquiry,
            mutes=self.mutes,
            bell=self.bell,
            outlook=self.outlook,
            shares=self.shares,
            search=self.search,
            records=self.records,
            trends=self.trends,
            limits=self.limits,
            rates=self.rates,
            briefs=self.briefs,
            translation=self.translation,
            wording=self.wording,
        )
        self.commands = Commands(parts, clock=lambda: NOW)

    async def say(self, line: str, **who: object) -> Message:
        """Give a command line and answer the reply."""
        return await self.commands.handle(request(line, **who))


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def make_desk() -> type[Desk]:
    return Desk
