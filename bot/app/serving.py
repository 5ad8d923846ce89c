"""Serving one platform: its adapter and its deliverer run while the platform's post is held.

begun ─▶ open the adapter ─▶ send and receive ─▶ over: begin nothing more, record what was sent, close ─▶ wait for begun
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

import structlog

from bot.app.platforms import Post, Side
from bot.errors import StorageError
from bot.model import Platform
from bot.ports import Messenger, deliver_on
from bot.work.bells import Bells
from bot.work.deliver import Deliverer
from bot.work.loop import Clock, Loop
from bot.work.posts import Tenure

PARTING = timedelta(seconds=6)  # for what is in hand when a post is lost
RECEIVED_WITHIN = timedelta(seconds=1)  # for the adapter to end, once it was told so

MakeDeliverer = Callable[[Messenger], Deliverer]
Inherit = Callable[[Platform], Awaitable[None]]


@asynccontextmanager
async def given_up_at(end: asyncio.Event) -> AsyncIterator[asyncio.Timeout]:
    """Give up what is awaited inside when `end` is set: raises TimeoutError then, and what is given has expired."""
    async with asyncio.timeout(None) as limit:

        async def watch() -> None:
            await end.wait()
            limit.reschedule(asyncio.get_running_loop().time())

        watcher = asyncio.create_task(watch())
        try:
            yield limit
        finally:
            watcher.cancel()


class Server:
    """Serves a platform whenever `tenure` lasts."""

    def __init__(
        self,
        post: Post,
        tenure: Tenure,
        *,
        inherit: Inherit,
        make_deliverer: MakeDeliverer,
        bells: Bells,
        clock: Clock,
    ) -> None:
        self.post = post
        self.tenure = tenure
        self.shift: Shift | None = None
        self._inherit = inherit
        self._make_deliverer = make_deliverer
        self._bells = bells
        self._clock = clock
        self._log = structlog.get_logger("bot.app").bind(platform=post.platform)

    async def run(self) -> None:
        """Serve until the tenure is resigned. Raises TokenRefused, and whatever is a bug."""
        while True:
            await self.tenure.begun.wait()
            if self.tenure.resigned:
                return
            await self._serve()
            if self.shift and not self.tenure.resigned:
                self._log.warning("stopped serving: the post was not prolonged in time")
                # What was sent and could not be recorded is still ours alone to record.
                await self.shift.settled()
                self.shift = None

    async def _serve(self) -> None:
        async with AsyncExitStack() as stack:
            try:
                async with given_up_at(self.tenure.over) as limit:  # a platform that does not answer holds up nothing
                    side = await stack.enter_async_context(self.post.open())
                    await self._inherit_claims()
            except TimeoutError:
                if limit.expired():
                    return
                raise
            self._log.info("took over")
            self.shift = Shift(side, self._make_deliverer(side.messenger), self.tenure, self._bells, self._clock)
            await self.shift.run()

    async def _inherit_claims(self) -> None:
        """Take up at once what a holder that died had claimed, instead of when its leases run out."""
        try:
            await self._inherit(self.post.platform)
        except StorageError as error:
            self._log.warning("claims of an earlier holder were left to run out", reason=str(error))


class Shift:
    """One time of serving, from the opened adapter to its end."""

    def __init__(self, side: Side, deliverer: Deliverer, tenure: Tenure, bells: Bells, clock: Clock) -> None:
        self.messenger = side.messenger
        self.deliverer = deliverer
        self.loop = Loop("deliver", self._step, clock)
        deliverer.on_more(self.loop.ring)
        self._topics = ("deliver", deliver_on(side.messenger.platform))
        self._tenure = tenure
        self._bells = bells
        self._sending = asyncio.create_task(self.loop.run(), name="deliver")
        self._receiving = asyncio.create_task(side.run())

    async def run(self) -> None:
        """Work until the tenure is over. Raises what ends the adapter or the loop before."""
        for topic in self._topics:
            self._bells.hang(topic, self.loop)
        try:
            async with given_up_at(self._tenure.over) as limit:
                tasks = {self._sending, self._receiving}
                await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
        except TimeoutError:
            if not limit.expired():
                raise
        finally:
            await self._part()
        for task in (self._sending, self._receiving):
            if task.done() and not task.cancelled():
                task.result()

    async def settled(self) -> None:
        """Wait for what is in hand to be recorded, for as long as it takes."""
        await asyncio.wait({self._sending})
        await self.deliverer.drain()

    async def _step(self) -> timedelta | None:
        # A machine that was suspended goes on in the middle of anything.
        return await self.deliverer.step() if self._tenure.holds else None

    async def _part(self) -> None:
        for topic in self._topics:
            self._bells.take_down(topic, self.loop)
        self.deliverer.stop()
        self.loop.stop()
        self._receiving.cancel()
        settled = asyncio.create_task(self.settled())
        try:
            await asyncio.wait({settled, self._receiving}, timeout=PARTING.total_seconds())
        except asyncio.CancelledError:
            self._sending.cancel()
            # The adapter is not to be closed under it: its connections end with it, or stay open.
            await asyncio.wait({self._receiving}, timeout=RECEIVED_WITHIN.total_seconds())
            raise
        finally:
            settled.cancel()
