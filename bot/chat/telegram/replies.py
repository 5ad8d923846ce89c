"""Sends the answers to people: tries again where that can help, and remembers what it learns of the chat."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from bot.chat.telegram.messenger import TelegramMessenger
from bot.chat.telegram.polling import wait_after
from bot.errors import ChatBlocked, ChatGone, ChatMoved, DeliveryError, PlatformDown, RateLimited, RightsMissing
from bot.model import ChatAddress, ChatState, Message
from bot.ports import ChatBook, Outbox

MOST_TRIES = 4
LONGEST_WAIT = timedelta(minutes=1)  # an answer that comes later only puzzles
log = structlog.get_logger("bot.telegram")


class Replies:
    """Answers are not kept in the outbox: a person who gets none asks again."""

    def __init__(
        self,
        *,
        messenger: TelegramMessenger,
        chats: ChatBook,
        outbox: Outbox,
        clock: Callable[[], datetime],
        first_wait: timedelta,
    ) -> None:
        self._messenger = messenger
        self._chats = chats
        self._outbox = outbox
        self._clock = clock
        self._first_wait = first_wait

    async def send(self, address: ChatAddress, message: Message) -> None:
        """Send a message to a chat. Never raises DeliveryError."""
        for attempt in range(1, MOST_TRIES + 1):
            try:
                await self._messenger.send(address, message, key="")
            except ChatMoved as error:
                await self._outbox.move_chat(address, to=error.to)
                address = replace(address, chat=error.to)
            except (RateLimited, PlatformDown) as error:
                if not await self._waited(error, attempt):
                    break
            except DeliveryError as error:
                await self._give_up(address, error)
                return
            else:
                return
        log.warning("answer could not be sent", chat=address.chat)

    async def show(self, address: ChatAddress, message_id: str, message: Message) -> None:
        """Have an earlier answer show this instead; where that can't be, send it. Never raises DeliveryError."""
        if not (message.private or message.file):
            try:
                await self._messenger.edit(address, message_id, message, turn=None)
            except DeliveryError as error:
                log.info("answer could not be shown in its place", chat=address.chat, reason=error.reason)
            else:
                return
        await self.send(address, message)

    async def stop(self, address: ChatAddress, state: ChatState, reason: str) -> None:
        """The chat gets nothing any more, until it is heard of again."""
        chat = await self._chats.find_chat(address)
        if chat is not None:
            await self._outbox.stop_chat(chat.id, state=state, reason=reason, now=self._clock())
            log.info("chat stopped", chat=chat.id, state=state, reason=reason)

    async def _ask_for_rights(self, address: ChatAddress, error: RightsMissing) -> None:
        chat = await self._chats.find_chat(address)
        if chat is not None:
            await self._outbox.warn_managers(chat, error.managers, reason=error.reason, now=self._clock())
            await self.stop(address, ChatState.BLOCKED, error.reason)

    async def _waited(self, error: RateLimited | PlatformDown, attempt: int) -> bool:
        wait = wait_after(error, attempt, self._first_wait)
        if wait > LONGEST_WAIT or attempt == MOST_TRIES:
            return False
        await asyncio.sleep(wait.total_seconds())
        return True

    async def _give_up(self, address: ChatAddress, error: DeliveryError) -> None:
        match error:
            case RightsMissing():
                await self._ask_for_rights(address, error)
            case ChatBlocked():
                await self.stop(address, ChatState.BLOCKED, error.reason)
            case ChatGone():
                await self.stop(address, ChatState.GONE, error.reason)
            case _:
                log.error("answer was refused", chat=address.chat, reason=error.reason, error=type(error).__name__)
