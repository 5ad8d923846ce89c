"""What the tests of matching share."""

from collections.abc import Callable

import pytest

from bot.matching.document import Document
from bot.matching.evaluate import evaluate
from bot.matching.query import parse
from bot.model import FeedId, FeedRef, Item

Matcher = Callable[..., tuple[str, ...] | None]
REUTERS = FeedRef(id=FeedId(1), url="https://feeds.reuters.com/world.rss", title="Reuters World", site="")


@pytest.fixture
def match() -> Matcher:
    """The words of an item (title, text, language) that answer a query as typed."""

    def matched(query: str, title: str, text: str = "", language: str = "en") -> tuple[str, ...] | None:
        item = Item(guid="1", url="", title=title, text=text, language=language)
        return evaluate(parse(query), Document(item, REUTERS))

    return matched
