"""What it takes to have news pushed by the hubs of feeds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Protocol

from bot.model import FeedId, Push


class PushBook(Protocol):
    """What is agreed with the WebSub hubs of feeds."""

    async def claim_pushes(self, *, now: datetime, limit: int, hold: timedelta) -> list[Push]:
        """Up to `limit` agreements that are due: feeds that came to offer a hub, leases that end, subscriptions that
        are to end. They are due again after `hold`, for whoever comes first, unless something is recorded before."""

    async def postpone(self, push: Push, *, due: datetime, reason: str = "") -> None:
        """A claimed agreement waits until `due`, as one more try that led to nothing yet; does nothing where the hub
        called back meanwhile."""

    async def find_push(self, token: str) -> Push | None:
        """The agreement with that token."""

    async def confirm(self, push: Push, *, expires: datetime, due: datetime) -> None:
        """The hub verified the subscription until `expires`; `due` is when to renew it."""

    async def deny(self, push: Push, *, reason: str, due: datetime) -> None:
        """The hub refuses; ask again when `due`."""

    async def forget(self, push: Push) -> None:
        """The subscription ended."""

    async def hasten(self, feed: FeedId, *, at: datetime, now: datetime) -> bool:
        """Have the feed polled at `at`, unless that is to happen sooner; False, and no change, while somebody has the
        feed in hand."""


class Hub(Protocol):
    """The HTTP client for hubs."""

    async def ask(self, hub: str, fields: Mapping[str, str]) -> None:
        """Send a hub a subscription request, by which it says whether it will look into it. Raises FeedError."""


class PushReceiver(Protocol):
    """What hubs call, by the token in the address."""

    async def verify(self, token: str, query: Mapping[str, str]) -> str | None:
        """What to answer a hub that verifies or denies a subscription; None when nothing of the kind was asked."""

    async def expects(self, token: str) -> bool:
        """Whether the token is one of ours, so that what comes is worth reading."""

    async def receive(self, token: str, body: bytes, *, content_type: str, signature: str) -> None:
        """Take what a hub sent. Returns when it is in hand, not when it is done."""
