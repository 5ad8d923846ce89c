"""What a chat's choices would have brought: its keywords are run over the items that its feeds hold already.

    recent items ─▶ published since? ─▶ which keywords ─▶ the first of each, then the rest ─▶ briefs ─▶ Alerts

No model is asked and nothing is written: it is a look, and the person waits for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from bot.errors import QueryError
from bot.matching.document import Document
from bot.matching.evaluate import evaluate
from bot.matching.query import Query, read
from bot.model import Alert, ChatId, FeedId, Keyword, Language, Mode, StoredItem, Why
from bot.ports import BriefBook, Briefer, History, KeywordBook, NameCount, SubscriptionBook
from bot.text.fold import fold

MOST_ITEMS = 3000
MOST_KEYWORDS = 50  # the newest: those are what the person is curious about
PATIENCE = timedelta(seconds=8)  # a first poll takes one or two
PAUSE = timedelta(seconds=0.25)

Found = list[tuple[StoredItem, tuple[Why, ...]]]


class OutlookService:
    """Implements bot.ports.Outlook. `patience` is how long a first reading is waited for."""

    def __init__(
        self,
        *,
        history: History,
        subscriptions: SubscriptionBook,
        keywords: KeywordBook,
        briefs: BriefBook,
        briefer: Briefer,
        names: NameCount,
        patience: timedelta = PATIENCE,
        pause: timedelta = PAUSE,
    ) -> None:
        self._history = history
        self._subscriptions = subscriptions
        self._keywords = keywords
        self._briefs = briefs
        self._briefer = briefer
        self._names = names
        self._patience = patience
        self._pause = pause

    async def first_reading(self, chat: ChatId) -> bool:
        """See bot.ports.Outlook. One that can't be read is not waited for."""
        for _ in range(max(1, self._patience // self._pause)):
            watched = await self._subscriptions.subscriptions(chat)
            if all(each.polled or each.error for each in watched):
                break
            await asyncio.sleep(self._pause.total_seconds())
        return any(each.polled for each in watched)

    async def would_have_brought(self, chat: ChatId, *, since: datetime, limit: int) -> tuple[int, list[Alert]]:
        """See bot.ports.Outlook."""
        items = await self._recent(chat, since)
        watched = await self._subscriptions.subscriptions(chat)
        everything = frozenset(each.feed.id for each in watched if each.mode is Mode.EVERYTHING)
        keywords = await self._keywords.keywords(chat)
        # Off the loop: thousands of documents take longer than a chat should wait for others.
        found = await asyncio.to_thread(_found, items, keywords[-MOST_KEYWORDS:], everything)
        chosen = _varied(found, limit)
        stored = await self._briefs.briefs([item.id for item, _ in chosen])
        return len(found), [
            Alert(item=item, brief=stored.get(item.id) or await self._briefer.brief(item.item, _sought(why)), why=why)
            for item, why in chosen
        ]

    async def in_the_news(self, chat: ChatId, *, since: datetime, language: Language, limit: int) -> list[str]:
        """See bot.ports.Outlook."""
        titles = [item.item.title for item in await self._recent(chat, since)]
        return await asyncio.to_thread(self._names.most_named, titles, language, limit=limit)

    async def _recent(self, chat: ChatId, since: datetime) -> list[StoredItem]:
        # A first poll sees the news of weeks at once: what counts is when it was published.
        items = await self._history.recent_items(chat, since=since, limit=MOST_ITEMS)
        return sorted((item for item in items if _moment(item) >= since), key=_moment, reverse=True)


def _moment(item: StoredItem) -> datetime:
    return item.item.published or item.seen


def _sought(why: Iterable[Why]) -> tuple[str, ...]:
    return tuple(word for reason in why for word in reason.matched)


def _found(items: Sequence[StoredItem], keywords: Sequence[Keyword], everything: frozenset[FeedId]) -> Found:
    queries = [(keyword.query, query) for keyword in keywords if (query := _query(keyword))]
    found: Found = []
    told = set[str]()
    for item in items:
        why = _reasons(item, queries)
        # The same title in a second feed is the same alert.
        if (why or item.feed.id in everything) and (name := fold(item.item.title)) not in told:
            told.add(name)
            found.append((item, why))
    return found


def _query(keyword: Keyword) -> Query | None:
    try:
        return read(keyword.canonical)
    except QueryError:  # an older version took it
        return None


def _reasons(item: StoredItem, queries: Sequence[tuple[str, Query]]) -> tuple[Why, ...]:
    document = Document(item.item, item.feed)
    hits = ((typed, evaluate(query, document)) for typed, query in queries)
    return tuple(Why(keyword=typed, matched=matched) for typed, matched in hits if matched is not None)


def _varied(found: Found, limit: int) -> Found:
    """The first of each keyword before the second of any, in their order."""
    shown = set[str]()
    first: Found = []
    rest: Found = []
    for one in found:
        keywords = {reason.keyword for reason in one[1]} or {""}
        (first if keywords - shown else rest).append(one)
        shown |= keywords
    return [*first, *rest][:limit]
