"""Asks for what completes a command line, and reads the answer: the question carries the line, so nothing is kept.

https://core.telegram.org/bots/api#forcereply: the app opens an answer to the question by itself; and a bot that does
not see a group's messages sees the answers to its own (https://core.telegram.org/bots/features#privacy-mode).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

import structlog
from telegram import CallbackQuery, ForceReply, User
from telegram import Message as TelegramMessage
from telegram.constants import ParseMode

from bot.chat.asking import HINT_LIMIT, question_for
from bot.chat.catalogue import Catalogue
from bot.chat.clip import clip
from bot.chat.telegram.connection import Client
from bot.chat.telegram.faults import translated
from bot.chat.telegram.updates import address_of, kind_of
from bot.errors import DeliveryError
from bot.model import ChatKind

_SIGN = "✏️ "
_LINE = re.compile(r"/[A-Za-z0-9_]+(?: [^\n]*)?")
log = structlog.get_logger("bot.telegram")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as Telegram takes it."""

    html: str
    reply: ForceReply | None


def question(line: str, label: str, person: User, kind: ChatKind, t: Catalogue) -> Asked:
    """The question for a line. In a group the person is named, so that the app opens the answer for them alone; in a
    channel, where nobody can be made to answer, it says what to post."""
    asked = question_for(line, label)
    said = t(asked.text) if asked.text else label
    if kind is ChatKind.CHANNEL:
        how, reply = t("Post this line with your words behind it:"), None
    else:
        how = t("Send it as an answer to this message.")
        hint = clip(t(asked.example) if asked.example else said, HINT_LIMIT)
        reply = ForceReply(selective=kind is ChatKind.GROUP, input_field_placeholder=hint or None)
    whom = f'<a href="tg://user?id={person.id}">{escape(person.first_name)}</a>: ' if kind is ChatKind.GROUP else ""
    return Asked(f"{_SIGN}{whom}{escape(said)}\n<i>{escape(how)}</i>\n<code>{escape(line)}</code>", reply)


def asked_line(message: TelegramMessage, bot_id: int) -> str:
    """The line that a message completes, if it answers a question of ours; else empty."""
    answered = message.reply_to_message
    if answered is None or answered.from_user is None or answered.from_user.id != bot_id:
        return ""
    text = answered.text or ""
    last = text.rpartition("\n")[2]
    return last if text.startswith(_SIGN) and _LINE.fullmatch(last) else ""


async def ask(bot: Client, query: CallbackQuery, line: str, t: Catalogue) -> None:
    """Ask who pressed a button for the rest of its line. Never raises DeliveryError."""
    if query.message is None:
        return
    address, kind = address_of(query.message), kind_of(query.message.chat)
    asked = question(line, _label(query), query.from_user, kind, t)
    try:
        with translated():
            await bot.send_message(
                chat_id=address.chat,
                message_thread_id=int(address.thread) if address.thread else None,
                text=asked.html,
                parse_mode=ParseMode.HTML,
                reply_markup=asked.reply,
            )
    except DeliveryError as error:
        log.warning("question could not be asked", chat=address.chat, reason=error.reason)


def _label(query: CallbackQuery) -> str:
    """What is written on the button that was pressed."""
    markup = query.message.reply_markup if isinstance(query.message, TelegramMessage) else None
    buttons = (button for row in (markup.inline_keyboard if markup else ()) for button in row)
    return next((button.text for button in buttons if button.callback_data == query.data), "")
