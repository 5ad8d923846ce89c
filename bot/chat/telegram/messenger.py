"""Sends messages to Telegram chats and topics."""

from __future__ import annotations

from telegram import LinkPreviewOptions
from telegram import Message as TelegramMessage
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.chat.telegram.connection import Client
from bot.chat.telegram.faults import is_unreadable, translated
from bot.chat.telegram.markup import Written, as_html, as_plain
from bot.model import ChatAddress, Message, Platform


class TelegramMessenger:
    """Implements `bot.ports.Messenger`. Telegram takes no idempotency key, so `key` goes unused."""

    platform = Platform.TELEGRAM

    def __init__(self, bot: Client) -> None:
        self._bot = bot

    async def send(self, address: ChatAddress, message: Message, *, key: str = "") -> str:  # noqa: ARG002 - the port's
        """Send a message, without its markup where Telegram can't read that; answer its message id.

        Raises DeliveryError.
        """
        with translated():
            try:
                sent = await self._post(address, message, as_html(message), ParseMode.HTML)
            except BadRequest as error:
                if not is_unreadable(error):
                    raise
                sent = await self._post(address, message, as_plain(message), None)
        return str(sent.message_id)

    async def _post(
        self, address: ChatAddress, message: Message, written: Written, mode: ParseMode | None
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
            link_preview_options=LinkPreviewOptions(is_disabled=not written.preview, url=written.preview or None),
        )
