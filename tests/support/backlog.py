"""Chats with alerts that wait, made by the ways that the bot itself uses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

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
)
from bot.storage import Storage

BRIEF = Brief(title_zh="三方会谈", title_en="Talks", summary_zh="摘要", summary_en="Summary", made_by=MadeBy.FEED)
LEASE = timedelta(minutes=5)
A_POLL = 100
URL = "https://a.example/feed"


class Backlog:
    """Fills the outbox of a storage."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._items = 0

    async def chat(self, address: ChatAddress, kind: ChatKind, now: datetime) -> ChatId:
        """A chat that takes the feed."""
        chat = await self._storage.chats.open_chat(address, kind=kind, title="", hint=Locale.EN, now=now)
        await self._storage.subscriptions.subscribe(
            chat.id, FoundFeed(url=URL, title="A"), mode=Mode.EVERYTHING, now=now
        )
        return chat.id

    async def owe(self, chats: Sequence[ChatId], items: int, now: datetime) -> None:
        """Each of the chats is owed an alert of each of so many new items."""
        while items > 0:
            count = min(items, A_POLL)
            await self._poll(count, now)
            items -= count
        deliveries = tuple(NewDelivery(chat=chat) for chat in chats)
        while claimed := await self._storage.items.claim_items(now=now, limit=A_POLL, lease=LEASE):
            for item in claimed:
                decision = AlertDecision(item=item.id, lease=item.lease, brief=BRIEF, deliveries=deliveries)
                await self._storage.items.commit_alerts(decision, now=now)

    async def _poll(self, count: int, now: datetime) -> None:
        # Polled "next year": the feed is always due, whatever the time.
        later = now + timedelta(days=365)
        [due] = await self._storage.feeds.claim_feeds(now=later, limit=1, lease=LEASE)
        numbers = range(self._items, self._items + count)
        self._items += count
        items = (Item(guid=f"g{n}", url=f"https://a.example/{n}", title=f"Talks {n}", text="News.") for n in numbers)
        news = tuple(NewItem(item=item, keys=(item.guid, item.url)) for item in items)
        change = FeedChange(id=due.id, lease=due.lease, next_poll=now, succeeded=True, items=news)
        await self._storage.feeds.record_polls([change], now=now)
