"""Finds where a server that just added the bot is greeted: where its admins alone read it, if it has such a place."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import discord
import structlog

from bot.chat.discord.errors import translated
from bot.errors import DeliveryError

_NEWEST = 5  # entries: it was just now
log = structlog.get_logger("bot.discord")


@dataclass(frozen=True, slots=True)
class Hall:
    """A place to greet in: a channel of the server that everybody may read, where alerts may come as well (`public`),
    one for its admins, or the direct messages of who added the bot."""

    channel: discord.TextChannel | discord.DMChannel
    public: bool = False


async def halls_of(guild: discord.Guild) -> AsyncIterator[Hall]:
    """Where to greet, the best place first: where admins get Discord's own notices; who added the bot, where the log
    may be read; the server's channel for notices, or the first that takes messages.

    https://discord.com/developers/docs/resources/guild#guild-object: `public_updates_channel_id` is "where admins and
    moderators of Community guilds receive notices from Discord".
    """
    for_admins = guild.public_updates_channel
    if for_admins is not None and _takes(guild, for_admins):
        yield Hall(for_admins)
    adder = await _adder(guild)
    if adder is not None:
        yield Hall(adder)
    for channel in dict.fromkeys((guild.system_channel, *guild.text_channels)):
        if channel is not None and _takes(guild, channel):
            yield Hall(channel, public=True)
            return


def _takes(guild: discord.Guild, channel: discord.TextChannel) -> bool:
    may = channel.permissions_for(guild.me)
    return may.view_channel and may.send_messages


async def _adder(guild: discord.Guild) -> discord.DMChannel | None:
    """The direct messages of who added the bot, as far as the log of the server is open to it."""
    if not guild.me.guild_permissions.view_audit_log:
        return None
    try:
        with translated():
            async for entry in guild.audit_logs(action=discord.AuditLogAction.bot_add, limit=_NEWEST):
                if entry.user and isinstance(entry.target, discord.abc.Snowflake) and entry.target.id == guild.me.id:
                    return await entry.user.create_dm()
    except DeliveryError as error:
        log.info("who added the bot is not known", reason=error.reason)
    return None
