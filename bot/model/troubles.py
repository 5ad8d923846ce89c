"""What can be wrong with the bot as a whole, for whoever runs it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.model.chats import Platform


class TroubleKind(StrEnum):
    """What is wrong."""

    TOKEN_REFUSED = "token-refused"  # noqa: S105 - the word for it
    SECOND_POLLER = "second-poller"
    PLATFORM_DOWN = "platform-down"
    DELIVERY_FAULT = "delivery-fault"  # a bug of ours
    DISK_FULL = "disk-full"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A trouble, where it is (None: in the database), since when, and the word for it that was last heard."""

    kind: TroubleKind
    platform: Platform | None
    since: datetime
    seen: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Owner:
    """A person who runs the bot: a user id on a platform."""

    platform: Platform
    person: str
