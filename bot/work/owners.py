"""Tells those who run the bot, in private, what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import timedelta

import structlog

from bot.chat.troubles import trouble_message
from bot.errors import DeliveryError, StorageError
from bot.model import ChatAddress, Locale, Owner, Trouble
from bot.ports import ChatBook, Messenger
from bot.work.loop import Clock
from bot.work.troubles import Troubles


class OwnerCalls:
    """Each trouble goes to all owners on platforms that work, once an hour at most while it lasts.

    It goes by no row of the outbox: what is wrong may be the database.
    """

    def __init__(
        self,
        *,
        owners: Sequence[Owner],
        messengers: Callable[[], Collection[Messenger]],
        chats: ChatBook,
        troubles: Troubles,
        clock: Clock,
    ) -> None:
        self._owners = owners
        self._messengers = messengers
        self._chats = chats
        self._troubles = troubles
        self._clock = clock
        self._log = structlog.get_logger("bot.owners")

    async def step(self) -> timedelta | None:
        """Tell what is new; then wait for the clock's tick."""
        for trouble in self._troubles.untold():
            # Noted first: an owner who is told twice is worse off than one who is told a minute late.
            self._troubles.told(trouble, reached=False)
            if await self._tell(trouble):
                self._troubles.told(trouble, reached=True)
        return None

    async def _tell(self, trouble: Trouble) -> bool:
        told = [await self._reach(owner, trouble) for owner in self._owners]
        if not any(told):
            self._log.warning("no owner could be told", trouble=trouble.kind, platform=trouble.platform)
        return any(told)

    async def _reach(self, owner: Owner, trouble: Trouble) -> bool:
        messenger = next((one for one in self._messengers() if one.platform is owner.platform), None)
        if messenger is None or self._troubles.is_dead(owner.platform):
            return False
        try:
            address = await messenger.private_chat(owner.person)
            message = trouble_message(trouble, await self._locale(address), now=self._clock())
            await messenger.send(address, message, key="")
        except DeliveryError as error:
            self._log.warning("owner could not be told", platform=owner.platform, reason=error.reason)
            return False
        return True

    async def _locale(self, address: ChatAddress) -> Locale:
        try:
            chat = await self._chats.find_chat(address)
        except StorageError:
            return Locale.EN
        return chat.settings.spoken() if chat else Locale.EN
