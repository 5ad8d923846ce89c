"""The running program: the loops, the platforms and the web server, from start to a clean stop."""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from starlette.routing import BaseRoute, Route

from bot import __version__
from bot.app import memory
from bot.app.clock import utc_now
from bot.app.figures import Gauges
from bot.app.owners import owner_loop, platform_checks
from bot.app.pacing import PATIENCE
from bot.app.parts import Core, open_core
from bot.app.platforms import Post, Side, posts_for
from bot.app.posts import Posts
from bot.app.targets import seat_targets
from bot.app.upgrading import back_up_before_upgrade
from bot.errors import DitingError, SettingsError, StorageError
from bot.log import LogMemory
from bot.ports import Messenger
from bot.settings import Settings
from bot.web.push import push_routes
from bot.web.server import WebServer, web_app
from bot.work.broadcast import Broadcaster
from bot.work.deliver import Deliverer
from bot.work.digest import Digester
from bot.work.filing import Filer
from bot.work.housekeeping import Housekeeper
from bot.work.loop import Loop

# Seconds for which what a thread has done waits for the interpreter while the loop is busy: Python's 0.005 is longer
# than the statement of a database takes.
SWITCH = 0.0005
# Objects that came and stayed until they are looked through for cycles: with Python's 700 that takes a tenth of the
# time.
YOUNG = 10_000
TICK = timedelta(seconds=1)
HUB_TICK = timedelta(minutes=1)
LINE_UP_TICK = timedelta(minutes=10)
FILE_TICK = timedelta(minutes=1)  # so often it is looked for items that are not filed for searching
STOP_WITHIN = timedelta(seconds=8)  # what is in hand
CLOSE_WITHIN = timedelta(seconds=2)  # everything else
STUCK_AFTER = timedelta(minutes=2)
SAMPLE_TICK = timedelta(minutes=1)  # for the chart of what waits
CLEAN_UP_HOUR = 4


async def run_bot(
    settings: Settings, *, at_worst: Callable[[], None] | None = None, log: LogMemory | None = None
) -> None:
    """Run until SIGINT or SIGTERM; `log` is what the admin pages show of it. Raises SettingsError, StorageError.

    `at_worst` is called, in a thread, when the end takes too long: where a database hangs, all that waits for it does.
    """
    sys.setswitchinterval(SWITCH)
    gc.set_threshold(YOUNG)
    stop = asyncio.Event()
    overdue = threading.Timer((STOP_WITHIN + CLOSE_WITHIN).total_seconds(), at_worst or (lambda: None))
    overdue.daemon = True

    def end() -> None:
        if not stop.is_set():
            stop.set()
            overdue.start()

    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, end)
    try:
        await back_up_before_upgrade(settings, now=utc_now())
        async with open_core(settings) as core:
            # Before any platform hears of us: a second process on this file would take the first one's updates.
            with core.storage.exclusive():
                program = Program(core, posts=posts_for(core), log=log)
                memory.settle()
                await program.run(stop)
    finally:
        overdue.cancel()


class Program:
    """Runs the loops over what `core` holds, and the platforms: those whose `posts` fall to this replica, and `sides`
    that are open already."""

    def __init__(
        self, core: Core, sides: Sequence[Side] = (), *, posts: Sequence[Post] = (), log: LogMemory | None = None
    ) -> None:
        self._core = core
        self._memory = log or LogMemory()
        self._posts = Posts(core, posts, sides, lambda messenger: deliverer_for(core, messenger))
        self._loops = self._hang_loops()
        self._scheduler = AsyncIOScheduler(timezone=UTC, job_defaults={"coalesce": True, "misfire_grace_time": None})
        self._log = structlog.get_logger("bot.app")

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set, then finish what is in hand, within 10 seconds. A task that dies ends it all.

        Raises SettingsError for what people can mend, an ExceptionGroup for bugs.
        """
        if self._core.storage.is_sqlite:
            await self._core.storage.release_leases()  # nobody else works on this file: they are of a run that died
        await seat_targets(self._core)
        self._start_clock()
        try:
            await self._run_tasks(stop)
        except ExceptionGroup as group:
            if all(isinstance(error, DitingError) for error in group.exceptions):
                raise group.exceptions[0] from None
            raise
        finally:
            self._scheduler.shutdown(wait=False)
        self._log.info("stopped")

    async def _run_tasks(self, stop: asyncio.Event) -> None:
        core = self._core
        async with AsyncExitStack() as stack, asyncio.TaskGroup() as group:
            web = self._web_server()
            background = [group.create_task(core.storage.listen(core.bells.wake))]
            background += self._posts.start(group)
            if web:
                stack.callback(web.stop)
                group.create_task(web.run())
            loops = [group.create_task(loop.run(), name=loop.name) for loop in self._loops]
            self._log.info("running", version=__version__, platforms=[*self._posts.standing()])
            await stop.wait()
            await self._wind_down(loops)
            for task in background:
                task.cancel()
            if web:
                web.stop()

    async def checks(self) -> dict[str, str]:
        """For each part an empty string, or what is wrong with it."""
        now = self._core.clock()
        results = {
            loop.name: "" if now - loop.last_beat < STUCK_AFTER else f"no sign of life since {loop.last_beat}"
            for loop in [*self._loops, *self._posts.loops]
        }
        try:
            await self._core.storage.check()
        except StorageError as error:
            results["database"] = str(error)
        else:
            results["database"] = ""
        return results | platform_checks(self._core, self._posts.platforms)

    def _hang_loops(self) -> list[Loop]:
        core = self._core
        digester = Digester(queue=core.storage.held, bell=core.bells, meter=core.meter, clock=core.clock)
        broadcaster = Broadcaster(queue=core.storage.broadcasts, bell=core.bells, clock=core.clock)
        steps = [
            ("poll", core.poller.step),
            ("alert", core.alerter.step),
            ("digest", digester.step),
            ("broadcast", broadcaster.step),
        ]
        loops = []
        for topic, step in steps:
            loop = Loop(topic, step, core.clock, watch=core.troubles)
            core.bells.hang(topic, loop)
            loops.append(loop)
        owners = owner_loop(core, self._posts.messengers)
        return [*loops, owners] if owners else loops

    def _start_clock(self) -> None:
        keeper = Housekeeper(
            attic=self._core.storage,
            keep=timedelta(days=self._core.settings.keep_days),
            clock=self._core.clock,
        )
        self._scheduler.add_job(self._core.bells.tick, "interval", seconds=TICK.total_seconds())
        self._scheduler.add_job(self._clean_up, "cron", [keeper], hour=CLEAN_UP_HOUR, jitter=600)
        self._scheduler.add_job(self._line_up, "interval", seconds=LINE_UP_TICK.total_seconds())
        self._scheduler.add_job(memory.rest, "interval", seconds=memory.REST.total_seconds())
        filer = Filer(self._core.storage.search)
        self._scheduler.add_job(
            self._file_words, "interval", [filer], seconds=FILE_TICK.total_seconds(), next_run_time=self._core.clock()
        )
        if self._core.pushes:
            step = self._core.pushes.subscriber.step
            self._scheduler.add_job(step, "interval", seconds=HUB_TICK.total_seconds(), max_instances=2)
        self._scheduler.start()

    async def _clean_up(self, keeper: Housekeeper) -> None:
        if self._posts.cleans_up:
            await keeper.run()

    async def _file_words(self, filer: Filer) -> None:
        if self._posts.cleans_up:
            await filer.run()

    async def _line_up(self) -> None:
        if not self._posts.cleans_up:
            return
        try:
            found = await self._core.storage.outbox.line_up_left_out()
        except StorageError as error:
            self._log.error("could not look for deliveries without a turn", reason=str(error))
        else:
            if found:
                self._log.warning("deliveries of another version got their turn", chats=found)

    def _web_server(self) -> WebServer | None:
        settings = self._core.settings
        if not settings.web_port:
            return None
        try:
            gauges = Gauges(self._core.storage.oversight, self.checks, self._core.clock)
            more = [*self._push_routes(), *self._page_routes()]
            app = web_app(self._core.meter, self.checks, more, standing=self._posts.standing, gauges=gauges)
            server = WebServer(app, host=settings.web_host, port=settings.web_port)
        except OSError as error:
            raise SettingsError(
                f"WEB_HOST and WEB_PORT: can't serve on {settings.web_host}:{settings.web_port} ({error.strerror});"
                " choose another port, or WEB_PORT=0 to go without"
            ) from error
        self._log.info("serving health and metrics", host=settings.web_host, port=server.port)
        return server

    def _push_routes(self) -> list[Route]:
        pushes = self._core.pushes
        return push_routes(pushes.receiver, max_bytes=self._core.settings.fetch_max_bytes) if pushes else []

    def _page_routes(self) -> Sequence[BaseRoute]:
        if not self._core.settings.admin_token:
            return []
        # Who does not look at the pages shall not keep them in memory.
        from bot.app.pages import pages_for

        routes, sample = pages_for(self._core, self.checks, self._memory)
        self._scheduler.add_job(sample, "interval", seconds=SAMPLE_TICK.total_seconds())
        return routes

    async def _wind_down(self, loops: Sequence[asyncio.Task[None]]) -> None:
        self._log.info("stopping")
        for loop in self._loops:
            loop.stop()
        try:
            async with asyncio.timeout(STOP_WITHIN.total_seconds()):
                await asyncio.gather(self._posts.close(), self._finish(loops))
        except (TimeoutError, StorageError):
            self._log.warning("work in hand was left behind; it is taken up again at the next start")
        finally:
            await self._posts.release()
            await self._core.alerter.cancel()

    async def _finish(self, loops: Sequence[asyncio.Task[None]]) -> None:
        await asyncio.gather(*loops)
        await self._core.poller.cancel()  # a dropped poll costs nothing but its repetition
        if self._core.pushes:
            await self._core.pushes.subscriber.cancel()
            await self._core.pushes.receiver.cancel()
        await self._core.alerter.drain()


def deliverer_for(core: Core, messenger: Messenger) -> Deliverer:
    """The delivery service of one platform, paced to its documented limits."""
    return Deliverer(
        outbox=core.storage.outbox,
        messenger=messenger,
        pacer=core.pacers[messenger.platform],
        meter=core.meter,
        clock=core.clock,
        lease=core.settings.lease,
        patience=PATIENCE[messenger.platform],
        wording=core.wording,
        watch=core.troubles,
        give_up_after=timedelta(days=core.settings.keep_days),
        tracer=core.tracer,
    )
