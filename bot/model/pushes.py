"""What is agreed with the WebSub hub of a feed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.model.ids import FeedId


class PushState(StrEnum):
    """How far a feed and its hub have come."""

    WANTED = "wanted"  # the hub was not asked yet
    ASKED = "asked"  # and has not called back yet
    LIVE = "live"  # the hub verified the subscription
    DENIED = "denied"  # the hub will not push this topic; it is asked again after days
    LEAVING = "leaving"  # the subscription is to end


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """A feed's standing with a hub.

    `token` names the feed in the address that the hub calls, and nobody else knows it; `secret` is the key of the hub's
    signatures. `due` is when to speak to the hub (again); `expires` the end of its lease, None before the first.
    """

    feed: FeedId
    hub: str
    topic: str
    token: str = field(repr=False)
    secret: str = field(repr=False)
    state: PushState
    due: datetime
    expires: datetime | None = None
    failures: int = 0
