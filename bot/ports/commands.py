"""What commands are answered with."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from bot.model import (
    Alert,
    Brief,
    CatalogueEntry,
    Chat,
    ChatAddress,
    ChatId,
    ChatKind,
    ChatSettings,
    ChatStatus,
    Choice,
    DeliveryId,
    FeedId,
    Finding,
    Forecast,
    FoundFeed,
    Hold,
    ImportReport,
    ItemId,
    Keyword,
    KeywordId,
    Language,
    LinkTrace,
    Locale,
    Message,
    Miss,
    Mode,
    Offers,
    Request,
    StoredItem,
    Subscription,
    Tally,
    Trail,
    Translation,
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

    async def set_paused(self, chat: ChatId, *, paused: bool) -> bool:
        """Stop or start alerts at the wish of the chat's people; whether that changed anything. A chat that is blocked
        or gone stays so."""


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

    async def set_feed_choice(self, chat: ChatId, feed: FeedId, choice: Choice) -> Subscription | None:
        """The subscription with when its alerts come from now on, if the chat has it."""


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

    async def set_keyword_choice(self, chat: ChatId, keyword: KeywordId, choice: Choice) -> Keyword | None:
        """The keyword with when its alerts come from now on, if the chat has it."""


class Removals(Protocol):
    """Keywords that went together, and come back together."""

    async def remove_keywords(self, chat: ChatId, gone: Collection[KeywordId]) -> tuple[int, list[Keyword]]:
        """The number of the removal, and the chat's keywords that went with it, oldest first."""

    async def removed_keywords(self, chat: ChatId, removal: int | None) -> list[Keyword]:
        """What went with a removal, or with the last one (None), and has not come back since."""

    async def restore_keywords(self, chat: ChatId, back: Collection[KeywordId]) -> list[Keyword]:
        """Bring removed keywords back as they were, in their old places; answers those that came."""


class Tallies(Protocol):
    """What single keywords and feeds brought a chat. Where it gets very many alerts, only the newest are counted."""

    async def of_keyword(self, chat: ChatId, query: str, *, since: datetime) -> Tally:
        """The alerts of a keyword, as it is typed now, since then; `last` may have come before."""

    async def of_feed(self, chat: ChatId, feed: FeedId, *, since: datetime) -> Tally:
        """The alerts and items of a feed."""


class Shelf(Protocol):
    """What buttons of a chat bring back: the last ones, each of them once."""

    async def keep(self, chat: ChatId, content: dict[str, Any], *, now: datetime) -> str:
        """A short token (16 characters) for a JSON object."""

    async def take(self, chat: ChatId, token: str) -> dict[str, Any] | None:
        """What the chat kept under a token, which means nothing from now on; None when there is nothing."""


class History(Protocol):
    """What was, for people who look back."""

    async def recent_items(
        self, chat: ChatId, *, since: datetime, limit: int, of: Collection[FeedId] | None = None
    ) -> list[StoredItem]:
        """The items of the chat's feeds, or of these of them alone, seen since then, newest first."""

    async def latest_alerts(
        self, chat: ChatId, *, limit: int, before: ItemId | None = None, after: ItemId | None = None
    ) -> list[Alert]:
        """The chat's newest alerts, newest first; or the last ones before that of an item, or the first ones after it,
        and none where that alert is not kept any more."""

    async def told_together(
        self, chat: ChatId, *, delivery: DeliveryId | None = None, message: str = ""
    ) -> list[Alert]:
        """The alerts of the chat's digest that this delivery brings, or that this message is, newest first; none where
        there is no such digest."""

    async def status(self, chat: ChatId, *, now: datetime) -> ChatStatus:
        """The figures of `/status`."""


class BriefBook(Protocol):
    """The briefs that items have."""

    async def briefs(self, items: Collection[ItemId]) -> Mapping[ItemId, Brief]:
        """The briefs of those of the items that have one: somebody asked for them."""


class HeldBook(Protocol):
    """Alerts that wait for their time."""

    async def reschedule_held(self, chat: ChatId, times: Mapping[Hold, datetime]) -> int:
        """Have what the chat holds for these reasons come at these times; answer how many alerts that concerns."""


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


class ChatFiles(Protocol):
    """All that a chat has, as a file (JSON): feeds, keywords and settings."""

    async def export_chat(self, chat: Chat, *, now: datetime) -> tuple[str, bytes]:
        """A chat as a file: its name and content."""

    async def import_chat(self, chat: Chat, data: bytes, *, settings: bool, mode: Mode, now: datetime) -> ImportReport:
        """Give the chat what a file has and the chat has not; what is new is created `now`. Its settings are taken with
        `settings` and kept for a button else. Raises FeedListError."""

    async def take_settings(self, chat: Chat, token: str, *, now: datetime) -> ImportReport | None:
        """Take the settings that were kept; the report names the former ones. None when there are none."""

    async def stop_feeds(self, chat: Chat, gone: Sequence[Subscription], *, now: datetime) -> str:
        """Stop watching feeds; answers the token that brings them back."""

    async def bring_back(self, chat: Chat, token: str, *, now: datetime) -> ImportReport | None:
        """Watch the feeds that were stopped under a token, as they were watched; None when there are none."""


class Preview(Protocol):
    """What a query would have brought."""

    async def forecast(self, chat: ChatId, query: str, *, since: datetime, shown: int) -> Forecast:
        """What the query matches of the stored items; at least the newest `shown` of them. Raises QueryError."""

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


class TextTranslator(Protocol):
    """Translates a text that somebody points at."""

    @property
    def is_set_up(self) -> bool:
        """Whether there is anything that translates."""

    async def translate(self, text: str, *, otherwise: Language) -> Translation | None:
        """Chinese in English, English in Chinese, and a text of a third language in `otherwise`. It is plain, and keeps
        its lines. None where nothing can translate it within some seconds. Never raises."""


class CommandHandler(Protocol):
    """Answers slash commands; the one entrance that every platform's adapter uses."""

    async def handle(self, request: Request) -> Message:
        """The reply to a command. Never raises: a fault is logged and answered with its reference id."""

    async def may_change(self, request: Request) -> bool:
        """Whether the person may change the chat, before what they send is fetched. Never raises: in doubt they may
        not."""

    async def complete(self, request: Request, option: str, typed: str) -> list[tuple[str, str]]:
        """Up to 25 completions for a command's option, as (label, value)."""

    async def look_up(self, request: Request, offset: str) -> Offers:
        """What a person may put into another chat: what their own chat with the bot, which is the request's address,
        knows of the query in `arguments`. `offset` is "" or the `more` of the page before. Never raises."""
