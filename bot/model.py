"""The frozen values that travel through Diting, one for each stage, and the ids that name its rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

FeedId = NewType("FeedId", int)
ItemId = NewType("ItemId", int)
ChatId = NewType("ChatId", int)
KeywordId = NewType("KeywordId", int)
StoryId = NewType("StoryId", int)
DeliveryId = NewType("DeliveryId", int)


class Platform(StrEnum):
    """Where chats live."""

    TELEGRAM = "telegram"
    DISCORD = "discord"
    CONSOLE = "console"


class ChatKind(StrEnum):
    """What kind of place a chat is; platforms pace groups more slowly than private chats."""

    PRIVATE = "private"
    GROUP = "group"
    CHANNEL = "channel"


class ChatState(StrEnum):
    """Whether a chat gets alerts, and if not, why."""

    ACTIVE = "active"
    PAUSED = "paused"  # by its people
    BLOCKED = "blocked"  # they blocked, kicked or muted the bot
    GONE = "gone"  # deleted, or a topic that was closed


class Locale(StrEnum):
    """A language of the interface, as a BCP 47 tag."""

    EN = "en"
    ZH_HANT = "zh-Hant"
    ZH_HANS = "zh-Hans"


class Language(StrEnum):
    """A language that a brief is written in."""

    ZH = "zh"
    EN = "en"


class Script(StrEnum):
    """Which characters a chat reads Chinese in."""

    HANT = "hant"
    HANS = "hans"
    SOURCE = "source"  # as the source wrote it


class Mode(StrEnum):
    """What a subscription asks of its feed."""

    MATCHING = "matching"
    EVERYTHING = "everything"


class MadeBy(StrEnum):
    """Which way of making briefs made one."""

    FEED = "feed"
    MODEL = "model"
    TRANSLATION = "translation"
    EXTRACT = "extract"


# --- feeds -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRef:
    """A feed as people see it."""

    id: FeedId
    url: str
    title: str = ""
    site: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedDue:
    """A feed claimed for polling: what the fetch and the decision need to know of its past.

    `polled` is the time of the last successful poll (None: never, so this poll is the silent first one);
    `created` the time of its first subscription; `lease` the token that the outcome must be recorded with.
    """

    id: FeedId
    url: str
    lease: str
    created: datetime
    title: str = ""
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    failures: int = 0
    polled: datetime | None = None
    last_item: datetime | None = None
    interval: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """An HTTP answer to a conditional GET. `status` is 200 or 304; anything else is raised as an error.

    `url` is where the body came from; `moved_to` the new address when every redirect was permanent.
    """

    url: str
    status: int
    body: bytes = b""
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    moved_to: str = ""
    max_age: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One entry of a feed. `text` is plain text with paragraphs apart by an empty line; `published` is UTC.

    `language` is a primary BCP 47 subtag (`en`, `zh`, …) or empty when it can't be told.
    """

    guid: str
    url: str
    title: str
    text: str = ""
    language: str = ""
    published: datetime | None = None
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """A feed document, parsed. `ttl` is how long the feed says to wait between polls."""

    title: str = ""
    site: str = ""
    language: str = ""
    items: tuple[Item, ...] = ()
    ttl: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFeed:
    """A feed that an address or a catalogue name led to."""

    url: str
    title: str
    site: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueEntry:
    """A feed the catalogue knows by name."""

    name: str
    title: str
    url: str
    language: str
    topic: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewItem:
    """An item of a poll with its identity keys, strongest first. `backlog` items are stored without an alert."""

    item: Item
    keys: tuple[str, ...]
    backlog: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedChange:
    """What a poll decided: the feed's new state, and the items it brought, oldest first. Empty strings change nothing.

    `known` pairs a key the feed's items had already with the further keys that now name the same item.
    """

    id: FeedId
    lease: str
    next_poll: datetime
    succeeded: bool
    failures: int = 0
    error: str = ""
    gone: bool = False
    url: str = ""
    title: str = ""
    site: str = ""
    language: str = ""
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    interval: timedelta | None = None
    items: tuple[NewItem, ...] = ()
    known: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredItem:
    """An item that has a row. `seen` is when a poll first brought it (UTC); `lease` is set while claimed."""

    id: ItemId
    feed: FeedRef
    item: Item
    seen: datetime
    lease: str = ""


# --- chats -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ChatAddress:
    """A place a message can be sent to: the platform's own id of the chat, and of the topic in it, if any."""

    platform: Platform
    chat: str
    thread: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatSettings:
    """What a chat chose. `locale` None follows each person's app; `hint` is the app language last seen there."""

    locale: Locale | None = None
    hint: Locale = Locale.EN
    languages: tuple[Language, ...] = (Language.ZH, Language.EN)
    script: Script | None = None
    timezone: str = "UTC"

    def spoken(self) -> Locale:
        """The language of messages that answer no one in particular."""
        return self.locale or self.hint

    def characters(self) -> Script:
        """The characters to write Chinese in: the chosen ones, else those of the interface language."""
        by_locale = {Locale.ZH_HANT: Script.HANT, Locale.ZH_HANS: Script.HANS}
        return self.script or by_locale.get(self.spoken(), Script.SOURCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """A place that gets alerts. `reason` says why it is not active."""

    id: ChatId
    address: ChatAddress
    kind: ChatKind
    title: str = ""
    settings: ChatSettings = field(default_factory=ChatSettings)
    state: ChatState = ChatState.ACTIVE
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyword:
    """A chat's standing query: `query` as typed, `canonical` as the parser writes it."""

    id: KeywordId
    query: str
    canonical: str
    created: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KeywordChange:
    """A keyword that came (`live`) or went since a revision."""

    id: KeywordId
    canonical: str
    live: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A chat's feed, with what `/feeds` says of its health. Times are UTC; None is "not yet"."""

    feed: FeedRef
    mode: Mode
    created: datetime
    polled: datetime | None = None
    next_poll: datetime | None = None
    last_item: datetime | None = None
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatStatus:
    """The figures of `/status`. `last_poll` is the newest successful poll of any feed of the chat."""

    feeds: int
    failing: int
    keywords: int
    items_day: int
    sent_day: int
    waiting: int
    last_poll: datetime | None = None
    last_sent: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who gave a command. `can_manage` tells whether they may change the chat's settings."""

    id: str
    locale: Locale
    can_manage: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A slash command, the same from every platform: `/command arguments` given by a person in a chat."""

    address: ChatAddress
    kind: ChatKind
    person: Person
    command: str
    arguments: str = ""
    title: str = ""


# --- alerts ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A query that an item answers, and the words of the item's own text that answered it."""

    canonical: str
    matched: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """A chat that an item may go to: by keywords (their `queries`, as typed, by canonical form), or by mode."""

    chat: ChatId
    mode: Mode
    subscribed: datetime
    queries: tuple[tuple[str, str], ...] = ()


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
    """One reason for an alert: the keyword as typed, and the words that matched."""

    keyword: str
    matched: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryMember:
    """An item told lately, with what the same-story decision compares."""

    story: StoryId
    item: ItemId
    url: str
    title: str
    text: str
    language: str
    seen: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDelivery:
    """An alert owed to a chat. `why` is empty for subscriptions to everything."""

    chat: ChatId
    why: tuple[Why, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertDecision:
    """All that one item leads to, committed in one transaction: its story, brief and deliveries."""

    item: ItemId
    lease: str
    story: StoryId | None = None  # None: it begins a new one
    brief: Brief | None = None  # None: nobody asked for it
    deliveries: tuple[NewDelivery, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A brief, the link of its item, and why a chat gets it. An empty `why` means the chat takes everything."""

    item: StoredItem
    brief: Brief
    why: tuple[Why, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryDue:
    """A delivery claimed for sending. `key` is its idempotency key, the same on every attempt (≤ 25 characters)."""

    id: DeliveryId
    key: str
    lease: str
    attempts: int
    chat: Chat
    alert: Alert
    created: datetime


# --- messages --------------------------------------------------------------------------------------------


class Style(StrEnum):
    """How a run of text looks."""

    PLAIN = "plain"
    BOLD = "bold"
    ITALIC = "italic"
    CODE = "code"


class BlockKind(StrEnum):
    """What a block of a message is."""

    TITLE = "title"
    TEXT = "text"
    QUOTE = "quote"
    ITEM = "item"  # of a list
    NOTE = "note"  # small print


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text in one style; with `url` it is a link. The text is literal: adapters escape it."""

    text: str
    style: Style = Style.PLAIN
    url: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of a message."""

    kind: BlockKind
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Button:
    """A button: `action` is a command line as a person would type it (≤ 64 bytes), or `url` a link to open."""

    label: str
    action: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a chat shows, free of any platform's markup. `private`: for the asking person alone, where possible."""

    blocks: tuple[Block, ...]
    buttons: tuple[tuple[Button, ...], ...] = ()
    private: bool = False
