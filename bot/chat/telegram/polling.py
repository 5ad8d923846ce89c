"""Receives updates by long polling, for as long as it takes: https://core.telegram.org/bots/api#getupdates."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

import structlog
from telegram import Update

from bot.chat.telegram.connection import Client
from bot.chat.telegram.faults import translated
from bot.chat.telegram.standing import token_works
from bot.errors import AnotherPoller, DeliveryError, PlatformDown, RateLimited, TokenRefused
from bot.model import Platform
from bot.ports import Watch

LONGEST_WAIT = timedelta(seconds=30)
MOST_DOUBLINGS = 6
PARTING = timedelta(seconds=3)
log = structlog.get_logger("bot.telegram")


def backoff(failures: int, first: timedelta) -> timedelta:
    """How long to wait after so many failures in a row: doubling, with an upper bound."""
    doubled: timedelta = first * 2 ** min(failures - 1, MOST_DOUBLINGS)
    return min(doubled, LONGEST_WAIT)


async def patiently(step: Callable[[], Awaitable[None]], *, first_wait: timedelta, watch: Watch | None = None) -> None:
    """Take a step, again and again while Telegram can't be reached. Raises what waiting does not mend."""
    failures = 0
    while True:
        try:
            with translated(chat=False):
                await step()
        except (PlatformDown, RateLimited) as error:
            failures += 1
            log.warning("telegram can't be reached", reason=error.reason, failures=failures)
            if watch:
                watch.ill(error, Platform.TELEGRAM)
            await asyncio.sleep(wait_after(error, failures, first_wait).total_seconds())
        else:
            return


def wait_after(error: DeliveryError, failures: int, first: timedelta) -> timedelta:
    """As long as Telegram asked us to wait; longer with each failure where it did not say."""
    return error.retry_after if isinstance(error, RateLimited) else backoff(failures, first)


class Poller:
    """Puts updates into a queue. It doesn't handle them; the server forgets them with the next poll."""

    def __init__(
        self,
        bot: Client,
        queue: asyncio.Queue[object],
        *,
        allowed: Sequence[str],
        timeout: timedelta,
        first_wait: timedelta,
        watch: Watch | None = None,
    ) -> None:
        self._bot = bot
        self._queue = queue
        self._allowed = allowed
        self._timeout = timeout
        self._first_wait = first_wait
        self._watch = watch
        self._offset = 0

    async def run(self) -> None:
        """Poll until cancelled. Raises TokenRefused; waits out all other trouble."""
        failures = 0
        try:
            while True:
                try:
                    await self._poll()
                    failures = 0
                except DeliveryError as error:
                    if isinstance(error, TokenRefused) and not await token_works(self._bot):
                        raise
                    failures += 1
                    await self._wait_out(error, failures)
        finally:
            await self._confirm()

    async def _poll(self) -> None:
        for raw in await self._updates(self._timeout):
            if update := self._read(raw):
                self._queue.put_nowait(update)
            self._offset = raw["update_id"] + 1
        if self._watch:
            self._watch.well(Platform.TELEGRAM)

    async def _updates(self, wait: timedelta) -> list[dict[str, Any]]:
        with translated(chat=False):
            return await self._bot.raw_updates(offset=self._offset, wait=wait, allowed=self._allowed)

    def _read(self, raw: dict[str, Any]) -> Update | None:
        try:
            return Update.de_json(raw, self._bot)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one update, the next ones are to be had
            log.error(
                "an update can't be read and is left out: is the Bot API server of an old version?",
                update=raw["update_id"],
                kind=[name for name in raw if name != "update_id"],
                error=type(error).__name__,
            )
            return None

    async def _wait_out(self, error: DeliveryError, failures: int) -> None:
        if self._watch:
            self._watch.ill(error, Platform.TELEGRAM)
        if isinstance(error, AnotherPoller):
            log.error(
                "another process receives this bot's Telegram updates: run one only, or give each a token of its own"
            )
        else:
            log.warning("telegram can't be polled", reason=error.reason, failures=failures)
        await asyncio.sleep(wait_after(error, failures, self._first_wait).total_seconds())

    async def _confirm(self) -> None:
        """Tell the server what was received, so that a new start doesn't see it again."""
        if self._offset:
            with suppress(DeliveryError, TimeoutError):
                async with asyncio.timeout(PARTING.total_seconds()):
                    await self._updates(timedelta())
