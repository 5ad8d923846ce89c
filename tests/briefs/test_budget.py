"""The model's budget: reserved before a call, put right after it, spent until midnight in UTC."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.briefs.budget import NOTHING, Budget, MemoryBook, Terms, is_spent
from bot.briefs.endpoint import Endpoint
from bot.errors import StorageError, WayUnavailable
from bot.model import Spending, Usage
from tests.support.meter import Counts
from tests.support.model_server import ModelServer

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
TODAY = NOON.date()
CALL = Usage(asked=800, answered=200)


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


class BrokenBook(MemoryBook):
    """Can't be reached any more, from the moment `broken`."""

    broken = False

    async def reserve(self, day: date, amount: Spending, limit: Spending) -> bool:
        if self.broken:
            raise StorageError("down")
        return await super().reserve(day, amount, limit)

    async def correct(self, day: date, by: Spending) -> None:
        if self.broken:
            raise StorageError("down")
        await super().correct(day, by)


@pytest.fixture
def book() -> MemoryBook:
    return MemoryBook()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def counts() -> Counts:
    return Counts()


@pytest.fixture
def budget_of(book, clock, counts):
    def make(**terms: float) -> Budget:
        return Budget(book, Terms(**terms), clock=clock, meter=counts)

    return make


async def use(budget: Budget, used: Usage | None = None) -> None:
    async with budget.call(CALL) as call:
        call.used = used or call.used


async def test_without_limits_every_call_goes_through_and_only_the_metrics_count_it(budget_of, book, counts):
    budget = budget_of()
    for _ in range(3):
        await use(budget, Usage(500, 100))
    assert await book.spent(TODAY) == Spending()
    assert counts.seen == {("model_tokens", "asked"): 1_500, ("model_tokens", "answered"): 300}


async def test_a_call_is_reserved_whole_and_put_right_by_what_it_used(budget_of, book):
    async with budget_of(tokens=5_000).call(CALL) as call:
        assert await book.spent(TODAY) == Spending(1_000)
        call.used = Usage(300, 100)
    assert await book.spent(TODAY) == Spending(400)


async def test_a_call_that_cost_nothing_gives_all_back(budget_of, book):
    await use(budget_of(tokens=5_000), NOTHING)
    assert await book.spent(TODAY) == Spending()


async def test_a_call_broken_off_stays_counted_as_reserved(budget_of, book):
    budget = budget_of(tokens=5_000)
    with pytest.raises(asyncio.CancelledError):
        async with budget.call(CALL):
            raise asyncio.CancelledError
    assert await book.spent(TODAY) == Spending(1_000)


async def test_a_spent_budget_rests_until_midnight_in_utc_and_is_told_once_a_day(budget_of, clock, counts):
    budget = budget_of(tokens=1_500)
    clock.now = NOON.astimezone(timezone(timedelta(hours=8)))
    await use(budget)
    with capture_logs() as logs:
        for _ in range(3):
            with pytest.raises(WayUnavailable, match="budget spent") as caught:
                await use(budget)
            assert caught.value.rest == timedelta(hours=12)
    assert [(log["log_level"], log["tokens_a_day"]) for log in logs] == [("warning", 1_500)]
    assert counts.seen["model", "budget spent"] == 3
    clock.now = NOON + timedelta(days=1)
    await use(budget)
    with capture_logs() as logs, pytest.raises(WayUnavailable):
        await use(budget)
    assert len(logs) == 1


async def test_while_calls_are_under_way_a_full_budget_is_asked_again_soon(budget_of):
    budget = budget_of(tokens=1_500)
    async with budget.call(CALL) as call:
        with pytest.raises(WayUnavailable, match="budget in use") as caught:
            await use(budget)
        assert caught.value.rest == timedelta(minutes=1)
        call.used = Usage(100, 50)
    await use(budget)


async def test_money_is_counted_by_the_prices_of_a_million_tokens(budget_of, book):
    budget = budget_of(money=0.001, price_in=0.5, price_out=2)
    await use(budget)
    assert await book.spent(TODAY) == Spending(1_000, 800)
    with pytest.raises(WayUnavailable, match="budget spent"):
        await use(budget)


async def test_what_cannot_be_counted_is_not_spent(clock):
    book = BrokenBook()
    book.broken = True
    with pytest.raises(WayUnavailable, match="budget not known"):
        await use(Budget(book, Terms(tokens=10**9), clock=clock))


async def test_a_correction_that_fails_costs_nobody_the_brief(clock):
    book = BrokenBook()
    with capture_logs() as logs:
        async with Budget(book, Terms(tokens=10**9), clock=clock).call(CALL) as call:
            book.broken, call.used = True, Usage(1, 1)
    assert [log["log_level"] for log in logs] == ["warning"]
    assert await book.spent(TODAY) == Spending(1_000)


async def test_a_call_over_midnight_is_of_the_day_it_began(budget_of, book, clock):
    budget = budget_of(tokens=1_000)
    async with budget.call(CALL) as call:
        clock.now += timedelta(days=1)
        call.used = Usage(1, 1)
    assert await book.spent(TODAY) == Spending(2)
    await use(budget)


@given(st.lists(st.tuples(st.integers(0, 3_000), st.integers(0, 3_000)), max_size=30), st.integers(1, 9_000))
def test_no_run_of_calls_passes_the_limit_when_none_uses_more_than_it_reserved(calls, limit):
    async def run() -> Spending:
        book = MemoryBook()
        budget = Budget(book, Terms(tokens=limit), clock=Clock())
        for reserved, used in calls:
            try:
                async with budget.call(Usage(reserved)) as call:
                    call.used = Usage(min(reserved, used))
            except WayUnavailable:
                pass
            assert (await book.spent(TODAY)).tokens <= limit
        return await book.spent(TODAY)

    assert asyncio.run(run()).tokens >= 0


def test_the_doctor_calls_a_day_spent_when_no_usual_brief_is_left_in_it():
    assert is_spent(Spending(8_000), Spending(10_000))
    assert not is_spent(Spending(6_000), Spending(10_000))
    assert not is_spent(Spending(6_000), Spending())
    assert is_spent(Spending(9_000, 900), Spending(money=1_000))
    assert not is_spent(Spending(9_000, 900), Spending(money=1_300))


# --- the endpoint within it ------------------------------------------------------------------------------

WIDE = {"tokens": 10**9}
ASK = [{"role": "user", "content": "What is new?"}]


async def ask(server: ModelServer, budget: Budget, *, times: int = 1) -> list[str]:
    endpoint = Endpoint(server.url, "m", budget=budget, timeout=timedelta(seconds=5))
    try:
        return [await endpoint.answer(ASK, {}, 100) for _ in range(times)]
    finally:
        await endpoint.close()


async def test_a_call_is_charged_by_the_servers_usage(server, budget_of, book):
    server.more = {"usage": {"prompt_tokens": 700, "completion_tokens": 90, "total_tokens": 790}}
    await ask(server, budget_of(**WIDE))
    assert await book.spent(TODAY) == Spending(790)


@pytest.mark.parametrize("usage", [None, {}, {"prompt_tokens": "many"}, {"prompt_tokens": 0, "completion_tokens": 0}])
async def test_where_the_server_does_not_say_the_estimate_stands(server, budget_of, book, usage):
    server.more = {"usage": usage}
    await ask(server, budget_of(**WIDE))
    assert 100 < (await book.spent(TODAY)).tokens < 200


@pytest.mark.parametrize("mode", [500, 429, 401, "html", "odd"])
async def test_calls_that_no_model_worked_on_cost_nothing(server, budget_of, book, mode):
    server.mode = mode
    with pytest.raises(WayUnavailable):
        await ask(server, budget_of(**WIDE))
    assert await book.spent(TODAY) == Spending()


async def test_a_server_that_cannot_be_reached_costs_nothing(server, budget_of, book):
    server.url = "http://127.0.0.1:1/v1"
    with pytest.raises(WayUnavailable):
        await ask(server, budget_of(**WIDE))
    assert await book.spent(TODAY) == Spending()


async def test_a_server_that_never_answers_may_have_worked_and_costs_what_was_reserved(server, budget_of, book):
    server.mode = "hang"
    endpoint = Endpoint(server.url, "m", budget=budget_of(**WIDE), timeout=timedelta(seconds=0.05))
    with pytest.raises(WayUnavailable, match="timeout"):
        await endpoint.answer(ASK, {}, 100)
    await endpoint.close()
    assert (await book.spent(TODAY)).tokens > 100


async def test_forms_that_are_tried_are_one_call(server, budget_of, book):
    server.forms = ("text",)
    await ask(server, budget_of(**WIDE))
    assert len(server.requests) == 3
    assert await book.spent(TODAY) == Spending(20)


async def test_a_spent_budget_asks_the_server_nothing(server, budget_of):
    budget = budget_of(tokens=300)
    with pytest.raises(WayUnavailable, match="budget spent"):
        await ask(server, budget, times=50)
    asked = len(server.requests)
    assert 2 < asked < 16
    with pytest.raises(WayUnavailable, match="budget spent"):
        await ask(server, budget)
    assert len(server.requests) == asked
