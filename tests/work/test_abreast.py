"""One message at a time while there are few; as many as it takes where there are many; none is waited for too long."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.work.abreast import Sends, abreast


@pytest.mark.parametrize(
    ("claimed", "usual", "most"),
    [
        (1, 0.1, 1),
        (4, 0.1, 1),
        (10, 0.1, 1),
        (14, 3, 1),
        (14, 0.005, 1),
        (15, 0.005, 2),  # a full batch: the pace is the limit
        (15, 0.1, 6),
        (15, 1, 46),
    ],
)
def test_as_many_are_on_their_way_as_what_is_due_takes(claimed, usual, most):
    assert abreast(claimed, batch=15, per_second=30, usual=timedelta(seconds=usual)) == most


@pytest.mark.parametrize(("answered", "most"), [(0, 1), (1, 2), (5, 6), (7, 6), (8, 6)])
def test_a_flood_has_one_more_on_its_way_than_were_answered_until_it_is_known_what_one_takes(answered, most):
    usual = timedelta(seconds=0.1)
    assert abreast(15, batch=15, per_second=30, usual=usual, answered=answered) == most
    assert abreast(14, batch=15, per_second=30, usual=usual, answered=answered) == 1


async def test_the_first_answers_are_taken_at_their_quickest_and_then_the_usual_one_counts():
    sends = Sends(timedelta(seconds=5))
    assert (sends.usual, sends.answered) == (timedelta(), 0)
    for number in range(8):
        assert number in {0, 1} or sends.usual < timedelta(milliseconds=20)
        sends.add(asyncio.ensure_future(asyncio.sleep(0 if number == 1 else 0.03)), lambda _: None)
        await sends.all_done()
    assert sends.answered == 8
    assert sends.usual >= timedelta(milliseconds=25)


async def test_who_takes_longer_than_patience_is_not_waited_for_and_who_does_not_is():
    sends, gates = Sends(timedelta(milliseconds=5)), [asyncio.Event(), asyncio.Event()]
    ended = []
    for gate in gates:
        sends.add(asyncio.ensure_future(gate.wait()), ended.append)
    await sends.fewer_than(1)
    assert (len(sends), ended) == (2, [])
    gates[0].set()
    await sends.any_done(timedelta(seconds=5))
    assert len(sends) == len(ended) == 1
    gates[1].set()
    await sends.all_done()
    assert len(sends) == 0
