"""What a query would have brought: the index of words finds items that may answer it, and these are read."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

from bot.matching.document import Document
from bot.matching.evaluate import evaluate
from bot.matching.explain import why_not
from bot.matching.lookup import is_settled, lookup, near_lookup
from bot.matching.query import Query, canonical, parse
from bot.model import EXACT_TO, ChatId, Forecast, Hit, Miss, StoredItem
from bot.ports import History, ItemSearch

MOST_READ = 60  # items: to read one takes up to a third of a millisecond, and an answer is to take less than 100
MOST_SCANNED = 100  # where the index knows nothing of the query
MOST_TAKEN_APART = 20  # to say what an item lacks takes a millisecond


class PreviewService:
    """Answers `/keyword test`."""

    def __init__(self, history: History, items: ItemSearch) -> None:
        self._history = history
        self._items = items

    async def forecast(self, chat: ChatId, query: str, *, since: datetime, shown: int) -> Forecast:
        """See `bot.ports.Preview`."""
        wanted = parse(query)
        filed = lookup(wanted)
        if filed is None:
            return await self._scanned(chat, wanted, since)
        settled = is_settled(wanted)
        most = shown if settled else MOST_READ
        looked, there, some = await asyncio.gather(
            self._items.count_items(chat, since=since),
            self._items.count_with(chat, filed, since=since),
            self._items.newest(chat, filed, since=since, limit=most),
        )
        # Off the loop: a hundred documents take longer than a chat should wait for others.
        hits = await asyncio.to_thread(matching, wanted, some)
        if settled:
            found, about = max(len(hits), there), there > EXACT_TO
        elif len(some) < most:
            found, about = len(hits), False
        else:
            found, about = round(len(hits) * max(len(some), there) / len(some)), there > len(some)
        return Forecast(looked=looked, found=found, hits=tuple(hits), about=about)

    async def nearest(self, chat: ChatId, query: str, *, since: datetime, limit: int) -> list[tuple[StoredItem, Miss]]:
        """See `bot.ports.Preview`. Items that have nothing of the query are not near."""
        wanted = parse(query)
        filed = near_lookup(wanted)
        items = (
            await self._history.recent_items(chat, since=since, limit=MOST_TAKEN_APART)
            if filed is None
            else await self._items.newest(chat, filed, since=since, limit=MOST_TAKEN_APART)
        )
        return (await asyncio.to_thread(_misses, wanted, items))[:limit]

    async def _scanned(self, chat: ChatId, wanted: Query, since: datetime) -> Forecast:
        items = await self._history.recent_items(chat, since=since, limit=MOST_SCANNED)
        hits = await asyncio.to_thread(matching, wanted, items)
        return Forecast(looked=len(items), found=len(hits), hits=tuple(hits))


def _misses(query: Query, items: Sequence[StoredItem]) -> list[tuple[StoredItem, Miss]]:
    misses = [(item, why_not(query, Document(item.item, item.feed))) for item in items]
    return sorted((miss for miss in misses if 0 < miss[1].nearness < 1), key=lambda miss: -miss[1].nearness)


def matching(query: Query, items: Sequence[StoredItem]) -> list[tuple[StoredItem, Hit]]:
    """Those of the items that answer the query, with the words that did."""
    form = canonical(query)
    found = []
    for item in items:
        matched = evaluate(query, Document(item.item, item.feed))
        if matched is not None:
            found.append((item, Hit(canonical=form, matched=matched)))
    return found
