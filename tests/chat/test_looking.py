"""/search, /stats and /trend as people see them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.chat.blocks import ACTION_LIMIT
from bot.chat.commands.trends import MOST_ALERTS
from bot.errors import QueryError, QueryProblem
from bot.model import FeedId, FoundFeed, Hit, ItemId, Locale, Mode, Rise, Sent, Titled
from tests.support.fakes import ADDRESS, NOW, actions, plain
from tests.support.news import alert, stored


def hits(count: int):
    hit = Hit(canonical="talk", matched=("talks",))
    return [(stored(f"Talks {n}"), hit) for n in range(count)]


async def test_a_search_lists_titles_as_links_with_source_age_and_words(desk) -> None:
    desk.search.found = hits(1)
    reply = await desk.say("/search talks")
    assert plain(reply) == "Found: talks\nTalks 0 · Daily Globe · 5 minutes ago · talks"
    assert reply.blocks[1].spans[0].url == "https://globe.example/news/1"
    assert actions(reply) == ["/keyword add talks"]


async def test_pages_turn_in_place(desk) -> None:
    desk.search.found = hits(20)
    first = await desk.say("/search talks")
    assert actions(first)[0] == "/search #2 talks"
    second = await desk.say(actions(first)[0])
    assert desk.search.asked[-1] == ("talks", 2)
    assert actions(second)[:2] == ["/search #1 talks", "/search #3 talks"]
    assert all(button.in_place for button in second.buttons[0])
    assert "page 2" in plain(second)


@pytest.mark.parametrize("query", ["trilateral talks " * 9, "三方會談阿布扎比" * 4])
async def test_a_long_query_goes_by_a_short_name(desk, query: str) -> None:
    desk.search.found = hits(20)
    line = actions(await desk.say(f"/search {query}"))[0]
    assert len(line.encode()) <= ACTION_LIMIT
    await desk.say(line)
    assert desk.search.asked[-1] == (" ".join(query.split()), 2)


async def test_a_name_that_is_forgotten_asks_to_search_again(desk) -> None:
    reply = await desk.say("/search #2 ~gone")
    assert "don't remember" in plain(reply)
    assert desk.search.asked == []


async def test_a_search_without_words_says_how(desk) -> None:
    assert "/search trilateral talks" in plain(await desk.say("/search"))


async def test_a_number_alone_is_searched_for(desk) -> None:
    await desk.say("/search #1")
    await desk.say("/search 2026")
    assert desk.search.asked == [("#1", 1), ("2026", 1)]


async def test_nothing_found_offers_to_wait_for_it(desk) -> None:
    await desk.subscriptions.subscribe(1, FoundFeed(url="https://a.example", title="A"), mode=Mode.MATCHING, now=NOW)
    reply = await desk.say("/search chess")
    assert "Nothing found for chess" in plain(reply)
    assert actions(reply) == ["/keyword add chess"]
    assert actions(await desk.say("/search chess", kind="group", can_manage=False)) == []


async def test_a_query_that_cannot_be_read_is_explained_with_a_search_that_can(desk) -> None:
    desk.search.refusal = QueryError(QueryProblem.OPEN_QUOTE, '"talks', suggestion='"talks"')
    reply = await desk.say('/search "talks', can_manage=False)
    assert actions(reply) == ['/search "talks"']


async def test_stats_are_a_chart_with_the_same_in_words(desk) -> None:
    desk.records.sent = [
        Sent(NOW - timedelta(hours=n), (("talks", "chess")[n % 3 == 0],), "Daily Globe") for n in range(9)
    ]
    reply = await desk.say("/stats", locale=Locale.ZH_HANT)
    assert reply.image is not None
    assert reply.image.content.startswith(b"\x89PNG")
    assert "共 9 則快訊" in plain(reply)
    assert "最多的關鍵字是 talks：6" in plain(reply)
    assert reply.image.alt == plain(reply)


async def test_stats_of_one_keyword_count_its_alerts_alone(desk) -> None:
    await desk.say("/keyword add talks")
    desk.records.sent = [Sent(NOW, ("talks",), "A"), Sent(NOW, ("chess",), "A"), Sent(NOW, ("chess", "talks"), "B")]
    reply = await desk.say("/stats 1")
    assert "2 alerts" in plain(reply)
    assert "talks" in plain(reply).splitlines()[0]
    assert "There is no keyword 7 here." in plain(await desk.say("/stats 7"))
    desk.records.sent = []
    assert "talks brought no alert in the last 30 days" in plain(await desk.say("/stats #1"))


async def test_stats_of_more_alerts_than_are_counted_say_so(desk) -> None:
    desk.records.sent = [Sent(NOW, ("talks",), "A")] * MOST_ALERTS
    assert f"Only the newest {MOST_ALERTS} alerts are counted." in plain(await desk.say("/stats"))


async def test_stats_of_a_long_keyword_that_brought_nothing_lead_to_its_test(desk) -> None:
    await desk.say(f"/keyword add {'trilateral talks ' * 9}")
    assert actions(await desk.say("/stats 1")) == ["/keyword test #1"]


async def test_stats_without_alerts_say_what_to_do(desk) -> None:
    reply = await desk.say("/stats")
    assert reply.image is None
    assert "/subscribe" in plain(reply)


def rise(*phrases: str, usual: float = 0.0) -> Rise:
    example = Titled(ItemId(1), FeedId(1), "Envoys meet in Abu Dhabi", "https://a.example/1", "en", NOW)
    return Rise(phrases=phrases, items=6, feeds=3, usual=usual, example=example)


async def test_what_rises_comes_with_count_change_example_and_a_button_to_watch_it(desk) -> None:
    desk.trends.rises = [rise("Abu Dhabi", "阿布扎比"), rise("Fed", usual=2.0)]
    reply = await desk.say("/trend")
    assert "Abu Dhabi / 阿布扎比 · 6 items · new now · Envoys meet in Abu Dhabi" in plain(reply)
    assert "Fed · 6 items · 3.0 times as many as usual" in plain(reply)
    assert actions(reply) == ["/keyword add Abu Dhabi OR 阿布扎比", "/keyword add Fed", "/trend week"]
    week = await desk.say("/trend week", can_manage=False, kind="group")
    assert actions(week) == ["/trend day"]
    assert "7 days" in plain(week)


async def test_where_nothing_rises_it_is_said(desk) -> None:
    assert "/subscribe" in plain(await desk.say("/trend"))
    chat = desk.chats.by_address[ADDRESS].id
    await desk.subscriptions.subscribe(chat, FoundFeed(url="https://a.example", title="A"), mode=Mode.MATCHING, now=NOW)
    assert "Nothing stands out" in plain(await desk.say("/trend"))


async def test_a_reckoned_figure_is_said_to_be_about(desk) -> None:
    desk.history.alerts = [alert()]
    desk.preview.looked, desk.preview.hits, desk.preview.about = 5000, hits(3), True
    await desk.subscriptions.subscribe(1, FoundFeed(url="https://a.example", title="A"), mode=Mode.MATCHING, now=NOW)
    assert "about 3 of your 5,000 items" in plain(await desk.say("/keyword test talks"))
