"""Looks after a refusal whether the bot's token works at all, and who can give the bot its rights."""

from __future__ import annotations

import discord
import structlog

from bot.chat.discord.errors import translated
from bot.chat.discord.places import channel_address
from bot.errors import DeliveryError, PlatformDown, RightsMissing, TokenRefused
from bot.model import ChatAddress

log = structlog.get_logger("bot.discord")


async def looked_into(client: discord.Client, channel: int, error: DeliveryError) -> DeliveryError:
    """What the error of a call about a channel comes to, with what Discord says when it is asked."""
    match error:
        case TokenRefused():
            return PlatformDown("unauthorized, though the token works") if await token_works(client) else error
        case RightsMissing():
            return RightsMissing(error.reason, await managers(client, channel))
    return error


async def token_works(client: discord.Client) -> bool:
    """Whether Discord knows the token, or does not say."""
    try:
        with translated():
            await client.fetch_user(client.user.id if client.user else 0)
    except TokenRefused:
        return False
    except DeliveryError:
        return True
    return True


async def managers(client: discord.Client, channel: int) -> tuple[ChatAddress, ...]:
    """Where the owner of the channel's server is written to: in private, or where no such channel can be had in the
    channel that the server gets its notices in. Empty where neither is known."""
    place = client.get_channel(channel)
    guild = getattr(place, "guild", None)
    if not isinstance(guild, discord.Guild):
        return ()
    try:
        return (await private_chat(client, guild.owner_id or 0),)
    except DeliveryError as error:
        log.info("the server's owner could not be reached", reason=error.reason)
    notices = guild.system_channel
    may = notices is not None and notices.id != channel and notices.permissions_for(guild.me).send_messages
    return (channel_address(notices.id),) if notices and may else ()


async def private_chat(client: discord.Client, person: int) -> ChatAddress:
    """The channel of direct messages with a person, opened if need be. Raises DeliveryError."""
    with translated():
        return channel_address((await client.create_dm(discord.Object(person))).id)


async def unarchived(client: discord.Client, thread: int) -> bool:
    """Whether an archived thread is open again, at our wish. One that is locked takes the right to manage threads.

    https://discord.com/developers/docs/topics/threads#active-archived-threads
    """
    try:
        with translated():
            found = await client.fetch_channel(thread)
            if not isinstance(found, discord.Thread):
                return False
            await found.edit(archived=False)
    except DeliveryError as error:
        log.info("thread stays archived", channel=thread, reason=error.reason)
        return False
    return True
