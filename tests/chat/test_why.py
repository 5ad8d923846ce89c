"""`/why` tells where an item's way ended, in the order of the way, with what to do about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.matching.document import Document
from bot.matching.explain import why_not
from bot.matching.query import parse
from bot.model import (
    Brief,
    Cause,
    ChatKind,
    DeliveryState,
    End,
    Excerpt,
    Fate,
    FeedId,
    FeedRef,
    Finding,
    ItemId,
    ItemState,
    Judged,
    Keyword,
    KeywordId,
    Locale,
    MadeBy,
    Mode,
    Part,
    SameStory,
    Shared,
    StoryId,
    StoryItem,
    StoryKind,
    StoryReason,
    Style,
    Subscription,
    Trail,
    Why,
)
from tests.support.fakes import NOW, actions, plain, request
from tests.support.news import BRIEF, FEED, alert, stored

LINK = "https://globe.example/news/1"
MINUTE = timedelta(minutes=1)
TALKS = Keyword(id=KeywordId(4), query="trilateral talks", canonical="trilateral talks", created=NOW)
EXCERPT = Excerpt(part=Part.TITLE, runs=(("Trilateral", True), (" and ", False), ("talks", True)))
WHY = Why(keyword="trilateral talks", matched=("Trilateral", "talks"))
LIKE = SameStory(
    story=StoryId(1),
    item=ItemId(2),
    kind=StoryKind.EVENT,
    score=0.8,
    reasons=(
        StoryReason(shared=Shared.NAMES, words=("Abu Dhabi", "烏克蘭")),
        StoryReason(shared=Shared.TITLE),
    ),
)
CAUSE = Cause(why=WHY, keyword=TALKS, excerpts=(EXCERPT,))


def fate(state: DeliveryState = DeliveryState.SENT, **more: object) -> Fate:
    values = {"why": (WHY,), "created": NOW, "finished": NOW + 3 * timedelta(seconds=1)}
    return Fate(state=state, **(values | more))


def trail(**more: object) -> Trail:
    values = {"item": stored(), "state": ItemState.DONE, "mode": Mode.MATCHING, "subscribed": NOW - timedelta(days=9)}
    return Trail(**(values | more))


def sent(**more: object) -> Finding:
    values = {"trail": trail(fate=fate(), brief=BRIEF), "causes": (CAUSE,)}
    return Finding(end=End.SENT, **(values | more))


def judged(query: str, created: datetime = NOW) -> Judged:
    item = stored()
    keyword = Keyword(id=KeywordId(9), query=query, canonical=query, created=created)
    return Judged(keyword=keyword, miss=why_not(parse(query), Document(item.item, item.feed)))


async def told(desk, finding: Finding, **who: object) -> str:
    desk.inquiry.links[LINK] = finding
    return plain(await desk.say(f"/why {LINK}", **who))


# --- which alert ------------------------------------------------------------------------------------------


async def test_a_reply_asks_about_that_alert(desk) -> None:
    desk.inquiry.messages["77"] = sent()
    assert plain(await desk.say("/why", reply_to="77")).startswith("Why this alert came")
    reply = await desk.say("/why", reply_to="78")
    assert "no alert of mine" in plain(reply)
    assert actions(reply) == ["/why"]


async def test_alone_it_tells_of_the_newest_alert_and_offers_those_before(desk) -> None:
    items = [replace(stored(f"Story {n}"), id=ItemId(n)) for n in range(9, 3, -1)]
    desk.history.alerts = [alert(item=item) for item in items]
    desk.inquiry.items[9] = sent()
    reply = await desk.say("/why")
    assert plain(reply).startswith("Why this alert came")
    assert actions(reply)[-3:] == ["/why #8", "/why #7", "/why #6"]
    desk.inquiry.items[8] = sent(causes=())
    assert "Everything from Daily Globe came here at that time." in plain(await desk.say("/why #8"))


async def test_without_any_alert_the_next_step_is_told(desk) -> None:
    reply = plain(await desk.say("/why"))
    assert "No alert has come here yet." in reply
    assert "/subscribe" in reply


@pytest.mark.parametrize("typed", ["#999", "#", "#x"])
async def test_a_number_that_is_none_of_the_chats_items_is_said_to_be_none(desk, typed: str) -> None:
    assert "no alert of mine" in plain(await desk.say(f"/why {typed}"))


async def test_the_newest_alerts_are_offered_while_typing(desk) -> None:
    await desk.say("/start")
    long = replace(stored("Long", url="https://globe.example/" + "x" * 100), id=ItemId(5))
    desk.history.alerts = [alert(), alert(replace(BRIEF, title_zh="", title_en="Long"), item=long)]
    offered = await desk.commands.complete(request("/why"), "link", "")
    assert [value for _, value in offered] == ["https://globe.example/news/1", "#5"]
    assert [label for label, _ in await desk.commands.complete(request("/why"), "link", "lon")] == ["Long"]


# --- why it came ------------------------------------------------------------------------------------------


async def test_an_alert_is_explained_by_keyword_words_and_time(desk) -> None:
    desk.inquiry.links[LINK] = sent()
    reply = await desk.say(f"/why {LINK}")
    assert plain(reply).split("\n")[2:] == [
        "Keyword trilateral talks: trilateral and talks near each other",
        "in the title: Trilateral and talks",
        "In the feed's own words",
        "Published 5 minutes ago · found after 5 minutes · sent after 3 seconds more",
    ]
    bold = [span.text for block in reply.blocks[3:] for span in block.spans if span.style is Style.BOLD]
    assert bold == ["Trilateral", "talks"]
    assert actions(reply) == ["/keyword remove 4", "/keyword test trilateral talks"]


async def test_who_may_not_change_anything_is_offered_a_look_only(desk) -> None:
    desk.inquiry.links[LINK] = sent()
    reply = await desk.say(f"/why {LINK}", kind=ChatKind.GROUP, can_manage=False)
    assert actions(reply) == ["/keyword test trilateral talks"]


async def test_words_that_only_the_whole_page_had_are_told_without_a_place(desk) -> None:
    bare = replace(CAUSE, excerpts=(), keyword=None)
    assert "on its page, which is not kept: Trilateral · talks" in await told(desk, sent(causes=(bare,), paged=True))
    reply = await told(desk, sent(causes=(bare,)))
    assert "page" not in reply
    assert "Trilateral · talks" in reply


async def test_words_that_only_the_translation_has_are_told_as_such(desk) -> None:
    translated = replace(CAUSE, excerpts=(), why=Why(keyword="三方會談", matched=(), translated=("三方會談",)))
    assert "in the translation: 三方會談" in await told(desk, sent(causes=(translated,)))


async def test_a_feed_taken_whole_can_be_narrowed(desk) -> None:
    whole = sent(trail=trail(fate=fate(), brief=BRIEF, mode=Mode.EVERYTHING))
    for finding in (whole, replace(whole, causes=())):
        desk.inquiry.links[LINK] = finding
        reply = await desk.say(f"/why {LINK}")
        assert "Everything from Daily Globe comes here" in plain(reply)
        assert ("Keyword trilateral talks" in plain(reply)) is bool(finding.causes)
        assert actions(reply)[0] == "/subscribe #1"


async def test_the_other_sources_of_the_story_are_named(desk) -> None:
    other = stored(feed=FeedRef(id=FeedId(2), url="https://b.example/rss", title="Harbour Post"))
    way = trail(fate=fate(), brief=replace(BRIEF, made_by=MadeBy.MODEL), others=(StoryItem(item=other),) * 2)
    reply = await told(desk, sent(trail=way))
    assert "2 sources told this: Daily Globe and Harbour Post" in reply
    assert "Summary by a language model" in reply


async def test_an_item_without_a_date_is_told_from_when_it_was_found(desk) -> None:
    item = stored()
    undated = replace(item, item=replace(item.item, published=None))
    assert "Found just now · sent after 3 seconds" in await told(desk, sent(trail=trail(item=undated, fate=fate())))


# --- why it did not come ----------------------------------------------------------------------------------


async def test_what_is_no_link_is_answered_with_how_to_ask(desk) -> None:
    reply = plain(await desk.say("/why the talks"))
    assert "the talks is no link." in reply
    assert "/why https://" in reply


async def test_a_link_that_no_feed_listed_is_told_with_the_feeds_of_its_site(desk) -> None:
    read = Subscription(feed=FEED, mode=Mode.MATCHING, created=NOW, polled=NOW - 3 * MINUTE)
    failing = replace(read, feed=replace(FEED, title="Globe Asia"), error="HTTP 503")
    unread = replace(read, feed=replace(FEED, title="Globe Tech"), polled=None)
    reply = await told(desk, Finding(end=End.UNSEEN, link=LINK, watched=(read, failing, unread)))
    assert f"None of your feeds has listed {LINK}." in reply
    assert "Daily Globe was read 3 minutes ago and did not list it" in reply
    assert "Globe Asia can't be read now: the site has trouble (HTTP 503)" in reply
    assert "Globe Tech was not read yet" in reply


async def test_a_site_without_a_feed_here_can_be_watched(desk) -> None:
    desk.inquiry.links[LINK] = Finding(end=End.UNSEEN, link=LINK)
    assert actions(await desk.say(f"/why {LINK}")) == ["/subscribe globe.example"]


async def test_a_feed_of_the_catalogue_that_had_it_is_offered(desk) -> None:
    desk.inquiry.links[LINK] = Finding(end=End.ELSEWHERE, link=LINK, feed=FEED)
    reply = await desk.say(f"/why {LINK}")
    assert "It came with Daily Globe, which is not watched here." in plain(reply)
    assert actions(reply) == ["/subscribe daily-globe"]


async def test_an_item_that_is_not_kept_any_more_is_told_with_its_feed(desk) -> None:
    reply = await told(desk, Finding(end=End.REMOVED, link=LINK, feed=FEED))
    assert "It came with Daily Globe, but so long ago that it is not kept any more." in reply


async def test_the_order_of_what_came_first_is_told(desk) -> None:
    early = trail(subscribed=NOW + MINUTE)
    assert "It was there before this chat watched its feed" in await told(desk, Finding(end=End.EARLIER, trail=early))
    assert "not compared with the keywords yet" in await told(desk, Finding(end=End.QUEUED, trail=trail()))
    assert "There is no keyword here" in await told(desk, Finding(end=End.NO_KEYWORD, trail=trail()))
    late = (judged("trilateral talks", NOW - 2 * MINUTE),)
    reply = await told(desk, Finding(end=End.LATER, trail=trail(), judged=late))
    assert "It matches trilateral talks, but it came just now, before that was added (2 minutes ago)." in reply


@pytest.mark.parametrize(
    ("query", "lack"),
    [
        ("trilateral summit", "found Trilateral, but not there: summit"),
        ("summit peace", "not there: summit and peace"),
        ("trilateral NEAR/1 Dhabi", "trilateral and Dhabi are there, but with 4 other words among them (at most 1)"),
        ("trilateral envoys", "trilateral and envoys are there, but not in one paragraph"),
        ("talks -Dhabi", "found talks, but excluded by Dhabi"),
        ("title:envoys", "Envoys is only in the text, not in the title"),
        ("title:summit", "not in the title: summit"),
        ("lang:zh talks", "found talks, but the item is in English"),
        ("feed:bbc talks", "found talks, but the feed is Daily Globe"),
        ('"talk"', 'there is talks, which is not the form "talk"'),
        ('"talks trilateral"', 'the words of "talks trilateral" are there, but not one after the other'),
        ("chess OR football", "no alternative matches: chess or football"),
        ("chess OR trilateral summit", "no alternative matches; nearest trilateral summit: found Trilateral, but"),
        ("summit title:envoys", "not there: summit; Envoys is only in the text, not in the title"),
    ],
)
async def test_what_each_keyword_lacks_is_told(desk, query: str, lack: str) -> None:
    assert f"{query}: {lack}" in await told(desk, Finding(end=End.NO_MATCH, trail=trail(), judged=(judged(query),)))


async def test_of_many_keywords_the_first_few_are_told(desk) -> None:
    many = Finding(end=End.NO_MATCH, trail=trail(), judged=(judged("peace"),) * 17, paged=True)
    reply = await told(desk, many)
    assert reply.count("not there: peace") == 5
    assert "and 12 more keywords" in reply
    assert "its whole page was searched" in reply


async def test_a_story_that_was_told_shows_its_alert(desk) -> None:
    first = stored("Envoys meet", url="https://harbour.example/2")
    other = StoryItem(item=first, state=DeliveryState.SENT, at=NOW - 9 * MINUTE)
    joined = StoryItem(item=stored("Untold"), state=DeliveryState.JOINED, at=NOW)
    way = trail(told=True, others=(StoryItem(item=stored("Untold")), joined, other), same=LIKE)
    reply = await told(desk, Finding(end=End.TOLD, trail=way))
    assert "Its story was told here already:" in reply
    assert "Envoys meet · Daily Globe · 5 minutes ago · sent 9 minutes ago" in reply
    assert "Untold" not in reply
    assert "It counts as the same story. In common: names (Abu Dhabi, 烏克蘭) · the title" in reply
    failed = replace(way, others=(replace(other, state=DeliveryState.FAILED),))
    assert "That alert could not be sent." in await told(desk, Finding(end=End.TOLD, trail=failed))
    assert "not kept any more" in await told(desk, Finding(end=End.TOLD, trail=trail(told=True)))


async def test_an_update_says_what_it_has_in_common_with_what_was_told(desk) -> None:
    goes_on = replace(LIKE, kind=StoryKind.DEVELOPMENT)
    reply = await told(desk, sent(trail=trail(fate=fate(), brief=BRIEF, same=goes_on)))
    assert "It goes on with a story told before. In common: names" in reply


async def test_a_pause_can_be_ended(desk) -> None:
    desk.inquiry.links[LINK] = Finding(end=End.PAUSED, trail=trail(), judged=(judged("talks"),))
    reply = await desk.say(f"/why {LINK}")
    assert "It matches talks, but alerts are paused here." in plain(reply)
    assert actions(reply) == ["/resume"]


async def test_where_nothing_speaks_against_it_that_is_said(desk) -> None:
    assert "It would match today: everything." in await told(desk, Finding(end=End.UNCLEAR, trail=trail()))


async def test_an_alert_that_waits_or_failed_tells_since_when_and_why(desk) -> None:
    waits = trail(fate=fate(DeliveryState.DUE, finished=None, attempts=2, reason="502 Bad Gateway"))
    reply = await told(desk, Finding(end=End.WAITING, trail=waits))
    assert "Its alert was made just now and waits to be sent." in reply
    assert "2 tries failed: 502 Bad Gateway" in reply
    limited = replace(waits, fate=fate(DeliveryState.DUE, finished=None, reason="rate limited"))
    assert "held up for a while: rate limited" in await told(desk, Finding(end=End.WAITING, trail=limited))
    await desk.say("/pause")
    assert "Alerts are paused" in await told(desk, Finding(end=End.WAITING, trail=limited))
    failed = trail(fate=fate(DeliveryState.FAILED, reason="blocked: kicked"))
    assert "could not be sent (just now): blocked: kicked" in await told(desk, Finding(end=End.FAILED, trail=failed))


@pytest.mark.parametrize("locale", list(Locale))
@pytest.mark.parametrize("end", list(End))
async def test_every_end_is_told_in_every_language(desk, end: End, locale: Locale) -> None:
    way = trail(fate=fate(attempts=1, reason="x"), brief=BRIEF)
    finding = Finding(end=end, link=LINK, feed=FEED, trail=way, judged=(judged("summit"),), causes=(CAUSE,))
    assert len((await told(desk, finding, locale=locale)).split("\n")) > 1


async def test_hostile_texts_stay_texts(desk) -> None:
    name = "{evil}\u202e<b>\n\n" + "x" * 999
    item = replace(stored(name), feed=replace(FEED, title=name))
    brief = Brief(title_zh="", title_en=name, summary_zh="", summary_en="", made_by=MadeBy.EXTRACT)
    cause = Cause(why=Why(keyword="{0}", matched=(name,)), excerpts=(Excerpt(part=Part.TEXT, runs=((name, True),)),))
    finding = sent(trail=trail(item=item, fate=fate(), brief=brief), causes=(cause,))
    desk.inquiry.links[LINK] = finding
    reply = await desk.say(f"/why {LINK}")
    assert "\u202e" not in plain(reply)
    assert len(plain(reply)) < 1200


# --- near misses of a test --------------------------------------------------------------------------------


async def test_a_test_that_finds_nothing_shows_what_came_nearest(desk) -> None:
    item = stored()
    desk.preview.looked, desk.preview.near = 40, [(item, judged("trilateral summit").miss)] * 5
    reply = plain(await desk.say("/keyword test trilateral summit"))
    assert "The nearest:" in reply
    assert reply.count("found Trilateral, but not there: summit") == 3
    assert "Trilateral talks held in Abu Dhabi · Daily Globe" in reply
