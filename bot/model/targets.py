"""Places that only receive: an address each, under a name that people call it by."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.model.chats import ChatAddress, Platform

NO_TARGET = "not in TARGETS any more"
"""The reason of a chat that is gone with its setting."""

_WEBHOOKS = ("https://", "http://")


@dataclass(frozen=True, slots=True)
class Target:
    """A place that only receives. Its `url` holds tokens, so no text made of a target shows it."""

    name: str
    url: str = field(repr=False)

    @property
    def is_webhook(self) -> bool:
        """Whether our own JSON goes there; every other address is one of Apprise's."""
        return self.url.lower().startswith(_WEBHOOKS)

    @property
    def scheme(self) -> str:
        """What the address begins with, which tells the service and no secret."""
        return self.url.partition("://")[0].lower()

    @property
    def address(self) -> ChatAddress:
        """Where its chat is."""
        return ChatAddress(Platform.TARGET, self.name)
