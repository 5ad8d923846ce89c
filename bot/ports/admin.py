"""What the admin pages look at, and what they can do. All of it answers fast on a million items and deliveries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.errors import DitingError
from bot.model import (
    Activity,
    ChatId,
    ChatLine,
    ChatState,
    DeliveryFilter,
    DeliveryId,
    DeliveryLine,
    FeedFilter,
    FeedId,
    FeedLine,
    FeedSheet,
    KeywordSheet,
    Locale,
    LogLine,
    Platform,
    SpendingDay,
    StoryLine,
    TestedFeed,
)


class ActivityBook(Protocol):
    """What was done lately."""

    async def activity(self, *, hours: int, now: datetime) -> Activity:
        """The last hours, with the one that `now` is in."""


class FeedSheets(Protocol):
    """All feeds."""

    async def feed_lines(
        self, *, search: str, only: FeedFilter, offset: int, limit: int, now: datetime
    ) -> tuple[int, list[FeedLine]]:
        """How many feeds there are whose title or address has the words of `search` (in any case; empty: all), and some
        of them: those in trouble first, of most failures, then those of most chats."""

    async def feed_sheet(self, feed: FeedId, *, now: datetime) -> FeedSheet | None:
        """All of a feed: its 10 newest items, and up to 50 chats that take it."""

    async def poll_now(self, feed: FeedId, *, now: datetime) -> bool:
        """Have the feed polled next, though it was taken for gone; whether there is such a feed."""

    async def pause_feed(self, feed: FeedId, *, paused: bool, now: datetime) -> bool:
        """Poll it no more, or again, and then at once; whether there is such a feed."""


class ChatSheets(Protocol):
    """All chats."""

    async def chat_lines(
        self, *, search: str, platform: Platform | None, state: ChatState | None, offset: int, limit: int
    ) -> tuple[int, list[ChatLine]]:
        """How many chats there are whose title or address has `search`, and some of them, the newest first."""

    async def chat_line(self, chat: ChatId) -> ChatLine | None:
        """One of them."""


class KeywordSheets(Protocol):
    """The keywords of all chats."""

    async def keyword_sheet(self, *, since: datetime, created_before: datetime, limit: int) -> KeywordSheet:
        """Those that brought most alerts since then, among the newest ones that were sent; and some that stand in
        active chats since before `created_before` and brought none of the newest alerts, the oldest first."""


class StorySheets(Protocol):
    """Stories across all feeds."""

    async def stories(self, *, hours: int, limit: int, now: datetime) -> list[StoryLine]:
        """Those of the last hours that most feeds told, among the newest items."""


class DeliverySheets(Protocol):
    """The deliveries of all chats."""

    async def delivery_lines(
        self,
        *,
        only: DeliveryFilter,
        platform: Platform | None = None,
        chat: ChatId | None = None,
        before: DeliveryId | None = None,
        limit: int,
    ) -> list[DeliveryLine]:
        """The newest of them, of those before that one."""

    async def retry_delivery(self, delivery: DeliveryId, *, now: datetime) -> bool:
        """Have a delivery that failed go out now, as if it were new; whether it can: its chat has to be active, and its
        item there."""

    async def retry_failed(self, *, since: datetime, limit: int, now: datetime) -> int:
        """The same for all that failed since then, the oldest first, up to so many; answer how many."""


class SpendingDays(Protocol):
    """What the language model cost."""

    async def spending_days(self, *, since: datetime) -> list[SpendingDay]:
        """The days since then on which it was asked, the oldest first."""


class FeedTest(Protocol):
    """Looks at an address as the bot would."""

    async def test(self, address: str) -> list[TestedFeed]:
        """The feeds that a feed's or page's address, or a name of the catalogue, leads to. Raises FeedError."""


class Sentences(Protocol):
    """The sentences of one language."""

    locale: Locale

    def __call__(self, text: str, /, **values: object) -> str:
        """The text in this language, with its values."""

    def n(self, one: str, many: str, n: int, /, **values: object) -> str:
        """The text in the form for a count; `{n}` stands for the count."""

    def number(self, number: float) -> str:
        """A number as the language writes it."""


class Speech(Protocol):
    """What the pages say, and in which language."""

    def languages(self) -> Sequence[tuple[Locale, str]]:
        """Those there are, and what each is called by those who speak it."""

    def of(self, tags: str) -> Locale:
        """The nearest of them to the tags of a browser (`Accept-Language`)."""

    def sentences(self, locale: Locale) -> Sentences:
        """The sentences of a language, or of the nearest there is."""

    def feed_error(self, word: str, locale: Locale) -> str:
        """The kept word for why a feed can't be read, in a few words."""

    def fate(self, reason: str, locale: Locale) -> str:
        """The kept reason of a delivery, in a few words."""

    def trouble(self, error: DitingError, locale: Locale) -> str:
        """What went wrong with what a person asked for, and what to do."""


class ChatRemote(Protocol):
    """Gives commands in a chat from elsewhere."""

    async def say(self, chat: ChatId, line: str, language: str) -> tuple[str, Sequence[str]] | None:
        """What the chat's admin would have read, in a language (BCP 47), and the lines behind its buttons; None where
        there is no such chat."""


class LogTail(Protocol):
    """The end of the log."""

    def tail(self, *, level: str, limit: int) -> Sequence[LogLine]:
        """The newest entries of this process of that level (`debug` to `error`) or above, the newest first."""
