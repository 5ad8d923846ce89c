"""Writes that come while one is under way are written together by the next; each caller gets its own answer."""

from __future__ import annotations

import asyncio

import pytest

from bot.errors import StorageError
from bot.work.aside import Aside
from bot.work.together import Batches, Together


class Ledger:
    """Writes when the test says so."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.go = asyncio.Event()
        self.fault: dict[int, Exception] = {}

    async def __call__(self, values):
        self.batches.append(list(values))
        await self.go.wait()
        for value in values:
            if value in self.fault:
                raise self.fault[value]
        return [value * 10 for value in values]


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


async def begun(ledger: Ledger) -> None:
    async with asyncio.timeout(5):
        while not ledger.batches:
            await asyncio.sleep(0)


async def test_what_comes_during_a_write_goes_with_the_next(ledger):
    together = Together(ledger)
    first = asyncio.create_task(together(1))
    await begun(ledger)
    others = [asyncio.create_task(together(value)) for value in (2, 3, 4)]
    await asyncio.sleep(0)
    ledger.go.set()
    assert await asyncio.gather(first, *others) == [10, 20, 30, 40]
    assert ledger.batches == [[1], [2, 3, 4]]


async def test_no_write_takes_more_than_the_most(ledger):
    together = Together(ledger, most=2, linger=lambda: 60)
    ledger.go.set()
    async with asyncio.timeout(5):
        assert await asyncio.gather(*(together(value) for value in range(6))) == [value * 10 for value in range(6)]
    assert ledger.batches == [[0, 1], [2, 3], [4, 5]]


async def test_the_first_waits_a_moment_for_others(ledger):
    together = Together(ledger, linger=lambda: 0.01)
    ledger.go.set()
    assert await together(7) == 70


async def test_trouble_with_the_database_is_everybodys(ledger):
    together = Together(ledger)
    ledger.go.set()
    ledger.fault[2] = StorageError("disk full")
    results = await asyncio.gather(*(together(value) for value in (1, 2)), return_exceptions=True)
    assert [type(result) for result in results] == [StorageError, StorageError]
    assert await together(3) == 30


async def test_a_value_that_cannot_be_written_costs_the_others_nothing(ledger):
    together = Together(ledger)
    ledger.go.set()
    ledger.fault[2] = ZeroDivisionError()
    first, second, third = await asyncio.gather(*(together(value) for value in (1, 2, 3)), return_exceptions=True)
    assert (first, type(second), third) == (10, ZeroDivisionError, 30)


async def test_who_is_cancelled_is_not_written_and_holds_up_nobody(ledger):
    together = Together(ledger)
    first = asyncio.create_task(together(1))
    await begun(ledger)
    tired, patient = asyncio.create_task(together(2)), asyncio.create_task(together(3))
    await asyncio.sleep(0)
    tired.cancel()
    await asyncio.wait({tired})
    ledger.go.set()
    assert await asyncio.gather(first, patient) == [10, 30]
    assert ledger.batches == [[1], [3]]


async def test_batches_are_written_in_order_one_after_the_other():
    written, writing = [], []

    async def write(values):
        assert not writing
        writing.append(1)
        await asyncio.sleep(0)
        written.append(list(values))
        writing.clear()

    batches = Batches(write, most=2)
    for value in range(5):
        batches.add(value)
    async with asyncio.timeout(5):
        await batches.drain()
    assert written == [[0, 1], [2, 3], [4]]
    batches.add(5)
    await batches.drain()
    assert written[-1] == [5]


async def test_a_bug_in_a_write_is_told_and_later_values_are_written():
    written = []

    async def write(values):
        if not written:
            written.append("bug")
            raise ZeroDivisionError
        written.extend(values)

    batches = Batches(write)
    batches.add(1)
    await batches.drain()
    with pytest.raises(ZeroDivisionError):
        batches.check()
    batches.add(2)
    await batches.drain()
    assert written == ["bug", 2]


async def test_nobody_lingers_when_told_not_to(ledger):
    together = Together(ledger, linger=lambda: 0.0)
    ledger.go.set()
    assert await together(7) == 70


async def test_work_aside_is_done_one_piece_at_a_time_and_raises_what_it_raises():
    aside, running = Aside(), []

    def work(value: int) -> int:
        running.append(value)
        assert len(running) == 1
        running.remove(value)
        return 10 // value

    assert await asyncio.gather(*(aside(work, value) for value in (1, 2, 5))) == [10, 5, 2]
    with pytest.raises(ZeroDivisionError):
        await aside(work, 0)
