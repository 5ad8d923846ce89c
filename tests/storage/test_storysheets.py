"""Stories across all feeds, those that most of them told first."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert

from bot.storage import storysheets
from bot.storage.tables import briefs
from tests.storage.conftest import NOW
from tests.support.ledger import Ledger

HOUR = timedelta(hours=1)


@pytest.fixture
def ledger(storage) -> Ledger:
    return Ledger(storage, NOW)


async def look(storage, hours=24, limit=9):
    return await storage.story_sheets.stories(hours=hours, limit=limit, now=NOW)


async def tell(ledger, story, feed, at=NOW, **more) -> int:
    return await ledger.item(feed, story_id=story, seen=at, told=at, **more)


async def brief(storage, item, title) -> None:
    row = {"item_id": item, "title_zh": f"{title} zh", "title_en": f"{title} en", "summary_zh": "", "summary_en": ""}
    async with storage._database.write() as connection:
        await connection.execute(insert(briefs).values(**row, made_by="feed"))


async def test_of_nothing_there_are_no_stories(storage, ledger):
    await ledger.item(await ledger.feed())  # it belongs to none
    assert await look(storage) == []


async def test_what_most_feeds_told_comes_first(storage, ledger):
    feeds = [await ledger.feed() for _ in range(3)]
    often, widely, once = [await ledger.story() for _ in range(3)]
    for _ in range(4):
        await tell(ledger, often, feeds[0])
    for feed in feeds:
        await tell(ledger, widely, feed)
    await tell(ledger, once, feeds[0])
    assert [(one.id, one.reports, one.sources) for one in await look(storage)] == [
        (widely, 3, 3),
        (often, 4, 1),
        (once, 1, 1),
    ]
    assert [one.id for one in await look(storage, limit=1)] == [widely]


async def test_a_line_shows_the_newest_item_its_brief_and_whom_it_reached(storage, ledger):
    feed, chats, story = await ledger.feed(title="A"), [await ledger.chat() for _ in range(2)], await ledger.story()
    for chat in chats:
        await ledger.told(story, chat)
    old = await tell(ledger, story, feed, NOW - HOUR, title="old")
    new = await tell(ledger, story, feed, title="new", url="https://a.example/new", published=NOW - HOUR)
    await brief(storage, old, "old")
    [line] = await look(storage)
    assert (line.item.id, line.item.title, line.item.url, line.item.feed.title) == (
        new, "new", "https://a.example/new", "A",
    )  # fmt: skip
    assert (line.item.published, line.item.seen, line.chats) == (NOW - HOUR, NOW, 2)
    assert (line.title_zh, line.title_en) == ("old zh", "old en")  # the newest that has any
    await brief(storage, new, "new")
    [line] = await look(storage)
    assert (line.title_zh, line.title_en) == ("new zh", "new en")


async def test_a_story_without_a_brief_has_no_titles(storage, ledger):
    await tell(ledger, await ledger.story(), await ledger.feed())
    [line] = await look(storage)
    assert (line.title_zh, line.title_en, line.chats) == ("", "", 0)


async def test_items_are_counted_by_the_hour_and_older_ones_not_at_all(storage, ledger):
    feed, story, other = await ledger.feed(), await ledger.story(), await ledger.story()
    half = timedelta(minutes=30)
    for at in (NOW - 3 * HOUR, NOW - 2 * HOUR, NOW - 2 * HOUR + half, NOW, NOW + half):
        await tell(ledger, story, feed, at)
    await tell(ledger, other, feed, NOW - 3 * HOUR)
    [line] = await look(storage, hours=3)
    assert (line.id, line.reports, line.hours) == (story, 4, (2, 0, 2))


async def test_of_very_many_the_newest_are_looked_at(storage, ledger, monkeypatch):
    monkeypatch.setattr(storysheets, "LOOKED_AT", 1)
    feed, old, new = await ledger.feed(), await ledger.story(), await ledger.story()
    await tell(ledger, old, feed, NOW - HOUR)
    await tell(ledger, new, feed)
    assert [one.id for one in await look(storage)] == [new]
