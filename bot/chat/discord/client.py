"""The Discord client: registers the commands, answers interactions, and notices when chats come and go."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import aiohttp
import discord
import structlog

from bot.chat.discord.answers import Answers
from bot.chat.discord.errors import translated
from bot.chat.discord.markup import ACTION, render
from bot.chat.discord.places import locale_of
from bot.chat.discord.tree import MenuTranslator, MenuTree
from bot.chat.pressing import read_press
from bot.chat.trace import trace
from bot.errors import DeliveryError, TokenRefused
from bot.model import ChatState, Locale, Message

Stop = Callable[[int, ChatState, str], Awaitable[None]]
"""Stops a chat by the id of its channel, with the state and the reason."""
Resume = Callable[[int], Awaitable[None]]
"""Sends to a chat again, by the id of its channel."""

# There is no voice here, so what the library misses for it is nothing to warn of.
discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False

_BY_ID = frozenset({discord.InteractionType.component, discord.InteractionType.modal_submit})
_LONGEST_WAIT = 30.0  # seconds that discord.py may wait for a rate limit by itself; the least it accepts
_SYNC_DEADLINE = 10.0  # seconds


class DitingClient(discord.Client):
    """Knows servers and their channels, and neither members nor messages: no privileged intent is needed."""

    def __init__(
        self,
        answers: Answers,
        *,
        stop: Stop,
        resume: Resume,
        greeting: Callable[[Locale], Message],
        http_trace: aiohttp.TraceConfig | None = None,
    ) -> None:
        intents = discord.Intents.none()
        intents.guilds = True
        super().__init__(
            intents=intents,
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            max_ratelimit_timeout=_LONGEST_WAIT,
            http_trace=http_trace or aiohttp.TraceConfig(),
        )
        self.tree = MenuTree(
            self, answer=answers.command, ask=answers.about, complete=answers.complete, fault=answers.fault
        )
        self._answers = answers
        self._stop = stop
        self._resume = resume
        self._greeting = greeting
        self._log = structlog.get_logger("bot.discord")

    async def setup_hook(self) -> None:
        """Give Discord our commands. It keeps the last ones, so a failure is no reason to send no alerts."""
        await self.tree.set_translator(MenuTranslator())
        try:
            with translated():
                async with asyncio.timeout(_SYNC_DEADLINE):
                    await self.tree.sync()
        except TokenRefused:
            raise
        except DeliveryError as error:
            self._log.error("commands.unregistered", reason=error.reason, details=str(error.__cause__))

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Answer a button, or what was typed into a field, by what its custom id says: it works after a restart."""
        if interaction.type not in _BY_ID:
            return
        data: Any = interaction.data
        custom_id = str(data["custom_id"])
        if not custom_id.startswith(ACTION):
            return
        press = read_press(custom_id.removeprefix(ACTION))
        if interaction.type is discord.InteractionType.modal_submit:
            await self._answers.typed(interaction, press)
        elif press.ask:
            await self._answers.ask(interaction, press)
        else:
            await self._answers.press(interaction, press)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Say hello where the server gets its notices, if we may write there."""
        channel = guild.system_channel
        if channel is None or not channel.permissions_for(guild.me).send_messages:
            return
        message = self._greeting(locale_of(guild.preferred_locale))
        try:
            with translated():
                await channel.send(nonce=f"hi-{guild.id}", **render(message).arguments())
        except DeliveryError as error:
            self._log.info("greeting.lost", reason=error.reason)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """We were removed, or the server was deleted."""
        places = [*guild.channels, *guild.threads]
        await self._stop_all((place.id for place in places), ChatState.BLOCKED, "removed from the server")

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """The channel is gone (its threads are reported by themselves)."""
        await self._stop_all([channel.id], ChatState.GONE, "channel deleted")

    async def on_raw_thread_delete(self, event: discord.RawThreadDeleteEvent) -> None:
        """The thread is gone."""
        await self._stop_all([event.thread_id], ChatState.GONE, "thread deleted")

    async def on_raw_thread_update(self, event: discord.RawThreadUpdateEvent) -> None:
        """The thread may have been opened again: who is let in and who is kept out, sending shows."""
        state = event.data["thread_metadata"]
        if not (state.get("archived") or state.get("locked")):
            await self._resume(event.thread_id)

    async def on_error(self, event_method: str, /, *_: object, **__: object) -> None:
        """Log a fault of an event, without what the event says."""
        error = sys.exc_info()[1]
        self._log.error("event.failed", where=event_method, traceback=trace(error) if error else "")

    async def _stop_all(self, channels: Iterable[int], state: ChatState, reason: str) -> None:
        for channel in channels:
            await self._stop(channel, state, reason)
