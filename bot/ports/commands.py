"""What commands are answered with."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from bot.model import (
    Alert,
    CatalogueEntry,
    Chat,
    ChatAddress,
    ChatId,
    ChatKind,
    ChatSettings,
    ChatStatus,
    DeliveryId,
    FeedId,
    Finding,
    FoundFeed,
    Hit,
    ImportReport,
    ItemId,
    Keyword,
    KeywordId,
    LinkTrace,
    Locale,
    Message,
    Miss,
    Mode,
    Request,
    StoredItem,
    Subscription,
    Trail,
)


class ChatBook(Protocol):
    """Chats, and what they chose."""

    async def open_chat(self, address: ChatAddress, *, kind: ChatKind, title: str, hint: Locale, now: datetime) -> Chat:
        """The chat at an address, made at first contact. Contact makes a blocked or gone chat active again."""

    async def find_chat(self, address: ChatAddress) -> Chat | None:
        """The chat at an address, if it is known."""

    async def resume(self, address: ChatAddress) -> bool:
        """Whether the chat at an address was blocked or gone, and is active again now."""

    async def save_settings(self, chat: ChatId, settings: ChatSettings) -> None:
        """Keep what a chat chose."""

    async def set_paused(self, chat: ChatId, *, paused: bool) -> None:
        """Stop or start alerts at the wish of the chat's people."""


class SubscriptionBook(Protocol):
    """Which feeds a chat takes."""

    async def subscribe(
        self, chat: ChatId, found: FoundFeed, *, mode: Mode, now: datetime
    ) -> tuple[Subscription, bool]:
        """The subscription, and whether it is new (an existing one takes the mode)."""

    async def unsubscribe(self, chat: ChatId, feed: FeedId) -> bool:
        """Whether there was such a subscription."""

    async def subscriptions(self, chat: ChatId) -> list[Subscription]:
        """The chat's subscriptions, oldest first."""


class KeywordBook(Protocol):
    """Which keywords a chat has."""

    async def add_keyword(self, chat: ChatId, *, query: str, canonical: str, now: datetime) -> tuple[Keyword, bool]:
        """The keyword, and whether it is new (a chat has a canonical form once)."""

    async def edit_keyword(self, chat: ChatId, keyword: KeywordId, *, query: str, canonical: str) -> Keyword | None:
        """The keyword as it is from now on. None, and no change, when the chat has no such keyword, or has another one
        of that canonical form."""

    async def remove_keyword(self, chat: ChatId, keyword: KeywordId) -> Keyword | None:
        """The keyword that went, if the chat had it."""

    async def keywords(self, chat: ChatId) -> list[Keyword]:
        """The chat's keywords, oldest first."""


class History(Protocol):
    """What was, for people who look back."""

    async def recent_items(self, chat: ChatId, *, since: datetime, limit: int) -> list[StoredItem]:
        """The items of the chat's feeds seen since then, newest first."""

    async def latest_alerts(self, chat: ChatId, *, limit: int) -> list[Alert]:
        """The chat's newest alerts."""

    async def told_together(
        self, chat: ChatId, *, delivery: DeliveryId | None = None, message: str = ""
    ) -> list[Alert]:
        """The alerts of the chat's digest that this delivery brings, or that this message is, newest first; none where
        there is no such digest."""

    async def status(self, chat: ChatId, *, now: datetime) -> ChatStatus:
        """The figures of `/status`."""


class FeedFinder(Protocol):
    """From what people type to feeds."""

    async def find(self, text: str) -> list[FoundFeed]:
        """The feeds that a feed address, page address or catalogue name leads to; several when the choice is
        open. Raises FeedError."""

    def catalogue(self) -> Sequence[CatalogueEntry]:
        """The feeds known by name."""


class FeedLists(Protocol):
    """A chat's feeds as files (OPML)."""

    async def import_list(self, chat: ChatId, data: bytes, *, mode: Mode, now: datetime) -> ImportReport:
        """Subscribe the chat to the feeds of a file; each new subscription is created `now`, and its feed first read
        by the next poll. Raises FeedListError."""

    async def export_list(self, chat: ChatId, *, title: str, now: datetime) -> tuple[str, bytes]:
        """The chat's feeds as a file: its name and content."""


class Preview(Protocol):
    """What a query would have brought."""

    async def would_match(
        self, chat: ChatId, query: str, *, since: datetime, limit: int
    ) -> tuple[int, list[tuple[StoredItem, Hit]]]:
        """How many stored items were looked at, and those of them that the query matches, newest first. Raises
        QueryError."""

    async def nearest(self, chat: ChatId, query: str, *, since: datetime, limit: int) -> list[tuple[StoredItem, Miss]]:
        """The stored items that come nearest to a query and do not match it, nearest first, and what it lacks there.
        Raises QueryError."""


class Trails(Protocol):
    """The ways of items to chats. A chat sees what its own feeds brought and what it was told, and nothing else."""

    async def trail(self, chat: ChatId, item: ItemId) -> Trail | None:
        """How far an item came, if the chat takes its feed or was told of it."""

    async def find_link(self, chat: ChatId, url: str, *, key: str, public: Collection[str]) -> LinkTrace:
        """Where a link was seen: `key` names it among items, `public` are the addresses of feeds that anybody may
        know of."""

    async def find_message(self, chat: ChatId, message: str) -> ItemId | None:
        """The item of the alert that the platform's message `message` is."""


class Inquiry(Protocol):
    """Finds out why items came to a chat, or why they did not."""

    async def of_link(self, chat: Chat, link: str) -> Finding:
        """What became of the item at a link."""

    async def of_item(self, chat: Chat, item: ItemId) -> Finding | None:
        """What became of an item that the chat may know of."""

    async def of_message(self, chat: Chat, message: str) -> Finding | None:
        """The same for an alert, by its message on the platform."""


class StoryMutes(Protocol):
    """Stories that a chat wants to hear no more of: no report, edit or development of them comes to it."""

    async def mute_story(self, chat: ChatId, item: ItemId, *, now: datetime) -> bool:
        """Mute the story of an item, with those that it went on from or that went on from it; answer whether the item
        has a story."""

    async def unmute_story(self, chat: ChatId, item: ItemId) -> bool:
        """Undo that; answer whether the story was muted. What came meanwhile does not come later."""


class Counterparts(Protocol):
    """Finds what words are called in the other language."""

    async def counterparts(self, words: str) -> list[str]:
        """Up to three names in English of Chinese words, or the other way round, the best first; spellings that differ
        in 繁 and 简 alone are one. Empty where none is known within about a second. Never raises."""


class CommandHandler(Protocol):
    """Answers slash commands; the one entrance that every platform's adapter uses."""

    async def handle(self, request: Request) -> Message:
        """The reply to a command. Never raises: a fault is logged and answered with its reference id."""

    async def complete(self, request: Request, option: str, typed: str) -> list[tuple[str, str]]:
        """Up to 25 completions for a command's option, as (label, value)."""
