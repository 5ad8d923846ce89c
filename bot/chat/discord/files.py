"""Files that come with commands on Discord."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import discord
import structlog

from bot.chat.discord.errors import translated
from bot.chat.files import MAX_FILE
from bot.errors import DeliveryError
from bot.model import Request

_PATIENCE = timedelta(seconds=20)
log = structlog.get_logger("bot.discord")


def attached(interaction: discord.Interaction) -> discord.Attachment | None:
    """The file that a command was given with."""
    return next((value for _, value in interaction.namespace if isinstance(value, discord.Attachment)), None)


async def with_attachment(request: Request, attachment: discord.Attachment, *, wanted: bool) -> Request:
    """The request with the file's content; without it where nobody wants it, it is too large, or can't be had."""
    request = replace(request, file_name=attachment.filename, file_size=attachment.size)
    if attachment.size > MAX_FILE or not wanted:
        return request
    try:
        with translated():
            async with asyncio.timeout(_PATIENCE.total_seconds()):
                content = await attachment.read()
    except DeliveryError as error:
        log.warning("file.lost", reason=error.reason)
        return request
    return replace(request, file=content[: MAX_FILE + 1], file_size=len(content))
