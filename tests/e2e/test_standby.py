"""Replicas in one process, on one PostgreSQL: who serves the token, who stands by, and that all know the same."""

from __future__ import annotations

import asyncio
import gc
import signal
import warnings
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.app import program as programs
from bot.app.parts import open_core
from bot.app.platforms import posts_for
from bot.app.program import Program, run_bot
from bot.model import ChatAddress, ChatKind, Locale, Person, Platform, Request
from tests.support.database_proxy import DatabaseProxy
from tests.support.feed_host import FeedHost
from tests.support.postgres import run_postgres
from tests.support.replicas import until

PERSON = 7


@pytest.fixture(scope="module")
def server():
    with run_postgres() as server:
        yield server


@pytest.fixture
def url(server):
    return server.url(server.create())


@pytest.fixture
def replica_settings(settings, url):
    return settings.model_copy(update={"database_url": url, "takeover_seconds": 1.0})


@pytest.fixture(autouse=True)
def quick_ticks(monkeypatch):
    monkeypatch.setattr(programs, "TICK", timedelta(milliseconds=50))


@pytest.fixture(autouse=True)
def torn_connections():
    """Some connection whose cable was pulled is closed by nobody: that is no fault of the test that comes later."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


class Stop:
    """Ends one replica."""

    def __init__(self, program: Program, task: asyncio.Task[None], stop: asyncio.Event) -> None:
        self.program = program
        self._task = task
        self._stop = stop

    @property
    def standing(self) -> str:
        return self.program._posts.standing()["telegram"]

    async def __call__(self) -> None:
        self._stop.set()
        await asyncio.wait_for(self._task, 15)


@asynccontextmanager
async def replica(settings):
    """One that tries for the token's post."""
    stop = asyncio.Event()
    async with open_core(settings) as core:
        program = Program(core, posts=posts_for(core))
        task = asyncio.create_task(program.run(stop))
        end = Stop(program, task, stop)
        try:
            yield end
        finally:
            await end()


async def serves(one: Stop) -> None:
    await until(lambda: one.standing == "served here" and len(one.program._posts.loops) == 2)


async def test_one_serves_the_token_and_another_takes_over_at_once_when_it_stops(api, replica_settings):
    settings = replica_settings.model_copy(update={"takeover_seconds": 60.0})  # so it is the release that is followed
    with capture_logs() as logs:
        async with replica(settings) as one:
            await serves(one)
            async with replica(settings) as two:
                await until(lambda: any(log["event"] == "standing by" for log in logs))
                assert two.standing == "standing by"
                assert not any((await two.program.checks()).values())
                await one()
                await serves(two)
                api.say(PERSON, "/help")
                await api.until(lambda: api.sent_to(PERSON))
    assert [log["platform"] for log in logs if log["event"] == "took over"] == ["telegram", "telegram"]
    assert api.token not in str(logs)


async def test_who_loses_sight_of_the_database_stops_serving_and_stands_by_when_it_is_back(api, replica_settings, url):
    async with DatabaseProxy(url) as proxy:
        far = replica_settings.model_copy(update={"database_url": proxy.url})
        async with replica(far) as one:
            await serves(one)
            async with replica(replica_settings) as two:
                proxy.pull()
                await serves(two)
                assert one.standing == "standing by"
                api.say(PERSON, "/help")
                await api.until(lambda: api.sent_to(PERSON))
                proxy.mend()
                await until(lambda: one.program._posts._roster._asking is None)
                assert [one.standing, two.standing] == ["standing by", "served here"]


async def test_a_database_that_hangs_is_not_waited_for_when_it_stops(api, replica_settings, url, monkeypatch):
    monkeypatch.setattr(programs, "STOP_WITHIN", timedelta(milliseconds=200))
    monkeypatch.setattr(programs, "CLOSE_WITHIN", timedelta(milliseconds=100))
    async with DatabaseProxy(url) as proxy:
        settings = replica_settings.model_copy(update={"database_url": proxy.url})
        worst, loop = asyncio.Event(), asyncio.get_running_loop()
        with capture_logs() as logs:
            bot = asyncio.create_task(run_bot(settings, at_worst=lambda: loop.call_soon_threadsafe(worst.set)))
            await until(lambda: any(log["event"] == "took over" for log in logs))
            proxy.pull()
            signal.raise_signal(signal.SIGTERM)
            await asyncio.wait_for(worst.wait(), 10)
            proxy.mend()
            await asyncio.wait_for(bot, 15)
    assert "stopping" in [log["event"] for log in logs]


async def say(core, line: str, chat: int = PERSON) -> None:
    command, _, arguments = line.partition(" ")
    request = Request(
        address=ChatAddress(Platform.TELEGRAM, str(chat)),
        kind=ChatKind.PRIVATE,
        person=Person(id=str(chat), locale=Locale.EN, can_manage=True),
        command=command,
        arguments=arguments,
        title="",
    )
    await core.commands.handle(request)


async def test_keywords_and_stories_of_one_replica_are_known_to_the_others(api, feed, replica_settings):
    """Without loops: each replica polls and alerts when it is told to, so it is known which one did."""
    async with open_core(replica_settings) as one, open_core(replica_settings) as two, FeedHost(title="Other") as other:
        await say(one, f"subscribe {feed.url}")
        await say(one, f"subscribe {other.url}")
        other.add("old", "Nothing yet")
        await poll(one)
        await two.alerter.step()  # its index is made now, without the keyword
        await say(one, "keyword add ferry")
        story = "Ferry from Port Louis to Rodrigues runs aground with 120 people on board"
        feed.add("ferry", story, "The ferry with 120 people ran aground at dawn near Rodrigues, the coast guard said.")
        await poll(one)
        await alerted(two)
        other.add(
            "ferry too", story, "A ferry with 120 people ran aground at dawn near Rodrigues, said the coast guard."
        )
        await poll(two)
        await alerted(one)
        (alert,) = await one.storage.history.latest_alerts((await chat_of(one)).id, limit=9)
    assert alert.item.item.title == story


async def chat_of(core):
    return await core.storage.chats.find_chat(ChatAddress(Platform.TELEGRAM, str(PERSON)))


async def poll(core) -> None:
    await asyncio.sleep(0.06)  # the shortest time between two polls of a feed
    async for report in core.poller.once():
        assert not report.error


async def alerted(core) -> None:
    await core.alerter.step()
    await core.alerter.drain()
