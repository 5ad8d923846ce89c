"""The life of the Discord bot: log in, stay connected, log in again after an outage, close."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

import structlog

from bot.chat.discord.answers import Answers
from bot.chat.discord.client import DitingClient
from bot.chat.discord.errors import translated
from bot.chat.discord.guard import Guard
from bot.chat.discord.messenger import DiscordMessenger
from bot.chat.discord.places import channel_address
from bot.errors import DeliveryError, RateLimited, TokenRefused
from bot.model import ChatKind, ChatState, Locale, Platform
from bot.ports import ChatBook, CommandHandler, Greeting, Meter, Outbox, Watch

_LOGIN_DEADLINE = timedelta(seconds=20)
_CLOSE_DEADLINE = timedelta(seconds=5)
_GRACE = timedelta(seconds=10)  # for commands that are being answered when the bot closes
_FIRST_PAUSE = timedelta(seconds=5)
_LONGEST_PAUSE = timedelta(minutes=5)


class DiscordBot:
    """The bot on Discord: `async with DiscordBot(...) as bot`, then `await bot.run()` until cancelled.

    Entering logs in, so that `messenger` can send; a wrong token raises TokenRefused there. While Discord is down
    entering succeeds all the same, sending raises PlatformDown, and `run` logs in as soon as it can. `run` keeps the
    gateway connected, by which commands arrive; reconnecting is the library's own affair. A client that failed to log
    in can't be used again, so `client` is a new one after each failure.
    """

    platform = Platform.DISCORD

    def __init__(
        self,
        *,
        token: str,
        handler: CommandHandler,
        chats: ChatBook,
        outbox: Outbox,
        greeting: Greeting,
        clock: Callable[[], datetime],
        meter: Meter | None = None,
        watch: Watch | None = None,
        owned: bool = False,
        login_deadline: timedelta = _LOGIN_DEADLINE,
        first_pause: timedelta = _FIRST_PAUSE,
    ) -> None:
        self._token = token
        self._chats = chats
        self._outbox = outbox
        self._greeting = greeting
        self._clock = clock
        self._login_deadline = login_deadline
        self._first_pause = first_pause
        self._watch = watch
        self._owned = owned
        self._answers = Answers(handler)
        self._guard = Guard(clock, meter)
        self._log = structlog.get_logger("bot.discord")
        self.client = self._new_client()
        self.messenger = DiscordMessenger(lambda: self.client, meter=meter, closed_for=self._guard.wait)

    async def __aenter__(self) -> Self:
        try:
            await self._log_in()
        except TokenRefused:
            raise
        except DeliveryError as error:
            self._log.warning("login.failed", reason=error.reason)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._answers.finish(_GRACE)
        await self._close()

    @property
    def connected(self) -> bool:
        """Whether the gateway is connected and has told us our servers."""
        return self.client.is_ready()

    async def run(self) -> None:
        """Stay connected until cancelled. Raises TokenRefused when the token is not valid any more, and may then be run
        again, in case that it is."""
        pause = self._first_pause
        while True:
            started = self._clock()
            try:
                await self._connect()
            except TokenRefused:
                raise
            except DeliveryError as error:
                self._log.warning("connection.lost", reason=error.reason)
                if self._watch:
                    self._watch.ill(error, self.platform)
                if isinstance(error, RateLimited):
                    pause = max(pause, error.retry_after)
            if self._clock() - started > _LONGEST_PAUSE:
                pause = self._first_pause
            await asyncio.sleep(pause.total_seconds())
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _connect(self) -> None:
        """Be connected for as long as it lasts."""
        if self.client.is_closed():
            self.client = self._new_client()
        if self.client.user is None:
            await self._log_in()
        with translated():
            await self.client.connect()

    async def _log_in(self) -> None:
        if not self._token.isascii() or not self._token.isprintable() or " " in self._token:
            raise TokenRefused("this can't be a token of Discord; see DISCORD_TOKEN")
        try:
            with translated():
                async with asyncio.timeout(self._login_deadline.total_seconds()):
                    await self.client.login(self._token)
        except BaseException:
            await self._close()
            raise
        if self._watch:
            self._watch.well(self.platform)

    async def _close(self) -> None:
        with contextlib.suppress(DeliveryError), translated():
            async with asyncio.timeout(_CLOSE_DEADLINE.total_seconds()):
                await self.client.close()

    def _new_client(self) -> DitingClient:
        return DitingClient(
            self._answers,
            stop=self._stop,
            resume=self._resume,
            meet=self._meet,
            greeting=self._greeting,
            http_trace=self._guard.trace(),
            owned=self._owned,
        )

    async def _meet(self, channel: int, title: str, locale: Locale) -> bool:
        """Whether a channel is a new acquaintance, which it is but once."""
        address = channel_address(channel)
        if await self._chats.find_chat(address):
            return False
        await self._chats.open_chat(address, kind=ChatKind.GROUP, title=title, hint=locale, now=self._clock())
        return True

    async def _resume(self, channel: int) -> None:
        """Send to a channel again, if it is a chat of ours that was stopped."""
        if await self._chats.resume(channel_address(channel)):
            self._log.info("chat resumed", channel=channel)

    async def _stop(self, channel: int, state: ChatState, reason: str) -> None:
        """Send nothing more to a channel, if it is a chat of ours."""
        chat = await self._chats.find_chat(channel_address(channel))
        if chat is not None:
            await self._outbox.stop_chat(chat.id, state=state, reason=reason, now=self._clock())
