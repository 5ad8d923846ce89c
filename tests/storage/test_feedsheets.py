"""All feeds as the admin pages list them, and what can be done to one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert

from bot.model import FeedFilter, FeedId
from bot.storage.tables import pushes
from tests.storage.conftest import LEASE, NOW
from tests.support.ledger import Ledger

DAY = timedelta(days=1)


@pytest.fixture
def ledger(storage) -> Ledger:
    return Ledger(storage, NOW)


async def titles(storage, search: str = "", only: FeedFilter = FeedFilter.ALL, offset: int = 0, limit: int = 50):
    _, lines = await storage.feed_sheets.feed_lines(search=search, only=only, offset=offset, limit=limit, now=NOW)
    return [line.feed.title for line in lines]


async def claimed(storage, now=NOW):
    return [due.id for due in await storage.feeds.claim_feeds(now=now, limit=9, lease=LEASE)]


async def test_of_no_feeds_there_are_no_lines(storage):
    for only in FeedFilter:
        assert await storage.feed_sheets.feed_lines(search="", only=only, offset=0, limit=9, now=NOW) == (0, [])
    assert await storage.feed_sheets.feed_sheet(FeedId(1), now=NOW) is None


async def test_those_in_trouble_come_first_then_those_of_most_chats(storage, ledger):
    chats = [await ledger.chat() for _ in range(3)]
    for title, takers, more in (
        ("one", 1, {}),
        ("three", 3, {}),
        ("failing", 0, {"failures": 2, "error": "timeout"}),
        ("worse", 0, {"failures": 5, "error": "timeout"}),
        ("gone", 2, {"gone": True}),
        ("paused", 2, {"failures": 9, "paused": True}),
    ):
        feed = await ledger.feed(title=title, **more)
        for chat in chats[:takers]:
            await ledger.subscription(chat, feed)
    assert await titles(storage) == ["worse", "failing", "gone", "three", "paused", "one"]
    assert await titles(storage, offset=1, limit=2) == ["failing", "gone"]
    count, _ = await storage.feed_sheets.feed_lines(search="", only=FeedFilter.ALL, offset=99, limit=9, now=NOW)
    assert count == 6


async def test_a_line_tells_how_the_feed_is(storage, ledger):
    polled, last = NOW - 2 * DAY, NOW - 3 * DAY
    feed = await ledger.feed(
        "https://a.example/rss", title="A", polled=polled, last_item=last, failures=3, error="http 500", gone=True
    )
    await ledger.subscription(await ledger.chat(state="blocked"), feed)
    async with storage._database.write() as connection:
        values = {"hub": "https://hub.example/", "topic": "t", "token": "x", "secret": "y", "due": NOW}
        await connection.execute(insert(pushes).values(feed_id=feed, state="live", **values))
    _, [line] = await storage.feed_sheets.feed_lines(search="", only=FeedFilter.ALL, offset=0, limit=9, now=NOW)
    assert (line.feed.id, line.feed.url, line.chats, line.polled, line.last_item) == (
        feed, "https://a.example/rss", 1, polled, last,
    )  # fmt: skip
    assert (line.next_poll, line.failures, line.error, line.gone, line.paused, line.pushed) == (
        NOW, 3, "http 500", True, False, True,
    )  # fmt: skip


async def test_a_hub_that_has_not_agreed_brings_nothing(storage, ledger):
    feed = await ledger.feed()
    async with storage._database.write() as connection:
        values = {"hub": "https://hub.example/", "topic": "t", "token": "x", "secret": "y", "due": NOW}
        await connection.execute(insert(pushes).values(feed_id=feed, state="asked", **values))
    _, [line] = await storage.feed_sheets.feed_lines(search="", only=FeedFilter.ALL, offset=0, limit=9, now=NOW)
    assert not line.pushed


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("", ["100% Ärger", "HarbourXWire", "Harbour_Wire"]),
        ("harbour_wire", ["Harbour_Wire"]),  # no sign stands for any letter
        ("100%", ["100% Ärger"]),
        ("%", ["100% Ärger"]),
        ("äRGER", ["100% Ärger"]),
        ("WIRE harbour", ["HarbourXWire", "Harbour_Wire"]),
        ("harbour THREE.example", ["HarbourXWire"]),  # a word in the title, another in the address
        ("a/b", []),
        ("nothing has this", []),
        ("nul\0", []),
    ],
)
async def test_all_words_are_looked_for_in_title_and_address_in_any_case(storage, ledger, search, found):
    await ledger.feed("https://one.example/rss", title="Harbour_Wire")
    await ledger.feed("https://two.example/rss", title="100% Ärger")
    await ledger.feed("https://three.example/rss", title="HarbourXWire")
    assert sorted(await titles(storage, search)) == found
    count, _ = await storage.feed_sheets.feed_lines(search=search, only=FeedFilter.ALL, offset=0, limit=1, now=NOW)
    assert count == len(found)


async def test_each_filter_has_its_feeds(storage, ledger):
    active, blocked = await ledger.chat(), await ledger.chat(state="blocked")
    old, new = NOW - 31 * DAY, NOW - 29 * DAY
    for title, chat, more in (
        ("busy", active, {"polled": NOW, "last_item": new}),
        ("quiet", active, {"polled": NOW, "last_item": old}),
        ("quiet from the beginning", active, {"polled": NOW, "created": old}),
        ("new", active, {"polled": NOW, "created": new}),
        ("unread", active, {"created": old}),
        ("failing", active, {"polled": old, "last_item": old, "failures": 1}),
        ("gone", active, {"polled": old, "last_item": old, "gone": True}),
        ("paused", active, {"polled": old, "last_item": old, "failures": 1, "paused": True}),
        ("of nobody who listens", blocked, {"polled": old, "last_item": old}),
    ):
        await ledger.subscription(chat, await ledger.feed(title=title, **more))
    await ledger.feed(title="of nobody")
    only = {one: sorted(await titles(storage, only=one)) for one in FeedFilter}
    assert len(only[FeedFilter.ALL]) == 10
    assert only[FeedFilter.TROUBLED] == ["failing", "gone"]
    assert only[FeedFilter.PAUSED] == ["paused"]
    assert only[FeedFilter.QUIET] == ["quiet", "quiet from the beginning"]
    assert only[FeedFilter.UNUSED] == ["of nobody", "of nobody who listens"]


async def test_a_sheet_has_the_newest_items_the_takers_and_a_week(storage, ledger):
    feed, other = await ledger.feed(title="A", language="en"), await ledger.feed()
    sunday = NOW  # the 1st of March 2026, 12:00
    for at in (*(sunday - timedelta(minutes=n) for n in range(11)), sunday - 7 * DAY, sunday - 28 * DAY):
        await ledger.item(feed, seen=at, title=f"{at:%d %H:%M}", published=at - DAY)
    await ledger.item(other)
    chat = await ledger.chat(title="Desk")
    await ledger.subscription(chat, feed)
    await ledger.keyword(chat, "talks")
    sheet = await storage.feed_sheets.feed_sheet(FeedId(feed), now=NOW)
    assert (sheet.line.feed.title, sheet.line.chats, sheet.language, sheet.created) == ("A", 1, "en", NOW)
    assert [one.title for one in sheet.latest] == ["01 12:00", *(f"01 11:{n}" for n in range(59, 50, -1))]
    assert (sheet.latest[0].feed.title, sheet.latest[0].published) == ("A", NOW - DAY)
    assert [(one.title, one.feeds, one.keywords) for one in sheet.takers] == [("Desk", 1, 1)]
    assert sheet.items == 12  # what came 28 days ago, an hour is too long ago
    assert [len(day) for day in sheet.week] == [24] * 7
    assert (sheet.week[6][12], sheet.week[6][11]) == (2, 10)
    assert sum(map(sum, sheet.week)) == 12


async def test_a_sheet_lists_no_more_than_fifty_takers(storage, ledger):
    feed = await ledger.feed()
    for _ in range(51):
        await ledger.subscription(await ledger.chat(), feed)
    sheet = await storage.feed_sheets.feed_sheet(FeedId(feed), now=NOW)
    assert (sheet.line.chats, len(sheet.takers)) == (51, 50)


# --- polling ----------------------------------------------------------------------------------------------


@pytest.fixture
async def feed(world) -> FeedId:
    return await world.follow((await world.chat()).id)


async def test_a_feed_that_is_not_due_is_polled_now(storage, world, feed):
    due = await world.claim_feed()
    await storage.feeds.record_polls([world.change(due, next_poll=NOW + DAY)], now=NOW)
    assert await claimed(storage) == []
    assert await storage.feed_sheets.poll_now(feed, now=NOW)
    assert await claimed(storage) == [feed]


async def test_one_that_was_taken_for_gone_is_polled_too_as_if_it_had_not_failed(storage, world, feed):
    failed = {"succeeded": False, "failures": 4, "error": "http 410", "gone": True, "dead": True}
    await storage.feeds.record_polls([world.change(await world.claim_feed(), **failed)], now=NOW)
    assert await claimed(storage, NOW + 99 * DAY) == []
    assert await storage.feed_sheets.poll_now(feed, now=NOW)
    [due] = await storage.feeds.claim_feeds(now=NOW, limit=9, lease=LEASE)
    assert (due.id, due.failures, due.dead) == (feed, 0, True)


async def test_failures_of_one_that_is_not_gone_stay_counted(storage, world, feed):
    failed = {"succeeded": False, "failures": 4, "error": "timeout", "next_poll": NOW + DAY}
    await storage.feeds.record_polls([world.change(await world.claim_feed(), **failed)], now=NOW)
    assert await storage.feed_sheets.poll_now(feed, now=NOW)
    [due] = await storage.feeds.claim_feeds(now=NOW, limit=9, lease=LEASE)
    assert due.failures == 4


async def test_there_must_be_such_a_feed(storage):
    assert not await storage.feed_sheets.poll_now(FeedId(7), now=NOW)
    assert not await storage.feed_sheets.pause_feed(FeedId(7), paused=True, now=NOW)


async def test_a_paused_feed_is_polled_by_nobody_and_at_once_when_that_is_over(storage, world, feed):
    due = await world.claim_feed()
    await storage.feeds.record_polls([world.change(due, next_poll=NOW + 9 * DAY)], now=NOW)
    assert await storage.feed_sheets.pause_feed(feed, paused=True, now=NOW)
    assert await storage.feed_sheets.poll_now(feed, now=NOW)
    later = NOW + 10 * DAY
    assert await claimed(storage, later) == []
    assert await storage.feeds.take_feed(feed, now=later, lease=LEASE) is None
    again = NOW + DAY
    assert await storage.feed_sheets.pause_feed(feed, paused=False, now=again)
    assert await claimed(storage, again - timedelta(seconds=1)) == []
    assert await claimed(storage, again) == [feed]


async def test_the_end_of_no_pause_changes_nothing(storage, world, feed):
    due = await world.claim_feed()
    await storage.feeds.record_polls([world.change(due, next_poll=NOW + DAY)], now=NOW)
    assert await storage.feed_sheets.pause_feed(feed, paused=False, now=NOW)
    assert await claimed(storage) == []


async def test_a_poll_in_hand_leaves_the_pause_alone(storage, world, feed):
    due = await world.claim_feed()
    await storage.feed_sheets.pause_feed(feed, paused=True, now=NOW)
    assert await storage.feeds.record_polls([world.change(due, world.new_item("a"))], now=NOW) == [1]
    assert await claimed(storage, NOW + DAY) == []


async def test_a_paused_feed_is_neither_late_nor_in_trouble(storage, world, feed):
    failed = {"succeeded": False, "failures": 4, "error": "timeout", "dead": True}
    await storage.feeds.record_polls([world.change(await world.claim_feed(), **failed)], now=NOW)
    later = NOW + DAY
    before = await storage.feeds.health(now=later)
    assert (before.failing, before.dead, before.oldest_due, before.next_poll) == (1, 1, NOW, NOW)
    assert (await storage.oversight.overview(now=later)).troubled == 1
    await storage.feed_sheets.pause_feed(feed, paused=True, now=NOW)
    after = await storage.feeds.health(now=later)
    assert (after.followed, after.failing, after.dead, after.oldest_due, after.next_poll) == (1, 0, 0, None, None)
    assert await storage.feeds.failing(limit=9) == []
    assert (await storage.oversight.overview(now=later)).troubled == 0
    assert await storage.oversight.troubled(offset=0, limit=9) == (0, [])


async def test_a_paused_feed_takes_no_pushes_until_that_is_over(storage, world, feed):
    offer = {"hub": "https://hub.example/", "topic": "https://a.example/feed"}
    await storage.feeds.record_polls([world.change(await world.claim_feed(), **offer)], now=NOW)
    await storage.feed_sheets.pause_feed(feed, paused=True, now=NOW)
    assert await storage.pushes.claim_pushes(now=NOW, limit=9, hold=DAY) == []
    await storage.feed_sheets.pause_feed(feed, paused=False, now=NOW)
    [push] = await storage.pushes.claim_pushes(now=NOW, limit=9, hold=DAY)
    await storage.pushes.confirm(push, expires=NOW + 9 * DAY, due=NOW + 8 * DAY)
    await storage.feed_sheets.pause_feed(feed, paused=True, now=NOW)
    [leaving] = await storage.pushes.claim_pushes(now=NOW, limit=9, hold=DAY)
    assert (leaving.feed, leaving.state) == (feed, "leaving")
