"""Why an item came to a chat or did not: the first condition on its way that failed, on a real database."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from bot.feeds.identity import link_key
from bot.model import (
    AlertDecision,
    CatalogueEntry,
    Chat,
    ChatState,
    End,
    FeedChange,
    FeedRef,
    Finding,
    Item,
    ItemId,
    Mode,
    NewDelivery,
    NewItem,
    Part,
    StoryId,
    Why,
)
from bot.work.inquiry import InquiryService
from tests.support.news import BRIEF
from tests.support.polls import record_poll

FEED = "https://www.globe.example/rss"
LINK = "https://globe.example/news/1"
PUBLIC = CatalogueEntry(name="globe", title="Globe", url=FEED, language="en", topic="world")
LEASE = timedelta(minutes=5)


@dataclass
class Desk:
    """The service, with what a poll and the alert loop would do to the rows."""

    storage: object
    people: object
    watch: object
    inquiry: InquiryService

    async def poll(self, title: str = "Trilateral talks open", url: str = LINK, *, backlog: bool = False) -> None:
        """The feed that is due brings an item."""
        [due] = await self.storage.feeds.claim_feeds(now=self.watch(), limit=1, lease=LEASE)
        item = Item(guid=url, url=url, title=title, text="Envoys met in Abu Dhabi.", language="en")
        new = NewItem(item=item, keys=(f"g:{url}", link_key(url)), backlog=backlog)
        change = FeedChange(id=due.id, lease=due.lease, next_poll=self.watch(), succeeded=True, items=(new,))
        await record_poll(self.storage.feeds, change, now=self.watch())

    async def decide(self, *chats: Chat, story: StoryId | None = None, why: tuple[Why, ...] = ()) -> None:
        """The next item is told to the chats."""
        [item] = await self.storage.items.claim_items(now=self.watch(), limit=1, lease=LEASE)
        owed = tuple(NewDelivery(chat=chat.id, why=why) for chat in chats)
        brief = BRIEF if owed else None
        decision = AlertDecision(item=item.id, lease=item.lease, story=story, brief=brief, deliveries=owed)
        await self.storage.items.commit_alerts(decision, now=self.watch())

    async def why(self, link: str = LINK, *, chat: int = 1) -> Finding:
        return await self.inquiry.of_link(await self.people.chat(chat), link)


@pytest.fixture
def desk(storage, people, watch) -> Desk:
    inquiry = InquiryService(
        trails=storage.trails, subscriptions=storage.subscriptions, keywords=storage.keywords, catalogue=[PUBLIC]
    )
    return Desk(storage, people, watch, inquiry)


@pytest.mark.parametrize("typed", ["the talks", "", "talks", "ftp://globe.example/1", "https://", "<>", "https://[/x"])
async def test_what_is_no_link_is_told_first(desk, typed):
    assert (await desk.why(typed)).end is End.NO_LINK


async def test_a_link_that_no_feed_listed_is_told_with_the_feeds_of_its_site(desk, people):
    feed = await people.subscribe(FEED)
    await people.subscribe("https://harbour.example/rss")
    for link in (LINK, "m.globe.example/x", "https://news.globe.example/x", "Look: https://globe.example/x"):
        found = await desk.why(link)
        assert (found.end, [one.feed for one in found.watched]) == (End.UNSEEN, [feed])
    assert (await desk.why("https://otherglobe.example/x")).watched == ()


async def test_links_of_the_same_page_are_one(desk, people):
    await people.subscribe(FEED)
    await desk.poll()
    for link in (f"http://www.{LINK[8:]}/?utm_source=x#top", f"<{LINK}>", LINK[8:]):
        assert (await desk.why(link)).end is End.QUEUED


async def test_the_way_of_an_item_from_the_queue_to_the_chat(desk, people, watch):
    chat = await people.chat()
    await people.subscribe(FEED)
    keyword = await people.add_keyword("trilateral talks")
    await desk.poll()
    assert (await desk.why()).end is End.QUEUED
    await desk.decide(chat, why=(Why(keyword="trilateral talks", matched=("Trilateral", "talks")),))
    waiting = await desk.why()
    assert (waiting.end, waiting.causes[0].keyword) == (End.WAITING, keyword)
    [due] = await people.owed()
    await desk.storage.outbox.delivery_sent(due, message="77", now=watch())
    found = await desk.inquiry.of_message(chat, "77")
    assert found.end is End.SENT
    (excerpt,) = found.causes[0].excerpts
    assert (excerpt.part, excerpt.runs[0]) == (Part.TITLE, ("Trilateral", True))
    assert await desk.inquiry.of_message(chat, "78") is None
    assert await desk.inquiry.of_item(chat, ItemId(99)) is None


async def test_a_removed_keyword_still_explains_its_alert(desk, people):
    chat = await people.chat()
    await people.subscribe(FEED)
    await desk.poll()
    await desk.decide(chat, why=(Why(keyword='gone "unreadable', matched=("talks",)),))
    (cause,) = (await desk.why()).causes
    assert (cause.keyword, cause.excerpts, cause.why.matched) == (None, (), ("talks",))


async def test_an_alert_that_failed_is_told_so(desk, people, watch):
    chat = await people.chat()
    await people.subscribe(FEED)
    await desk.poll()
    await desk.decide(chat)
    [due] = await people.owed()
    await desk.storage.outbox.delivery_failed(due, reason="refused", now=watch())
    assert (await desk.why()).end is End.FAILED


async def test_what_was_there_before_the_subscription_is_told_so(desk, people, watch):
    await people.subscribe(FEED, chat=2)
    await desk.poll()
    await desk.poll("Old", "https://globe.example/old", backlog=True)
    watch.forward(minutes=1)
    await people.subscribe(FEED)
    assert (await desk.why()).end is End.EARLIER
    assert (await desk.why("https://globe.example/old", chat=2)).end is End.EARLIER


async def test_keywords_are_compared_only_when_the_item_was(desk, people, watch):
    await people.subscribe(FEED)
    await desk.poll()
    await desk.decide()
    assert (await desk.why()).end is End.NO_KEYWORD
    await people.add_keyword("trilateral summit")
    await people.add_keyword("chess")
    await people.add_keyword("talks -trilateral -Dhabi")
    found = await desk.why()
    assert found.end is End.NO_MATCH
    nearness = [one.miss.nearness for one in found.judged]
    assert nearness == sorted(nearness, reverse=True)
    assert found.judged[-1].keyword.query == "chess"
    watch.forward(minutes=1)
    late = await people.add_keyword("talks")
    found = await desk.why()
    assert (found.end, [one.keyword for one in found.judged]) == (End.LATER, [late])


async def test_a_story_that_was_told_is_told_after_the_keywords(desk, people):
    chat = await people.chat()
    await people.subscribe(FEED)
    await people.add_keyword("talks")
    await desk.poll("Talks begin", "https://globe.example/first")
    await desk.decide(chat)
    [member] = await desk.storage.items.recent_stories(since=desk.watch())
    await desk.poll()
    await desk.decide(chat, story=member.story)
    found = await desk.why()
    assert (found.end, [one.item.item.title for one in found.trail.others]) == (End.TOLD, ["Talks begin"])


async def test_where_all_would_be_well_the_state_of_the_chat_is_told(desk, people):
    chat = await people.chat()
    await people.subscribe(FEED, mode=Mode.EVERYTHING)
    await desk.poll()
    await desk.decide()
    assert (await desk.why()).end is End.UNCLEAR
    await desk.storage.chats.set_paused(chat.id, paused=True)
    assert (await desk.inquiry.of_link(replace(chat, state=ChatState.PAUSED), LINK)).end is End.PAUSED


async def test_of_two_feeds_that_brought_it_the_one_that_led_farther_counts(desk, people, watch):
    chat = await people.chat()
    await people.subscribe("https://harbour.example/rss", chat=2)
    await desk.poll()
    await desk.decide()
    watch.forward(minutes=1)
    await people.subscribe("https://harbour.example/rss")
    await people.subscribe(FEED)
    [due] = [one for one in await desk.storage.feeds.claim_feeds(now=watch(), limit=9, lease=LEASE) if one.url == FEED]
    await desk.storage.feeds.release_feeds([due])
    await desk.poll()
    await desk.decide(chat)
    found = await desk.why()
    assert (found.end, found.trail.item.feed.url) == (End.WAITING, FEED)


async def test_a_private_feed_of_another_chat_is_never_named(desk, people):
    await people.chat()
    await people.subscribe("https://globe.example/rss?token=secret", chat=2)
    await desk.poll()
    assert (await desk.why()) == Finding(end=End.UNSEEN, link=LINK)


async def test_a_feed_of_the_catalogue_that_had_it_is_named(desk, people):
    await people.chat()
    await people.subscribe(FEED, chat=2)
    await desk.poll()
    found = await desk.why()
    assert found.end is End.ELSEWHERE
    assert isinstance(found.feed, FeedRef)
    assert found.feed.url == FEED


async def test_what_was_cleaned_away_is_told_so(desk, people, watch):
    await people.subscribe(FEED)
    await desk.poll(backlog=True)
    watch.forward(days=40)
    await desk.storage.purge(watch(), timedelta(days=30))
    found = await desk.why()
    assert (found.end, found.feed.url) == (End.REMOVED, FEED)
