"""Finds stored items: the index of words brings those that may answer a query, newest first, and they are read."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from datetime import datetime, timedelta
from hashlib import blake2b

from bot.matching.lookup import lookup
from bot.matching.query import Query, parse
from bot.model import ChatId, Hit, ItemId, SearchPage, StoredItem, Wanted
from bot.ports import History, ItemSearch
from bot.work.preview import MOST_SCANNED, matching

PART = 40  # items that are read at first, and then twice as many
MOST_READ = 120  # for one page: to read one takes up to a third of a millisecond
REMEMBERED = 2_000  # queries
_EVER = timedelta(days=3650)
_NAME_BYTES = 5

Found = list[tuple[StoredItem, Hit]]


class SearchService:
    """Implements `bot.ports.Search`. What it remembers is lost with the process: people can type a query again."""

    def __init__(self, history: History, items: ItemSearch) -> None:
        self._history = history
        self._items = items
        self._queries: OrderedDict[str, str] = OrderedDict()

    async def search(self, chat: ChatId, query: str, *, page: int, size: int, now: datetime) -> SearchPage:
        """See `bot.ports.Search`."""
        wanted = parse(query)
        filed = lookup(wanted)
        if filed is None:
            return await self._scanned(chat, wanted, page=page, size=size, now=now)
        found, since = await self._found(chat, wanted, filed, enough=page * size + 1)
        return _page(found, page=page, size=size, since=since)

    async def _found(self, chat: ChatId, query: Query, filed: Wanted, *, enough: int) -> tuple[Found, datetime | None]:
        """The newest items that answer, and when the oldest came that was read, if there are others that were not."""
        found: Found = []
        before: ItemId | None = None
        read, part = 0, PART
        while read < max(MOST_READ, 2 * enough):
            some = await self._items.newest(chat, filed, before=before, limit=part)
            found += await asyncio.to_thread(matching, query, some)
            if len(found) >= enough or len(some) < part:
                return found, None
            before = some[-1].id
            read, part = read + part, 2 * part  # to ask again costs as much as to read some
        return found, some[-1].seen

    async def _scanned(self, chat: ChatId, query: Query, *, page: int, size: int, now: datetime) -> SearchPage:
        items = await self._history.recent_items(chat, since=now - _EVER, limit=MOST_SCANNED)
        found = await asyncio.to_thread(matching, query, items)
        return _page(found, page=page, size=size, read=len(items))

    def remember(self, query: str) -> str:
        """See `bot.ports.Search`."""
        name = blake2b(query.encode("utf-8", "replace"), digest_size=_NAME_BYTES).hexdigest()
        self._queries[name] = query
        self._queries.move_to_end(name)
        if len(self._queries) > REMEMBERED:
            self._queries.popitem(last=False)
        return name

    def recall(self, name: str) -> str | None:
        """See `bot.ports.Search`."""
        return self._queries.get(name)


def _page(found: Found, *, page: int, size: int, read: int | None = None, since: datetime | None = None) -> SearchPage:
    shown = found[(page - 1) * size : page * size]
    return SearchPage(items=tuple(shown), page=page, more=len(found) > page * size, read=read, since=since)
