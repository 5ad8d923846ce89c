"""Items, briefs and alerts for tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.model import (
    Alert,
    Brief,
    Chat,
    ChatAddress,
    ChatId,
    ChatKind,
    ChatSettings,
    FeedId,
    FeedRef,
    Item,
    ItemId,
    MadeBy,
    Platform,
    Report,
    StoredItem,
    StoryKind,
    Why,
)
from tests.support.fakes import NOW

FEED = FeedRef(id=FeedId(1), url="https://globe.example/rss", title="Daily Globe", site="https://globe.example")
BRIEF = Brief(
    title_zh="三方會談在阿布扎比舉行",
    title_en="Trilateral talks held in Abu Dhabi",
    summary_zh="三國代表會面兩小時。",
    summary_en="Envoys of three countries met for two hours.",
    made_by=MadeBy.FEED,
)


def stored(
    title: str = "Trilateral talks held in Abu Dhabi",
    *,
    url: str = "https://globe.example/news/1",
    age: timedelta = timedelta(minutes=5),
    feed: FeedRef = FEED,
    now: datetime = NOW,
) -> StoredItem:
    """An item with a row."""
    item = Item(guid=url, url=url, title=title, text="Envoys met.", language="en", published=now - age)
    return StoredItem(id=ItemId(1), feed=feed, item=item, seen=now)


def alert(brief: Brief = BRIEF, *, item: StoredItem | None = None, why: tuple[Why, ...] = ()) -> Alert:
    """An alert of the brief."""
    return Alert(item=item or stored(), brief=brief, why=why)


def chat(settings: ChatSettings | None = None) -> Chat:
    """A chat with these settings."""
    return Chat(
        id=ChatId(1),
        address=ChatAddress(Platform.TELEGRAM, "1"),
        kind=ChatKind.PRIVATE,
        settings=settings or ChatSettings(),
    )


def crowded() -> Alert:
    """As much as an alert can hold: long texts in both languages, many reasons, and other sources with long links."""
    brief = Brief(
        title_zh="會談" * 200,
        title_en="talks " * 90,
        summary_zh="三國代表會面。" * 200,
        summary_en="They met [there] *again*. " * 90,
        made_by=MadeBy.MODEL,
    )
    also = tuple(
        Report(
            feed=replace(FEED, id=FeedId(n), title=f"Paper {n} " + "x" * 90), url=f"https://{n}.example/" + "a" * 300
        )
        for n in range(2, 14)
    )
    why = tuple(Why(keyword=f"keyword {n} " * 20, matched=("word " * 20,) * 9) for n in range(5))
    new = tuple(f"{n}77 " * 9 for n in range(9))
    return Alert(item=stored(), brief=brief, why=why, kind=StoryKind.DEVELOPMENT, new=new, also=also)
