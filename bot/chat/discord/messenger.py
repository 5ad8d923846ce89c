"""Sends neutral messages to Discord's channels, threads and direct messages, and edits those sent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import TypedDict

import discord

from bot.chat.discord.errors import ThreadArchived, translated
from bot.chat.discord.markup import Rendered, picture_link, plain, render
from bot.chat.discord.places import channel_address
from bot.chat.discord.standing import looked_into, private_chat, unarchived
from bot.chat.plainer import Plainer
from bot.errors import ChatBlocked, ChatGone, MessageRefused, PlatformDown, RateLimited, RightsMissing, TokenRefused
from bot.model import ChatAddress, Message, Platform
from bot.ports import Meter

_DEADLINE = timedelta(seconds=45)  # discord.py tries again by itself for up to 25 s, and waits up to 30 s for a bucket


class _Reply(TypedDict, total=False):
    reference: discord.MessageReference


class DiscordMessenger:
    """Implements `ports.Messenger`.

    The key goes along as the message's nonce, with `enforce_nonce`, which discord.py sets by itself: for some
    minutes Discord answers a repeated nonce with the message it already has. Does not wait for the gateway: sending
    needs only that the client logged in once. While it is `closed_for` a time, nothing is asked of Discord.
    """

    platform = Platform.DISCORD

    def __init__(
        self,
        client: Callable[[], discord.Client],
        *,
        deadline: timedelta = _DEADLINE,
        closed_for: Callable[[], timedelta] = timedelta,
        meter: Meter | None = None,
    ) -> None:
        self._client = client
        self._deadline = deadline
        self._closed_for = closed_for
        self._plainer = Plainer(self.platform, meter)

    async def send(self, address: ChatAddress, message: Message, *, key: str, reply_to: str = "") -> str:
        """Send and answer the message's id. What a place does not take as an embed it gets as text, and what it does
        not take as a reply as a message of its own. An archived thread is opened again where that is allowed."""
        channel, client = self._channel(address), self._client()
        try:
            return await self._sent(channel, message, key, reply_to)
        except ThreadArchived:
            if not await unarchived(client, channel.id):
                raise
            return await self._sent(channel, message, key, reply_to)
        except (TokenRefused, RightsMissing) as error:
            raise await looked_into(client, channel.id, error) from error

    async def private_chat(self, person: str) -> ChatAddress:
        """See `bot.ports.Messenger`."""
        client = self._client()
        if client.user is None or client.is_closed():
            raise PlatformDown("not logged in")
        return await private_chat(client, int(person))

    async def _sent(self, channel: discord.PartialMessageable, message: Message, key: str, reply_to: str) -> str:
        rendered = render(message)
        if reply_to:
            with suppress(MessageRefused, ChatBlocked):  # replies take the permission to read the channel's history
                return await self._post(channel, rendered, key, reply_to)
        try:
            return await self._post(channel, rendered, key)
        except MessageRefused as error:
            if picture_link(message):  # a feed's picture must never cost an alert
                with suppress(MessageRefused):
                    return await self._post(channel, render(replace(message, picture="")), key)
            sent = await self._post(channel, plain(message), key)
            self._plainer.note(channel_address(channel.id), key, error.reason)
            return sent
        except ThreadArchived:
            raise
        except ChatBlocked:
            # Missing "Embed Links" is refused in the same words as missing "Send Messages".
            if rendered.embed is None:
                raise
            return await self._post(channel, plain(message), key)

    async def edit(self, address: ChatAddress, message_id: str, message: Message) -> None:
        """Have a message show this instead, as text where it can't be an embed."""
        sent = self._channel(address).get_partial_message(int(message_id))
        rendered = render(message)
        try:
            shown = await self._change(sent, rendered)
        except MessageRefused:
            if rendered.embed is None:
                raise
            if picture_link(message):
                await self.edit(address, message_id, replace(message, picture=""))
                return
            shown = False
        if not shown:
            await self._change(sent, plain(message))

    def _channel(self, address: ChatAddress) -> discord.PartialMessageable:
        if closed := self._closed_for():
            raise RateLimited(closed, everywhere=True)
        client = self._client()
        if client.user is None or client.is_closed():
            raise PlatformDown("not logged in")
        try:
            return client.get_partial_messageable(int(address.thread or address.chat))
        except ValueError as error:
            raise ChatGone("no channel id") from error

    async def _post(self, channel: discord.PartialMessageable, rendered: Rendered, key: str, reply_to: str = "") -> str:
        reply = _reply(channel, reply_to) if reply_to else _Reply()
        with translated():
            async with asyncio.timeout(self._deadline.total_seconds()):
                sent = await channel.send(nonce=key, **reply, **rendered.arguments())
        return str(sent.id)

    async def _change(self, sent: discord.PartialMessage, rendered: Rendered) -> bool:
        """Answer whether all of it is to be seen: a message that was sent as text hides embeds for good."""
        with translated(editing=True):
            async with asyncio.timeout(self._deadline.total_seconds()):
                now = await sent.edit(**rendered.edits())
        return rendered.embed is None or (bool(now.embeds) and not now.flags.suppress_embeds)


def _reply(channel: discord.PartialMessageable, to: str) -> _Reply:
    return _Reply(
        reference=discord.MessageReference(message_id=int(to), channel_id=channel.id, fail_if_not_exists=False)
    )
