"""Asks WebSub hubs for what is due, a few at a time; an APScheduler job runs it each minute.

claim_pushes ─▶ Push ─▶ request_fields ─▶ ask ─▶ (the hub calls back, and `bot.work.push` hears it)
"""

from __future__ import annotations

import asyncio
from datetime import timedelta

import structlog

from bot.errors import FeedError, StorageError
from bot.feeds.websub import GOODBYES, next_try, request_fields
from bot.model import Push, PushState
from bot.ports import Hub, Meter, PushBook
from bot.work.loop import Clock

AT_ONCE = 8  # hubs asked side by side
HOLD = timedelta(minutes=5)  # a claim lasts longer than a request can take

_CALLBACK_PATH = "/websub/"


class Subscriber:
    """Asks hubs for what is due: new subscriptions, new leases, and the end of what is no longer wanted.

    `public_url` is where the internet reaches the web server.
    """

    def __init__(self, *, book: PushBook, hub: Hub, public_url: str, meter: Meter, clock: Clock) -> None:
        self._book = book
        self._hub = hub
        self._callback = public_url.rstrip("/") + _CALLBACK_PATH
        self._meter = meter
        self._clock = clock
        self._round: asyncio.Task[None] | None = None
        self._stopping = False
        self._log = structlog.get_logger("bot.push")

    async def step(self) -> None:
        """Ask for all that is due, unless that is under way already."""
        if self._stopping or (self._round and not self._round.done()):
            return
        self._round = asyncio.create_task(self._ask_all())
        await asyncio.wait({self._round})
        if not self._round.cancelled():
            self._round.result()

    async def cancel(self) -> None:
        """Drop the requests in hand, for good: what they were for is due again later."""
        self._stopping = True
        if self._round is not None:
            self._round.cancel()
            await asyncio.wait({self._round})

    async def _ask_all(self) -> None:
        try:
            while some := await self._book.claim_pushes(now=self._clock(), limit=AT_ONCE, hold=HOLD):
                await asyncio.gather(*(self._guarded(push) for push in some))
        except StorageError as error:
            self._log.error("hubs were not asked", reason=str(error))

    async def _guarded(self, push: Push) -> None:
        try:
            await self._ask(push)
        except StorageError:
            raise
        except Exception:  # noqa: BLE001 - the bulkhead between one row and the rest
            self._log.exception("asking a hub failed unexpectedly", feed=push.feed)

    async def _ask(self, push: Push) -> None:
        if push.state is PushState.LEAVING and push.failures >= GOODBYES:
            await self._book.forget(push)
            return
        trouble: FeedError | None = None
        try:
            await self._hub.ask(push.hub, request_fields(push, self._callback + push.token))
        except FeedError as error:
            trouble = error
            self._log.info("hub not reached, polling goes on", feed=push.feed, reason=error.reason)
        self._meter.count("hubs", "failed" if trouble else "asked")
        again = next_try(push.failures, now=self._clock(), error=trouble)
        await self._book.postpone(push, due=again, reason=trouble.reason if trouble else "")
