"""An index of items' words in memory, which files and finds as the databases do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.model import AllOf, AnyOf, Beginning, ChatId, ItemId, StoredItem, Wanted
from bot.text.indexwords import index_words


def is_filed(wanted: Wanted, words: frozenset[str]) -> bool:
    """Whether an item with these words is found."""
    match wanted:
        case str():
            return wanted in words
        case Beginning(start):
            return any(word.startswith(start) for word in words)
        case AllOf(parts):
            return all(is_filed(part, words) for part in parts)
        case AnyOf(parts):
            return any(is_filed(part, words) for part in parts)


class FakeItems:
    """An ItemSearch over items, the newest first."""

    def __init__(self, items: Sequence[StoredItem]) -> None:
        self.hold(items)

    def hold(self, items: Sequence[StoredItem]) -> None:
        """Have these instead."""
        self._items = [(item, index_words(item.item.title, item.item.text, item.item.language)) for item in items]

    async def newest(
        self, chat: ChatId, wanted: Wanted, *, since: datetime | None = None, before: ItemId | None = None, limit: int
    ) -> list[StoredItem]:
        found = [item for item, words in self._items if is_filed(wanted, words)]
        return [item for item in found if before is None or item.id < before][:limit]

    async def count_with(self, chat: ChatId, wanted: Wanted, *, since: datetime) -> int:
        return sum(is_filed(wanted, words) for _, words in self._items)

    async def count_items(self, chat: ChatId, *, since: datetime) -> int:
        return len(self._items)
