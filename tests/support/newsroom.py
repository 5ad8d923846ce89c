"""Brings chats into the situations that people meet, by the ways that the bot itself uses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import count

from sqlalchemy import insert

from bot.feeds.identity import link_key
from bot.matching.query import canonical, parse
from bot.model import (
    AlertDecision,
    Brief,
    Chat,
    ChatId,
    DeliveryDue,
    FeedChange,
    FeedId,
    FoundFeed,
    Hold,
    Item,
    Keyword,
    Locale,
    MadeBy,
    Mode,
    NewDelivery,
    NewItem,
    Platform,
    SameStory,
    StoredItem,
    StoryId,
    Why,
)
from bot.storage import Storage
from bot.storage.tables import keywords
from tests.support.driving import Place
from tests.support.polls import record_poll

LEASE = timedelta(minutes=5)
MANY = 10_000
FAR = timedelta(days=365)


class Newsroom:
    """Chats, feeds, items and alerts in a storage. `clock` is the bot's."""

    def __init__(self, storage: Storage, clock: Callable[[], datetime]) -> None:
        self.storage = storage
        self.clock = clock
        self._numbers = count(1)

    async def chat(self, place: Place, *, hint: Locale = Locale.EN) -> Chat:
        """The chat of a place, as its first command would make it."""
        return await self.storage.chats.open_chat(
            place.address, kind=place.kind, title="A chat", hint=hint, now=self.clock()
        )

    async def watch(
        self,
        chat: ChatId,
        title: str,
        *,
        url: str = "",
        mode: Mode = Mode.MATCHING,
        language: str = "en",
        since: timedelta = timedelta(days=3),
    ) -> FeedId:
        """A subscription; without a `url` to a feed that nobody else has."""
        site = f"https://site{next(self._numbers)}.example"
        found = FoundFeed(url=url or f"{site}/feed", title=title, site=site if not url else "", language=language)
        now = self.clock() - since
        subscription, _ = await self.storage.subscriptions.subscribe(chat, found, mode=mode, now=now)
        return subscription.feed.id

    async def keyword(self, chat: ChatId, query: str, *, since: timedelta = timedelta(days=3)) -> Keyword:
        """A keyword of a chat."""
        form, now = canonical(parse(query)), self.clock() - since
        keyword, _ = await self.storage.keywords.add_keyword(chat, query=query, canonical=form, now=now)
        return keyword

    async def keywords(self, chat: ChatId, *queries: str) -> None:
        """Many keywords at once."""
        row = {"chat_id": chat, "live": True, "created": self.clock() - timedelta(days=3), "revision": 0}
        forms = ((query, canonical(parse(query))) for query in queries)
        rows = [{**row, "query": query, "canonical": form, "canonical_key": form} for query, form in forms]
        async with self.storage._database.write() as connection:
            await connection.execute(insert(keywords), rows)

    async def read(
        self,
        feed: FeedId,
        *items: Item,
        error: str = "",
        backlog: bool = False,
        gone: bool = False,
        ago: timedelta = timedelta(minutes=5),
    ) -> None:
        """A poll of a feed some time ago, and what it brought or failed with."""
        now = self.clock() - ago
        # Later than any poll there was, whatever the time.
        due = await self.storage.feeds.take_feed(feed, now=self.clock() + FAR, lease=LEASE)
        if due is None:
            raise LookupError(f"feed {feed} can't be polled")
        news = tuple(NewItem(item=item, keys=(f"g:{item.guid}", link_key(item.url)), backlog=backlog) for item in items)
        change = FeedChange(
            id=due.id,
            lease=due.lease,
            next_poll=self.clock() + timedelta(minutes=10),
            succeeded=not error,
            failures=9 if error else 0,
            error=error,
            gone=gone,
            items=news,
        )
        await record_poll(self.storage.feeds, change, now=now)

    def item(
        self, title: str, text: str = "", *, language: str = "en", age: timedelta = timedelta(hours=1), site: str = ""
    ) -> Item:
        """An item that nobody had yet, published that long ago."""
        number = next(self._numbers)
        url = f"https://{site}/{number}" if site else f"https://news{number}.example/story"
        published = self.clock() - age
        return Item(guid=url, url=url, title=title, text=text, language=language, published=published)

    async def alert(
        self,
        chat: ChatId,
        feed: FeedId,
        *,
        why: Sequence[Why] = (),
        brief: Brief | None = None,
        story: StoryId | None = None,
        same: SameStory | None = None,
        ago: timedelta = timedelta(minutes=4),
        wanted: bool = True,
        held_by: Hold | None = None,
        due_at: datetime | None = None,
    ) -> list[StoredItem]:
        """What a feed brought becomes alerts of the chat, which wait until `due_at` where something holds them.

        Unless `wanted`, it is judged and told to nobody.
        """
        now = self.clock() - ago
        items = await self.storage.items.claim_items(now=now, limit=MANY, lease=LEASE)
        for item in items:
            told = wanted and item.feed.id == feed
            new = NewDelivery(chat=chat, why=tuple(why), held_by=held_by, due_at=due_at)
            deliveries = (new,) if told else ()
            decision = AlertDecision(
                item=item.id,
                lease=item.lease,
                story=story,
                same=same,
                brief=(brief or plain_brief(item)) if told else brief if item.feed.id == feed else None,
                deliveries=deliveries,
            )
            await self.storage.items.commit_alerts(decision, now=now)
        return items

    async def due(self, platform: Platform, *, ago: timedelta = timedelta(minutes=3)) -> list[DeliveryDue]:
        """All that is due on a platform, claimed."""
        return await self.storage.outbox.claim_deliveries(
            platforms=(platform,), now=self.clock() - ago, limit=MANY, lease=LEASE
        )

    async def sent(self, due: DeliveryDue, message: str, *, ago: timedelta = timedelta(minutes=3)) -> None:
        """It was sent, as this message of its platform."""
        await self.storage.outbox.delivery_sent(due, message=message, now=self.clock() - ago)


def plain_brief(item: StoredItem) -> Brief:
    """A brief as a feed in one language gives it, with a Chinese title that tells it apart."""
    text = item.item.text
    return Brief(
        title_zh=f"新聞：{item.item.title}",
        title_en=item.item.title,
        summary_zh="三方會面兩小時。",
        summary_en=text,
        made_by=MadeBy.FEED,
    )
