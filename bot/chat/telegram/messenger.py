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
from bot.chat.telegram.limiter import DELIVERY
from bot.chat.telegram.markup import Written, as_html, as_plain
from bot.model import ChatAddress, Message, Platform

T = TypeVar("T")


class TelegramMessenger:
    """Implements `bot.ports.Messenger`.

    Telegram takes no idempotency key; `key` only tells deliveries, which were counted for the pace, from what is sent
    beside them. `paid`: deliveries may go over the free 30 messages a second, for Telegram Stars
    (https://core.telegram.org/bots/faq#how-can-i-message-all-of-my-bot-39s-subscribers-at-once).
    """

    platform = Platform.TELEGRAM

    def __init__(self, bot: Client, *, paid: bool = False) -> None:
        self._bot = bot
        self._paid = paid

    async def send(
        self,
        address: ChatAddress,
        message: Message,
        *,
        key: str = "",
        reply_to: str = "",
    ) -> str:
        """Send a message, without its markup where Telegram can't read that; answer its message id.

        Raises DeliveryError.
        """
        reply = ReplyParameters(int(reply_to), allow_sending_without_reply=True) if reply_to else None
        with translated():
            sent = await _with_fallback(
                message,
                lambda written, mode, turn: self._post(address, message, written, mode, reply, turn),
                turn=DELIVERY if key else None,
            )
        return str(sent.message_id)

    async def edit(self, address: ChatAddress, message_id: str, message: Message) -> None:
        """Have a message show this instead, without its markup where Telegram can't read that. Raises DeliveryError."""
        with translated(editing=True):
            try:
                await _with_fallback(
                    message,
                    lambda written, mode, turn: self._repost(address, message_id, written, mode, turn),
                    turn=DELIVERY,
                )
            except BadRequest as error:
                if not is_unmodified(error):  # it shows this already: an edit that was repeated
                    raise

    async def _repost(
        self, address: ChatAddress, message_id: str, written: Written, mode: ParseMode | None, turn: int | None
    ) -> TelegramMessage | bool:
        return await self._bot.edit_message_text(
            chat_id=address.chat,
            message_id=int(message_id),
            text=written.text,
            parse_mode=mode,
            reply_markup=written.buttons,
            link_preview_options=_preview(written),
            rate_limit_args=turn,
        )

    async def _post(  # noqa: PLR0917 - what a message is made of
        self,
        address: ChatAddress,
        message: Message,
        written: Written,
        mode: ParseMode | None,
        reply: ReplyParameters | None,
        turn: int | None,
    ) -> TelegramMessage:
        thread = int(address.thread) if address.thread else None
        paid = True if self._paid and turn == DELIVERY else None
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
                allow_paid_broadcast=paid,
                rate_limit_args=turn,
            )
        return await self._bot.send_message(
            chat_id=address.chat,
            message_thread_id=thread,
            text=written.text,
            parse_mode=mode,
            reply_markup=written.buttons,
            link_preview_options=_preview(written),
            reply_parameters=reply,
            allow_paid_broadcast=paid,
            rate_limit_args=turn,
        )


async def _with_fallback(
    message: Message, post: Callable[[Written, ParseMode | None, int | None], Awaitable[T]], *, turn: int | None
) -> T:
    """Post a message with its markup, or without where Telegram can't read that. `turn` is that of the first try."""
    try:
        return await post(as_html(message), ParseMode.HTML, turn)
    except BadRequest as error:
        if not is_unreadable(error):
            raise
    return await post(as_plain(message), None, None)


def _preview(written: Written) -> LinkPreviewOptions:
    return LinkPreviewOptions(is_disabled=not written.preview, url=written.preview or None)
