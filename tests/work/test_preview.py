"""A query is tried over what the chat's feeds brought lately."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.errors import QueryError
from bot.model import ChatId
from bot.work.preview import PreviewService
from tests.support.fakes import NOW, FakeHistory
from tests.support.news import alert, stored

TITLES = ("The trilateral Russian-Ukrainian-US talks in Abu Dhabi", "An art party", "三方會談在阿布扎比舉行", "Talks")


@pytest.fixture
def preview():
    items = [stored(title, url=f"https://globe.example/{n}") for n, title in enumerate(TITLES)]
    return PreviewService(FakeHistory(alerts=[alert(item=item) for item in items]))


async def found(preview: PreviewService, query: str, limit: int = 9) -> tuple[int, list[str], list[tuple[str, ...]]]:
    looked, hits = await preview.would_match(ChatId(1), query, since=NOW - timedelta(days=7), limit=limit)
    return looked, [item.item.title for item, _ in hits], [hit.matched for _, hit in hits]


async def test_the_matching_items_come_with_their_words_and_the_number_looked_at(preview):
    looked, titles, matched = await found(preview, "trilateral talks")
    assert looked == 4
    assert titles == [TITLES[0]]
    assert matched == [("trilateral", "talks")]


async def test_characters_of_either_script_find_both(preview):
    assert (await found(preview, "三方会谈"))[1] == [TITLES[2]]


async def test_no_more_are_answered_than_asked_for(preview):
    looked, titles, _ = await found(preview, "talks OR art", limit=2)
    assert (looked, len(titles)) == (4, 2)


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
