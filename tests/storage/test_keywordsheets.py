"""Which keywords bring much, and which nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.storage import keywordsheets
from tests.storage.conftest import NOW
from tests.support.ledger import Ledger

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def ledger(storage) -> Ledger:
    return Ledger(storage, NOW)


async def tops(storage, since=NOW - DAY, limit=9):
    return await storage.keyword_sheets.keyword_sheet(since=since, created_before=NOW, limit=limit)


async def silent(storage, before=NOW, limit=9):
    sheet = await storage.keyword_sheets.keyword_sheet(since=NOW - DAY, created_before=before, limit=limit)
    return list(sheet.silent)


async def test_of_nothing_there_are_no_lines(storage):
    found = await tops(storage)
    assert (found.since, found.looked_at, found.top) == (NOW - DAY, 0, ())
    assert await silent(storage) == []


async def test_those_that_brought_most_come_first(storage, ledger):
    feed, one, two = await ledger.feed(), await ledger.chat(), await ledger.chat()
    await ledger.keyword(one, "talks", created=NOW - DAY)
    await ledger.keyword(two, "talks", created=NOW - 2 * DAY)
    await ledger.keyword(two, "Talks")
    await ledger.keyword(one, "ports", live=False)
    for ago, chat, words in (
        (3, one, ("talks", "ports")),
        (2, two, ("talks",)),
        (1, one, ("ports", "ports")),  # an alert counts once
        (0, two, ("talks",)),
    ):
        await ledger.delivery(chat, await ledger.item(feed), *words, finished=NOW - ago * HOUR)
    found = await tops(storage)
    assert (found.since, found.looked_at) == (NOW - DAY, 4)
    assert [(line.query, line.alerts, line.chats, line.last, line.created) for line in found.top] == [
        ("talks", 3, 2, NOW, NOW - 2 * DAY),
        ("ports", 2, 0, NOW - HOUR, None),  # nobody has it any more
    ]
    assert [line.query for line in (await tops(storage, limit=1)).top] == ["talks"]


async def test_only_alerts_that_were_sent_since_then_are_counted(storage, ledger):
    feed, chat = await ledger.feed(), await ledger.chat()
    for word, more in (
        ("failed", {"state": "failed"}),
        ("due", {"state": "due", "finished": None}),
        ("joined", {"state": "joined"}),
        ("old", {"finished": NOW - DAY - HOUR}),
        ("sent", {}),
    ):
        await ledger.delivery(chat, await ledger.item(feed), word, **more)
    await ledger.delivery(chat, None)  # a notice
    found = await tops(storage)
    assert (found.looked_at, [line.query for line in found.top]) == (1, ["sent"])


async def test_of_very_many_the_newest_are_looked_at_and_it_says_since_when(storage, ledger, monkeypatch):
    monkeypatch.setattr(keywordsheets, "LOOKED_AT", 2)
    feed, chat = await ledger.feed(), await ledger.chat()
    for ago, word in ((3, "old"), (2, "new"), (1, "new")):
        await ledger.delivery(chat, await ledger.item(feed), word, finished=NOW - ago * HOUR)
    found = await tops(storage)
    assert (found.since, found.looked_at) == (NOW - 2 * HOUR, 2)
    assert [(line.query, line.alerts) for line in found.top] == [("new", 2)]


async def test_silent_ones_stand_in_active_chats_and_brought_nothing_the_oldest_first(storage, ledger):
    feed, active, blocked = await ledger.feed(), await ledger.chat(), await ledger.chat(state="blocked")
    old = NOW - 9 * DAY
    await ledger.keyword(active, "later", created=old + DAY)
    await ledger.keyword(active, "first", created=old)
    await ledger.keyword(await ledger.chat(), "first", created=old + DAY)
    await ledger.keyword(active, "brought", created=old)
    await ledger.keyword(active, "too new", created=NOW)
    await ledger.keyword(active, "removed", created=old, live=False)
    await ledger.keyword(blocked, "of nobody who listens", created=old)
    await ledger.delivery(active, await ledger.item(feed), "brought")
    found = await silent(storage)
    assert [(line.query, line.chats, line.alerts, line.created) for line in found] == [
        ("first", 2, 0, old),
        ("later", 1, 0, old + DAY),
    ]
    assert [line.query for line in await silent(storage, limit=1)] == ["first"]


async def test_what_brought_something_before_the_newest_alerts_is_silent(storage, ledger, monkeypatch):
    monkeypatch.setattr(keywordsheets, "LOOKED_AT", 1)
    feed, chat = await ledger.feed(), await ledger.chat()
    for word in ("once", "now"):
        await ledger.keyword(chat, word, created=NOW - DAY)
        await ledger.delivery(chat, await ledger.item(feed), word)
    assert [line.query for line in await silent(storage)] == ["once"]
