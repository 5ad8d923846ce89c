"""The program runs its loops until it is stopped, says how it fares, and ends loudly on a bug."""

from __future__ import annotations

import asyncio
import signal
import socket
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.app import program as programs
from bot.app.clock import utc_now
from bot.app.doctor import ask_health
from bot.app.parts import open_core
from bot.app.program import STUCK_AFTER, Program, deliverer_for, run_bot
from bot.app.serving import given_up_at
from bot.errors import SettingsError, StorageError, TokenRefused
from bot.model import ChatAddress, ChatKind, Locale, Person, Platform, Request
from bot.storage import open_storage
from tests.support.bot_api import FakeBotApi
from tests.support.feed_host import FeedHost

ADDRESS = ChatAddress(Platform.CONSOLE, "console")


class Recorder:
    """A Messenger that keeps what it is given; with `stuck` it never gets done."""

    def __init__(self, platform: Platform = Platform.CONSOLE) -> None:
        self.platform = platform
        self.sent: list[str] = []
        self.stuck: asyncio.Event | None = None

    async def send(self, address, message, *, key, reply_to=""):
        self.sent.append("".join(span.text for block in message.blocks for span in block.spans))
        if self.stuck:
            await self.stuck.wait()
        return str(len(self.sent))


class Side:
    """A platform in memory; `end` ends its run, well or with an error."""

    def __init__(self, platform: Platform = Platform.CONSOLE) -> None:
        self.messenger = Recorder(platform)
        self.end: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def run(self) -> None:
        await self.end


@pytest.fixture(autouse=True)
def quick_ticks(monkeypatch):
    monkeypatch.setattr(programs, "TICK", timedelta(milliseconds=50))


@pytest.fixture
async def core(make_settings):
    async with open_core(make_settings()) as core:
        yield core


@pytest.fixture
async def side():
    return Side()


@asynccontextmanager
async def running(program: Program):
    """The program's task; stopped at the end if it still runs."""
    stop = asyncio.Event()
    task = asyncio.create_task(program.run(stop))
    try:
        yield task
    finally:
        stop.set()
        await asyncio.wait({task}, timeout=15)


async def say(core, line: str) -> None:
    command, _, arguments = line.partition(" ")
    person = Person(id="1", locale=Locale.EN, can_manage=True)
    request = Request(
        address=ADDRESS, kind=ChatKind.PRIVATE, person=person, command=command, arguments=arguments, title=""
    )
    await core.commands.handle(request)


async def until(condition) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.01)


async def publish(core, host: FeedHost, title: str) -> None:
    """Have a chat follow the feed, and when it has been polled put an item into it."""
    await say(core, f"subscribe {host.url}")
    await say(core, "keyword add ferry")
    polls = host.polls
    await until(lambda: host.polls > polls)
    host.add(title, title)


@pytest.fixture
async def host():
    async with FeedHost() as host:
        host.add("first", "Nothing yet")
        yield host


async def test_it_works_until_it_is_stopped_and_then_ends_cleanly(core, side, host):
    async with running(Program(core, [side])) as task:
        await publish(core, host, "A ferry sails")
        await until(lambda: side.messenger.sent)
    assert task.done()
    assert task.exception() is None
    assert "A ferry sails" in side.messenger.sent[0]
    assert side.end.cancelled()


async def test_what_a_run_that_died_had_claimed_is_taken_up_at_once(make_settings, side, host):
    watch = utc_now()
    async with open_core(make_settings(), clock=lambda: watch) as core:
        await say(core, "keyword add ferry")
        await say(core, f"subscribe {host.url}")
        for title in ("Not a boat at all", "A ferry sails"):
            host.add(title, title)
            (report,) = [report async for report in core.poller.once()]
            assert not report.error
            watch += timedelta(hours=1)
        assert await core.storage.items.claim_items(now=watch, limit=9, lease=timedelta(hours=1))
        async with running(Program(core, [side])):
            await until(lambda: side.messenger.sent)


async def test_it_answers_for_its_health_while_it_runs(make_settings, side):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = make_settings(web_port=port)
    with capture_logs() as logs:
        async with open_core(settings) as core, running(Program(core, [side])):
            await until(lambda: "running" in [log["event"] for log in logs])
            answer = await ask_health(settings)
    parts = dict.fromkeys(("poll", "alert", "digest", "broadcast", "posts", "deliver", "database", "disk"), "ok")
    assert answer == parts | {"console": "served here"}


async def test_a_loop_without_a_sign_of_life_is_not_well(make_settings, side):
    now = utc_now()
    async with open_core(make_settings(), clock=lambda: now) as core:
        program = Program(core, [side])
        assert not any((await program.checks()).values())
        now += STUCK_AFTER
        checks = await program.checks()
    assert [checks.pop(part) for part in ("database", "console", "disk")] == [""] * 3
    assert set(checks) == {"poll", "alert", "digest", "broadcast", "posts"}
    assert all(trouble.startswith("no sign of life since ") for trouble in checks.values())


async def test_a_broken_database_is_not_well(core, side):
    class Broken:
        def __getattr__(self, name: str):
            return getattr(core.storage, name)

        async def check(self) -> None:
            raise StorageError("disk full")

    checks = await Program(replace(core, storage=Broken()), [side]).checks()
    assert checks["database"] == "disk full"
    assert checks["poll"] == ""


async def test_a_port_that_is_taken_is_named_and_nothing_is_left_running(make_settings, side):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings = make_settings(web_port=taken.getsockname()[1])
        async with open_core(settings) as core:
            with pytest.raises(SettingsError, match="WEB_PORT"):
                await Program(core, [side]).run(asyncio.Event())
    assert len(asyncio.all_tasks()) == 1


async def test_one_database_file_takes_one_process(core):
    async with open_storage(core.settings.database_url) as second:
        with core.storage.exclusive(), pytest.raises(StorageError, match="another process"), second.exclusive():
            pytest.fail("two on one file")


async def test_a_token_that_is_refused_later_leaves_the_other_platform_running(core, host):
    console, telegram = Side(), Side(Platform.TELEGRAM)
    with capture_logs() as logs:
        async with running(Program(core, [console, telegram])) as task:
            telegram.end.set_exception(TokenRefused("Unauthorized"))
            await publish(core, host, "A ferry sails")
            await until(lambda: console.messenger.sent)
            assert not task.done()
    (reason,) = [log["reason"] for log in logs if log["log_level"] == "error"]
    assert reason.startswith("TELEGRAM_TOKEN: ")


async def test_when_the_last_token_is_refused_the_program_ends_naming_it(core):
    side = Side(Platform.DISCORD)
    side.end.set_exception(TokenRefused("Unauthorized"))
    with pytest.raises(SettingsError, match="DISCORD_TOKEN: Discord refuses it"):
        await asyncio.wait_for(Program(core, [side]).run(asyncio.Event()), 10)


async def test_a_bug_in_a_platform_ends_the_program_loudly(core, side):
    side.end.set_exception(ZeroDivisionError())
    with pytest.raises(ExceptionGroup) as caught:
        await asyncio.wait_for(Program(core, [side]).run(asyncio.Event()), 10)
    assert caught.group_contains(ZeroDivisionError)


async def test_a_send_that_never_ends_holds_up_no_stop(core, side, host, monkeypatch):
    monkeypatch.setattr(programs, "STOP_WITHIN", timedelta(milliseconds=100))
    side.messenger.stuck = asyncio.Event()
    with capture_logs() as logs:
        program = Program(core, [side])
        async with running(program) as task:
            await publish(core, host, "A ferry sails")
            await until(lambda: side.messenger.sent)
        assert task.done()
    assert any("left behind" in log["event"] for log in logs)
    side.messenger.stuck.set()
    await program._posts._servers[0].shift.deliverer.drain()


@pytest.fixture
async def api():
    async with FakeBotApi() as api:
        yield api


@pytest.fixture
def started(make_settings, api):
    """The whole bot on Telegram, as a task."""

    def start(**more: object) -> asyncio.Task[None]:
        settings = make_settings(**({"telegram_token": api.token, "telegram_api_url": api.url} | more))
        return asyncio.create_task(run_bot(settings))

    return start


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_stops_the_bot(api, started, name):
    bot = started()
    api.say(7, "/help")
    await api.until(lambda: api.sent_to(7))
    signal.raise_signal(name)
    await asyncio.wait_for(bot, 10)


async def test_it_can_be_stopped_while_telegram_does_not_answer(api, started):
    api.slow_next(60, "getMe")
    bot = started()
    await api.until(lambda: api.called("getMe"))
    signal.raise_signal(signal.SIGTERM)
    await asyncio.wait_for(bot, 10)
    assert api.called("getUpdates") == []


async def test_it_can_be_stopped_while_telegram_is_out_of_reach(started):
    with socket.create_server(("127.0.0.1", 0)) as free:
        nowhere = f"http://127.0.0.1:{free.getsockname()[1]}"
    with capture_logs() as logs:
        bot = started(telegram_api_url=nowhere)
        await until(lambda: "running" in [log["event"] for log in logs])
        signal.raise_signal(signal.SIGTERM)
        await asyncio.wait_for(bot, 10)


async def test_an_error_of_the_start_is_the_bots_own(started):
    with pytest.raises(SettingsError, match="TELEGRAM_TOKEN"):
        await started(telegram_token="7000000009:AAWrongWrongWrongWrongWrongWrongWron")


async def test_what_is_awaited_is_given_up_at_a_stop_and_errors_of_its_own_are_kept():
    stop = asyncio.Event()
    asyncio.get_running_loop().call_soon(stop.set)
    with pytest.raises(TimeoutError):
        async with given_up_at(stop):
            await asyncio.Event().wait()
    async with given_up_at(asyncio.Event()):
        await asyncio.sleep(0)
    with pytest.raises(ZeroDivisionError):
        async with given_up_at(asyncio.Event()):
            raise ZeroDivisionError


@pytest.mark.parametrize("platform", list(Platform))
async def test_each_platform_has_its_pace(core, platform):
    assert await deliverer_for(core, Recorder(platform)).step() is None


async def test_deliveries_that_have_no_turn_are_looked_for_now_and_then(core, side, monkeypatch):
    monkeypatch.setattr(programs, "LINE_UP_TICK", timedelta(milliseconds=20))

    async def look() -> int:
        return 2

    monkeypatch.setattr(core.storage.outbox, "line_up_left_out", look)
    with capture_logs() as logs:
        async with running(Program(core, [side])):
            await until(lambda: any(log.get("chats") == 2 for log in logs))
    assert any("got their turn" in log["event"] for log in logs)
