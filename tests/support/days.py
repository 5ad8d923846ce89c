"""Many days of news on a clock of their own, with the clean-up of each night, to see what grows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select, text

from bot.model import (
    AlertDecision,
    Brief,
    ChatAddress,
    ChatId,
    ChatKind,
    FeedChange,
    FoundFeed,
    Item,
    Locale,
    MadeBy,
    Mode,
    NewDelivery,
    NewItem,
    Platform,
    SameStory,
    Spending,
    StoryKind,
)
from bot.storage import Storage
from bot.storage.tables import metadata

DAY = timedelta(days=1)
BEGIN = datetime(2026, 1, 1, 4, tzinfo=UTC)
LEASE = timedelta(hours=1)
TEXT = "The envoys met again in Abu Dhabi, and nothing was signed. "
BRIEF = Brief(title_zh="會談", title_en="Talks", summary_zh="摘要" * 60, summary_en=TEXT * 3, made_by=MadeBy.MODEL)
OPEN = 8  # of so many items one begins a story


@dataclass
class Days:
    """Feeds that bring `items` items a day each, and chats that all follow all of them."""

    storage: Storage
    feeds: int = 2
    items: int = 12
    chats: int = 3
    listed: int = 30  # items that a feed shows at a time
    keep: timedelta = timedelta(days=8)
    day: int = 0

    async def begin(self) -> None:
        """Chats subscribe."""
        for number in range(self.chats):
            # Nothing is ever sent to Discord, as if its token were gone.
            address = ChatAddress(Platform.TELEGRAM if number else Platform.DISCORD, str(number))
            chat = await self.storage.chats.open_chat(
                address, kind=ChatKind.PRIVATE, title="", hint=Locale.EN, now=BEGIN
            )
            for feed in range(self.feeds):
                found = FoundFeed(url=f"https://{feed}.example/", title="A", site="", language="en")
                await self.storage.subscriptions.subscribe(chat.id, found, mode=Mode.EVERYTHING, now=BEGIN)

    async def pass_one(self) -> None:
        """A day: polls, alerts, sending, a keyword that comes and goes, and the clean-up at night."""
        now = BEGIN + self.day * DAY
        for due in await self.storage.feeds.claim_feeds(now=now, limit=self.feeds, lease=LEASE):
            await self._poll(due.id, due.lease, now)
        same = None
        while new := await self.storage.items.claim_items(now=now, limit=100, lease=LEASE):
            for item in new:
                same = await self._alert(item.id, item.lease, same, now)
        while due := await self.storage.outbox.claim_deliveries(
            now=now, platforms=(Platform.TELEGRAM,), limit=100, lease=LEASE
        ):
            for one in due:
                await self.storage.outbox.delivery_sent(one, message="1", now=now)
        query = f"word{self.day}"
        keyword, _ = await self.storage.keywords.add_keyword(ChatId(1), query=query, canonical=query, now=now)
        await self.storage.keywords.remove_keyword(ChatId(1), keyword.id)
        await self.storage.spending.reserve(now.date(), Spending(tokens=1, money=1), Spending(tokens=9, money=9))
        await self.storage.expire(now, self.keep)
        await self.storage.purge(now, self.keep)
        await self.storage.give_back()
        self.day += 1

    async def _poll(self, feed: int, lease: str, now: datetime) -> None:
        newest = (self.day + 1) * self.items
        names = [f"{feed}/{number}" for number in range(max(newest - self.listed, 0), newest)]
        keys = {name: (f"guid:{name}", f"url:https://a.example/{name}") for name in names}
        [known] = await self.storage.feeds.known_keys(
            [(feed, [key for pair in keys.values() for key in pair])], now=now
        )
        news = tuple(
            NewItem(
                item=Item(guid=name, url=f"https://a.example/{name}", title=name, text=TEXT * 20, published=now),
                keys=keys[name],
                backlog=False,
            )
            for name in names
            if keys[name][0] not in known
        )
        change = FeedChange(id=feed, lease=lease, next_poll=now + DAY / 2, succeeded=True, items=news)
        await self.storage.feeds.record_polls([change], now=now)

    async def _alert(self, item: int, lease: str, same: SameStory | None, now: datetime) -> SameStory | None:
        takers = [ChatId(number) for number in range(1, self.chats + 1)]
        joins = same if item % OPEN else None
        decision = AlertDecision(
            item=item,
            lease=lease,
            story=joins.story if joins else None,
            same=joins,
            edit_at=now,
            brief=BRIEF,
            deliveries=tuple(NewDelivery(chat=chat, why=()) for chat in takers),
        )
        await self.storage.items.commit_alerts(decision, now=now)
        if joins:
            return joins
        story = await self._story_of(item)
        return SameStory(story=story, item=item, kind=StoryKind.REPEAT, score=0.9, reasons=(), new=())

    async def _story_of(self, item: int) -> int:
        items = metadata.tables["items"]
        async with self.storage._database.read() as connection:
            return await connection.scalar(select(items.c.story_id).where(items.c.id == item))

    async def sizes(self) -> dict[str, int]:
        """The rows of each table, and the bytes of the database as `bytes`."""
        async with self.storage._database.read() as connection:
            rows = {
                name: await connection.scalar(select(func.count()).select_from(table))
                for name, table in metadata.tables.items()
            }
            if self.storage.is_sqlite:
                pages = await connection.scalar(text("PRAGMA page_count"))
                return rows | {"bytes": pages * await connection.scalar(text("PRAGMA page_size"))}
            return rows | {"bytes": await connection.scalar(text("SELECT pg_database_size(current_database())"))}
