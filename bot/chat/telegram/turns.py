"""Lets chats be answered side by side, and the updates of one chat one after the other."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any
from weakref import WeakValueDictionary

from telegram import Update
from telegram.ext import BaseUpdateProcessor

MOST_AT_ONCE = 256


class ChatTurns(BaseUpdateProcessor):
    """Each chat's updates in their order: a command that waits for a slow site delays its own chat only."""

    def __init__(self, most_at_once: int = MOST_AT_ONCE) -> None:
        super().__init__(most_at_once)
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Wait for the chat's turn, then process. What is asked inline is of no chat, and waits for nobody."""
        if isinstance(update, Update) and update.inline_query:
            await coroutine
            return
        chat = update.effective_chat if isinstance(update, Update) else None
        async with self._turns.setdefault(chat.id if chat else 0, asyncio.Lock()):
            await coroutine

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""
