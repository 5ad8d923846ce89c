"""What a query would have brought: it is run over the items that a chat's feeds gave lately."""

from __future__ import annotations

import asyncio
from datetime import datetime

from bot.matching.document import Document
from bot.matching.evaluate import evaluate
from bot.matching.explain import why_not
from bot.matching.query import Query, canonical, parse
from bot.model import ChatId, Hit, Miss, StoredItem
from bot.ports import History

MOST_ITEMS = 5000
MOST_TAKEN_APART = 500  # the newest: to say what an item lacks takes a millisecond


class PreviewService:
    """Answers `/keyword test`."""

    def __init__(self, history: History) -> None:
        self._history = history

    async def would_match(
        self, chat: ChatId, query: str, *, since: datetime, limit: int
    ) -> tuple[int, list[tuple[StoredItem, Hit]]]:
        """See `bot.ports.Preview`."""
        wanted = parse(query)
        items = await self._history.recent_items(chat, since=since, limit=MOST_ITEMS)
        # Off the loop: thousands of documents take longer than a chat should wait for others.
        found = await asyncio.to_thread(_matching, wanted, items)
        return len(items), found[:limit]

    async def nearest(self, chat: ChatId, query: str, *, since: datetime, limit: int) -> list[tuple[StoredItem, Miss]]:
        """See `bot.ports.Preview`. Items that have nothing of the query are not near."""
        wanted = parse(query)
        items = await self._history.recent_items(chat, since=since, limit=MOST_TAKEN_APART)
        return (await asyncio.to_thread(_misses, wanted, items))[:limit]


def _misses(query: Query, items: list[StoredItem]) -> list[tuple[StoredItem, Miss]]:
    misses = [(item, why_not(query, Document(item.item, item.feed))) for item in items]
    return sorted((miss for miss in misses if 0 < miss[1].nearness < 1), key=lambda miss: -miss[1].nearness)


def _matching(query: Query, items: list[StoredItem]) -> list[tuple[StoredItem, Hit]]:
    form = canonical(query)
    found = []
    for item in items:
        matched = evaluate(query, Document(item.item, item.feed))
        if matched is not None:
            found.append((item, Hit(canonical=form, matched=matched)))
    return found
