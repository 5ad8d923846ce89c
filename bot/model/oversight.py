"""What those who run the bot see of it: its chats, feeds in trouble, and what they had to say to all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.model.chats import Chat, ChatState, Platform
from bot.model.feeds import FeedRef
from bot.model.ids import BroadcastId


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The figures of the whole bot. `chats` counts those admitted, by platform and state."""

    chats: tuple[tuple[Platform, ChatState, int], ...]
    outside: int  # chats that are not admitted
    feeds: int  # that some chat takes
    troubled: int
    keywords: int
    waiting: int  # deliveries that are due
    last_poll: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Queues:
    """What waits to be done. `deliveries` has, by platform, how many are due and since when the oldest is."""

    deliveries: Mapping[Platform, tuple[int, datetime]]
    items: int  # that are not matched yet


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatFigures:
    """A chat, and how much it has."""

    chat: Chat
    feeds: int
    keywords: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TroubledFeed:
    """A feed that can't be read: the word for it, when it last could be, and how many chats take it."""

    feed: FeedRef
    error: str
    polled: datetime | None
    chats: int


class BroadcastState(StrEnum):
    """How far a broadcast is."""

    DRAFT = "draft"
    SENDING = "sending"
    DONE = "done"  # owed to every chat; the last may be under way
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Broadcast:
    """A text for all chats, and how many have it, will not have it, and wait for it."""

    id: BroadcastId
    text: str
    state: BroadcastState
    created: datetime
    sent: int = 0
    failed: int = 0
    left: int = 0
