"""The one connection to a Bot API server, shared by the messenger and the bot, with Telegram's limits kept."""

from __future__ import annotations

import asyncio
import logging
import os
import ssl
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from httpx import create_ssl_context
from telegram import Chat
from telegram.ext import ExtBot
from telegram.request import HTTPXRequest

from bot.chat.telegram.limiter import Pace, SendLimiter, utc_now
from bot.ports import SendQueue

API_URL = "https://api.telegram.org"
_POOL = 256  # more than messages and answers are ever on their way at once
# These print a traceback for each wait that Telegram asks for, the pages of proxies that are down, and, from a
# webhook, whole updates that can't be read.
_NOISY = ("telegram.ext.AIORateLimiter", "telegram.request.BaseRequest", "telegram.ext.Updater")


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait for the server: to connect, and for an answer.

    A message whose answer comes too late is sent again, so the answer gets more time than the library gives it.
    """

    connect: timedelta = timedelta(seconds=10)
    answer: timedelta = timedelta(seconds=20)


class Client(ExtBot[int]):
    """The library's client, which also gives updates unread.

    The library reads a batch of updates as a whole: one that it can't read (a server of one's own may be older
    than the library wants) would be printed with all its texts, and asked for again without end.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return "Client()"  # the library's own form shows the token

    async def raw_updates(self, *, offset: int, wait: timedelta, allowed: Sequence[str]) -> list[dict[str, Any]]:
        """The updates from `offset` on, as JSON; the server waits for one for as long as `wait`."""
        request = {"offset": offset, "timeout": wait, "allowed_updates": allowed}
        answer = self._request[0].read_timeout or 0
        updates: list[dict[str, Any]] = await self._post(
            "getUpdates", request, read_timeout=answer + wait.total_seconds()
        )
        return updates

    async def chat(self, chat: int | str) -> Chat:
        """A chat by its id or `@name`, with no more than every server says of one: what the library wants beside that
        an older server does not know. Raises TelegramError."""
        return Chat.de_json(await self._post("getChat", {"chat_id": chat}), self)


@asynccontextmanager
async def connected(
    token: str,
    api_url: str = API_URL,
    *,
    pace: Pace | None = None,
    queue: SendQueue | None = None,
    clock: Callable[[], datetime] = utc_now,
    patience: Patience | None = None,
    tls: ssl.SSLContext | None = None,
) -> AsyncIterator[Client]:
    """The bot as a client of the Bot API server at `api_url` (`http://host:8081` for one of your own).

    Opening it asks nothing of the server, so it works while Telegram can't be reached. Messages can be sent right away.
    `queue` gives turns to messages that are no deliveries; without one, only the library's limiter keeps `pace`.
    `tls` is for a server whose certificate is not of a public authority.
    """
    # The library's way to choose timedeltas for durations; without it each wait it is told warns of that choice.
    os.environ.setdefault("PTB_TIMEDELTA", "true")
    for name in _NOISY:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    base = api_url.rstrip("/")
    tls = tls or create_ssl_context()
    requests = [_request(patience or Patience(), tls) for _ in range(2)]
    bot = Client(
        token,
        base_url=f"{base}/bot",
        base_file_url=f"{base}/file/bot",
        request=requests[0],
        get_updates_request=requests[1],
        rate_limiter=SendLimiter(pace or Pace(), queue, clock),
    )
    try:
        yield bot
    finally:
        await asyncio.gather(bot.shutdown(), *(request.shutdown() for request in requests))


def _request(patience: Patience, tls: ssl.SSLContext) -> HTTPXRequest:
    answer = patience.answer.total_seconds()
    return HTTPXRequest(
        connection_pool_size=_POOL,
        connect_timeout=patience.connect.total_seconds(),
        read_timeout=answer,
        write_timeout=answer,
        pool_timeout=answer,
        httpx_kwargs={"verify": tls},
    )
