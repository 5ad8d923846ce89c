"""What the admin pages show: each value is a line, a sheet or a chart of one of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.model.chats import Platform
from bot.model.feeds import FeedRef, Item
from bot.model.ids import ChatId, DeliveryId, ItemId, StoryId


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """How long it took from one moment to another, of `count` alerts: half of them at most `p50`, 99 % at most `p99`.

    To within a tenth: they are read off a histogram.
    """

    count: int
    p50: timedelta
    p99: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class ActiveHour:
    """An hour (UTC) that begins at `start`: items that came, alerts sent and failed, and how long they took from being
    published to being in the chat (None: none was)."""

    start: datetime
    items: int = 0
    sent: int = 0
    failed: int = 0
    delay: Delay | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """The last hours, the oldest first, those without anything too, and the delays of all of them together.

    Delays leave out alerts that were held for a digest or quiet hours, and items published before their feed was first
    read; of very many alerts one in so many is measured. `cut` says that the oldest hours had more than could be
    counted.
    """

    hours: tuple[ActiveHour, ...]
    to_seen: Delay | None = None  # published → read by us
    to_sent: Delay | None = None  # read by us → in the chat
    overall: Delay | None = None  # published → in the chat
    cut: bool = False


class FeedFilter(StrEnum):
    """Which feeds are listed."""

    ALL = "all"
    TROUBLED = "troubled"  # the last poll failed, or it is gone
    PAUSED = "paused"
    QUIET = "quiet"  # read well, and without an item for 30 days
    UNUSED = "unused"  # no active chat takes it: it is not polled


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLine:
    """A feed in the list. `error` is the word for what its last poll failed with; `chats` take it."""

    feed: FeedRef
    chats: int
    polled: datetime | None
    next_poll: datetime
    last_item: datetime | None
    failures: int = 0
    error: str = ""
    gone: bool = False
    paused: bool = False
    pushed: bool = False  # a hub brings its news


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSheet:
    """All of one feed. `items` came in the last 28 days, and `week` says when: 7 days from Monday with 24 hours each
    (UTC), by our reading of them."""

    line: FeedLine
    created: datetime
    language: str
    items: int
    week: tuple[tuple[int, ...], ...]
    latest: tuple[ItemLine, ...]
    takers: tuple[ChatLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemLine:
    """An item in a list."""

    id: ItemId
    title: str
    url: str
    feed: FeedRef
    published: datetime | None
    seen: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatLine:
    """A chat in a list, with how much it has (in lists of deliveries: without). `state` and `kind` are the words of
    ChatState and ChatKind."""

    id: ChatId
    platform: Platform
    address: str
    kind: str
    title: str
    state: str
    admitted: bool = True
    reason: str = ""
    created: datetime | None = None
    feeds: int = 0
    keywords: int = 0
    last_sent: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeywordLine:
    """A keyword as it was typed, in how many chats it stands, and what it brought of what was looked at."""

    query: str
    chats: int
    alerts: int = 0
    last: datetime | None = None
    created: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeywordSheet:
    """The keywords that brought most since then, and those that brought nothing. `looked_at` newest alerts were
    counted; `since` is the oldest one's time, where there were more."""

    since: datetime
    looked_at: int
    top: tuple[KeywordLine, ...]
    silent: tuple[KeywordLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryLine:
    """A story of the day: its newest item stands for it; `reports` are its items, `sources` their feeds. `hours` counts
    the items by the hour (UTC), as many as were asked for, the oldest first."""

    id: StoryId
    item: ItemLine
    title_zh: str
    title_en: str
    reports: int
    sources: int
    chats: int
    hours: tuple[int, ...]


class DeliveryFilter(StrEnum):
    """Which deliveries are listed: by how far they are."""

    ALL = "all"
    WAITING = "waiting"  # due, or held for a time
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryLine:
    """A delivery in the list. `state` and `held_by` are the words of DeliveryState and Hold; a notice has no `item`."""

    id: DeliveryId
    state: str
    chat: ChatLine
    item: ItemLine | None
    keywords: tuple[str, ...]
    attempts: int
    created: datetime
    due_at: datetime
    finished: datetime | None
    reason: str = ""
    held_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendingDay:
    """What the language model took on a day (UTC): tokens, and money in the currency of its prices."""

    day: date
    tokens: int
    money: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TestedFeed:
    """A feed that an address led to: how long it took to read, and its newest items."""

    url: str
    title: str
    took: timedelta
    items: tuple[Item, ...]
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """An entry of the log, cleaned of secrets. `details` are its values as `name=value`."""

    at: datetime
    level: str
    logger: str
    event: str
    details: str = ""
