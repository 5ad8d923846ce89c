"""What a chat's choices would have brought: its keywords are run over the items that its feeds hold already.

    keywords ─▶ what may answer them, by the index of words ─▶ published since? ─▶ which keywords ─▶ the first of each,
    then the rest ─▶ briefs ─▶ Alerts

No model is asked and nothing is written: it is a look, and the person waits for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from bot.errors import QueryError
from bot.matching.document import Document
from bot.matching.evaluate import evaluate
from bot.matching.lookup import lookup
from bot.matching.query import Query, read
from bot.model import (
    Alert,
    AnyOf,
    ChatId,
    FeedId,
    ItemId,
    Keyword,
    Language,
    Mode,
    Prospect,
    StoredItem,
    Wanted,
    Why,
)
from bot.ports import BriefBook, Briefer, History, ItemSearch, KeywordBook, NameCount, SubscriptionBook
from bot.text.fold import fold

MOST_ITEMS = 3000  # whose titles are looked at
PART = 50  # items that are read at first, and then twice as many, until there is something to show
MOST_READ = 350
MOST_SCANNED = 100  # where the index knows nothing of a keyword
MOST_KEYWORDS = 50  # the newest: those are what the person is curious about
PATIENCE = timedelta(seconds=8)  # a first poll takes one or two
PAUSE = timedelta(seconds=0.25)
EVER = datetime.min.replace(tzinfo=UTC)

Found = list[tuple[StoredItem, tuple[Why, ...]]]
Queries = Sequence[tuple[str, Query]]  # as they were typed, and read


class OutlookService:
    """Implements bot.ports.Outlook. `patience` is how long a first reading is waited for."""

    def __init__(
        self,
        *,
        history: History,
        items: ItemSearch,
        subscriptions: SubscriptionBook,
        keywords: KeywordBook,
        briefs: BriefBook,
        briefer: Briefer,
        names: NameCount,
        patience: timedelta = PATIENCE,
        pause: timedelta = PAUSE,
    ) -> None:
        self._history = history
        self._items = items
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

    async def would_have_brought(self, chat: ChatId, *, since: Sequence[datetime], limit: int) -> Prospect:
        """See bot.ports.Outlook."""
        watched = await self._subscriptions.subscriptions(chat)
        everything = frozenset(each.feed.id for each in watched if each.mode is Mode.EVERYTHING)
        queries = _readable((await self._keywords.keywords(chat))[-MOST_KEYWORDS:])
        items, left_out = await self._whole(chat, queries, everything, since[-1])
        wanted = _any_of(queries)
        before: ItemId | None = None
        part = PART
        while True:
            some = await self._items.newest(chat, wanted, since=since[-1], before=before, limit=part) if wanted else []
            items |= {item.id: item for item in some}
            # Off the loop: hundreds of documents take longer than a chat should wait for others.
            found = await asyncio.to_thread(_found, _published(items.values(), since[-1]), queries, everything)
            unread = _end(some, part)
            if start := _start(found, since, limit, unread=unread if len(items) < MOST_READ else EVER):
                break
            before, part = some[-1].id, 2 * part
        told = [one for one in found if _moment(one[0]) >= start]
        alerts = await self._alerts(_varied(told, limit))
        return Prospect(since=start, found=len(told), more=max(unread, left_out) >= start, alerts=alerts)

    async def _whole(
        self, chat: ChatId, queries: Queries, everything: frozenset[FeedId], since: datetime
    ) -> tuple[dict[ItemId, StoredItem], datetime]:
        """The newest items that no index leads to, and until when others that were left out were seen: of feeds that
        are taken whole, and of all where a keyword has no word that is filed."""
        whole = await self._history.recent_items(chat, since=since, limit=PART, of=everything) if everything else []
        scans = any(lookup(query) is None for _, query in queries)
        scanned = await self._history.recent_items(chat, since=since, limit=MOST_SCANNED) if scans else []
        return {item.id: item for item in (*whole, *scanned)}, max(_end(whole, PART), _end(scanned, MOST_SCANNED))

    async def _alerts(self, chosen: Found) -> list[Alert]:
        stored = await self._briefs.briefs([item.id for item, _ in chosen])
        return [
            Alert(item=item, brief=stored.get(item.id) or await self._briefer.brief(item.item, _sought(why)), why=why)
            for item, why in chosen
        ]

    async def in_the_news(self, chat: ChatId, *, since: datetime, language: Language, limit: int) -> list[str]:
        """See bot.ports.Outlook."""
        items = await self._history.recent_items(chat, since=since, limit=MOST_ITEMS)
        titles = [item.item.title for item in _published(items, since)]
        return await asyncio.to_thread(self._names.most_named, titles, language, limit=limit)


def _end(newest: Sequence[StoredItem], limit: int) -> datetime:
    """Until when those were seen that are not among the newest; EVER: there are none."""
    return newest[-1].seen if len(newest) == limit else EVER


def _start(found: Found, starts: Sequence[datetime], limit: int, *, unread: datetime) -> datetime | None:
    """The first of the starts since which there is anything, or the last; None: what is unread, which was seen until
    then, has to tell."""
    for start in starts:
        told = sum(_moment(item) >= start for item, _ in found)
        if told >= limit or (told and unread < start):
            return start
        if unread >= start:
            return None
    return starts[-1]


def _published(items: Iterable[StoredItem], since: datetime) -> list[StoredItem]:
    """Those published since then, newest first. A first poll sees the news of weeks at once: what counts is when it was
    published."""
    return sorted((item for item in items if _moment(item) >= since), key=_moment, reverse=True)


def _moment(item: StoredItem) -> datetime:
    return item.item.published or item.seen


def _sought(why: Iterable[Why]) -> tuple[str, ...]:
    return tuple(word for reason in why for word in reason.matched)


def _found(items: Sequence[StoredItem], queries: Queries, everything: frozenset[FeedId]) -> Found:
    found: Found = []
    told = set[str]()
    for item in items:
        why = _reasons(item, queries)
        # The same title in a second feed is the same alert.
        if (why or item.feed.id in everything) and (name := fold(item.item.title)) not in told:
            told.add(name)
            found.append((item, why))
    return found


def _readable(keywords: Sequence[Keyword]) -> Queries:
    read_ones = ((keyword.query, _query(keyword)) for keyword in keywords)
    return [(typed, query) for typed, query in read_ones if query]


def _query(keyword: Keyword) -> Query | None:
    try:
        return read(keyword.canonical)
    except QueryError:  # an older version took it
        return None


def _any_of(queries: Queries) -> Wanted | None:
    """What the items are filed under that may answer any of those that the index knows of."""
    filed = tuple(found for _, query in queries if (found := lookup(query)))
    return AnyOf(filed) if filed else None


def _reasons(item: StoredItem, queries: Queries) -> tuple[Why, ...]:
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
