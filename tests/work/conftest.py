"""What the services stand on in these tests: a real SQLite file, a clock set by hand, and ears for the bells."""

from __future__ import annotations

import asyncio
import shutil
from collections import defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.matching.query import canonical, parse
from bot.model import (
    Chat,
    ChatAddress,
    ChatKind,
    DeliveryDue,
    FeedChange,
    FeedRef,
    FoundFeed,
    Item,
    Keyword,
    Locale,
    Mode,
    NewItem,
    Platform,
    Reports,
)
from bot.storage import Storage, open_storage
from bot.work.alert import Alerter
from bot.work.recent import STORY_AGE
from tests.support.alerting import LEASE, URL, Scribe
from tests.support.fakes import NOW, FakeBell
from tests.support.meter import Counts
from tests.support.polls import record_poll


@dataclass
class Watch:
    """A clock that is set by hand."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


class People:
    """What people would do by slash commands, done to the rows."""

    def __init__(self, storage: Storage, watch: Watch) -> None:
        self._storage = storage
        self._watch = watch
        self._told: defaultdict[str, list[str]] = defaultdict(list)

    async def chat(self, number: int = 1) -> Chat:
        address = ChatAddress(Platform.CONSOLE, str(number))
        return await self._storage.chats.open_chat(
            address, kind=ChatKind.PRIVATE, title="", hint=Locale.EN, now=self._watch()
        )

    async def subscribe(self, url: str, *, chat: int = 1, mode: Mode = Mode.MATCHING) -> FeedRef:
        found = FoundFeed(url=url, title="Wire")
        place = await self.chat(chat)
        subscription, _ = await self._storage.subscriptions.subscribe(place.id, found, mode=mode, now=self._watch())
        return subscription.feed

    async def add_keyword(self, query: str, *, chat: int = 1) -> Keyword:
        place = await self.chat(chat)
        keyword, _ = await self._storage.keywords.add_keyword(
            place.id, query=query, canonical=canonical(parse(query)), now=self._watch()
        )
        return keyword

    async def remove_keyword(self, keyword: Keyword, *, chat: int = 1) -> None:
        await self._storage.keywords.remove_keyword((await self.chat(chat)).id, keyword.id)

    async def owed(self) -> list[DeliveryDue]:
        """The next delivery of each chat."""
        return await self._storage.outbox.claim_deliveries(
            platforms=[Platform.CONSOLE], now=self._watch(), limit=100, lease=timedelta(hours=1)
        )

    async def edits(self) -> list[DeliveryDue]:
        """The messages that are to be edited now."""
        now = self._watch()
        return await self._storage.outbox.claim_edits(
            platforms=[Platform.CONSOLE], now=now, since=now - STORY_AGE, limit=100, lease=timedelta(hours=1)
        )

    async def sent(self, due: DeliveryDue) -> None:
        await self._storage.outbox.delivery_sent(due, message="1", now=self._watch())

    async def wants(self, reports: Reports, *, chat: int = 1) -> None:
        place = await self.chat(chat)
        await self._storage.chats.save_settings(place.id, replace(place.settings, reports=reports))

    async def told(self, chat: int = 1) -> list[str]:
        """The titles a chat is sent, in the order of sending; each is told once."""
        while owed := await self.owed():
            for due in owed:
                self._told[due.chat.address.chat].append(due.content.item.item.title)
                await self.sent(due)
        return self._told.pop(str(chat), [])


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory) -> Path:
    """A database with its tables, to copy."""
    file = tmp_path_factory.mktemp("database") / "empty.db"

    async def make() -> None:
        async with open_storage(f"sqlite:///{file}") as storage:
            await storage.upgrade()

    asyncio.run(make())
    return file


@pytest.fixture
async def storage(tmp_path, empty_database) -> AsyncIterator[Storage]:
    shutil.copy(empty_database, tmp_path / "diting.db")
    async with open_storage(f"sqlite:///{tmp_path}/diting.db") as storage:
        yield storage


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def people(storage, watch) -> People:
    return People(storage, watch)


@pytest.fixture
def bell() -> FakeBell:
    return FakeBell()


@pytest.fixture
def meter() -> Counts:
    return Counts()


@pytest.fixture
def scribe() -> Scribe:
    return Scribe()


@pytest.fixture
def make_alerter(storage, scribe, bell, meter, watch):
    def make(store=None, briefer=None, reader=None, **more) -> Alerter:
        return Alerter(
            store=store or storage.items,
            keywords=storage.keywords,
            briefer=briefer or scribe,
            reader=reader,
            bell=bell,
            meter=meter,
            clock=watch,
            lease=LEASE,
            **more,
        )

    return make


@pytest.fixture
def alerter(make_alerter) -> Alerter:
    return make_alerter()


@pytest.fixture
def publish(storage, people, watch):
    """Have a poll bring items, a minute later than all before."""

    async def publish(*items: tuple[str, str] | str, url: str = URL) -> None:
        watch.forward(minutes=1)
        found = [Item(guid=text, url="", title=text) if isinstance(text, str) else _item(*text) for text in items]
        due = await storage.feeds.claim_feeds(now=watch() + timedelta(days=1), limit=9, lease=timedelta(days=9))
        for feed in due:
            mine = found if feed.url == url else []
            new = tuple(NewItem(item=item, keys=(item.guid,)) for item in mine)
            change = FeedChange(id=feed.id, lease=feed.lease, next_poll=watch(), succeeded=True, items=new)
            await record_poll(storage.feeds, change, now=watch())

    return publish


def _item(title: str, text: str) -> Item:
    return Item(guid=title, url="", title=title, text=text)
