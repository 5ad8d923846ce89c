"""Items and members as stories meet them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.model import Brief, FeedId, FeedRef, Item, ItemId, SameStory, StoredItem, StoryId
from bot.stories.decide import choose_story
from bot.stories.index import StoryIndex, member_of

NOW = datetime(2026, 1, 24, 12, tzinfo=UTC)
FEED = FeedRef(id=FeedId(1), url="https://feed.example/rss")


class Newsroom:
    """Items that come one after the other; each is a member of the story it was found to belong to."""

    def __init__(self) -> None:
        self.index = StoryIndex()
        self._number = 0

    def tell(
        self, title: str, text: str = "", *, language: str = "en", hours: float = 0, brief: Brief | None = None
    ) -> SameStory | None:
        """The decision on an item that comes `hours` after the first."""
        self._number += 1
        item = Item(guid="", url="", title=title, text=text, language=language)
        seen = NOW + timedelta(hours=hours)
        stored = StoredItem(id=ItemId(self._number), feed=FEED, item=item, seen=seen)
        same = choose_story(stored, self.index, brief)
        self.index.add(member_of(stored, same.story if same else StoryId(self._number), brief))
        return same


@pytest.fixture
def newsroom() -> Newsroom:
    return Newsroom()
