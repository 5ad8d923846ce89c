"""Reads what a message on Discord says, for commands about it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import discord

from bot.chat.discord.places import request_from
from bot.model import Request

_EMOJI = re.compile(r"<a?:\w+:\d+>")


def about_message(interaction: discord.Interaction, command: str, message: discord.Message) -> Request:
    """A command about a message, with what it says: Discord gives that along with the command."""
    return replace(request_from(interaction, command, reply_to=str(message.id)), about=text_of(message))


def text_of(message: discord.Message) -> str:
    """The text of a message, of its embeds, and of the message it passes on."""
    parts = [message.clean_content, *_of_embeds(message.embeds)]
    for passed_on in message.message_snapshots:
        parts += [passed_on.content, *_of_embeds(passed_on.embeds)]
    return _EMOJI.sub("", "\n".join(part for part in parts if part)).strip()


def _of_embeds(embeds: list[discord.Embed]) -> Iterator[str]:
    for embed in embeds:
        yield embed.title or ""
        yield embed.description or ""
        for field in embed.fields:
            yield f"{field.name}: {field.value}"
