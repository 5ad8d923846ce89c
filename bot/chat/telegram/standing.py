"""Looks after a refusal whether the bot's token works at all, and who can give the bot its rights."""

from __future__ import annotations

import structlog
from telegram.constants import ChatMemberStatus

from bot.chat.telegram.connection import Client
from bot.chat.telegram.faults import translated
from bot.errors import DeliveryError, PlatformDown, RightsMissing, TokenRefused
from bot.model import ChatAddress, Platform

log = structlog.get_logger("bot.telegram")


async def token_works(bot: Client) -> bool:
    """Whether Telegram knows the token, or does not say. Servers in trouble have refused tokens that were good."""
    try:
        with translated(chat=False):
            await bot.get_me()
    except TokenRefused:
        return False
    except DeliveryError:
        return True
    return True


async def looked_into(bot: Client, address: ChatAddress, error: DeliveryError) -> DeliveryError:
    """What the error of a call about a chat comes to, with what Telegram says when it is asked."""
    match error:
        case TokenRefused():
            return PlatformDown("unauthorized, though the token works") if await token_works(bot) else error
        case RightsMissing():
            return RightsMissing(error.reason, await managers(bot, address.chat))
    return error


async def managers(bot: Client, chat: str) -> tuple[ChatAddress, ...]:
    """The private chats of a chat's admins, its owner first; none where Telegram does not name them.

    A private chat has the id of its person: https://core.telegram.org/bots/api#chat.
    """
    try:
        with translated():
            admins = await bot.get_chat_administrators(chat)
    except DeliveryError as error:
        log.info("admins could not be looked up", chat=chat, reason=error.reason)
        return ()
    people = sorted(
        (admin for admin in admins if not admin.user.is_bot), key=lambda admin: admin.status != ChatMemberStatus.OWNER
    )
    return tuple(ChatAddress(Platform.TELEGRAM, str(admin.user.id)) for admin in people)
