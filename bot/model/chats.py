"""Who listens: chats, and what they asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.model.feeds import FeedRef
from bot.model.ids import ChatId, KeywordId


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
    """A language of the interface, as a BCP 47 tag. A region has no words of its own there; it tells which Chinese is
    best for alerts."""

    EN = "en"
    ZH_HANT = "zh-Hant"
    ZH_HANT_HK = "zh-Hant-HK"
    ZH_HANT_TW = "zh-Hant-TW"
    ZH_HANS = "zh-Hans"


class Language(StrEnum):
    """A language that a brief is written in."""

    ZH = "zh"
    EN = "en"


class Script(StrEnum):
    """How a chat reads Chinese: HANT and HANS are characters alone, a region brings its own names and words, too."""

    HANT = "hant"
    HANS = "hans"
    HK = "hk"
    TW = "tw"
    CN = "cn"
    SOURCE = "source"  # as the source wrote it


_SPOKEN = {Locale.ZH_HANT_HK: Script.HK, Locale.ZH_HANT_TW: Script.TW, Locale.ZH_HANS: Script.CN}
# Most apps say no more than 繁體. Where people live says which.
_PLACES = {"Asia/Hong_Kong": Script.HK, "Asia/Macau": Script.HK, "Asia/Taipei": Script.TW}


class Mode(StrEnum):
    """What a subscription asks of its feed."""

    MATCHING = "matching"
    EVERYTHING = "everything"


class Reports(StrEnum):
    """What becomes of further reports of a story that a chat was told."""

    FOLD = "fold"  # the alert names their sources
    EACH = "each"  # each is an alert of its own


class Pictures(StrEnum):
    """How large a chat has the pictures of its alerts."""

    OFF = "off"
    SMALL = "small"
    LARGE = "large"


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
    reports: Reports = Reports.FOLD
    timezone: str = "UTC"
    pictures: Pictures = Pictures.SMALL

    def spoken(self) -> Locale:
        """The language of messages that answer no one in particular."""
        return self.locale or self.hint

    def characters(self) -> Script:
        """The Chinese to write: the chosen one, else that of the interface language, where needed of the time zone."""
        if self.script:
            # Rows from before there were regions: only the mainland's Chinese is written in 简体 here.
            return Script.CN if self.script is Script.HANS else self.script
        if self.spoken() is Locale.ZH_HANT:
            return _PLACES.get(self.timezone, Script.HANT)
        return _SPOKEN.get(self.spoken(), Script.SOURCE)


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
    """The figures of `/status`. `last_poll` is the newest successful poll of any feed of the chat; `ahead` counts, up
    to a bound, what waits on its platform in all chats together, and is 0 where nothing waits for this one."""

    feeds: int
    failing: int
    keywords: int
    items_day: int
    sent_day: int
    waiting: int
    ahead: int = 0
    last_poll: datetime | None = None
    last_sent: datetime | None = None
