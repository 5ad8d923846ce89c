"""A loop works while there is work, sleeps till the bell, and ends loudly on a bug."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import StorageError, StorageFull
from bot.work import loop as loops
from bot.work.bells import Bells
from bot.work.loop import Loop
from tests.support.watch import Heard

NOW = datetime(2026, 2, 1, 12, tzinfo=UTC)


class Steps:
    """A step that answers, or raises, what it was given, then rests; it tells when it was called."""

    def __init__(self, *answers: timedelta | Exception | None) -> None:
        self.answers = list(answers)
        self.calls = 0
        self.called = asyncio.Condition()

    async def __call__(self) -> timedelta | None:
        async with self.called:
            self.calls += 1
            self.called.notify_all()
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def until(self, calls: int) -> None:
        async with self.called, asyncio.timeout(5):
            await self.called.wait_for(lambda: self.calls >= calls)


async def run_until(steps: Steps, calls: int, loop: Loop) -> None:
    task = asyncio.create_task(loop.run())
    await steps.until(calls)
    loop.stop()
    await asyncio.wait_for(task, 5)


async def test_a_loop_goes_on_at_once_while_there_is_work_and_then_rests():
    steps = Steps(timedelta(), timedelta())
    loop = Loop("poll", steps, lambda: NOW)
    await run_until(steps, 3, loop)
    assert steps.calls == 3


async def test_a_bell_wakes_a_resting_loop():
    steps = Steps()
    loop = Loop("poll", steps, lambda: NOW)
    bells = Bells()
    bells.hang("poll", loop)
    task = asyncio.create_task(loop.run())
    await steps.until(1)
    bells.ring("poll")
    await steps.until(2)
    bells.ring("deliver")
    await bells.tick()
    await steps.until(3)
    loop.stop()
    await asyncio.wait_for(task, 5)
    assert steps.calls == 3


async def test_a_set_time_wakes_a_resting_loop():
    steps = Steps(timedelta(milliseconds=1))
    await run_until(steps, 2, Loop("deliver", steps, lambda: NOW))
    assert steps.calls == 2


async def test_trouble_of_the_database_is_waited_out(monkeypatch):
    monkeypatch.setattr(loops, "_STORAGE_PAUSE", timedelta(milliseconds=1))
    steps = Steps(StorageError("locked"), StorageError("locked"))
    await run_until(steps, 3, Loop("alert", steps, lambda: NOW))
    assert steps.calls == 3


async def test_a_bug_ends_the_loop_loudly():
    loop = Loop("alert", Steps(ZeroDivisionError()), lambda: NOW)
    with pytest.raises(ZeroDivisionError):
        await loop.run()


async def test_a_ring_reaches_other_replicas_and_trouble_with_that_is_no_trouble_here():
    told: list[str] = []

    async def notify(topic: str) -> None:
        told.append(topic)
        raise StorageError("gone")

    bells = Bells(notify)
    bells.ring("alert")
    await asyncio.gather(*bells._notices)
    assert told == ["alert"]


async def test_a_full_disk_is_told_to_whoever_watches_and_the_loop_goes_on_when_there_is_room(monkeypatch):
    monkeypatch.setattr("bot.work.loop._STORAGE_PAUSE", timedelta())
    watch, steps = (
        Heard(),
        iter([StorageFull("database or disk is full"), StorageFull("database or disk is full"), None]),
    )

    async def step():
        if error := next(steps):
            raise error
        loop.stop()

    loop = Loop("deliver", step, lambda: NOW, watch=watch)
    await asyncio.wait_for(loop.run(), 10)
    assert watch.heard == [(StorageFull, None)] * 2
