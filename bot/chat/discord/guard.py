"""Keeps the address from being banned for requests that Discord counts as invalid."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace

import aiohttp
import structlog

from bot.ports import Meter

# Discord bans an address for a while that makes 10,000 of them in 10 minutes, whatever bots are behind it:
# https://docs.discord.com/developers/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans
SPAN = timedelta(minutes=10)
MOST = 5_000  # half is left to others behind the same address, and to what we do not count: a run before this one
FEW = 4_000  # so many that sending goes on; one more at a time would stop it again at once
_INVALID = frozenset({401, 403, 429})
_SHARED = "shared"  # a limit that others share is nobody's fault


class InvalidRequests:
    """Counts invalid requests in a sliding window, and says when to make none for a while. Pure."""

    def __init__(self) -> None:
        self._times: deque[datetime] = deque()
        self._closed = False

    def note(self, status: int, scope: str, now: datetime) -> bool:
        """Count an answer, by its status and its X-RateLimit-Scope; answer whether it closes the gate."""
        if status not in _INVALID or scope == _SHARED:
            return False
        self._times.append(now)
        self._forget(now)
        closes = not self._closed and len(self._times) >= MOST
        self._closed = self._closed or closes
        return closes

    def wait(self, now: datetime) -> timedelta:
        """How long to send nothing."""
        self._forget(now)
        over = len(self._times) - FEW
        self._closed = self._closed and over > 0
        return self._times[over - 1] + SPAN - now if self._closed else timedelta()

    def _forget(self, now: datetime) -> None:
        while self._times and not timedelta() <= now - self._times[0] < SPAN:
            self._times.popleft()


class Guard:
    """Sees every answer of Discord, whatever part of the library asked."""

    def __init__(self, clock: Callable[[], datetime], meter: Meter | None = None) -> None:
        self._clock = clock
        self._meter = meter
        self._invalid = InvalidRequests()
        self._log = structlog.get_logger("bot.discord")

    def wait(self) -> timedelta:
        """How long to send nothing."""
        return self._invalid.wait(self._clock())

    def trace(self) -> aiohttp.TraceConfig:
        """What a client takes as its `http_trace`."""
        config = aiohttp.TraceConfig()
        config.on_request_end.append(self._answered)
        return config

    async def _answered(
        self, _: aiohttp.ClientSession, __: SimpleNamespace, answer: aiohttp.TraceRequestEndParams
    ) -> None:
        status, scope = answer.response.status, answer.response.headers.get("X-RateLimit-Scope", "")
        if status in _INVALID and scope != _SHARED and self._meter:
            self._meter.count("discord_invalid", str(status))
        if self._invalid.note(status, scope, self._clock()):
            self._log.error(
                "too many requests that Discord refuses: nothing is sent there until it forgets some of them",
                requests=MOST,
                seconds=self.wait().total_seconds(),
            )
