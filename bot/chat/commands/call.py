"""What every command works with: the parts it was handed, and the call it answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.chat.blocks import in_place
from bot.chat.catalogue import Catalogue
from bot.chat.charts import ChartPainter
from bot.chat.commands.rights import is_admin, may_change
from bot.chat.estimate import Rates
from bot.chat.nobody import NO_BRIEFS, NO_TRANSLATOR
from bot.chat.reader import Reader
from bot.chat.wording import CHARACTERS
from bot.model import Button, Chat, Message, Owner, Platform, Request
from bot.ports import (
    Bell,
    BriefBook,
    Broadcasts,
    ChatBook,
    ChatFiles,
    Counterparts,
    FeedFinder,
    FeedLists,
    HeldBook,
    History,
    Inquiry,
    KeywordBook,
    Outlook,
    Oversight,
    PlaceBook,
    Preview,
    Records,
    Removals,
    Rights,
    Search,
    ShareBook,
    StoryMutes,
    SubscriptionBook,
    Tallies,
    TextTranslator,
    Trends,
    Wording,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much one chat may have."""

    feeds: int = 100
    keywords: int = 200
    regexes: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """What is known of other chats, and of people there."""

    rights: Rights
    book: PlaceBook


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Those who run the bot, and what they see of it and say to all."""

    owners: frozenset[Owner]
    oversight: Oversight
    broadcasts: Broadcasts


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The ports that commands use. Without `places` a chat knows of no other, without `office` nobody runs the bot."""

    chats: ChatBook
    subscriptions: SubscriptionBook
    keywords: KeywordBook
    history: History
    held: HeldBook
    finder: FeedFinder
    lists: FeedLists
    files: ChatFiles
    removals: Removals
    tallies: Tallies
    preview: Preview
    counterparts: Counterparts
    inquiry: Inquiry
    mutes: StoryMutes
    bell: Bell
    outlook: Outlook
    shares: ShareBook
    search: Search
    records: Records
    trends: Trends
    painter: ChartPainter = field(default_factory=ChartPainter)
    limits: Limits = Limits()
    rates: Rates = field(default_factory=dict)
    briefs: BriefBook = NO_BRIEFS
    translation: TextTranslator = NO_TRANSLATOR
    wording: Wording = CHARACTERS
    places: Places | None = None
    office: Office | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """A command being answered: `arguments` is what remains after the command and its subcommand.

    `home` is the chat that it was given in, where it is about another one: `chat`, and all of `request`, are of that.
    """

    request: Request
    chat: Chat
    t: Catalogue
    arguments: str
    now: datetime
    home: Chat | None = None

    @property
    def is_admin(self) -> bool:
        """Whether the person is an admin of the chat."""
        return is_admin(self.request.person, self.request.kind)

    @property
    def can_manage(self) -> bool:
        """Whether the person may change the chat."""
        return may_change(self.request.person, self.request.kind, self.chat.settings)

    @property
    def told_on(self) -> Platform:
        """The platform on which the person speaks, whichever chat it is about."""
        return (self.home or self.chat).address.platform

    def reader(self, parts: Parts) -> Reader:
        """The chat as who reads the answer."""
        return Reader(self.chat, self.t, self.now, parts.wording)

    def having(self, arguments: str) -> Call:
        """The same call with other arguments."""
        return replace(self, arguments=arguments.strip())


Handler = Callable[[Parts, Call], Awaitable[Message]]
OwnerHandler = Callable[[Office, Parts, Call], Awaitable[Message]]


def first_word(arguments: str) -> tuple[str, str]:
    """The first word of an argument line, and the rest."""
    head, *rest = arguments.split(maxsplit=1) or [""]
    return head, "".join(rest).strip()


def number(typed: str) -> int | None:
    """The number that was typed, with or without a `#`; None when it is none or far too large for an id."""
    digits = typed.removeprefix("#")
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) <= 18 else None  # noqa: PLR2004 - fits 64 bits


def page_of(arguments: str, count: int, size: int) -> tuple[int, int]:
    """The page asked for and how many there are; a page that does not exist becomes the nearest."""
    pages = max(1, -(-count // size))
    return min(max(number(arguments.strip()) or 1, 1), pages), pages


def turns(t: Catalogue, line: str, page: int, pages: int, *, sign: str = "", suffix: str = "") -> tuple[Button, ...]:
    """The buttons to the pages before and after this one: their number stands behind `line` and `sign`."""
    back = [(t("Back"), f"{line} {sign}{page - 1}{suffix}")] if page > 1 else []
    more = [(t("More"), f"{line} {sign}{page + 1}{suffix}")] if page < pages else []
    return in_place(*back, *more)
