"""Who listens: chats, and what they asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from bot.model.feeds import FeedRef
from bot.model.ids import ChatId, KeywordId
from bot.model.schedule import AS_USUAL, AT_ONCE, Choice, Schedule


class Platform(StrEnum):
    """Where chats live."""

    TELEGRAM = "telegram"
    DISCORD = "discord"
    CONSOLE = "console"
    TARGET = "target"  # places that only receive: webhooks, and the services that Apprise reaches


class ChatKind(StrEnum):
    """What kind of place a chat is; platforms pace groups more slowly than private chats."""

    PRIVATE = "private"
    GROUP = "group"
    CHANNEL = "channel"


EXPELLED = "expelled"
"""The reason of a chat that those who run the bot put out."""


class ChatState(StrEnum):
    """Whether a chat gets alerts, and if not, why."""

    ACTIVE = "active"
    PAUSED = "paused"  # by its people
    BLOCKED = "blocked"  # they blocked, kicked or muted the bot
    GONE = "gone"  # deleted, or a topic that was closed


STOPPED_STATES = (ChatState.BLOCKED, ChatState.GONE)
"""States that no wish of the chat's people led to: the next sign of life ends them."""


_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}")


class Locale(StrEnum):
    """A language of the interface, as a BCP 47 tag: of ours, or of any other that a catalogue is there for.

    A region of Chinese has no words of its own there; it tells which Chinese is best for alerts.
    """

    EN = "en"
    ZH_HANT = "zh-Hant"
    ZH_HANT_HK = "zh-Hant-HK"
    ZH_HANT_TW = "zh-Hant-TW"
    ZH_HANS = "zh-Hans"

    @classmethod
    def _missing_(cls, value: object) -> Locale | None:
        """Which languages there are, the catalogues say: another tag is as good a value, and one object each time."""
        if not isinstance(value, str) or not _TAG.fullmatch(value):
            return None
        other = str.__new__(cls, value)
        other._name_ = other._value_ = value
        known = cls._value2member_map_.setdefault(value, other)
        return known if isinstance(known, cls) else None

    @property
    def is_chinese(self) -> bool:
        """Whether its people read Chinese."""
        return self.value.partition("-")[0] == "zh"


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


class Managers(StrEnum):
    """Who may change a chat, beside its admins, who always may."""

    ADMINS = "admins"
    EVERYONE = "everyone"  # who may write there
    ROLE = "role"


@dataclass(frozen=True, slots=True)
class Role:
    """A role of a Discord server, by its id, under the name that it had when it was chosen."""

    id: str
    name: str


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
    managers: Managers = Managers.ADMINS
    role: Role | None = None  # whose people may, where `managers` says so
    schedule: Schedule = AT_ONCE
    pictures: Pictures = Pictures.SMALL

    def taking(self, other: ChatSettings) -> ChatSettings:
        """What another chat chose, but for what is of this place: its app language, and who may change it."""
        return replace(other, hint=self.hint, managers=self.managers, role=self.role)

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
    """A place that gets alerts. `reason` says why it is not active.

    `admitted`: whether a bot that is not open to all serves it. `managing` is the chat that commands given here are
    about, if that is another one.
    """

    id: ChatId
    address: ChatAddress
    kind: ChatKind
    title: str = ""
    settings: ChatSettings = field(default_factory=ChatSettings)
    state: ChatState = ChatState.ACTIVE
    reason: str = ""
    admitted: bool = True
    managing: ChatId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyword:
    """A chat's standing query: `query` as typed, `canonical` as the parser writes it."""

    id: KeywordId
    query: str
    canonical: str
    created: datetime
    choice: Choice = AS_USUAL


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
    choice: Choice = AS_USUAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What a keyword or a feed brought a chat lately: `alerts`, when the `last` one came, and a feed's `items`."""

    alerts: int
    last: datetime | None = None
    items: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatStatus:
    """The figures of `/status`. `last_poll` is the newest successful poll of any feed of the chat; `ahead` counts, up
    to a bound, what waits on its platform in all chats together, and is 0 where nothing waits for this one. `held` are
    the alerts that wait for a digest, of which the next comes at `next_digest`."""

    feeds: int
    failing: int
    keywords: int
    items_day: int
    sent_day: int
    waiting: int
    ahead: int = 0
    last_poll: datetime | None = None
    last_sent: datetime | None = None
    held: int = 0
    next_digest: datetime | None = None
