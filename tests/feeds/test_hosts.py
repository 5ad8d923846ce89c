"""Manners towards hosts: turns, pauses, slots and holds, by a clock that only sleepers move."""

import asyncio
from datetime import timedelta

import pytest

from bot.feeds.hosts import MAX_HELD, Hosts
from tests.support.seconds import Seconds


@pytest.fixture
def time():
    return Seconds()


@pytest.fixture
def hosts(time):
    return Hosts(concurrency=2, gap=timedelta(seconds=0.5), clock=time, sleep=time.sleep)


class Visits:
    """Requests that last until they are let go."""

    def __init__(self, hosts: Hosts) -> None:
        self.hosts = hosts
        self.running: list[str] = []
        self.order: list[str] = []
        self.ends: dict[str, asyncio.Event] = {}

    def start(self, name: str, host: str) -> asyncio.Task[None]:
        self.ends[name] = asyncio.Event()
        return asyncio.create_task(self._visit(name, host))

    async def _visit(self, name: str, host: str) -> None:
        async with self.hosts.turn(host):
            self.running.append(name)
            self.order.append(name)
            await self.ends[name].wait()
            self.running.remove(name)


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_a_host_is_visited_by_one_at_a_time_in_order_of_arrival(hosts):
    visits = Visits(hosts)
    tasks = [visits.start(name, "a.example") for name in "123"]
    for name in "123":
        await settle()
        assert visits.running == [name]
        visits.ends[name].set()
    await asyncio.gather(*tasks)


async def test_waiting_for_a_host_takes_no_slot(hosts):
    visits = Visits(hosts)
    tasks = [visits.start(name, "slow.example") for name in ("s1", "s2", "s3")] + [visits.start("f", "fast.example")]
    await settle()
    assert visits.running == ["s1", "f"]
    tasks.append(visits.start("g", "third.example"))
    await settle()
    assert visits.running == ["s1", "f"]
    visits.ends["f"].set()
    await settle()
    assert visits.running == ["s1", "g"]
    for end in visits.ends.values():
        end.set()
    await asyncio.gather(*tasks)
    assert visits.order == ["s1", "f", "g", "s2", "s3"]


async def test_between_two_requests_to_a_host_there_is_a_pause(hosts, time):
    for host in ("a.example", "b.example", "a.example"):
        async with hosts.turn(host):
            time.now += 0.125
    assert time.slept == [pytest.approx(0.375)]


async def test_a_host_that_needs_no_pause_gets_none(hosts, time):
    for _ in range(3):
        async with hosts.turn("rsshub", paused=False):
            pass
    assert time.slept == []


async def test_nothing_is_kept_of_hosts_that_have_rested(hosts, time):
    for number in range(100):
        async with hosts.turn(f"{number}.example"):
            time.now += 1
    assert len(hosts._rested) == 1
    assert hosts._queues == {}


async def test_whoever_gives_up_waiting_lets_the_others_pass(hosts):
    visits = Visits(hosts)
    first, second, third = (visits.start(name, "a.example") for name in "123")
    await settle()
    second.cancel()
    await settle()
    visits.ends["1"].set()
    await settle()
    assert visits.running == ["3"]
    visits.ends["3"].set()
    await asyncio.gather(first, third)
    assert hosts._queues == {}


async def test_whoever_gives_up_when_the_turn_has_just_come_passes_it_on(hosts):
    visits = Visits(hosts)
    first, second, third = (visits.start(name, "a.example") for name in "123")
    await settle()
    visits.ends["1"].set()
    await asyncio.sleep(0)  # the first hands its turn to the second, who has not woken yet
    second.cancel()
    await settle()
    assert visits.running == ["3"]
    visits.ends["3"].set()
    await asyncio.gather(first, third)


async def test_whoever_gives_up_while_pausing_lets_the_others_pass(time):
    paused = asyncio.Event()

    async def for_ever(_: float) -> None:
        paused.set()
        await asyncio.Event().wait()

    hosts = Hosts(concurrency=1, clock=time, sleep=for_ever)
    async with hosts.turn("a.example"):
        pass
    visits = Visits(hosts)
    tired = visits.start("tired", "a.example")
    await paused.wait()
    tired.cancel()
    await settle()
    time.now += 1
    visits.start("next", "a.example")
    await settle()
    assert visits.running == ["next"]
    visits.ends["next"].set()
    await settle()


async def test_a_failed_request_gives_its_turn_and_slot_back(hosts):
    for _ in range(5):
        with pytest.raises(RuntimeError):
            async with hosts.turn("a.example"):
                raise RuntimeError
    assert hosts._queues == {}


def test_a_hold_ends_by_itself_and_is_forgotten(hosts, time):
    hosts.hold("a.example", timedelta(seconds=90), 429)
    assert hosts.held("b.example") is None
    time.now += 30
    assert hosts.held("a.example") == (429, timedelta(seconds=60))
    time.now += 60
    assert hosts.held("a.example") is None
    assert (hosts._held, hosts._ends) == ({}, [])


def test_a_hold_lasts_a_day_at_most_and_is_never_shortened(hosts):
    hosts.hold("a.example", timedelta(days=7), 503)
    hosts.hold("a.example", timedelta(seconds=5), 429)
    assert hosts.held("a.example") == (503, timedelta(days=1))


def test_a_hold_can_be_prolonged(hosts, time):
    hosts.hold("a.example", timedelta(seconds=10), 503)
    hosts.hold("a.example", timedelta(seconds=60), 429)
    time.now += 20
    assert hosts.held("a.example") == (429, timedelta(seconds=40))


def test_no_wait_is_no_hold(hosts):
    hosts.hold("a.example", timedelta(), 503)
    assert hosts.held("a.example") is None


def test_the_number_of_held_hosts_is_bounded(hosts):
    for number in range(MAX_HELD + 10):
        hosts.hold(f"{number}.example", timedelta(seconds=100 + number), 429)
    assert len(hosts._held) == MAX_HELD
    assert hosts.held("0.example") is None
    assert hosts.held(f"{MAX_HELD}.example") is not None
