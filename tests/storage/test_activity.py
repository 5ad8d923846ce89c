"""What was done lately, hour by hour, and how long it took."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from bot.model import Activity
from bot.storage import activity as module
from tests.support.ledger import Ledger

NOW = datetime(2026, 3, 1, 12, 30, tzinfo=timezone(timedelta(hours=8)))  # 04:30 UTC
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def ledger(storage) -> Ledger:
    return Ledger(storage, NOW)


async def look(storage, hours: int = 3) -> Activity:
    return await storage.activity.activity(hours=hours, now=NOW)


def near(time: timedelta, seconds: float):
    return time.total_seconds() == pytest.approx(seconds, rel=0.1)


async def test_of_nothing_there_are_hours_all_the_same(storage):
    seen = await look(storage)
    assert [one.start.isoformat() for one in seen.hours] == [f"2026-03-01T0{n}:00:00+00:00" for n in (2, 3, 4)]
    assert {(one.items, one.sent, one.failed, one.delay) for one in seen.hours} == {(0, 0, 0, None)}
    assert (seen.to_seen, seen.to_sent, seen.overall, seen.cut) == (None, None, None, False)


async def test_what_came_and_went_is_in_its_hour_of_utc(storage, ledger):
    feed, chat = await ledger.feed(), await ledger.chat()
    edges = [NOW - 2 * HOUR - 30 * MINUTE, NOW - 90 * MINUTE, NOW - 31 * MINUTE, NOW - 30 * MINUTE, NOW]
    for number, at in enumerate(edges):
        item = await ledger.item(feed, seen=at)
        await ledger.delivery(chat, item, created=at, finished=at, state="failed" if number == 2 else "sent")
    too_old = await ledger.item(feed, seen=edges[0] - timedelta(microseconds=1))
    await ledger.delivery(chat, too_old, finished=edges[0] - timedelta(microseconds=1))
    seen = await look(storage)
    assert [(one.items, one.sent, one.failed) for one in seen.hours] == [(1, 1, 0), (2, 1, 1), (2, 2, 0)]


async def test_only_alerts_that_ended_count(storage, ledger):
    feed = await ledger.feed()
    item = await ledger.item(feed)
    for state in ("due", "held", "folded", "joined"):
        await ledger.delivery(await ledger.chat(), item, state=state, finished=NOW if state == "joined" else None)
    await ledger.delivery(await ledger.chat(), None)  # a notice
    assert [(one.items, one.sent, one.failed) for one in (await look(storage, 1)).hours] == [(1, 0, 0)]


async def test_delays_are_told_by_the_hour_and_in_their_parts(storage, ledger):
    feed, chat = await ledger.feed(), await ledger.chat()
    for ago, to_seen, to_sent in ((0, 60, 2), (0, 60, 2), (1, 600, 20)):
        sent = NOW - ago * HOUR
        seen = sent - timedelta(seconds=to_sent)
        item = await ledger.item(feed, seen=seen, published=seen - timedelta(seconds=to_seen))
        await ledger.delivery(chat, item, finished=sent)
    seen = await look(storage)
    delays = [one.delay for one in seen.hours]
    assert delays[0] is None
    assert (delays[1].count, delays[2].count) == (1, 2)
    assert near(delays[1].p50, 620)
    assert near(delays[1].p99, 620)
    assert near(delays[2].p99, 62)
    assert (seen.overall.count, seen.to_seen.count, seen.to_sent.count) == (3, 3, 3)
    assert near(seen.overall.p50, 62)
    assert near(seen.overall.p99, 620)
    assert near(seen.to_seen.p50, 60)
    assert near(seen.to_seen.p99, 600)
    assert near(seen.to_sent.p50, 2)
    assert near(seen.to_sent.p99, 20)


@pytest.mark.parametrize(
    ("delivery", "item"),
    [
        ({"held_by": "quiet"}, {}),
        ({"held_by": "cap"}, {}),
        ({"digest": 1}, {}),
        ({"state": "failed"}, {}),
        ({}, {"late": True}),
    ],
)
async def test_what_was_to_come_later_or_never_came_has_no_delay(storage, ledger, delivery, item):
    of = await ledger.item(await ledger.feed(), published=NOW - HOUR, seen=NOW - MINUTE, **item)
    await ledger.delivery(await ledger.chat(), of, **delivery)
    seen = await look(storage, 1)
    assert seen.hours[0].sent + seen.hours[0].failed == 1
    assert (seen.hours[0].delay, seen.overall, seen.to_seen, seen.to_sent) == (None, None, None, None)


async def test_an_old_alert_that_went_out_by_itself_has_one(storage, ledger):
    of = await ledger.item(await ledger.feed(), published=NOW - HOUR, seen=NOW - MINUTE)
    await ledger.delivery(await ledger.chat(), of, digest=0)
    assert near((await look(storage, 1)).overall.p50, 3600)


async def test_without_a_date_only_our_own_part_is_known(storage, ledger):
    of = await ledger.item(await ledger.feed(), published=None, seen=NOW - MINUTE)
    await ledger.delivery(await ledger.chat(), of)
    seen = await look(storage, 1)
    assert (seen.overall, seen.to_seen, seen.hours[0].delay) == (None, None, None)
    assert near(seen.to_sent.p50, 60)


async def test_a_date_to_come_took_no_time(storage, ledger):
    of = await ledger.item(await ledger.feed(), published=NOW + HOUR, seen=NOW)
    await ledger.delivery(await ledger.chat(), of)
    assert (await look(storage, 1)).overall.p50 < timedelta(seconds=0.1)


async def test_of_very_many_the_newest_are_counted_and_it_says_so(storage, ledger, monkeypatch):
    monkeypatch.setattr(module, "LOOKED_AT", 3)
    feed, chat = await ledger.feed(), await ledger.chat()
    for minutes in (80, 70, 20, 10, 0):
        at = NOW - minutes * MINUTE
        await ledger.delivery(chat, await ledger.item(feed, seen=at), created=at, finished=at)
    seen = await look(storage)
    assert [one.sent for one in seen.hours] == [0, 0, 3]
    assert seen.cut
    assert not (await look(storage, 1)).cut  # what is left out is older than the hour


async def test_of_very_many_alerts_one_in_so_many_is_measured(storage, ledger, monkeypatch):
    monkeypatch.setattr(module, "MEASURED", 4)
    feed, chat = await ledger.feed(), await ledger.chat()
    for _ in range(12):
        await ledger.delivery(chat, await ledger.item(feed, published=NOW - MINUTE))
    seen = await look(storage, 1)
    assert seen.hours[0].sent == 12
    assert seen.overall.count == 3
    assert near(seen.overall.p99, 60)
