"""What the model costs is counted for all replicas together, and never past the limit."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta, timezone

from bot.model import Spending
from bot.storage import open_storage

TODAY = date(2026, 3, 1)
CALL = Spending(tokens=1_000, money=250)
NO_LIMIT = Spending()


async def test_a_day_begins_with_nothing(storage):
    assert await storage.spending.spent(TODAY) == Spending()


async def test_what_is_reserved_is_spent_until_it_is_put_right(storage):
    assert await storage.spending.reserve(TODAY, CALL, NO_LIMIT)
    assert await storage.spending.reserve(TODAY, CALL, NO_LIMIT)
    assert await storage.spending.spent(TODAY) == Spending(2_000, 500)
    await storage.spending.correct(TODAY, Spending(-400, -100))
    assert await storage.spending.spent(TODAY) == Spending(1_600, 400)


async def test_a_limit_is_reached_and_never_passed(storage):
    limit = Spending(tokens=2_500)
    assert [await storage.spending.reserve(TODAY, CALL, limit) for _ in range(4)] == [True, True, False, False]
    assert await storage.spending.reserve(TODAY, Spending(tokens=500), limit)
    assert await storage.spending.spent(TODAY) == Spending(2_500, 500)


async def test_money_has_a_limit_of_its_own(storage):
    assert [await storage.spending.reserve(TODAY, CALL, Spending(money=500)) for _ in range(3)] == [True, True, False]


async def test_a_first_call_that_is_past_the_limit_is_none(storage):
    assert not await storage.spending.reserve(TODAY, CALL, Spending(tokens=999))
    assert await storage.spending.spent(TODAY) == Spending()


async def test_each_day_is_counted_by_itself(storage):
    limit = Spending(tokens=1_000)
    assert await storage.spending.reserve(TODAY, CALL, limit)
    assert await storage.spending.reserve(TODAY + timedelta(days=1), CALL, limit)
    assert not await storage.spending.reserve(TODAY, CALL, limit)


async def test_replicas_together_keep_the_limit(url):
    async with open_storage(url) as one, open_storage(url) as other:
        calls = [store.spending.reserve(TODAY, CALL, Spending(tokens=7_999)) for store in (one, other) * 10]
        assert sum(await asyncio.gather(*calls)) == 7
        assert await one.spending.spent(TODAY) == await other.spending.spent(TODAY) == Spending(7_000, 1_750)


async def test_a_restart_forgets_nothing(url):
    for _ in range(2):
        async with open_storage(url) as storage:
            await storage.spending.reserve(TODAY, CALL, NO_LIMIT)
    async with open_storage(url) as storage:
        assert (await storage.spending.spent(TODAY)).tokens == 2_000


async def test_a_correction_of_a_day_that_is_gone_changes_nothing(storage):
    await storage.spending.correct(TODAY, CALL)
    assert await storage.spending.spent(TODAY) == Spending()


async def test_sums_beyond_32_bits_are_kept(storage):
    large = Spending(tokens=3_000_000_000, money=5_000_000_000)
    assert await storage.spending.reserve(TODAY, large, NO_LIMIT)
    assert await storage.spending.reserve(TODAY, large, NO_LIMIT)
    assert await storage.spending.spent(TODAY) == Spending(6_000_000_000, 10_000_000_000)


async def test_old_days_are_cleaned_away(storage, world):
    today = world.now.date()
    for days in (0, 30, 31, 400):
        await storage.spending.reserve(today - timedelta(days=days), CALL, NO_LIMIT)
    await storage.purge(world.now, timedelta(days=30))
    left = {days: (await storage.spending.spent(today - timedelta(days=days))).tokens for days in (0, 30, 31, 400)}
    assert left == {0: 1_000, 30: 1_000, 31: 0, 400: 0}


async def test_days_are_told_from_the_first_one_on_in_money(storage):
    assert await storage.spending.spending_days(since=datetime(2026, 1, 1, tzinfo=UTC)) == []
    for ago in (0, 2, 3):
        spent = Spending(tokens=1_000 + ago, money=250_000)
        assert await storage.spending.reserve(TODAY - timedelta(days=ago), spent, NO_LIMIT)
    # In Hong Kong it is the next day already.
    since = datetime(2026, 2, 28, 1, tzinfo=timezone(timedelta(hours=8)))
    days = await storage.spending.spending_days(since=since)
    assert [(one.day, one.tokens, one.money) for one in days] == [
        (date(2026, 2, 27), 1_002, 0.25),
        (TODAY, 1_000, 0.25),
    ]
