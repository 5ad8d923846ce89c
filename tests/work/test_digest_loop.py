"""Days go by: digests come at their times by the clocks on the walls, quiet hours stay quiet, and nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.matching.query import canonical, parse
from bot.model import (
    Brief,
    ChatId,
    Choice,
    Digest,
    Frequency,
    Hold,
    Item,
    KeywordChange,
    KeywordId,
    MadeBy,
    Mode,
    NewDelivery,
    Quiet,
    Recipient,
    Schedule,
    Urgency,
    Why,
    Wishes,
)
from bot.work.asking import Asking, Wanted
from bot.work.digest import CHATS, Digester
from tests.support.alerting import URL, work_off
from tests.support.fakes import NOW
from tests.support.news import alert

HOUR = timedelta(hours=1)
WORDS = (
    "ferry",
    "apple",
    "violin",
    "glacier",
    "parliament",
    "kettle",
    "orchard",
    "comet",
    "lantern",
    "bakery",
    "walrus",
)


class Newsroom:
    """One chat that takes all of a feed, the loops over it, and what it was sent: when, by its clock, and what."""

    def __init__(self, storage, people, publish, watch, make_alerter, bell, meter) -> None:
        self.storage, self.people, self.watch, self.publish = storage, people, watch, publish
        self.alerter = make_alerter()
        self.digester = Digester(queue=storage.held, bell=bell, meter=meter, clock=watch)
        self.sent: list[tuple[datetime, list[str]]] = []
        self.published: list[str] = []
        self.zone = ZoneInfo("UTC")
        self.holds: list[Hold | None] = []

    async def open(self, zone: str, begin: str, **schedule: object) -> None:
        self.zone = ZoneInfo(zone)
        self.watch.now = datetime.fromisoformat(begin).replace(tzinfo=self.zone).astimezone(UTC)
        await self.people.subscribe(URL, mode=Mode.EVERYTHING)
        await self.wish(zone, **schedule)

    async def wish(self, zone: str, **schedule: object) -> None:
        chat = await self.people.chat()
        settings = replace(chat.settings, timezone=zone, schedule=Schedule(**schedule))
        await self.storage.chats.save_settings(chat.id, settings)

    async def news(self) -> None:
        """An item comes in, and its alert is made."""
        number = len(self.published)
        title = f"{WORDS[number % len(WORDS)]} {WORDS[number // len(WORDS)]}"
        self.published.append(title)
        await self.publish((title, f"Of a {title} nobody heard before."))
        await work_off(self.alerter)

    async def deliver(self) -> None:
        """What a tick brings."""
        while await self.digester.step() is not None:
            pass
        while owed := await self.people.owed():
            for due in owed:
                alerts = due.content.alerts if isinstance(due.content, Digest) else (due.content,)
                local = self.watch().astimezone(self.zone)
                self.sent.append((local, [alert.item.item.title for alert in alerts]))
                self.holds.append(due.content.held_by if isinstance(due.content, Digest) else None)
                await self.people.sent(due)

    async def live(self, days: float, *, every: float = 5, tick: float = 1) -> None:
        """Let time pass: an item each so many hours, a tick each so many."""
        end, news = self.watch() + timedelta(days=days), self.watch()
        while self.watch() < end:
            await self.deliver()
            if self.watch() >= news:
                now = self.watch()
                await self.news()
                await self.deliver()
                self.watch.now = now  # `publish` took a minute
                news += timedelta(hours=every)
            self.watch.forward(hours=tick)

    def times(self) -> list[str]:
        return [f"{at:%m-%d %H:%M}" for at, _ in self.sent]

    def told(self) -> list[str]:
        return [title for _, titles in self.sent for title in titles]


@pytest.fixture
def newsroom(storage, people, publish, watch, make_alerter, bell, meter) -> Newsroom:
    return Newsroom(storage, people, publish, watch, make_alerter, bell, meter)


DAILY = {"frequency": Frequency.DAILY}


@pytest.mark.parametrize(
    ("zone", "begin", "days"),
    [
        ("Europe/London", "2026-03-28 09:00", ["03-29", "03-30"]),  # forward on the 29th
        ("Europe/London", "2026-10-24 09:00", ["10-25", "10-26"]),  # back on the 25th
        ("America/New_York", "2026-03-07 09:00", ["03-08", "03-09"]),
        ("America/New_York", "2026-10-31 09:00", ["11-01", "11-02"]),
        ("Asia/Kathmandu", "2026-03-07 09:00", ["03-08", "03-09"]),
    ],
)
async def test_a_daily_digest_comes_at_its_time_on_the_wall_whatever_the_clocks_do(newsroom, zone, begin, days):
    await newsroom.open(zone, begin, **DAILY)
    await newsroom.live(2.1)
    assert newsroom.times() == [f"{day} 08:00" for day in days]
    assert newsroom.told() == newsroom.published[: len(newsroom.told())]
    assert len(newsroom.told()) >= 9


async def test_quiet_hours_are_quiet_and_what_came_in_them_comes_together_in_the_morning(newsroom):
    await newsroom.open("Europe/London", "2026-03-28 09:00", quiet=Quiet(time(23), time(7)))
    await newsroom.live(1.95, every=2)
    assert all(time(7) <= at.time() < time(23) for at, _ in newsroom.sent)
    assert newsroom.told() == newsroom.published[: len(newsroom.told())]
    mornings = [(f"{at:%d %H:%M}", len(titles)) for at, titles in newsroom.sent if len(titles) > 1]
    assert mornings == [("29 07:00", 4), ("30 07:00", 4)]
    assert set(newsroom.holds) == {None, Hold.QUIET}


async def test_weekends_are_left_out_and_monday_has_all_of_them(newsroom):
    await newsroom.open("Asia/Hong_Kong", "2026-03-06 07:00", **DAILY, weekdays=(0, 1, 2, 3, 4))
    await newsroom.live(3.1, every=8)
    assert newsroom.times() == ["03-06 08:00", "03-09 08:00"]
    assert len(newsroom.sent[1][1]) == 9


async def test_no_hour_brings_more_than_the_cap_and_the_next_begins_with_the_rest(newsroom):
    await newsroom.open("Asia/Kolkata", "2026-03-06 10:00", cap=2)
    for _ in range(5):
        await newsroom.news()
        await newsroom.deliver()
    assert [titles for _, titles in newsroom.sent] == [[each] for each in newsroom.published[:2]]
    newsroom.watch.now = newsroom.sent[0][0].replace(hour=11, minute=0).astimezone(UTC)
    await newsroom.deliver()
    assert newsroom.sent[-1][1] == newsroom.published[2:]
    assert newsroom.holds[-1] is Hold.CAP


async def test_a_mute_ends_by_itself_and_loses_nothing(newsroom):
    await newsroom.open("Asia/Hong_Kong", "2026-03-06 10:00")
    until = newsroom.watch() + 8 * HOUR
    await newsroom.wish("Asia/Hong_Kong", muted_until=until)
    await newsroom.live(0.5, every=2)
    first, *rest = newsroom.sent
    assert (first[0], first[1]) == (until, newsroom.published[:4])
    assert all(len(titles) == 1 for _, titles in rest)
    assert newsroom.holds[0] is Hold.MUTE


async def test_a_chat_with_nothing_new_gets_no_digest(newsroom):
    await newsroom.open("Asia/Hong_Kong", "2026-03-06 10:00", **DAILY)
    await newsroom.news()
    await newsroom.live(0.01)
    for _ in range(10):
        newsroom.watch.forward(hours=12)
        await newsroom.deliver()
    assert len(newsroom.sent) == 1


async def test_a_digest_missed_while_the_bot_was_off_comes_when_it_is_back(newsroom):
    await newsroom.open("Asia/Hong_Kong", "2026-03-06 10:00", **DAILY)
    await newsroom.news()
    await newsroom.news()
    newsroom.watch.forward(days=3)
    await newsroom.deliver()
    assert [titles for _, titles in newsroom.sent] == [newsroom.published]
    assert newsroom.holds == [Hold.DIGEST]


async def test_a_keyword_that_wants_it_at_once_comes_at_once_to_a_chat_of_digests(
    storage, people, publish, alerter, watch
):
    feed = await people.subscribe(URL)
    chat = await people.chat()
    await storage.chats.save_settings(chat.id, replace(chat.settings, schedule=Schedule(frequency=Frequency.DAILY)))
    await people.add_keyword("ferry")
    urgent = await people.add_keyword("tsunami")
    await storage.keywords.set_keyword_choice(chat.id, urgent.id, Choice(urgency=Urgency.INSTANT))
    await publish("A ferry sails", "A tsunami is coming", "Orchards bloom")
    await work_off(alerter)
    assert await people.told() == ["A tsunami is coming"]
    muted = Choice(muted_until=watch() + 3 * HOUR)
    await storage.subscriptions.set_feed_choice(chat.id, feed.id, muted)
    await publish("Another tsunami, in the Pacific")
    await work_off(alerter)
    assert await people.told() == []


async def test_what_a_keyword_wants_is_known_also_where_only_the_translation_has_its_words():
    asked = ("ferry", Choice(urgency=Urgency.DIGEST))

    class Store:
        """Recipients by their query."""

        async def recipients(self, feed, queries):
            wishes = Wishes(keywords=(asked,))
            queries = tuple((query, query) for query in queries)
            return (
                [Recipient(chat=ChatId(1), mode=Mode.MATCHING, subscribed=NOW, queries=queries, wishes=wishes)]
                if queries
                else []
            )

    class Log:
        async def keyword_changes(self, *, after):
            return 1, [KeywordChange(id=KeywordId(1), canonical=canonical(parse("ferry")), live=True)]

    asking = Asking(store=Store(), keywords=Log())
    await asking.follow()
    stored = replace(
        alert().item, item=Item(guid="1", url="", title="渡輪啟航", text="渡輪今天啟航", language="zh"), seen=NOW
    )
    wanted = await asking.wanted(stored)
    assert wanted.deliveries == ()
    brief = Brief(
        title_zh="渡輪啟航", title_en="A ferry sails", summary_zh="", summary_en="", made_by=MadeBy.TRANSLATION
    )
    found = await asking.with_translation(wanted, brief)
    [due] = await found.due_deliveries(NOW)
    assert due.held_by is Hold.DIGEST


async def test_who_wishes_nothing_costs_nothing(alerter):
    why = (Why(keyword="a", matched=()),)
    deliveries = tuple(NewDelivery(chat=ChatId(n), why=why) for n in range(3))
    item = alert().item
    assert await Wanted(item, item.item, frozenset(), deliveries).due_deliveries(NOW) is deliveries


async def test_the_loop_gathers_some_chats_at_a_time_and_has_them_sent(bell, meter, watch):
    class Queue:
        def __init__(self) -> None:
            self.left = CHATS + 3

        async def gather_held(self, *, now, limit) -> int:
            some = min(limit, self.left)
            self.left -= some
            return some

    loop = Digester(queue=Queue(), bell=bell, meter=meter, clock=watch)
    assert [await loop.step() for _ in range(3)] == [timedelta(), timedelta(), None]
    assert bell.rung == ["deliver", "deliver"]
