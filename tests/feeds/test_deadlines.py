"""A deadline ends its block, and nothing else, soon after its time."""

from __future__ import annotations

import asyncio

import pytest

from bot.feeds.deadlines import Deadlines


@pytest.fixture
def deadlines() -> Deadlines:
    return Deadlines(0.1)


async def test_a_block_that_takes_too_long_is_ended(deadlines):
    loop = asyncio.get_running_loop()
    start = loop.time()
    with pytest.raises(TimeoutError), deadlines.within(0.05):
        await asyncio.sleep(60)
    assert 0.05 <= loop.time() - start < 5


async def test_a_block_that_ends_in_time_is_left_alone(deadlines):
    with deadlines.within(0.1) as deadline:
        await asyncio.sleep(0)
        assert 0 < deadline.left() <= 0.1
    await asyncio.sleep(0.12)
    assert asyncio.current_task().cancelling() == 0


async def test_each_block_has_its_own_time(deadlines):
    async def block(seconds: float) -> str:
        try:
            with deadlines.within(seconds):
                await asyncio.sleep(0.5)
        except TimeoutError:
            return "late"
        return "done"

    times = (0.02, 60, 0.01, 60)
    assert await asyncio.gather(*(block(seconds) for seconds in times)) == ["late", "done", "late", "done"]


async def test_what_the_block_raises_goes_by(deadlines):
    with pytest.raises(ZeroDivisionError), deadlines.within(0.1):
        raise ZeroDivisionError


async def test_who_is_cancelled_by_others_stays_cancelled(deadlines):
    async def block() -> None:
        with deadlines.within(60):
            await asyncio.sleep(60)

    task = asyncio.create_task(block())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_cancellation_by_others_goes_before_the_deadline(deadlines):
    async def block() -> None:
        with deadlines.within(60) as deadline:
            task.cancel()
            deadline.pass_by()
            await asyncio.sleep(60)

    task = asyncio.create_task(block())
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_deadlines_nest(deadlines):
    with deadlines.within(60):
        with pytest.raises(TimeoutError), deadlines.within(0.01):
            await asyncio.sleep(60)
        await asyncio.sleep(0)


async def test_the_timer_stops_with_the_last_block_and_begins_again(deadlines):
    for _ in range(2):
        with deadlines.within(0.1):
            await asyncio.sleep(0)
        async with asyncio.timeout(5):
            while deadlines._timer is not None:
                await asyncio.sleep(0.005)


def test_a_deadline_is_for_a_task(deadlines):
    async def outside() -> None:
        failed = asyncio.get_running_loop().create_future()

        def enter() -> None:
            try:
                deadlines.within(1).__enter__()
            except RuntimeError as error:
                failed.set_result(error)

        asyncio.get_running_loop().call_soon(enter)
        assert "task" in str(await failed)

    asyncio.run(outside())
