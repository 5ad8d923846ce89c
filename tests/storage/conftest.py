"""One suite on both databases: `storage` is SQLite once and a real PostgreSQL once, each time with empty tables."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from bot.model import (
    AlertDecision,
    Brief,
    Chat,
    ChatAddress,
    ChatId,
    ChatKind,
    FeedChange,
    FeedDue,
    FeedId,
    FoundFeed,
    Item,
    Locale,
    MadeBy,
    Mode,
    NewDelivery,
    NewItem,
    Platform,
    SameStory,
    StoryId,
    Why,
)
from bot.storage import Storage, open_storage
from bot.storage.tables import keyword_revision, metadata
from tests.support.polls import record_poll
from tests.support.postgres import PostgresServer, run_postgres

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LEASE = timedelta(minutes=5)
BRIEF = Brief(title_zh="会谈", title_en="Talks", summary_zh="摘要", summary_en="Summary", made_by=MadeBy.FEED)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    with run_postgres() as server:
        yield server


async def _upgrade(url: str) -> None:
    async with open_storage(url) as storage:
        await storage.upgrade()


@pytest.fixture(scope="session")
def postgres_url(postgres: PostgresServer) -> str:
    url = postgres.url(postgres.create())
    asyncio.run(_upgrade(url))
    return url


def _clear(url: str) -> None:
    """Empty all tables: four times faster than a new database."""
    names = ", ".join(table.name for table in metadata.sorted_tables if table is not keyword_revision)
    with psycopg.connect(url) as connection:
        connection.execute(f"TRUNCATE {names}, item_words RESTART IDENTITY")
        connection.execute("UPDATE keyword_revision SET revision = 0")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "diting.db"
    asyncio.run(_upgrade(f"sqlite:///{path}"))
    return path


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def empty_url(request: pytest.FixtureRequest, database: str, tmp_path: Path) -> Iterator[str]:
    """A database without tables."""
    if database == "sqlite":
        yield f"sqlite:///{tmp_path}/deep/diting.db"
        return
    server = request.getfixturevalue("postgres")
    name = server.create()
    yield server.url(name)
    server.drop(name)


@pytest.fixture
def url(request: pytest.FixtureRequest, database: str, tmp_path: Path) -> str:
    """A database with empty tables."""
    if database == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "diting.db")
        return f"sqlite:///{tmp_path}/diting.db"
    address = request.getfixturevalue("postgres_url")
    _clear(address)
    return address


@pytest.fixture
async def storage(url: str) -> AsyncIterator[Storage]:
    async with open_storage(url) as opened:
        yield opened


class World:
    """Short ways to what the tests start from."""

    now = NOW
    lease = LEASE
    brief = BRIEF

    def __init__(self, storage: Storage) -> None:
        self.storage = storage

    async def chat(
        self,
        number: int = 1,
        *,
        platform: Platform = Platform.TELEGRAM,
        thread: str = "",
        kind: ChatKind = ChatKind.GROUP,
    ) -> Chat:
        address = ChatAddress(platform, str(number), thread)
        return await self.storage.chats.open_chat(address, kind=kind, title=f"Chat {number}", hint=Locale.EN, now=NOW)

    async def follow(
        self, chat: ChatId, url: str = "https://a.example/feed", *, mode: Mode = Mode.MATCHING, now: datetime = NOW
    ) -> FeedId:
        found = FoundFeed(url=url, title="A", site="https://a.example/", language="en")
        subscription, _ = await self.storage.subscriptions.subscribe(chat, found, mode=mode, now=now)
        return subscription.feed.id

    async def claim_feed(self, now: datetime = NOW) -> FeedDue:
        [due] = await self.storage.feeds.claim_feeds(now=now, limit=1, lease=LEASE)
        return due

    @staticmethod
    def new_item(name: str, *, published: datetime | None = None, backlog: bool = False, text: str = "") -> NewItem:
        item = Item(guid=name, url=f"https://a.example/{name}", title=name, text=text, published=published)
        return NewItem(item=item, keys=(f"guid:{name}", f"url:{item.url}"), backlog=backlog)

    @staticmethod
    def change(due: FeedDue, *items: NewItem, next_poll: datetime = NOW, **more: object) -> FeedChange:
        values = {"succeeded": True, "items": items} | more
        return FeedChange(id=due.id, lease=due.lease, next_poll=next_poll, **values)

    async def poll(self, *names: str, now: datetime = NOW) -> None:
        """A feed that is due brings items, in the order of their names."""
        due = await self.claim_feed(now)
        news = [self.new_item(name, published=now + timedelta(seconds=n)) for n, name in enumerate(names)]
        await record_poll(self.storage.feeds, self.change(due, *news, next_poll=now), now=now)

    async def alert(
        self,
        *chats: ChatId,
        items: int = 1,
        story: StoryId | None = None,
        same: SameStory | None = None,
        edit_at: datetime | None = None,
        now: datetime = NOW,
    ) -> list[AlertDecision]:
        """The next `items` new items go to the chats; answers the decisions committed."""
        why = (Why(keyword="trilateral talks", matched=("trilateral", "talks")),)
        decisions = [
            AlertDecision(
                item=item.id,
                lease=item.lease,
                story=story,
                same=same,
                edit_at=edit_at,
                brief=BRIEF,
                deliveries=tuple(NewDelivery(chat=chat, why=why) for chat in chats),
            )
            for item in await self.storage.items.claim_items(now=now, limit=items, lease=LEASE)
        ]
        for decision in decisions:
            await self.storage.items.commit_alerts(decision, now=now)
        return decisions

    async def claim_deliveries(self, now: datetime = NOW, **more: object):
        options = {"platforms": tuple(Platform), "limit": 100, "lease": LEASE} | more
        return await self.storage.outbox.claim_deliveries(now=now, **options)


@pytest.fixture
def world(storage: Storage) -> World:
    return World(storage)
