"""Stored items are found a page at a time, however many are read for it, and queries are remembered for a while."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.errors import QueryError
from bot.model import ChatId, ItemId
from bot.work import search as module
from bot.work.search import SearchService
from tests.support.fakes import NOW, FakeHistory
from tests.support.filed import FakeItems
from tests.support.news import alert, stored


def service(titles: list[str]) -> SearchService:
    items = [
        replace(stored(title, url=f"https://globe.example/{n}"), id=ItemId(1000 - n), seen=NOW - timedelta(minutes=n))
        for n, title in enumerate(titles)
    ]
    return SearchService(FakeHistory(alerts=[alert(item=item) for item in items]), FakeItems(items))


async def page(search: SearchService, query: str, number: int = 1, size: int = 3):
    return await search.search(ChatId(1), query, page=number, size=size, now=NOW)


def titles(found) -> list[str]:
    return [item.item.title for item, _ in found.items]


async def test_pages_follow_one_another_without_gap_or_double():
    search = service([f"Talks {n}" for n in range(7)])
    pages = [await page(search, "talks", number) for number in (1, 2, 3)]
    assert [titles(one) for one in pages] == [
        ["Talks 0", "Talks 1", "Talks 2"],
        ["Talks 3", "Talks 4", "Talks 5"],
        ["Talks 6"],
    ]
    assert [one.more for one in pages] == [True, True, False]
    assert pages[0].items[0][1].matched == ("Talks",)


async def test_what_the_index_finds_too_much_is_left_out_and_more_is_looked_at():
    search = service([*(f"Talks of chess {n}" for n in range(100)), "Talks of peace"])
    found = await page(search, "talks -chess")
    assert (titles(found), found.more, found.since) == (["Talks of peace"], False, None)


async def test_where_too_many_would_have_to_be_read_the_answer_says_how_far_it_looked(monkeypatch):
    monkeypatch.setattr(module, "MOST_READ", 40)
    search = service([*(f"Talks of chess {n}" for n in range(100)), "Talks of peace"])
    found = await page(search, "talks -chess")
    assert (titles(found), found.since) == ([], NOW - timedelta(minutes=39))


async def test_without_a_whole_word_the_newest_items_are_read():
    search = service(["Talks", "Tales", "Party"])
    found = await page(search, "tal*")
    assert (titles(found), found.read) == (["Talks", "Tales"], 3)


async def test_a_query_that_cannot_be_read_is_refused():
    with pytest.raises(QueryError):
        await page(service([]), '"open')


def test_long_queries_have_a_short_name_until_many_others_were_asked(monkeypatch):
    monkeypatch.setattr(module, "REMEMBERED", 2)
    search = service([])
    name = search.remember("trilateral talks " * 9)
    assert len(name) == 10
    assert search.remember("trilateral talks " * 9) == name
    assert search.recall(name) == "trilateral talks " * 9
    search.remember("one")
    search.remember("two")
    assert search.recall(name) is None
