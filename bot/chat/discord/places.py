"""Reads where an interaction happened and who gave it, in neutral terms."""

from __future__ import annotations

import discord

from bot.chat.catalogue import locale_from_tag
from bot.model import ChatAddress, ChatKind, Locale, Person, Platform, Request


def request_from(interaction: discord.Interaction, command: str, arguments: str = "", *, reply_to: str = "") -> Request:
    """The command as a neutral request. A thread is a chat of its own: its id stands where a channel's would."""
    return Request(
        address=channel_address(interaction.channel_id or 0),
        kind=_kind(interaction),
        person=Person(
            id=str(interaction.user.id),
            locale=locale_of(interaction.locale),
            can_manage=_can_manage(interaction),
        ),
        command=command,
        arguments=arguments,
        title=_title(interaction),
        reply_to=reply_to,
    )


def locale_of(app: discord.Locale) -> Locale:
    """The interface language for one of Discord's."""
    # Discord has one 繁體 and calls it zh-TW: people in Hong Kong choose it, too.
    return Locale.ZH_HANT if app is discord.Locale.taiwan_chinese else locale_from_tag(app.value)


def channel_address(channel: int) -> ChatAddress:
    """The address of a channel, thread or direct message channel."""
    return ChatAddress(Platform.DISCORD, str(channel))


def _kind(interaction: discord.Interaction) -> ChatKind:
    if interaction.guild_id is None:
        return ChatKind.PRIVATE
    announces = interaction.channel is not None and interaction.channel.type is discord.ChannelType.news
    return ChatKind.CHANNEL if announces else ChatKind.GROUP


def _can_manage(interaction: discord.Interaction) -> bool:
    """Direct messages are their person's own; in a server it takes one of these permissions, in the channel."""
    may = interaction.permissions
    return interaction.guild_id is None or may.administrator or may.manage_guild or may.manage_channels


def _title(interaction: discord.Interaction) -> str:
    if interaction.guild_id is None:
        return interaction.user.display_name
    server = interaction.guild.name if interaction.guild else ""
    channel = getattr(interaction.channel, "name", None)
    return f"{server} #{channel}".strip() if channel else server
