"""The menus of commands that Telegram shows, in the languages people read."""

from __future__ import annotations

from collections.abc import Collection

import structlog
from telegram import BotCommandScopeChat

from bot.chat.catalogue import interface_locales, locale_from_tag
from bot.chat.telegram.connection import Client
from bot.chat.telegram.faults import translated
from bot.chat.telegram.updates import command_menu
from bot.errors import DeliveryError
from bot.model import Locale

_SHORT = 2  # letters: Telegram knows such languages only
log = structlog.get_logger("bot.telegram")


def menus_for_all() -> dict[str, Locale]:
    """The languages that Telegram can tell apart, by its codes; "" is for all others. Of the two ways to write
    Chinese, `zh` alone means Hans (CLDR)."""
    languages = dict.fromkeys(_language(locale.value) for locale in interface_locales() if locale is not Locale.EN)
    return {"": Locale.EN} | {code: locale_from_tag(code) for code in languages if len(code) == _SHORT}


def _language(tag: str) -> str:
    return tag.lower().replace("_", "-").partition("-")[0]


class Menus:
    """A menu for each language that Telegram knows, and one of its own for a private chat that reads another.

    Telegram keeps what it was given, so a failure is logged and no reason to wait. What was given to single chats is
    remembered for as long as the process lives; giving it once more does no harm. The `owners` of the bot, by the ids
    of their private chats, see their own commands as well.
    """

    def __init__(self, bot: Client, owners: Collection[str] = ()) -> None:
        self._bot = bot
        self._owners = {int(owner) for owner in owners}
        self._own: dict[int, Locale] = {}

    async def show(self) -> None:
        """Give Telegram the menus for everybody."""
        try:
            with translated(chat=False):
                for code, locale in menus_for_all().items():
                    await self._bot.set_my_commands(command_menu(locale), language_code=code or None)
        except DeliveryError as error:
            log.warning("the menus of commands could not be set", reason=error.reason)

    async def follow(self, chat: int, *, app: str | None, spoken: Locale) -> None:
        """See that a private chat has its menu in the language `spoken` there. `app`: the tag of the app's language."""
        usual = menus_for_all().get(_language(app or ""), Locale.EN)
        is_owner = chat in self._owners
        if self._own.get(chat, None if is_owner else usual) is spoken:
            return
        scope = BotCommandScopeChat(chat)
        try:
            with translated():
                if spoken is usual and not is_owner:
                    await self._bot.delete_my_commands(scope=scope)
                else:
                    await self._bot.set_my_commands(command_menu(spoken, owner=is_owner), scope=scope)
        except DeliveryError as error:
            log.info("the menu of a chat could not be set", chat=chat, reason=error.reason)
        self._own[chat] = spoken
