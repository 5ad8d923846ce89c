"""A query is tried over what the chat's feeds brought lately."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.errors import QueryError
from bot.model import ChatId, ItemId
from bot.work import preview as module
from bot.work.preview import PreviewService
from tests.support.fakes import NOW, FakeHistory
from tests.support.filed import FakeItems
from tests.support.news import alert, stored

TITLES = ("The trilateral Russian-Ukrainian-US talks in Abu Dhabi", "An art party", "三方會談在阿布扎比舉行", "Talks")

SHOWN = 20


def service(titles=TITLES) -> PreviewService:
    items = [
        replace(stored(title, url=f"https://globe.example/{n}"), id=ItemId(len(titles) - n))
        for n, title in enumerate(titles)
    ]
    return PreviewService(FakeHistory(alerts=[alert(item=item) for item in items]), FakeItems(items))


@pytest.fixture
def preview():
    return service()


async def found(preview: PreviewService, query: str) -> tuple[int, list[str], list[tuple[str, ...]]]:
    forecast = await preview.forecast(ChatId(1), query, since=NOW - timedelta(days=7), shown=SHOWN)
    hits = forecast.hits
    return forecast.looked, [item.item.title for item, _ in hits], [hit.matched for _, hit in hits]


async def test_the_matching_items_come_with_their_words_and_the_number_looked_at(preview):
    looked, titles, matched = await found(preview, "trilateral talks")
    assert looked == 4
    assert titles == [TITLES[0]]
    assert matched == [("trilateral", "talks")]


async def test_characters_of_either_script_find_both(preview):
    assert (await found(preview, "三方会谈"))[1] == [TITLES[2]]


async def test_a_query_that_cannot_be_read_is_refused_before_looking(preview):
    with pytest.raises(QueryError):
        await found(preview, '"open')


async def test_the_items_that_come_nearest_are_told_with_what_they_lack(preview):
    near = await preview.nearest(ChatId(1), "trilateral art", since=NOW - timedelta(days=7), limit=9)
    assert [(item.item.title, miss.found) for item, miss in near] == [
        (TITLES[0], ("trilateral",)),
        (TITLES[1], ("art",)),
    ]
    assert await preview.nearest(ChatId(1), "chess", since=NOW, limit=9) == []
    assert len(await preview.nearest(ChatId(1), "trilateral art", since=NOW, limit=1)) == 1


async def test_a_query_without_a_whole_word_is_tried_over_the_newest_items(preview):
    looked, titles, _ = await found(preview, "tal*")
    assert (looked, titles) == (4, [TITLES[0], TITLES[3]])


async def test_of_many_candidates_the_newest_are_read_and_the_rest_is_reckoned(monkeypatch):
    monkeypatch.setattr(module, "MOST_READ", 10)
    many = service([f"Talks {n}" if n % 2 else f"Talks of chess {n}" for n in range(40)])
    outlook = await many.forecast(ChatId(1), "talks -chess", since=NOW - timedelta(days=7), shown=SHOWN)
    assert (outlook.looked, outlook.found, outlook.about, len(outlook.hits)) == (40, 20, True, 5)
    every = await many.forecast(ChatId(1), "talks", since=NOW - timedelta(days=7), shown=SHOWN)
    assert (every.found, every.about, len(every.hits)) == (40, False, SHOWN)
    few = await many.forecast(ChatId(1), "talks 7", since=NOW - timedelta(days=7), shown=SHOWN)
    assert (few.found, few.about) == (1, False)


async def test_where_none_are_to_be_shown_they_are_counted_and_no_more(preview):
    none = await preview.forecast(ChatId(1), "talks", since=NOW - timedelta(days=7), shown=0)
    assert (none.looked, none.found, none.hits) == (4, 2, ())


async def test_above_what_is_counted_one_by_one_it_is_about_as_many(monkeypatch):
    monkeypatch.setattr(module, "EXACT_TO", 30)
    many = service([f"Talks {n}" for n in range(40)])
    assert (await many.forecast(ChatId(1), "talks", since=NOW, shown=SHOWN)).about
    assert not (await many.forecast(ChatId(1), "talks OR chess 7", since=NOW, shown=SHOWN)).about
