"""Sends messages to Telegram chats and topics, and edits those sent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TypeVar

from telegram import LinkPreviewOptions, ReplyParameters
from telegram import Message as TelegramMessage
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.chat.plainer import Plainer
from bot.chat.telegram.connection import Client
from bot.chat.telegram.faults import is_about_page, is_unmodified, is_unreadable, refusal_of, translated
from bot.chat.telegram.limiter import DELIVERY
from bot.chat.telegram.markup import Written, as_html, as_plain
from bot.chat.telegram.standing import looked_into
from bot.errors import RightsMissing, TokenRefused
from bot.model import ChatAddress, Image, Message, Platform
from bot.ports import Meter

T = TypeVar("T")
_NO_PHOTOS = "not enough rights to send photos"


class TelegramMessenger:
    """Implements `bot.ports.Messenger`.

    Telegram takes no idempotency key; `key` only tells deliveries, which were counted for the pace, from what is sent
    beside them. `paid`: deliveries may go over the free 30 messages a second, for Telegram Stars
    (https://core.telegram.org/bots/faq#how-can-i-message-all-of-my-bot-39s-subscribers-at-once).
    """

    platform = Platform.TELEGRAM

    def __init__(self, bot: Client, *, meter: Meter | None = None, paid: bool = False) -> None:
        self._bot = bot
        self._paid = paid
        self._plainer = Plainer(self.platform, meter)

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
        report = partial(self._plainer.note, address, key)
        try:
            with translated():
                sent = await _with_fallback(
                    message,
                    lambda written, mode, turn: self._post(address, message, written, mode, reply, turn),
                    report,
                    turn=DELIVERY if key else None,
                )
        except (TokenRefused, RightsMissing) as error:
            raise await looked_into(self._bot, address, error) from None
        return str(sent.message_id)

    async def private_chat(self, person: str) -> ChatAddress:
        """See `bot.ports.Messenger`. Who never spoke to the bot can't be written to."""
        return ChatAddress(self.platform, person)

    async def edit(
        self, address: ChatAddress, message_id: str, message: Message, *, turn: int | None = DELIVERY
    ) -> None:
        """Have a message show this instead, without its markup where Telegram can't read that. Raises DeliveryError.

        `turn` is None for an answer to a person, which takes its turn beside the deliveries.
        """
        try:
            with translated(editing=True):
                await self._edited(address, message_id, message, turn)
        except TokenRefused as error:
            raise await looked_into(self._bot, address, error) from None

    async def _edited(self, address: ChatAddress, message_id: str, message: Message, turn: int | None) -> None:
        try:
            await _with_fallback(
                message,
                lambda written, mode, turn: self._repost(address, message_id, written, mode, turn),
                partial(self._plainer.note, address, ""),
                turn=turn,
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
        if message.image:
            try:
                return await self._post_photo(address, message.image, written, mode, turn)
            except BadRequest as error:
                # A group can forbid pictures alone: the words say the same, and the chat is not to count as closed.
                if _NO_PHOTOS not in error.message.lower():
                    raise
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

    async def _post_photo(
        self, address: ChatAddress, image: Image, written: Written, mode: ParseMode | None, turn: int | None
    ) -> TelegramMessage:
        return await self._bot.send_photo(
            chat_id=address.chat,
            message_thread_id=int(address.thread) if address.thread else None,
            photo=image.content,
            filename=image.name,
            caption=written.text,
            parse_mode=mode,
            reply_markup=written.buttons,
            rate_limit_args=turn,
        )


async def _with_fallback(
    message: Message,
    post: Callable[[Written, ParseMode | None, int | None], Awaitable[T]],
    report: Callable[[str], None],
    *,
    turn: int | None,
) -> T:
    """Post a message with its markup; where Telegram does not take that without, and at last without its buttons, too.
    What Telegram takes only so is reported with its reason. `turn` is that of the first try. A page that it can't
    preview is no fault of the message, which then goes without a preview."""
    written = as_html(message)
    try:
        return await post(written, ParseMode.HTML, turn)
    except BadRequest as error:
        if not is_unreadable(error):
            raise
        refusal = error
    if written.preview and is_about_page(refusal):
        with suppress(BadRequest):
            return await post(replace(written, preview=""), ParseMode.HTML, None)
    try:
        posted = await post(as_plain(message), None, None)
    except BadRequest as error:
        if not (message.buttons and is_unreadable(error)):
            raise
        posted = await post(as_plain(replace(message, buttons=())), None, None)
    report(refusal_of(refusal))
    return posted


def _preview(written: Written) -> LinkPreviewOptions:
    """Telegram's preview of the article, whose picture people know from other messages: it opens as an instant view
    where the site has one, and a picture that Telegram can't fetch costs nothing. A photo with a caption would show no
    more than 1,024 signs of the alert, and none of it where the feed's address of the picture is dead."""
    if not written.preview:
        return LinkPreviewOptions(is_disabled=True)
    large = written.large
    return LinkPreviewOptions(
        is_disabled=False,
        url=written.preview,
        prefer_large_media=large or None,
        prefer_small_media=(not large) or None,
    )
