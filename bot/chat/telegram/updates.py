"""Reads Telegram's updates: what was typed, where, by whom; and what a change of the bot's standing means."""

from __future__ import annotations

import re
from dataclasses import dataclass

from telegram import (
    BotCommand,
    Chat,
    ChatMember,
    ChatMemberAdministrator,
    ChatMemberRestricted,
    MaybeInaccessibleMessage,
)
from telegram import Message as TelegramMessage
from telegram.constants import ChatMemberStatus, ChatType

from bot.chat.catalogue import catalogue_for
from bot.chat.menu import ALIASES, MENU
from bot.chat.menu.owners import OWNER_MENU
from bot.model import ChatAddress, ChatKind, Locale, Platform

COMMANDS = frozenset(command.name for command in MENU) | frozenset(ALIASES)
_LINE = re.compile(r"/([A-Za-z0-9_]{1,64})(?:@([A-Za-z0-9_]{3,32}))?(?:\s+(.*))?", re.DOTALL)
# Shown texts carry these so that Telegram makes no links of them; they come back when people copy such a text.
_INVISIBLE = re.compile("[\u200b\u2060\ufeff]")
_KINDS = {ChatType.PRIVATE: ChatKind.PRIVATE, ChatType.CHANNEL: ChatKind.CHANNEL}


@dataclass(frozen=True, slots=True)
class Typed:
    """A line that asks something of the bot. The command has no slash; `reply_to` is the message that it answers, and
    `about` its text."""

    command: str
    arguments: str = ""
    reply_to: str = ""
    about: str = ""


def read_line(text: str, *, username: str, private: bool) -> Typed | None:
    """The command in a line, or None when it is none for this bot.

    In a private chat every line is for the bot: one without a command has the command "" and is all arguments.
    Elsewhere, other bots may listen too: a command that we don't have is for them, unless it names this bot.
    """
    line = _INVISIBLE.sub("", text).strip()
    found = _LINE.fullmatch(line)
    if found is None:
        return Typed("", line) if private and line else None
    name, bot, arguments = found[1].casefold(), found[2], (found[3] or "").strip()
    if bot and bot.casefold() != username.casefold():
        return None
    if not (private or bot or name in COMMANDS):
        return None
    return Typed(name, arguments)


def read_action(line: str) -> Typed | None:
    """The command line of a button."""
    found = _LINE.fullmatch(line.strip())
    return Typed(found[1].casefold(), (found[3] or "").strip()) if found else None


def address_of(message: MaybeInaccessibleMessage) -> ChatAddress:
    """Where an answer to the message goes: its chat, and its topic in a forum."""
    thread = ""
    if isinstance(message, TelegramMessage) and message.is_topic_message and message.message_thread_id:
        thread = str(message.message_thread_id)
    return ChatAddress(Platform.TELEGRAM, str(message.chat.id), thread)


def replied_to(message: TelegramMessage) -> str:
    """The id of the message that this one answers; "" for none. In a forum, whatever begins no answer of its own
    answers the notice that its topic was made."""
    answered = message.reply_to_message
    return str(answered.message_id) if answered and not answered.forum_topic_created else ""


def text_replied_to(message: TelegramMessage) -> str:
    """The text of the message that this one answers, or what is quoted of it."""
    if message.quote:
        return message.quote.text
    answered = message.reply_to_message
    return (answered.text or answered.caption or "") if answered else ""


def kind_of(chat: Chat) -> ChatKind:
    """What kind of place a chat is."""
    return _KINDS.get(ChatType(chat.type), ChatKind.GROUP)


def is_in(member: ChatMember) -> bool:
    """Whether the bot is in the chat at all."""
    if isinstance(member, ChatMemberRestricted):
        return member.is_member
    return member.status not in (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)


def can_speak(chat: Chat, member: ChatMember) -> bool:
    """Whether the bot with this standing may send to the chat. In channels only admins with that right may."""
    if isinstance(member, ChatMemberRestricted):
        return member.is_member and member.can_send_messages
    if chat.type == ChatType.CHANNEL:
        return isinstance(member, ChatMemberAdministrator) and member.can_post_messages is not False
    return is_in(member)


def command_menu(locale: Locale, *, owner: bool = False) -> list[BotCommand]:
    """The commands as Telegram lists them, short forms included; those of an owner, too."""
    t = catalogue_for(locale)
    listed = []
    for command in (*MENU, *OWNER_MENU) if owner else MENU:
        listed.append(BotCommand(command.name, t(command.description)))
        listed += [BotCommand(sub.alias, t(sub.description)) for sub in command.subcommands if sub.alias]
    return listed
