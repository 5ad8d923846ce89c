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
            roles=frozenset(str(role.id) for role in getattr(interaction.user, "roles", ())),
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


def kind_of(place: object) -> ChatKind:
    """What kind of place a channel or thread of a server is: a thread of announcements is a talk about them."""
    announces = getattr(place, "type", None) is discord.ChannelType.news
    return ChatKind.CHANNEL if announces else ChatKind.GROUP


def keeps(may: discord.Permissions) -> bool:
    """Whether who has these permissions in a channel is an admin of it."""
    return may.administrator or may.manage_guild or may.manage_channels


def title_of(place: discord.abc.GuildChannel | discord.Thread) -> str:
    """The server and the channel."""
    return f"{place.guild.name} #{place.name}"


def _kind(interaction: discord.Interaction) -> ChatKind:
    return ChatKind.PRIVATE if interaction.guild_id is None else kind_of(interaction.channel)


def _can_manage(interaction: discord.Interaction) -> bool:
    """Direct messages are their person's own; in a server it takes one of these permissions, in the channel (of a
    thread, Discord tells those in the thread)."""
    return interaction.guild_id is None or keeps(interaction.permissions)


def _title(interaction: discord.Interaction) -> str:
    if interaction.guild_id is None:
        return interaction.user.display_name
    server = interaction.guild.name if interaction.guild else ""
    channel = getattr(interaction.channel, "name", None)
    return f"{server} #{channel}".strip() if channel else server
