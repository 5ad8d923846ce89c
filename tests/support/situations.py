"""A chat with something of everything, all of whose texts are Chinese, so that any Latin letter is the bot's own."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.matching.document import Document
from bot.matching.explain import why_not
from bot.matching.query import parse
from bot.model import (
    Alert,
    Brief,
    CatalogueEntry,
    Cause,
    ChatId,
    ChatStatus,
    DeliveryState,
    End,
    Excerpt,
    Fate,
    FeedId,
    FeedRef,
    Finding,
    Hit,
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
    Subscription,
    Trail,
    Why,
)
from tests.support.fakes import NOW
from tests.support.news import stored

# All of it Chinese, so that any Latin letter is ours.
FEED = FeedRef(id=FeedId(1), url="https://globe.example/rss", title="環球", site="https://globe.example")
BRIEF = Brief(title_zh="會談", title_en="會談", summary_zh="會面。", summary_en="會面。", made_by=MadeBy.FEED)
CATALOGUE = tuple(
    CatalogueEntry(name=name, title="環球", url=f"https://{name}.example/rss", language="zh", topic=topic)
    for name, topic in (("globe", "world"), ("post", "hongkong"), ("lab", "science"))
)
ITEM = replace(stored("會談", feed=FEED), item=replace(stored("會談").item, text="會面。", language="zh"))
WHY = Why(keyword="會談", matched=("會談",), translated=("會面",))
DAY = timedelta(days=1)


async def fill(desk, spoken: Locale) -> None:
    """A chat with feeds, one of them ill, keywords, alerts, and figures."""
    await desk.say("/subscribe globe", locale=spoken)
    await desk.say("/subscribe post everything", locale=spoken)
    mine = desk.subscriptions.by_chat[ChatId(1)]
    mine[FeedId(1)] = replace(mine[FeedId(1)], error="HTTP 404", polled=NOW - DAY, next_poll=NOW + DAY)
    mine[FeedId(2)] = replace(mine[FeedId(2)], polled=NOW, next_poll=NOW + DAY / 24, last_item=NOW - 3 * DAY)
    await desk.say("/keyword add 會談", locale=spoken)
    await desk.say("/keyword add 停火", locale=spoken)
    items = [replace(ITEM, id=ItemId(number)) for number in range(9, 0, -1)]
    desk.history.alerts = [alert(item=each) for each in items]
    desk.history.digests[5] = desk.history.alerts
    desk.history.figures = ChatStatus(
        feeds=2,
        failing=1,
        keywords=2,
        items_day=12345,
        sent_day=3,
        waiting=99,
        ahead=9999,
        last_poll=NOW,
        last_sent=NOW,
    )
    desk.preview.looked, desk.preview.hits = 3, [(ITEM, Hit(canonical="會談", matched=("會談",)))]
    desk.counterparts.known = {"會談": ["談判"], "停火": ["休戰"]}
    desk.inquiry.items[9] = finding(End.SENT)
    desk.inquiry.links = {f"https://globe.example/{end}": finding(end) for end in End}


def alert(brief: Brief = BRIEF, **more: object) -> Alert:
    return replace(Alert(item=ITEM, brief=brief, why=(WHY,)), **more)


def finding(end: End) -> Finding:
    state = {End.WAITING: DeliveryState.DUE, End.FAILED: DeliveryState.FAILED}.get(end, DeliveryState.SENT)
    fate = Fate(
        state=state,
        why=(WHY,),
        created=NOW - DAY,
        finished=NOW,
        attempts=2,
        reason="gave up after 5 attempts: blocked: rate limited",
    )
    like = SameStory(
        story=StoryId(1),
        item=ItemId(2),
        kind=StoryKind.EVENT,
        score=0.8,
        reasons=tuple(StoryReason(shared=shared, words=("會談",)) for shared in Shared),
    )
    other = replace(ITEM, id=ItemId(2), feed=replace(FEED, id=FeedId(2), title="港灣"))
    way = Trail(
        item=ITEM,
        state=ItemState.DONE,
        mode=Mode.MATCHING,
        subscribed=NOW - DAY,
        brief=replace(BRIEF, made_by=MadeBy.MODEL),
        fate=fate,
        same=like,
        others=(StoryItem(item=other, state=DeliveryState.SENT, at=NOW - DAY),),
        told=True,
    )
    queries = ("協議 停火", '"停火協議"', "title:停火", "-會談 停火", "停火 OR 協議", "lang:en 會談", "feed:港灣 會談")
    judged = tuple(
        Judged(
            keyword=Keyword(id=KeywordId(n), query=query, canonical=query, created=NOW),
            miss=why_not(parse(query), Document(ITEM.item, ITEM.feed)),
        )
        for n, query in enumerate(queries)
    )
    excerpts = tuple(Excerpt(part=part, runs=(("會談", True),)) for part in Part)
    watched = (
        Subscription(feed=FEED, mode=Mode.MATCHING, created=NOW),
        Subscription(feed=FEED, mode=Mode.MATCHING, created=NOW, polled=NOW),
        Subscription(feed=FEED, mode=Mode.MATCHING, created=NOW, error="timeout"),
    )
    cause = Cause(why=WHY, excerpts=excerpts)
    link = "https://globe.example/1"
    return Finding(end=end, link=link, trail=way, feed=FEED, watched=watched, judged=judged, causes=(cause,) * 5)
