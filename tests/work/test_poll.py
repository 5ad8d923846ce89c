"""Feeds that are due are polled side by side, politely, and each poll leaves its outcome in the feed's row."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.errors import LeaseLost, StorageError
from bot.feeds.cadence import Cadence
from bot.feeds.document import Document
from bot.feeds.fetch import HttpFetcher
from bot.feeds.parse import read
from bot.model import Fetched
from bot.work.poll import SOON, Poller
from tests.support.feed_host import FeedHost

MINUTE = timedelta(minutes=1)
CADENCE = Cadence(shortest=MINUTE, longest=MINUTE)


class CountingParse:
    """The real parser; it counts, and has a bug for the feeds of `bugs`."""

    def __init__(self) -> None:
        self.calls = 0
        self.bugs: set[str] = set()

    def __call__(self, body: bytes, *, url: str, content_type: str) -> Document:
        self.calls += 1
        if url in self.bugs:
            raise ZeroDivisionError
        return read(body, url=url, content_type=content_type)


@pytest.fixture
def parser():
    return CountingParse()


@pytest.fixture
async def host():
    async with FeedHost() as host:
        host.add("old", "Yesterday's news")
        yield host


@pytest.fixture
async def fetcher():
    fetcher = HttpFetcher(
        user_agent="Diting", allow_hosts=("127.0.0.1",), timeout=timedelta(seconds=5), max_bytes=100_000
    )
    async with fetcher:
        yield fetcher


@pytest.fixture
def make_poller(storage, fetcher, parser, bell, meter, watch):
    def make(**more) -> Poller:
        parts = {"queue": storage.feeds, "fetcher": fetcher, "read": parser, "cadence": CADENCE, "bell": bell}
        parts |= {"meter": meter, "clock": watch, "lease": MINUTE, "at_once": 20, "in_hand": 20}
        return Poller(**(parts | more))

    return make


@pytest.fixture
def poller(make_poller) -> Poller:
    return make_poller()


async def work_off(poller: Poller) -> None:
    """One step, and what it began."""
    await poller.step()
    await poller.drain()


async def stored(storage, people, watch) -> list[str]:
    chat = await people.chat()
    items = await storage.history.recent_items(chat.id, since=watch() - timedelta(days=1), limit=100)
    return [one.item.title for one in items]


async def waiting(storage, watch) -> list[str]:
    """The titles that wait for the alert loop."""
    items = await storage.items.claim_items(now=watch(), limit=100, lease=MINUTE)
    return [one.item.title for one in items]


async def subscription(storage, people):
    (one,) = await storage.subscriptions.subscriptions((await people.chat()).id)
    return one


async def test_the_first_poll_stores_in_silence_and_a_new_item_rings_the_alert_bell(
    storage, people, host, poller, bell, meter, watch
):
    await people.subscribe(host.url)
    await work_off(poller)
    assert await stored(storage, people, watch) == ["Yesterday's news"]
    assert await waiting(storage, watch) == []
    assert "alert" not in bell.rung
    watch.forward(minutes=2)
    host.add("new", "Today's news")
    await work_off(poller)
    assert "alert" in bell.rung
    assert await waiting(storage, watch) == ["Today's news"]
    assert meter.seen["polls", "new"] == 2
    assert meter.seen["items", "new"] == 2


async def test_nothing_is_polled_before_its_time(people, host, poller, watch):
    await people.subscribe(host.url)
    await work_off(poller)
    watch.forward(seconds=30)
    await work_off(poller)
    assert host.polls == 1


async def test_a_feed_that_says_not_modified_is_not_parsed_again(people, host, poller, parser, meter, watch, bell):
    await people.subscribe(host.url)
    await work_off(poller)
    watch.forward(minutes=2)
    await work_off(poller)
    assert (host.polls, host.not_modified, parser.calls) == (2, 1, 1)
    assert meter.seen["polls", "same"] == 1
    assert "alert" not in bell.rung


class WithoutValidators:
    """A Fetcher of hosts that know nothing of conditional GET."""

    def __init__(self, fetcher: HttpFetcher) -> None:
        self._fetcher = fetcher
        self.rest = fetcher.rest

    async def fetch(self, url: str, *, etag: str = "", last_modified: str = "", then=None) -> Fetched:
        return await self._fetcher.fetch(url, then=then)


async def test_a_body_that_did_not_change_is_not_parsed_again(people, host, make_poller, fetcher, parser, watch):
    await people.subscribe(host.url)
    poller = make_poller(fetcher=WithoutValidators(fetcher))
    await work_off(poller)
    watch.forward(minutes=2)
    await work_off(poller)
    assert (host.polls, host.not_modified, parser.calls) == (2, 0, 1)
    host.add("new", "Today's news")
    watch.forward(minutes=2)
    await work_off(poller)
    assert parser.calls == 2


async def test_a_failing_feed_is_recorded_and_tried_later_and_later(storage, people, host, poller, meter, watch):
    missing = host.url.replace("feed.xml", "gone.xml")
    await people.subscribe(missing)
    waits = []
    for _ in range(4):
        with capture_logs() as logs:
            await work_off(poller)
        one = await subscription(storage, people)
        waits.append(one.next_poll - watch())
        watch.now = one.next_poll
    assert "404" in one.error
    assert one.polled is None
    assert waits[-1] > waits[0]
    assert meter.seen["polls", "failed"] == 4
    assert [(log["event"], log["failures"]) for log in logs] == [("feed failed", 4)]
    (trouble,) = await storage.feeds.failing(limit=5)
    assert (trouble.feed.url, trouble.error, trouble.next_poll) == (missing, one.error, one.next_poll)


async def test_a_feed_that_answers_again_is_well(storage, people, host, poller, parser, watch):
    await people.subscribe(host.url)
    entries, host.entries = host.entries, []
    host._document = lambda: "<html>under construction</html>"
    await work_off(poller)
    assert (await subscription(storage, people)).error
    del host._document
    host.entries = entries
    watch.forward(hours=2)
    await work_off(poller)
    assert (await subscription(storage, people)).error == ""
    assert await stored(storage, people, watch) == ["Yesterday's news"]


async def test_a_bug_with_one_feed_stops_no_other(storage, people, host, poller, parser, meter, watch):
    async with FeedHost() as second:
        second.add("other", "From elsewhere")
        await people.subscribe(host.url)
        await people.subscribe(second.url)
        parser.bugs.add(host.url)
        with capture_logs() as logs:
            await work_off(poller)
    assert await stored(storage, people, watch) == ["From elsewhere"]
    assert [log["event"] for log in logs if log["log_level"] == "error"] == ["poll failed unexpectedly"]
    assert meter.seen["polls", "fault"] == 1
    watch.now += MINUTE  # the lease runs out, and the feed has its next try
    parser.bugs.clear()
    await work_off(poller)
    assert "Yesterday's news" in await stored(storage, people, watch)


class Trouble:
    """A FeedQueue whose records fail."""

    def __init__(self, queue, error: Exception) -> None:
        self.claim_feeds = queue.claim_feeds
        self.known_keys = queue.known_keys
        self.next_due = queue.next_due
        self._error = error

    async def record_polls(self, changes, *, now):
        if isinstance(self._error, LeaseLost):
            return [None for _ in changes]
        raise self._error


@pytest.mark.parametrize(
    ("error", "level", "reported"),
    [
        (LeaseLost("feed 1"), "warning", "took too long, somebody else has the feed"),
        (StorageError("disk full"), "error", "could not be recorded"),
    ],
)
async def test_an_outcome_that_cannot_be_recorded_is_logged_and_reported(
    storage, people, host, make_poller, error, level, reported
):
    await people.subscribe(host.url)
    poller = make_poller(queue=Trouble(storage.feeds, error))
    with capture_logs() as logs:
        (report,) = [report async for report in poller.once()]
    assert [log["log_level"] for log in logs] == [level]
    assert (report.new, report.error) == (0, reported)


async def test_a_feed_whose_outcome_could_not_be_recorded_is_polled_again_before_its_lease_runs_out(
    storage, people, host, make_poller, watch
):
    await people.subscribe(host.url)
    queue = Trouble(storage.feeds, StorageError("server closed the connection"))
    queue.release_feeds = storage.feeds.release_feeds
    poller = make_poller(queue=queue)

    async def polled() -> int:
        await work_off(poller)
        return host.polls

    assert await polled() == 1
    watch.forward(seconds=4)
    assert await polled() == 1
    watch.forward(seconds=2)
    assert await polled() == 2
    queue.record_polls = storage.feeds.record_polls
    watch.forward(seconds=6)
    assert await polled() == 3
    watch.forward(seconds=6)
    assert await polled() == 3  # it is recorded, and due no sooner than its rhythm says


async def test_once_polls_what_is_due_and_reports_each_feed(people, host, make_poller):
    async with FeedHost() as second:
        second.add("a", "One")
        second.add("b", "Two")
        missing = second.url.replace("feed.xml", "missing.xml")
        for url in (host.url, second.url, missing):
            await people.subscribe(url)
        poller = make_poller(in_hand=1)
        reports = {report.feed.url: report async for report in poller.once()}
    assert {url: report.new for url, report in reports.items()} == {host.url: 1, second.url: 2, missing: 0}
    assert {url for url, report in reports.items() if report.error} == {missing}
    assert [report async for report in poller.once()] == []


async def test_once_ends_although_feeds_fall_due_again_meanwhile(people, host, make_poller, watch):
    def passing():
        watch.forward(minutes=2)
        return watch.now

    await people.subscribe(host.url)
    poller = make_poller(clock=passing)
    async with asyncio.timeout(5):
        assert len([report async for report in poller.once()]) == 1


async def test_a_bug_of_the_poller_itself_ends_its_loop(people, host, make_poller, meter, monkeypatch):
    poller = make_poller()
    await people.subscribe(host.url)
    monkeypatch.setattr(meter, "count", None)
    await work_off(poller)
    with pytest.raises(TypeError):
        await poller.step()


async def test_a_step_sleeps_until_the_next_feed_is_due(people, host, poller, watch):
    assert await poller.step() is None  # there is no feed
    await people.subscribe(host.url)
    assert await poller.step() is None  # it is in hand
    await poller.drain()
    pause = await poller.step()
    assert MINUTE <= pause < 2 * MINUTE
    watch.now += pause - SOON / 2
    assert await poller.step() == SOON


class SlowFetcher:
    """A Fetcher that waits for the test."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.go = asyncio.Event()

    def rest(self, host):
        return 0.0

    async def fetch(self, url, *, etag="", last_modified="", then=None):
        self.asked.append(url)
        await self.go.wait()
        raise ZeroDivisionError


async def until(condition) -> None:
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.001)


async def test_no_more_polls_run_at_once_than_are_allowed_and_an_end_makes_room(people, make_poller, bell):
    for number in range(3):
        await people.subscribe(f"http://127.0.0.{number + 1}:1/feed.xml")
    slow = SlowFetcher()
    poller = make_poller(fetcher=slow, in_hand=2)
    await poller.step()
    await poller.step()
    await until(lambda: len(slow.asked) == 2)
    slow.go.set()
    with capture_logs():
        await poller.drain()
        assert bell.woken == ["poll", "poll"]
        await work_off(poller)
    assert len(slow.asked) == 3


async def test_polls_in_hand_are_given_back_when_told_to(storage, people, make_poller, watch):
    await people.subscribe("http://127.0.0.1:1/feed.xml")
    slow = SlowFetcher()
    poller = make_poller(fetcher=slow)
    await poller.step()
    await until(lambda: slow.asked)
    await asyncio.wait_for(poller.cancel(), 5)
    assert len(await storage.feeds.claim_feeds(now=watch(), limit=5, lease=MINUTE)) == 1


async def test_a_poll_that_takes_long_keeps_its_lease(storage, people, make_poller, watch):
    await people.subscribe("http://127.0.0.1:1/feed.xml")
    slow = SlowFetcher()
    poller = make_poller(fetcher=slow)
    await poller.step()
    await until(lambda: slow.asked)
    for _ in range(6):
        watch.forward(seconds=25)
        await poller.step()
        assert await storage.feeds.claim_feeds(now=watch(), limit=5, lease=MINUTE) == []
    assert len(slow.asked) == 1
    await poller.cancel()


async def test_polls_that_cannot_be_given_back_are_left_to_their_leases(people, storage, make_poller):
    class Away(Trouble):
        async def release_feeds(self, due):
            raise StorageError("connection refused")

    await people.subscribe("http://127.0.0.1:1/feed.xml")
    poller = make_poller(fetcher=SlowFetcher(), queue=Away(storage.feeds, StorageError()))
    await poller.step()
    with capture_logs() as logs:
        await asyncio.wait_for(poller.cancel(), 5)
    assert [log["reason"] for log in logs] == ["connection refused"]
