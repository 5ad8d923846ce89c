"""The bot on Discord without a connection of its own: simcord's backend connects its client."""

from __future__ import annotations

import asyncio
from typing import Any

from bot.app.parts import Core
from bot.chat.commands import greeting
from bot.chat.discord.adapter import DiscordBot


def discord_bot(core: Core, **more: Any) -> DiscordBot:
    """The adapter of a bot, as the program makes it."""
    return DiscordBot(
        token="a.token",
        handler=core.commands,
        chats=core.storage.chats,
        outbox=core.storage.outbox,
        greeting=greeting,
        clock=core.clock,
        **more,
    )


class OfflineSide:
    """The adapter as a part of the program, whose connection is the backend's."""

    def __init__(self, bot: DiscordBot) -> None:
        self.messenger = bot.messenger

    async def run(self) -> None:
        await asyncio.Event().wait()
