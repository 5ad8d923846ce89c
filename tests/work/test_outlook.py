"""What a chat's choices would have brought: found among what is stored, with briefs that take no time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.briefs.quick import QuickBriefs
from bot.briefs.ways import Extract
from bot.matching.query import canonical, parse
from bot.model import ChatId, FeedId, FoundFeed, ItemId, Language, MadeBy, Mode
from bot.work import outlook as module
from bot.work.outlook import OutlookService
from tests.support.fakes import NOW, FakeHistory, FakeKeywords, FakeSubscriptions
from tests.support.filed import FakeItems
from tests.support.news import BRIEF, FEED, alert, stored

CHAT = ChatId(1)
DAY = timedelta(days=1)
TICK = timedelta(milliseconds=1)
TITLES = ("Trilateral talks in Abu Dhabi", "Talks go on", "An art party", "三方會談在阿布扎比舉行", "A talk on chess")


class StoredBriefs:
    def __init__(self):
        self.known = {}

    async def briefs(self, items):
        return {item: self.known[item] for item in items if item in self.known}


class Names:
    def most_named(self, titles, language, *, limit):
        return [f"{language}: {title}" for title in titles][:limit]


@pytest.fixture
def glossary():
    from bot.briefs.glossary import load_glossary

    return load_glossary()


class Desk:
    """An outlook on fakes of its ports."""

    def __init__(self, glossary):
        self.history, self.subscriptions = FakeHistory(), FakeSubscriptions()
        self.keywords, self.briefs = FakeKeywords(), StoredBriefs()
        self.items = FakeItems([])
        self.outlook = OutlookService(
            history=self.history,
            items=self.items,
            subscriptions=self.subscriptions,
            keywords=self.keywords,
            briefs=self.briefs,
            briefer=QuickBriefs(Extract(glossary)),
            names=Names(),
            patience=10 * TICK,
            pause=TICK,
        )

    def has(self, *titles: str, age: timedelta = timedelta(hours=1), feed=FEED, seen=None) -> None:
        """Items that are older by `age` each, seen when they were published unless told otherwise."""
        for title in titles:
            number = len(self.history.alerts) + 1
            item = stored(title, url=f"https://globe.example/{number}", age=age * number, feed=feed)
            item = replace(item, id=ItemId(1001 - number), seen=seen or item.item.published)
            self.history.alerts.append(alert(item=item))
        self.items.hold([one.item for one in self.history.alerts])

    async def wants(self, *queries: str) -> None:
        for query in queries:
            await self.keywords.add_keyword(CHAT, query=query, canonical=canonical(parse(query)), now=NOW)

    async def brought(self, limit: int = 9):
        would = await self.outlook.would_have_brought(CHAT, since=[NOW - DAY], limit=limit)
        return would.found, [each.item.item.title for each in would.alerts], would.alerts


@pytest.fixture
def desk(glossary):
    return Desk(glossary)


async def test_what_the_keywords_match_comes_newest_first_with_the_words_that_matched(desk):
    desk.has(*TITLES)
    await desk.wants("talks")
    count, titles, alerts = await desk.brought()
    assert (count, titles) == (3, [TITLES[0], TITLES[1], TITLES[4]])
    assert (alerts[0].why[0].keyword, alerts[0].why[0].matched) == ("talks", ("talks",))


async def test_each_keyword_is_shown_before_any_twice(desk):
    desk.has(*TITLES)
    await desk.wants("talks", "阿布扎比")
    count, titles, _ = await desk.brought(limit=2)
    assert (count, titles) == (4, [TITLES[0], TITLES[3]])


async def test_of_one_title_in_two_feeds_one_is_counted(desk):
    desk.has(TITLES[0])
    desk.has(TITLES[0], feed=replace(FEED, id=FeedId(2), title="Other"))
    await desk.wants("talks")
    assert (await desk.brought())[0] == 1


async def test_what_was_published_before_is_left_out_though_it_was_read_just_now(desk):
    desk.has("Talks of last week", age=timedelta(days=6), seen=NOW)
    await desk.wants("talks")
    assert (await desk.brought())[0] == 0


async def test_a_feed_that_is_taken_whole_brings_everything(desk):
    found = FoundFeed(url=FEED.url, title=FEED.title)
    await desk.subscriptions.subscribe(CHAT, found, mode=Mode.EVERYTHING, now=NOW)
    desk.has(*TITLES)
    count, _, alerts = await desk.brought()
    assert count == len(TITLES)
    assert all(each.why == () for each in alerts)


async def test_a_brief_that_was_made_is_shown_and_else_a_quick_one_that_blames_no_translator(desk):
    desk.has(*TITLES[:2])
    await desk.wants("talks")
    desk.briefs.known[ItemId(1000)] = BRIEF
    _, _, (first, second) = await desk.brought()
    assert first.brief == BRIEF
    assert (second.brief.made_by, second.brief.untranslated) == (MadeBy.EXTRACT, False)
    assert second.brief.title_en == TITLES[1]


async def test_a_keyword_that_can_not_be_read_any_more_brings_nothing(desk):
    desk.has(*TITLES)
    await desk.keywords.add_keyword(CHAT, query="odd", canonical='"', now=NOW)
    assert (await desk.brought())[0] == 0


async def test_names_are_those_of_the_titles_of_that_time(desk):
    desk.has("Now")
    desk.has("Then", age=timedelta(days=2))
    named = await desk.outlook.in_the_news(CHAT, since=NOW - DAY, language=Language.EN, limit=9)
    assert named == ["en: Now"]


async def _watch(desk, name: str, **state):
    subscription, _ = await desk.subscriptions.subscribe(
        CHAT, FoundFeed(url=f"https://{name}.example", title=name), mode=Mode.MATCHING, now=NOW
    )
    desk.subscriptions.by_chat[CHAT][subscription.feed.id] = replace(subscription, **state)


async def test_a_feed_that_was_read_is_not_waited_for(desk):
    await _watch(desk, "a", polled=NOW)
    assert await desk.outlook.first_reading(CHAT)


async def test_a_first_reading_is_waited_for(desk, monkeypatch):
    await _watch(desk, "a")
    looks = []
    look = desk.subscriptions.subscriptions

    async def subscriptions(chat):
        looks.append(chat)
        if len(looks) == 3:
            await _watch(desk, "a", polled=NOW)
        return await look(chat)

    monkeypatch.setattr(desk.subscriptions, "subscriptions", subscriptions)
    assert await desk.outlook.first_reading(CHAT)
    assert len(looks) == 3


async def test_a_feed_that_can_not_be_read_is_waited_for_no_longer(desk):
    await _watch(desk, "a", error="HTTP 500")
    assert not await desk.outlook.first_reading(CHAT)


async def test_what_takes_too_long_is_not_waited_for(desk):
    await _watch(desk, "a")
    assert not await desk.outlook.first_reading(CHAT)


async def test_of_many_the_newest_are_counted_and_more_are_said_to_be_there(desk, monkeypatch):
    monkeypatch.setattr(module, "PART", 2)
    desk.has(*(f"Talks {n}" for n in range(6)), age=TICK)
    await desk.wants("talks")
    would = await desk.outlook.would_have_brought(CHAT, since=[NOW - DAY], limit=2)
    assert (would.found, would.more) == (2, True)
    every = await desk.outlook.would_have_brought(CHAT, since=[NOW - DAY], limit=9)
    assert (every.found, every.more) == (6, False)


async def test_what_was_seen_lately_and_published_long_ago_does_not_hide_the_rest(desk, monkeypatch):
    monkeypatch.setattr(module, "PART", 2)
    desk.has(*(f"Old talks {n}" for n in range(5)), age=timedelta(days=3), seen=NOW)
    desk.has("New talks", age=TICK, seen=NOW)
    await desk.wants("talks")
    count, titles, _ = await desk.brought(limit=3)
    assert (count, titles) == (1, ["New talks"])


async def _brought_since(desk, *days: int, limit: int = 3):
    would = await desk.outlook.would_have_brought(CHAT, since=[NOW - days * DAY for days in days], limit=limit)
    return (NOW - would.since) // DAY, would.found, would.more


async def test_the_last_day_counts_alone_where_it_brought_anything_and_else_the_last_week(desk):
    desk.has("Talks", age=timedelta(hours=1))
    desk.has("More talks", age=timedelta(days=2))
    desk.has("Party", age=timedelta(days=2))
    await desk.wants("talks")
    assert await _brought_since(desk, 1, 7) == (1, 1, False)
    await desk.wants("party")
    assert await _brought_since(desk, 1, 7) == (1, 1, False)


async def test_where_the_last_day_brought_nothing_the_last_week_is_told(desk):
    desk.has("Chess", "Talks", "Talks again", age=timedelta(days=2))
    await desk.wants("talks")
    assert await _brought_since(desk, 1, 7) == (7, 2, False)
    assert await _brought_since(desk, 1, 3) == (3, 0, False)


async def test_a_day_that_was_read_whole_needs_no_more_to_be_told_and_one_that_was_not_is_read_on(desk, monkeypatch):
    monkeypatch.setattr(module, "PART", 2)
    asked = []
    newest = desk.items.newest

    async def counted(*args, **keywords):
        asked.append(keywords["limit"])
        return await newest(*args, **keywords)

    monkeypatch.setattr(desk.items, "newest", counted)
    desk.has("Talks 1", "Talks 2", "Talks 3", "Talks 4", age=timedelta(hours=16))
    await desk.wants("talks")
    assert await _brought_since(desk, 1, 7) == (1, 1, False)
    assert asked == [2]
    assert await _brought_since(desk, 2, 7) == (2, 3, False)
    assert asked == [2, 2, 4]


async def test_what_was_read_for_the_first_time_today_does_not_hide_what_was_published_today(desk, monkeypatch):
    monkeypatch.setattr(module, "PART", 2)
    desk.has(*(f"Old talks {n}" for n in range(5)), age=timedelta(days=2), seen=NOW)
    desk.has("New talks", age=TICK, seen=NOW)
    await desk.wants("talks")
    assert await _brought_since(desk, 1, 30) == (1, 1, False)


async def test_keywords_that_no_index_leads_to_are_tried_on_the_newest_items(desk, monkeypatch):
    desk.has(*TITLES)
    await desk.wants("tal*", "party")
    assert (await desk.brought())[:2] == (4, [TITLES[0], TITLES[2], TITLES[1], TITLES[4]])
    monkeypatch.setattr(module, "MOST_SCANNED", 1)
    would = await desk.outlook.would_have_brought(CHAT, since=[NOW - DAY], limit=9)
    assert (would.found, would.more) == (2, True)
