"""Sends neutral messages to Discord's channels, threads and direct messages."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import discord

from bot.chat.discord.errors import translated
from bot.chat.discord.markup import Rendered, plain, render
from bot.errors import ChatBlocked, ChatGone, MessageRefused, PlatformDown
from bot.model import ChatAddress, Message, Platform

_DEADLINE = timedelta(seconds=45)  # discord.py tries again by itself for up to 25 s, and waits up to 30 s for a bucket


class DiscordMessenger:
    """Implements `ports.Messenger`.

    The key goes along as the message's nonce, with `enforce_nonce`, which discord.py sets by itself: for some
    minutes Discord answers a repeated nonce with the message it already has. Does not wait for the gateway: sending
    needs only that the client logged in once.
    """

    platform = Platform.DISCORD

    def __init__(self, client: Callable[[], discord.Client], *, deadline: timedelta = _DEADLINE) -> None:
        self._client = client
        self._deadline = deadline

    async def send(self, address: ChatAddress, message: Message, *, key: str) -> str:
        """Send and answer the message's id. What a place does not take as an embed it gets as text."""
        channel = self._channel(address)
        rendered = render(message)
        try:
            return await self._post(channel, rendered, key)
        except MessageRefused:
            return await self._post(channel, plain(message), key)
        except ChatBlocked:
            # Missing "Embed Links" is refused in the same words as missing "Send Messages".
            if rendered.embed is None:
                raise
            return await self._post(channel, plain(message), key)

    def _channel(self, address: ChatAddress) -> discord.PartialMessageable:
        client = self._client()
        if client.user is None or client.is_closed():
            raise PlatformDown("not logged in")
        try:
            return client.get_partial_messageable(int(address.thread or address.chat))
        except ValueError as error:
            raise ChatGone("no channel id") from error

    async def _post(self, channel: discord.PartialMessageable, rendered: Rendered, key: str) -> str:
        with translated():
            async with asyncio.timeout(self._deadline.total_seconds()):
                sent = await channel.send(nonce=key, **rendered.arguments())
        return str(sent.id)
