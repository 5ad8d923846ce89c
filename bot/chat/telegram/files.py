"""Files that people send on Telegram: which of them are meant for the bot, and how they are had."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import structlog
from telegram import Chat, Document
from telegram import Message as TelegramMessage

from bot.chat.files import MAX_FILE, is_list
from bot.chat.telegram.connection import Client
from bot.chat.telegram.faults import translated
from bot.chat.telegram.updates import Typed, read_line
from bot.errors import DeliveryError
from bot.model import Request

_IMPORT = "import"
_PATIENCE = timedelta(seconds=20)
log = structlog.get_logger("bot.telegram")


def read_document(message: TelegramMessage, bot: Client) -> Typed | None:
    """What a file asks for: the command of its caption; a list of feeds needs none in a private chat, or when it
    answers a message of the bot."""
    name = (message.document.file_name if message.document else "") or ""
    private = message.chat.type == Chat.PRIVATE
    caption = (message.caption or "").strip()
    if caption.startswith("/"):
        return read_line(caption, username=bot.username, private=private)
    if is_list(name) and (private or _answers(message, bot)):
        return Typed(_IMPORT, caption)
    return None


def document_for(message: TelegramMessage, typed: Typed) -> Document | None:
    """The file that an `/import` means: its own, or that of the message it answers."""
    if typed.command != _IMPORT:
        return None
    answered = message.reply_to_message
    return message.document or (answered.document if answered else None)


async def with_document(request: Request, document: Document, bot: Client, *, wanted: bool) -> Request:
    """The request with the file's content; without it where nobody wants it, it is too large, or can't be had."""
    size = document.file_size or 0
    request = replace(request, file_name=document.file_name or "file", file_size=size)
    if size > MAX_FILE or not wanted:
        return request
    try:
        with translated(chat=False):
            file = await bot.get_file(document.file_id)
            size = file.file_size or size
            if size > MAX_FILE:
                return replace(request, file_size=size)
            content = bytes(await file.download_as_bytearray(read_timeout=_PATIENCE.total_seconds()))
    except (DeliveryError, OSError) as error:  # OSError: a server of one's own names a file on a disk we don't have
        log.warning("file could not be had", reason=getattr(error, "reason", type(error).__name__))
        return request
    return replace(request, file=content if len(content) <= MAX_FILE else b"", file_size=len(content))


def _answers(message: TelegramMessage, bot: Client) -> bool:
    answered = message.reply_to_message
    return bool(answered and answered.from_user and answered.from_user.id == bot.id)
