"""What the commands of those who run the bot are answered with, and what sends their broadcasts."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.model import Broadcast, BroadcastId, ChatAddress, ChatFigures, Overview, Queues, TroubledFeed


class Oversight(Protocol):
    """The whole bot in figures and lists."""

    async def overview(self, *, now: datetime) -> Overview:
        """The figures of `/admin`."""

    async def queues(self, *, now: datetime) -> Queues:
        """What waits."""

    async def chats(self, *, offset: int, limit: int) -> tuple[int, list[ChatFigures]]:
        """How many chats there are, and some of them, the newest first."""

    async def troubled(self, *, offset: int, limit: int) -> tuple[int, list[TroubledFeed]]:
        """How many feeds that chats take can't be read, and some of them, those of most chats first."""


class Broadcasts(Protocol):
    """Texts for all chats that take alerts."""

    async def draft(self, text: str, *, author: ChatAddress, now: datetime) -> Broadcast:
        """Keep a text that is not sent yet."""

    async def reach(self) -> int:
        """How many chats a broadcast would go to now."""

    async def broadcast(self, broadcast: BroadcastId) -> Broadcast | None:
        """A broadcast, with how far it is."""

    async def latest(self) -> Broadcast | None:
        """The newest broadcast that was begun."""

    async def begin(self, broadcast: BroadcastId) -> bool:
        """Send a draft; whether it was one."""

    async def stop(self, broadcast: BroadcastId, *, now: datetime) -> bool:
        """Send no more of it; whether it was under way."""

    async def drop(self, broadcast: BroadcastId) -> bool:
        """Forget a draft; whether it was one."""


class BroadcastQueue(Protocol):
    """Broadcasts that are under way."""

    async def owe_more(self, *, most: int, now: datetime) -> int:
        """Owe the oldest broadcast under way to more chats, so that at most so many of its deliveries wait; answer to
        how many. What was owed stays owed, so that this goes on after a crash where it was."""
