"""What goes out: who wants an item and why, its story and brief, and the delivery."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from bot.model.chats import Chat, Mode, Platform
from bot.model.feeds import FeedRef, NoticeKind, StoredItem
from bot.model.ids import ChatId, DeliveryId, ItemId, StoryId
from bot.model.schedule import Cap, Hold, Wishes


class MadeBy(StrEnum):
    """Which way of making briefs made one."""

    FEED = "feed"
    MODEL = "model"
    TRANSLATION = "translation"
    EXTRACT = "extract"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A query that an item answers, and the words that answered it: of the item's own text, and of its translation."""

    canonical: str
    matched: tuple[str, ...]
    translated: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """A chat that an item may go to: by keywords (their `queries`, as typed, by canonical form), or by mode.

    `wishes` say when; None is at once, as for most chats.
    """

    chat: ChatId
    mode: Mode
    subscribed: datetime
    queries: tuple[tuple[str, str], ...] = ()
    wishes: Wishes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """Title and summary of an item in two languages.

    With `untranslated`, no way to the other language was at hand: its title is empty and its summary holds
    only the glossary's terms.
    """

    title_zh: str
    title_en: str
    summary_zh: str
    summary_en: str
    made_by: MadeBy
    untranslated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """One reason for an alert: the keyword as typed, and the words that matched.

    `translated` are those that stand in the brief's translation and not in the item's own text.
    """

    keyword: str
    matched: tuple[str, ...]
    translated: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryMember:
    """An item told lately, with what the same-story decision compares. `told` is when it was, or was told better."""

    story: StoryId
    item: ItemId
    url: str
    title: str
    text: str
    language: str
    seen: datetime
    brief: Brief | None = None
    told: datetime | None = None


class StoryKind(StrEnum):
    """How an item belongs to a story that was told."""

    REPEAT = "repeat"  # the same page or text again
    EVENT = "event"  # another report of the same event
    DEVELOPMENT = "development"  # the event went on: a figure nobody told, or a new day


class Shared(StrEnum):
    """What two items of a story have in common."""

    LINK = "link"
    TITLE = "title"
    TEXT = "text"
    NAMES = "names"
    NUMBERS = "numbers"
    WORDS = "words"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryReason:
    """One reason to take items for one story. `words` are the new item's own; empty for links and whole texts."""

    shared: Shared
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SameStory:
    """The told story that an item belongs to, by its likeness to one member.

    `score` is from 0.5 (just enough) to 1; `new` are the figures, turns and names that make it a development, as far
    as there are any. Where it is not `sure`, the items may be of one topic only: then it is best told as a story of its
    own.
    """

    story: StoryId
    item: ItemId
    kind: StoryKind
    score: float
    reasons: tuple[StoryReason, ...]
    new: tuple[str, ...] = ()
    sure: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDelivery:
    """An alert owed to a chat. `why` is empty for subscriptions to everything.

    It is due at once, unless `held_by` says what has it wait until `due_at`, or the chat got as many as its `cap`.
    """

    chat: ChatId
    why: tuple[Why, ...] = ()
    due_at: datetime | None = None
    held_by: Hold | None = None
    cap: Cap | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertDecision:
    """All that one item leads to, committed in one transaction: its story, brief and deliveries."""

    item: ItemId
    lease: str
    story: StoryId | None = None  # None: it begins a new one
    same: SameStory | None = None  # why it belongs to that story, or which story a new one continues
    edit_at: datetime | None = None  # when the alerts that told the story are to name it; None: at once
    brief: Brief | None = None  # None: nobody asked for it
    deliveries: tuple[NewDelivery, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """What came of a decision: how many deliveries are due and on which platforms, and the item's story (None: of what
    nobody asked for there is none)."""

    due: int = 0
    platforms: frozenset[Platform] = frozenset()
    story: StoryId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Where else a story is told: a feed, and the link of its item."""

    feed: FeedRef
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A brief, the link of its item, and why a chat gets it. An empty `why` means the chat takes everything.

    `kind` says what it is to a story that the chat was told before, `new` the facts that make it a development. `also`
    are the reports that the chat asked for and that this alert stands for, oldest first.
    """

    item: StoredItem
    brief: Brief
    why: tuple[Why, ...] = ()
    kind: StoryKind | None = None  # None: the chat was told nothing of it before
    new: tuple[str, ...] = ()
    also: tuple[Report, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """Alerts that one message holds, the oldest first.

    `held_by` says what they waited for, until `due_at`; without it they could not be sent, until they were no news any
    more. `delivery` is the one that brings them, by which they are found again.
    """

    delivery: DeliveryId
    alerts: tuple[Alert, ...]
    held_by: Hold | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What a chat is told of one of its feeds. `reason` is the word of the feed's last error."""

    kind: NoticeKind
    feed: FeedRef
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RightsNotice:
    """What who manages a chat is told in private: the bot may not write there. `reason` is the platform's word."""

    chat: ChatId
    title: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """What whoever runs the bot has to say to all its chats: plain text, its lines kept."""

    text: str


Content: TypeAlias = Alert | Digest | Notice | RightsNotice | Announcement
"""What a delivery brings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryDue:
    """An alert, digest or notice claimed for sending, or to be shown anew in the `message` that it was sent as.

    `key` is its idempotency key, the same on every attempt (≤ 25 signs); `reply_to` the chat's earlier message of the
    story, if that is known; `joined` counts the reports that joined it so far, and `edit_at` is when the message was to
    be edited, both as of the claim.
    """

    id: DeliveryId
    key: str
    lease: str
    attempts: int
    chat: Chat
    content: Content
    created: datetime
    message: str = ""
    reply_to: str = ""
    joined: int = 0
    edit_at: datetime | None = None
