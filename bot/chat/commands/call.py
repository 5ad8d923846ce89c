"""What every command works with: the parts it was handed, and the call it answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.chat.blocks import buttons
from bot.chat.catalogue import Catalogue
from bot.chat.estimate import Rates
from bot.chat.reader import Reader
from bot.chat.wording import CHARACTERS
from bot.model import Button, Chat, ChatKind, Message, Request
from bot.ports import (
    Bell,
    ChatBook,
    Counterparts,
    FeedFinder,
    FeedLists,
    History,
    Inquiry,
    KeywordBook,
    Preview,
    StoryMutes,
    SubscriptionBook,
    Wording,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much one chat may have."""

    feeds: int = 100
    keywords: int = 200
    regexes: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The ports that commands use."""

    chats: ChatBook
    subscriptions: SubscriptionBook
    keywords: KeywordBook
    history: History
    finder: FeedFinder
    lists: FeedLists
    preview: Preview
    counterparts: Counterparts
    inquiry: Inquiry
    mutes: StoryMutes
    bell: Bell
    limits: Limits
    rates: Rates
    wording: Wording = CHARACTERS


@dataclass(frozen=True, slots=True)
class Call:
    """A command being answered: `arguments` is what remains after the command and its subcommand."""

    request: Request
    chat: Chat
    t: Catalogue
    arguments: str
    now: datetime

    @property
    def can_manage(self) -> bool:
        """Whether the person may change the chat."""
        return self.request.kind is ChatKind.PRIVATE or self.request.person.can_manage

    def reader(self, parts: Parts) -> Reader:
        """The chat as who reads the answer."""
        return Reader(self.chat, self.t, self.now, parts.wording)

    def having(self, arguments: str) -> Call:
        """The same call with other arguments."""
        return replace(self, arguments=arguments.strip())


Handler = Callable[[Parts, Call], Awaitable[Message]]


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
    return buttons(*back, *more)
