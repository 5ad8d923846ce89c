"""Sends messages to Telegram chats and topics, and edits those sent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from telegram import LinkPreviewOptions, ReplyParameters
from telegram import Message as TelegramMessage
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.chat.telegram.connection import Client
from bot.chat.telegram.faults import is_unmodified, is_unreadable, translated
from bot.chat.telegram.markup import Written, as_html, as_plain
from bot.model import ChatAddress, Message, Platform

T = TypeVar("T")


class TelegramMessenger:
    """Implements `bot.ports.Messenger`. Telegram takes no idempotency key, so `key` goes unused."""

    platform = Platform.TELEGRAM

    def __init__(self, bot: Client) -> None:
        self._bot = bot

    async def send(
        self,
        address: ChatAddress,
        message: Message,
        *,
        key: str = "",  # noqa: ARG002 - the port's
        reply_to: str = "",
    ) -> str:
        """Send a message, without its markup where Telegram can't read that; answer its message id.

        Raises DeliveryError.
        """
        reply = ReplyParameters(int(reply_to), allow_sending_without_reply=True) if reply_to else None
        with translated():
            sent = await _with_fallback(
                message, lambda written, mode: self._post(address, message, written, mode, reply)
            )
        return str(sent.message_id)

    async def edit(self, address: ChatAddress, message_id: str, message: Message) -> None:
        """Have a message show this instead, without its markup where Telegram can't read that. Raises DeliveryError."""
        with translated(editing=True):
            try:
                await _with_fallback(message, lambda written, mode: self._repost(address, message_id, written, mode))
            except BadRequest as error:
                if not is_unmodified(error):  # it shows this already: an edit that was repeated
                    raise

    async def _repost(
        self, address: ChatAddress, message_id: str, written: Written, mode: ParseMode | None
    ) -> TelegramMessage | bool:
        return await self._bot.edit_message_text(
            chat_id=address.chat,
            message_id=int(message_id),
            text=written.text,
            parse_mode=mode,
            reply_markup=written.buttons,
            link_preview_options=_preview(written),
        )

    async def _post(
        self,
        address: ChatAddress,
        message: Message,
        written: Written,
        mode: ParseMode | None,
        reply: ReplyParameters | None,
    ) -> TelegramMessage:
        thread = int(address.thread) if address.thread else None
        if message.file:
            name, content = message.file
            return await self._bot.send_document(
                chat_id=address.chat,
                message_thread_id=thread,
                document=content,
                filename=name,
                caption=written.text,
                parse_mode=mode,
                reply_markup=written.buttons,
            )
        return await self._bot.send_message(
            chat_id=address.chat,
            message_thread_id=thread,
            text=written.text,
            parse_mode=mode,
            reply_markup=written.buttons,
            link_preview_options=_preview(written),
            reply_parameters=reply,
        )


async def _with_fallback(message: Message, post: Callable[[Written, ParseMode | None], Awaitable[T]]) -> T:
    """Post a message with its markup, or without where Telegram can't read that."""
    try:
        return await post(as_html(message), ParseMode.HTML)
    except BadRequest as error:
        if not is_unreadable(error):
            raise
    return await post(as_plain(message), None)


def _preview(written: Written) -> LinkPreviewOptions:
    return LinkPreviewOptions(is_disabled=not written.preview, url=written.preview or None)
