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
