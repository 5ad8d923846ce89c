"""A replica acts for a post only while it is sure to hold it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.errors import StorageError
from bot.work.posts import Roster, Tenure, uptime

LEASE = timedelta(seconds=6)


class Book:
    """A PostBook in memory. `now` is the time of all replicas; `silent` is a database that does not answer."""

    def __init__(self) -> None:
        self.now = 100.0
        self.held: dict[str, tuple[str, float]] = {}
        self.trouble: Exception | None = None
        self.silent: asyncio.Event | None = None

    async def hold(self, names, *, holder, lease):
        if self.silent:
            await self.silent.wait()
        if self.trouble:
            raise self.trouble
        free = [name for name in names if name not in self.held or self.held[name][1] <= self.now]
        mine = {name for name in names if name in free or self.held[name][0] == holder}
        self.held |= {name: (holder, self.now + lease.total_seconds()) for name in mine}
        return mine

    async def release(self, names, *, holder):
        self.held = {name: held for name, held in self.held.items() if name not in names or held[0] != holder}


class Replica:
    def __init__(self, book: Book, holder: str, lease: timedelta = LEASE) -> None:
        self.tenure = Tenure("telegram", clock=lambda: book.now)
        self.watch = Roster(book=book, tenures=[self.tenure], holder=holder, lease=lease, clock=lambda: book.now)


@pytest.fixture
def book() -> Book:
    return Book()


async def test_one_holds_and_the_other_stands_by_until_the_first_leaves(book):
    one, two = Replica(book, "one"), Replica(book, "two")
    assert await one.watch.step() < LEASE / 2
    await two.watch.step()
    assert [one.tenure.holds, two.tenure.holds] == [True, False]
    one.tenure.resign()
    await one.watch.leave(["telegram"])
    await two.watch.step()
    await one.watch.step()
    assert [one.tenure.holds, two.tenure.holds] == [False, True]


async def test_who_vanished_is_followed_when_its_lease_has_ended(book):
    one, two = Replica(book, "one"), Replica(book, "two")
    await one.watch.step()
    book.now += LEASE.total_seconds() - 0.1
    await two.watch.step()
    assert not two.tenure.holds
    book.now += 0.1
    await two.watch.step()
    assert two.tenure.holds


async def test_who_was_suspended_is_over_before_anybody_follows_and_learns_of_it_at_the_next_step(book):
    one, two = Replica(book, "one"), Replica(book, "two")
    await one.watch.step()
    book.now += LEASE.total_seconds() * 0.9
    assert not one.tenure.holds
    await two.watch.step()
    assert not two.tenure.holds
    book.now += LEASE.total_seconds()
    await two.watch.step()
    await one.watch.step()
    assert one.tenure.over.is_set()
    assert [one.tenure.holds, two.tenure.holds] == [False, True]


async def test_a_database_in_trouble_ends_no_tenure_before_its_time_and_it_begins_again_afterwards(book):
    one = Replica(book, "one")
    await one.watch.step()
    book.trouble = StorageError("restarting")
    with pytest.raises(StorageError):
        await one.watch.step()
    assert one.tenure.holds
    book.now += LEASE.total_seconds()
    with pytest.raises(StorageError):
        await one.watch.step()
    assert one.tenure.over.is_set()
    assert not one.tenure.begun.is_set()
    book.trouble = None
    await one.watch.step()
    assert one.tenure.begun.is_set()
    assert not one.tenure.over.is_set()


async def test_a_database_that_does_not_answer_ends_a_tenure_in_time(book):
    one = Replica(book, "one", lease=timedelta(milliseconds=40))
    await one.watch.step()
    book.silent = asyncio.Event()
    await one.watch.step()
    assert one.tenure.holds
    book.now += 1
    await one.watch.step()
    assert one.tenure.over.is_set()
    book.silent.set()  # the answer comes so late that its lease is over: it is no tenure
    await one.watch.step()
    assert not one.tenure.holds
    await one.watch.step()
    assert one.tenure.holds


async def test_who_resigned_is_not_waited_for_and_never_begins_again(book):
    tenure = Tenure("telegram", clock=lambda: book.now)
    tenure.resign()
    tenure.renew(book.now + 1000)
    await asyncio.wait_for(tenure.begun.wait(), 1)
    assert tenure.over.is_set()
    assert not tenure.holds


def test_the_clock_of_tenures_does_not_go_back():
    assert uptime() <= uptime()
