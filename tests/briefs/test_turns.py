"""Turns: so many calls at once, those that can be in time first, and none lost."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.briefs.turns import Turns


def ticking(*readings: float) -> Iterator[float]:
    yield from readings


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


class Caller:
    """Takes a turn and keeps it until told to end."""

    def __init__(self, turns: Turns, served: list[str], name: str, *, soon: bool = True) -> None:
        self.end = asyncio.Event()
        self._served = served
        self._name = name
        self.task = asyncio.create_task(self._call(turns, soon=soon))

    async def _call(self, turns: Turns, *, soon: bool) -> None:
        async with turns.turn(soon=soon):
            self._served.append(self._name)
            await self.end.wait()


async def test_no_more_are_served_at_once_than_there_are_turns_and_in_their_order() -> None:
    turns, served = Turns(2, lambda: 0.0), list[str]()
    callers = [Caller(turns, served, name) for name in "abcd"]
    await settle()
    assert served == ["a", "b"]
    callers[1].end.set()
    await settle()
    assert served == ["a", "b", "c"]
    for caller in callers:
        caller.end.set()
    await asyncio.gather(*(caller.task for caller in callers))
    assert served == ["a", "b", "c", "d"]


async def test_what_can_be_in_time_goes_before_what_is_late_already() -> None:
    turns, served = Turns(1, lambda: 0.0), list[str]()
    callers = [Caller(turns, served, "first"), Caller(turns, served, "late", soon=False), Caller(turns, served, "soon")]
    for caller in callers:
        await settle()
        caller.end.set()
    await asyncio.gather(*(caller.task for caller in callers))
    assert served == ["first", "soon", "late"]


async def test_how_soon_a_call_is_answered_follows_from_what_calls_take_and_from_those_that_wait() -> None:
    clock = ticking(0, 6, 6)
    turns, served = Turns(1, lambda: next(clock)), list[str]()
    assert turns.answered_within(0)  # nothing is known yet
    async with turns.turn(soon=True):
        pass
    assert turns.answered_within(6)
    assert not turns.answered_within(5.9)
    busy = Caller(turns, served, "busy")
    await settle()
    assert turns.answered_within(12)
    assert not turns.answered_within(11.9)
    waiting = Caller(turns, served, "waiting")
    await settle()
    assert not turns.answered_within(12)
    busy.task.cancel()
    waiting.task.cancel()


async def test_before_anything_is_known_only_one_round_may_wait() -> None:
    turns, served = Turns(2, lambda: 0.0), list[str]()
    callers = []
    for number in range(4):
        assert turns.answered_within(0)
        callers.append(Caller(turns, served, str(number)))
        await settle()
    assert not turns.answered_within(100)
    for caller in callers:
        caller.task.cancel()


@pytest.mark.parametrize("soon", [True, False])
async def test_who_gives_up_waiting_costs_no_turn(*, soon: bool) -> None:
    turns, served = Turns(1, lambda: 0.0), list[str]()
    holder, tired, next_one = (Caller(turns, served, name, soon=soon) for name in ("holder", "tired", "next"))
    await settle()
    holder.end.set()
    await asyncio.sleep(0)
    tired.task.cancel()  # in the moment that the turn comes
    await settle()
    assert served == ["holder", "next"]
    next_one.end.set()
    await next_one.task
    assert turns.answered_within(0)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=12), st.integers(1, 3))
def test_every_turn_comes_back_whatever_is_cancelled(calls: list[tuple[bool, bool]], at_once: int) -> None:
    async def play() -> None:
        turns, served = Turns(at_once, lambda: 0.0), list[str]()
        callers = [Caller(turns, served, str(place), soon=soon) for place, (soon, _) in enumerate(calls)]
        await asyncio.sleep(0)
        for caller, (_, cancelled) in zip(callers, calls, strict=True):
            if cancelled:
                caller.task.cancel()
            else:
                caller.end.set()
        await asyncio.gather(*(caller.task for caller in callers), return_exceptions=True)
        last = [Caller(turns, served, "last") for _ in range(at_once + 1)]
        await settle()
        assert served.count("last") == at_once
        for caller in last:
            caller.task.cancel()
        await asyncio.gather(*(caller.task for caller in last), return_exceptions=True)

    asyncio.run(play())
