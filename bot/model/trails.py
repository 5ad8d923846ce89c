"""What became of an item on its way to one chat, for people who ask why it came or did not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.model.alerts import Brief, SameStory, Why
from bot.model.chats import Keyword, Mode, Subscription
from bot.model.feeds import FeedRef, StoredItem
from bot.model.ids import ItemId
from bot.model.misses import Excerpt, Miss
from bot.model.schedule import Hold


class ItemState(StrEnum):
    """How far an item is."""

    NEW = "new"  # waits to be matched
    BACKLOG = "backlog"  # older than the subscriptions: stored, never alerted
    DONE = "done"


class DeliveryState(StrEnum):
    """How far an alert is."""

    DUE = "due"
    SENT = "sent"
    FAILED = "failed"
    JOINED = "joined"  # another alert of the chat stands for it
    HELD = "held"  # waits for its time, as the chat wants it
    FOLDED = "folded"  # too old to be news: waits to be sent in the digest of another delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What became of a delivery. `finished` is when it was sent or given up, `reason` the last failure's word;
    `held_by` what it waits or waited for, and `due_at` when that is or was over."""

    state: DeliveryState
    why: tuple[Why, ...]
    created: datetime
    finished: datetime | None = None
    attempts: int = 0
    reason: str = ""
    held_by: Hold | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryItem:
    """Another item of a story. `state` and `at` tell of its alert in the same chat, None where there was none."""

    item: StoredItem
    state: DeliveryState | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """An item's way to a chat, as far as it came.

    `mode` and `subscribed` are those of the chat's subscription, None where it takes the feed no more (there is a
    `fate` then); `same` is why the item counts as a story told before, or as its continuation; `others` are the further
    items of the story that the chat may know of; `told` says that it counts as told of the story, `muted` that it
    wants to hear no more of it.
    """

    item: StoredItem
    state: ItemState
    mode: Mode | None = None
    subscribed: datetime | None = None
    brief: Brief | None = None
    fate: Fate | None = None
    same: SameStory | None = None
    others: tuple[StoryItem, ...] = ()
    told: bool = False
    muted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkTrace:
    """Where a link was seen: items that a chat may ask about, its feeds that had an item since removed, and feeds of
    the public catalogue that had it and that the chat does not take."""

    items: tuple[ItemId, ...] = ()
    removed: tuple[FeedRef, ...] = ()
    elsewhere: tuple[FeedRef, ...] = ()


class End(StrEnum):
    """Where an item's way to a chat ended, in the order of the way."""

    NO_LINK = "no-link"  # what was asked about is no web address
    UNSEEN = "unseen"  # no feed of the chat listed it
    ELSEWHERE = "elsewhere"  # a feed of the catalogue did, which the chat does not take
    REMOVED = "removed"  # too old: cleaned away
    EARLIER = "earlier"  # it came before the subscription
    QUEUED = "queued"  # not matched yet
    NO_KEYWORD = "no-keyword"  # the chat has none
    NO_MATCH = "no-match"
    LATER = "later"  # the keywords that match were added after it came
    TOLD = "told"  # its story was told already
    MUTED = "muted"  # the chat wants to hear no more of its story
    PAUSED = "paused"
    UNCLEAR = "unclear"  # nothing speaks against it today
    WAITING = "waiting"  # to be sent
    FAILED = "failed"
    SENT = "sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A keyword of the chat, and what it lacks in the item."""

    keyword: Keyword
    miss: Miss


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """A reason of an alert: `keyword` is None when the chat has it no more. `excerpts` are of what is stored: where
    words were found in the whole article alone, there are none."""

    why: Why
    keyword: Keyword | None = None
    excerpts: tuple[Excerpt, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The answer to "why?": where the way ended, and what shows it.

    `trail` is there but for NO_LINK, UNSEEN, ELSEWHERE and REMOVED; `feed` for the latter two; `watched` are the chat's
    feeds of the link's host (UNSEEN); `judged` its keywords: nearest first, or those that match (LATER); `causes` what
    made the alert (WAITING, FAILED, SENT), or would have (TOLD). With `paged`, its whole page may have been searched
    when it came, and the page is not kept.
    """

    end: End
    link: str = ""
    trail: Trail | None = None
    feed: FeedRef | None = None
    watched: tuple[Subscription, ...] = ()
    judged: tuple[Judged, ...] = ()
    causes: tuple[Cause, ...] = ()
    paged: bool = False
