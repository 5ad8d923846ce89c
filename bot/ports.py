"""What each consumer needs of the parts it is handed, as small Protocols."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.model import (
    Alert,
    AlertDecision,
    Brief,
    CatalogueEntry,
    Chat,
    ChatAddress,
    ChatId,
    ChatKind,
    ChatSettings,
    ChatState,
    ChatStatus,
    DeliveryDue,
    FeedChange,
    FeedDue,
    FeedId,
    Fetched,
    Finding,
    FoundFeed,
    Hit,
    ImportReport,
    Item,
    ItemId,
    Keyword,
    KeywordChange,
    KeywordId,
    Language,
    LinkTrace,
    Locale,
    Message,
    Miss,
    Mode,
    Platform,
    Push,
    Recipient,
    Request,
    StoredItem,
    StoryMember,
    Subscription,
    Trail,
)

# --- poll ------------------------------------------------------------------------------------------------


class FeedQueue(Protocol):
    """The feeds as a queue of polls."""

    async def claim_feeds(self, *, now: datetime, limit: int, lease: timedelta) -> list[FeedDue]:
        """Lease up to `limit` feeds whose next poll is due and that a chat follows, the longest due first."""

    async def prolong_feeds(self, due: Collection[FeedDue], *, until: datetime) -> None:
        """Keep the leases that nobody else took meanwhile until then."""

    async def release_feeds(self, due: Collection[FeedDue]) -> None:
        """End those leases: the feeds are as due as before."""

    async def known_keys(self, wanted: Sequence[tuple[FeedId, Collection[str]]]) -> list[set[str]]:
        """Of each feed (once in `wanted`), those of the keys that already name an item of it."""

    async def take_feed(self, feed: FeedId, *, now: datetime, lease: timedelta) -> FeedDue | None:
        """Lease one feed that somebody follows, due or not; None while somebody else has it."""

    async def record_polls(self, changes: Sequence[FeedChange], *, now: datetime) -> list[int | None]:
        """Write the outcomes of polls in one transaction; answer of each how many items were new, or None for a feed
        whose lease somebody else has now: of that nothing is written."""


class Fetcher(Protocol):
    """The HTTP client for feeds and pages."""

    async def fetch(
        self,
        url: str,
        *,
        etag: str = "",
        last_modified: str = "",
        then: Callable[[Fetched], Awaitable[None]] | None = None,
    ) -> Fetched:
        """A conditional GET behind the address guard. Raises FeedError.

        `then` is awaited with the answer before another one is fetched in its place, so that bodies don't pile up."""


class PoliteFetcher(Fetcher, Protocol):
    """One that leaves hosts alone for a while after each request."""

    def rest(self, host: str) -> float:
        """How many seconds from now a fetch from the host would wait for it."""


# --- push ------------------------------------------------------------------------------------------------


class PushBook(Protocol):
    """What is agreed with the WebSub hubs of feeds."""

    async def claim_pushes(self, *, now: datetime, limit: int, hold: timedelta) -> list[Push]:
        """Up to `limit` agreements that are due: feeds that came to offer a hub, leases that end, subscriptions that
        are to end. They are due again after `hold`, for whoever comes first, unless something is recorded before."""

    async def postpone(self, push: Push, *, due: datetime, reason: str = "") -> None:
        """A claimed agreement waits until `due`, as one more try that led to nothing yet; does nothing where the hub
        called back meanwhile."""

    async def find_push(self, token: str) -> Push | None:
        """The agreement with that token."""

    async def confirm(self, push: Push, *, expires: datetime, due: datetime) -> None:
        """The hub verified the subscription until `expires`; `due` is when to renew it."""

    async def deny(self, push: Push, *, reason: str, due: datetime) -> None:
        """The hub refuses; ask again when `due`."""

    async def forget(self, push: Push) -> None:
        """The subscription ended."""

    async def hasten(self, feed: FeedId, *, at: datetime, now: datetime) -> bool:
        """Have the feed polled at `at`, unless that is to happen sooner; False, and no change, while somebody has the
        feed in hand."""


class Hub(Protocol):
    """The HTTP client for hubs."""

    async def ask(self, hub: str, fields: Mapping[str, str]) -> None:
        """Send a hub a subscription request, by which it says whether it will look into it. Raises FeedError."""


class PushReceiver(Protocol):
    """What hubs call, by the token in the address."""

    async def verify(self, token: str, query: Mapping[str, str]) -> str | None:
        """What to answer a hub that verifies or denies a subscription; None when nothing of the kind was asked."""

    async def expects(self, token: str) -> bool:
        """Whether the token is one of ours, so that what comes is worth reading."""

    async def receive(self, token: str, body: bytes, *, content_type: str, signature: str) -> None:
        """Take what a hub sent. Returns when it is in hand, not when it is done."""


# --- alert -----------------------------------------------------------------------------------------------


class AlertStore(Protocol):
    """New items as a queue, and what an item leads to."""

    async def claim_items(self, *, now: datetime, limit: int, lease: timedelta) -> list[StoredItem]:
        """Lease up to `limit` items that are new, oldest first."""

    async def recipients(self, feed: FeedId, queries: Collection[str]) -> list[Recipient]:
        """The active chats that take the feed and either take everything or have one of the canonical `queries`."""

    async def recent_stories(self, *, since: datetime) -> list[StoryMember]:
        """The items alerted since then, with their stories and briefs, newest first."""

    async def commit_alerts(self, decision: AlertDecision, *, now: datetime) -> int:
        """Write brief, story and deliveries and finish the item, in one transaction; answer how many
        deliveries are due. For a chat that was told the story already it joins that delivery, whose message is to be
        edited, unless the chat wants further reports as alerts of their own. Raises LeaseLost."""


class KeywordLog(Protocol):
    """The keywords as the index follows them."""

    async def keyword_changes(self, *, after: int) -> tuple[int, list[KeywordChange]]:
        """The newest revision, and the keywords that came or went after revision `after` (0: all live ones)."""


class PageReader(Protocol):
    """Reads articles."""

    async def full_text(self, item: Item) -> Item:
        """The item with the text of its page, where its own is but a teaser. Never raises, nor waits for long."""


class Briefer(Protocol):
    """Makes briefs."""

    async def brief(self, item: Item) -> Brief:
        """A brief of the item, by the best way that works. Never raises for the item's content, never waits for
        longer than the set time."""


class NameBook(Protocol):
    """Names in both languages."""

    def named_in(self, text: str, language: Language) -> list[str]:
        """All names in a language of what a text names, as far as they are known."""


# --- deliver ---------------------------------------------------------------------------------------------


class Outbox(Protocol):
    """The deliveries as a queue."""

    async def claim_deliveries(
        self,
        *,
        platforms: Collection[Platform],
        now: datetime,
        limit: int,
        lease: timedelta,
        skip: Collection[ChatId] = (),
    ) -> list[DeliveryDue]:
        """Lease the oldest due delivery of each of up to `limit` active chats that have none leased."""

    async def claim_edits(
        self,
        *,
        platforms: Collection[Platform],
        now: datetime,
        since: datetime,
        limit: int,
        lease: timedelta,
        skip: Collection[ChatId] = (),
    ) -> list[DeliveryDue]:
        """Lease up to `limit` deliveries made since then whose messages are to be edited, in active chats, the longest
        due first."""

    async def prolong_deliveries(self, due: Collection[DeliveryDue], *, until: datetime) -> None:
        """Keep the leases that nobody else took meanwhile until then."""

    async def release_deliveries(self, due: Collection[DeliveryDue]) -> None:
        """End those leases: the deliveries are as due as before."""

    async def delivery_sent(self, due: DeliveryDue, *, message: str, now: datetime) -> None:
        """The platform took it, as its message `message`."""

    async def delivery_retry(self, due: DeliveryDue, *, at: datetime, reason: str, counted: bool = True) -> None:
        """Give it back, to be tried again at `at`; `counted` says whether this try counts as an attempt."""

    async def delivery_failed(self, due: DeliveryDue, *, reason: str, now: datetime) -> None:
        """It will never be sent. The oldest report that joined it is due in its place."""

    async def edit_done(self, due: DeliveryDue) -> None:
        """The message shows what was claimed, or never will; only what joined meanwhile has it edited again."""

    async def edit_retry(self, due: DeliveryDue, *, at: datetime, counted: bool = True) -> None:
        """Edit it again at `at`; `counted` says whether this try counts as an attempt."""

    async def stop_chat(self, chat: ChatId, *, state: ChatState, reason: str, now: datetime) -> None:
        """Send nothing more there: what is due fails with the reason, and no new alerts are made."""

    async def move_chat(self, address: ChatAddress, *, to: str) -> None:
        """The platform gave the chat (and all its topics) a new id."""


class Messenger(Protocol):
    """Sends to one platform."""

    platform: Platform

    async def send(self, address: ChatAddress, message: Message, *, key: str, reply_to: str = "") -> str:
        """Send and answer the platform's message id. `key` is the idempotency key, where the platform takes one;
        `reply_to` an earlier message that this one replies to, if that is still there. Raises DeliveryError."""

    async def edit(self, address: ChatAddress, message_id: str, message: Message) -> None:
        """Have a message that was sent show this instead. Raises DeliveryError: MessageRefused where it can't be
        edited (any more), ChatBlocked or ChatGone only where no message can be sent either."""


# --- commands --------------------------------------------------------------------------------------------


class ChatBook(Protocol):
    """Chats, and what they chose."""

    async def open_chat(self, address: ChatAddress, *, kind: ChatKind, title: str, hint: Locale, now: datetime) -> Chat:
        """The chat at an address, made at first contact. Contact makes a blocked or gone chat active again."""

    async def find_chat(self, address: ChatAddress) -> Chat | None:
        """The chat at an address, if it is known."""

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


class Bell(Protocol):
    """Wakes a loop before its next tick: `poll`, `alert` or `deliver`."""

    def ring(self, topic: str) -> None:
        """Wake the loop of that name, here and (on PostgreSQL) in the other replicas."""

    def wake(self, topic: str) -> None:
        """Wake the loop of that name here only."""


class Meter(Protocol):
    """Counts what happened, for /metrics."""

    def count(self, event: str, outcome: str, by: int = 1) -> None:
        """`event` (polls, items, alerts, deliveries, edits, hubs, pushes) ended in `outcome`, `by` times."""
