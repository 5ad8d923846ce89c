"""A few lanes do the work of many hosts: one job at a time for each host, and nobody waits for a host that rests."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from bot.work.lanes import Lanes


class Hosts:
    """Work that can be watched, and held up. A job is (host, number)."""

    def __init__(self) -> None:
        self.done: list[tuple[str, int]] = []
        self.busy: Counter[str] = Counter()
        self.most = 0
        self.go = asyncio.Event()
        self.go.set()
        self.rests: dict[str, float] = {}
        self.faults: set[tuple[str, int]] = set()

    async def work(self, job: tuple[str, int]) -> None:
        host, _ = job
        self.busy[host] += 1
        assert self.busy[host] == 1
        self.most = max(self.most, self.busy.total())
        try:
            await self.go.wait()
            await asyncio.sleep(0)
            if job in self.faults:
                raise ZeroDivisionError
            self.done.append(job)
        finally:
            self.busy[host] -= 1

    def rest(self, host: str) -> float:
        return self.rests.get(host, 0.0)


@pytest.fixture
def hosts() -> Hosts:
    return Hosts()


@pytest.fixture
def lanes(hosts) -> Lanes[tuple[str, int]]:
    return Lanes(hosts.work, count=3, host_of=lambda job: job[0], rest=hosts.rest)


async def until(condition) -> None:
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.001)


async def drained(lanes) -> None:
    async with asyncio.timeout(5):
        await lanes.drain()


async def test_all_is_done_by_no_more_than_the_lanes_there_are(hosts, lanes):
    jobs = [(host, number) for number in range(5) for host in "abcdefg"]
    lanes.add(jobs)
    await drained(lanes)
    assert sorted(hosts.done) == sorted(jobs)
    assert hosts.most == 3


async def test_a_host_is_asked_once_at_a_time_and_in_order(hosts, lanes):
    lanes.add([("a", number) for number in range(5)])
    await drained(lanes)
    assert hosts.done == [("a", number) for number in range(5)]
    assert hosts.most == 1


async def test_a_host_with_much_to_do_lets_others_go_between(hosts, lanes):
    lanes = Lanes(hosts.work, count=1, host_of=lambda job: job[0], rest=hosts.rest)
    lanes.add([*(("a", number) for number in range(3)), ("b", 0), ("c", 0)])
    await drained(lanes)
    assert hosts.done == [("a", 0), ("b", 0), ("c", 0), ("a", 1), ("a", 2)]


async def test_nobody_waits_for_a_host_that_rests(hosts):
    lanes = Lanes(hosts.work, count=1, host_of=lambda job: job[0], rest=hosts.rest)
    hosts.rests["a"] = 0.05
    lanes.add([("a", 0), ("a", 1), ("b", 0), ("b", 1)])
    await until(lambda: len(hosts.done) == 3)
    assert hosts.done == [("a", 0), ("b", 0), ("b", 1)]
    await drained(lanes)
    assert hosts.done[-1] == ("a", 1)


async def test_what_is_added_meanwhile_is_done_as_well(hosts, lanes):
    hosts.go.clear()
    lanes.add([("a", 0), ("b", 0)])
    await until(lambda: hosts.busy.total() == 2)
    lanes.add([("a", 1), ("c", 0)])
    await until(lambda: hosts.busy.total() == 3)
    hosts.go.set()
    await drained(lanes)
    assert sorted(hosts.done) == [("a", 0), ("a", 1), ("b", 0), ("c", 0)]
    lanes.add([("a", 2)])
    await drained(lanes)
    assert hosts.done[-1] == ("a", 2)


async def test_what_is_cancelled_is_dropped_and_later_work_is_done(hosts, lanes):
    hosts.go.clear()
    hosts.rests["a"] = 60.0
    lanes.add([("a", 0), ("a", 1), ("b", 0)])
    await until(lambda: hosts.busy.total() == 2)
    async with asyncio.timeout(5):
        await lanes.cancel()
    assert (hosts.done, hosts.busy.total()) == ([], 0)
    hosts.go.set()
    lanes.add([("a", 2)])
    await drained(lanes)
    assert hosts.done == [("a", 2)]


async def test_a_cancellation_does_not_wait_for_hosts_that_rest(hosts, lanes):
    hosts.rests["a"] = 60.0
    lanes.add([("a", 0), ("a", 1)])
    await until(lambda: hosts.done and not hosts.busy.total())
    async with asyncio.timeout(5):
        await lanes.cancel()
    await drained(lanes)
    assert hosts.done == [("a", 0)]


async def test_a_bug_in_one_job_is_loud_and_costs_the_others_nothing(hosts, lanes):
    hosts.faults.add(("a", 0))
    jobs = [("a", 0), ("a", 1), *((host, 0) for host in "bcdef")]
    lanes.check()
    lanes.add(jobs)
    await drained(lanes)
    assert sorted(hosts.done) == sorted(jobs[1:])
    with pytest.raises(ZeroDivisionError):
        lanes.check()


async def test_draining_nothing_ends_at_once(lanes):
    await drained(lanes)
    await lanes.cancel()
