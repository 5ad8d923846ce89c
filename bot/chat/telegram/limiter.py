"""Keeps Telegram's limits for all that is sent: alerts, which had their turn, and answers to people, which get one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from telegram.error import RetryAfter
from telegram.ext import AIORateLimiter

from bot.model import ChatAddress, Platform
from bot.ports import SendQueue

DELIVERY = 1
"""As `rate_limit_args`: the call is a delivery, which was counted and had its turn."""
LONGEST_WAIT = timedelta(minutes=1)  # an answer that comes later only puzzles

ApiAnswer = bool | dict[str, Any] | list[dict[str, Any]]
ApiCall = Callable[..., Coroutine[Any, Any, ApiAnswer]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Messages the bot may send: a second to all chats, a minute to one group or channel. 0: no limit.

    https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
    """

    per_second: float = 30
    group_per_minute: float = 20


def utc_now() -> datetime:
    """The time, aware, in UTC."""
    return datetime.now(UTC)


class SendLimiter(AIORateLimiter):
    """Each message that is no delivery gets its turn from the queue, which counts both; the library's limiter stands
    behind them as a net, and does not slow down what keeps the limits.

    Without a queue (a connection for a few messages) the library's limiter is all there is, and a full group is an
    error to come back later: all topics of a forum share the limit of their group, and a line of them could wait for
    long. Calls that send nothing (who is an admin here?) do not count.
    """

    def __init__(self, pace: Pace, queue: SendQueue | None = None, clock: Callable[[], datetime] = utc_now) -> None:
        super().__init__(overall_max_rate=pace.per_second, group_max_rate=pace.group_per_minute, max_retries=0)
        self._pause = 60 / pace.group_per_minute if pace.group_per_minute else 0
        self._queue = queue
        self._clock = clock

    async def process_request(  # noqa: PLR0917 - the library calls it so
        self,
        callback: ApiCall,
        args: Sequence[object],
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> ApiAnswer:
        """Pass on a call as soon as the limits allow. Raises RetryAfter where that is long from now."""
        if not endpoint.startswith(("send", "edit")):
            return await callback(*args, **kwargs)

        async def call() -> ApiAnswer:
            return await super(SendLimiter, self).process_request(callback, args, kwargs, endpoint, data, None)

        if self._queue is None:
            self._check_group(data.get("chat_id"))
        elif rate_limit_args != DELIVERY:
            return await self._in_turn(self._queue, str(data.get("chat_id")), call)
        return await call()

    async def _in_turn(self, queue: SendQueue, chat: str, call: ApiCall) -> ApiAnswer:
        address = ChatAddress(Platform.TELEGRAM, chat)
        wait, answered = queue.reserve(address, self._clock(), private=chat.isdigit())
        try:
            if wait > LONGEST_WAIT:
                raise RetryAfter(wait)
            await asyncio.sleep(wait.total_seconds())
            return await call()
        finally:
            answered(self._clock())

    def _check_group(self, chat: object) -> None:
        # Groups and channels have negative ids, or a @name.
        if self._pause and chat is not None and not str(chat).isdigit():
            group = int(str(chat)) if str(chat).lstrip("-").isdigit() else str(chat)
            if not self._get_group_limiter(group).has_capacity():
                raise RetryAfter(timedelta(seconds=self._pause))
