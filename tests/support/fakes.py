"""The ports in memory, for tests of what stands on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from bot.errors import NotAFeed, QueryError, StorageError
from bot.model import (
    Alert,
    CatalogueEntry,
    Chat,
    ChatAddress,
    ChatId,
    ChatKind,
    ChatSettings,
    ChatState,
    ChatStatus,
    DeliveryId,
    End,
    FeedId,
    FeedRef,
    Finding,
    FoundFeed,
    Hit,
    ItemId,
    Keyword,
    KeywordId,
    Locale,
    Message,
    Miss,
    Mode,
    Person,
    Platform,
    Request,
    StoredItem,
    Subscription,
)

NOW = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
ADDRESS = ChatAddress(Platform.TELEGRAM, "4711")
CATALOGUE = (
    CatalogueEntry(
        name="daily-globe", title="Daily Globe", url="https://globe.example/rss", language="en", topic="world"
    ),
    CatalogueEntry(
        name="harbour-post", title="港灣日報", url="https://harbour.example/rss", language="zh", topic="world"
    ),
    CatalogueEntry(name="lab-notes", title="Lab Notes", url="https://lab.example/atom", language="en", topic="science"),
)


class FakeChats:
    """A ChatBook; also stands for the fault of a database when `broken` is set."""

    def __init__(self) -> None:
        self.by_address: dict[ChatAddress, Chat] = {}
        self.broken: Exception | None = None

    async def open_chat(self, address: ChatAddress, *, kind: ChatKind, title: str, hint: Locale, now: datetime) -> Chat:
        if self.broken:
            raise self.broken
        chat = self.by_address.get(address)
        if chat is None:
            chat = Chat(id=ChatId(len(self.by_address) + 1), address=address, kind=kind, title=title)
        self.by_address[address] = replace(chat, settings=replace(chat.settings, hint=hint))
        return self.by_address[address]

    async def find_chat(self, address: ChatAddress) -> Chat | None:
        if self.broken:
            raise self.broken
        return self.by_address.get(address)

    def stopped(self, address: ChatAddress, state: ChatState) -> Chat:
        """A chat that we know, as it is when it was stopped."""
        return replace(self.by_address[address], state=state)

    async def resume(self, address: ChatAddress) -> bool:
        chat = self.by_address.get(address)
        if chat is None or chat.state not in {ChatState.BLOCKED, ChatState.GONE}:
            return False
        self._change(chat.id, state=ChatState.ACTIVE)
        return True

    async def save_settings(self, chat: ChatId, settings: ChatSettings) -> None:
        self._change(chat, settings=settings)

    async def set_paused(self, chat: ChatId, *, paused: bool) -> None:
        self._change(chat, state=ChatState.PAUSED if paused else ChatState.ACTIVE)

    def _change(self, chat: ChatId, **changes: object) -> None:
        address = next(each.address for each in self.by_address.values() if each.id == chat)
        self.by_address[address] = replace(self.by_address[address], **changes)


class FakeSubscriptions:
    """A SubscriptionBook."""

    def __init__(self) -> None:
        self.feeds: dict[str, FeedRef] = {}
        self.by_chat: dict[ChatId, dict[FeedId, Subscription]] = {}

    async def subscribe(
        self, chat: ChatId, found: FoundFeed, *, mode: Mode, now: datetime
    ) -> tuple[Subscription, bool]:
        feed = self.feeds.setdefault(
            found.url, FeedRef(id=FeedId(len(self.feeds) + 1), url=found.url, title=found.title, site=found.site)
        )
        mine = self.by_chat.setdefault(chat, {})
        new = feed.id not in mine
        mine[feed.id] = Subscription(feed=feed, mode=mode, created=now)
        return mine[feed.id], new

    async def unsubscribe(self, chat: ChatId, feed: FeedId) -> bool:
        return self.by_chat.get(chat, {}).pop(feed, None) is not None

    async def subscriptions(self, chat: ChatId) -> list[Subscription]:
        return list(self.by_chat.get(chat, {}).values())


class FakeKeywords:
    """A KeywordBook."""

    def __init__(self) -> None:
        self.by_chat: dict[ChatId, dict[KeywordId, Keyword]] = {}
        self.made = 0

    async def add_keyword(self, chat: ChatId, *, query: str, canonical: str, now: datetime) -> tuple[Keyword, bool]:
        mine = self.by_chat.setdefault(chat, {})
        for keyword in mine.values():
            if keyword.canonical == canonical:
                return keyword, False
        self.made += 1
        keyword = Keyword(id=KeywordId(self.made), query=query, canonical=canonical, created=now)
        mine[keyword.id] = keyword
        return keyword, True

    async def edit_keyword(self, chat: ChatId, keyword: KeywordId, *, query: str, canonical: str) -> Keyword | None:
        mine = self.by_chat.get(chat, {})
        taken = any(each.canonical == canonical and each.id != keyword for each in mine.values())
        if taken or keyword not in mine:
            return None
        mine[keyword] = replace(mine[keyword], query=query, canonical=canonical)
        return mine[keyword]

    async def remove_keyword(self, chat: ChatId, keyword: KeywordId) -> Keyword | None:
        return self.by_chat.get(chat, {}).pop(keyword, None)

    async def keywords(self, chat: ChatId) -> list[Keyword]:
        return list(self.by_chat.get(chat, {}).values())


@dataclass
class FakeHistory:
    """A History of what the test puts in."""

    alerts: list[Alert] = field(default_factory=list)
    digests: dict[str | int, list[Alert]] = field(default_factory=dict)
    figures: ChatStatus = field(
        default_factory=lambda: ChatStatus(feeds=0, failing=0, keywords=0, items_day=0, sent_day=0, waiting=0)
    )

    async def recent_items(self, chat: ChatId, *, since: datetime, limit: int) -> list[StoredItem]:
        return [alert.item for alert in self.alerts][:limit]

    async def latest_alerts(self, chat: ChatId, *, limit: int) -> list[Alert]:
        return self.alerts[:limit]

    async def told_together(
        self, chat: ChatId, *, delivery: DeliveryId | None = None, message: str = ""
    ) -> list[Alert]:
        return self.digests.get(message if delivery is None else delivery, [])

    async def status(self, chat: ChatId, *, now: datetime) -> ChatStatus:
        return self.figures


@dataclass
class FakeFinder:
    """A FeedFinder that knows its catalogue and some pages."""

    entries: Sequence[CatalogueEntry] = CATALOGUE
    pages: dict[str, list[FoundFeed] | Exception] = field(default_factory=dict)

    async def find(self, text: str) -> list[FoundFeed]:
        for entry in self.entries:
            if text in {entry.name, entry.url}:
                return [FoundFeed(url=entry.url, title=entry.title, language=entry.language)]
        answer = self.pages.get(text, NotAFeed(text))
        if isinstance(answer, Exception):
            raise answer
        return answer

    def catalogue(self) -> Sequence[CatalogueEntry]:
        return self.entries


@dataclass
class FakePreview:
    """A Preview whose answer the test sets."""

    looked: int = 0
    hits: list[tuple[StoredItem, Hit]] = field(default_factory=list)
    near: list[tuple[StoredItem, Miss]] = field(default_factory=list)
    asked: list[tuple[str, datetime]] = field(default_factory=list)
    refusal: QueryError | None = None

    async def would_match(
        self, chat: ChatId, query: str, *, since: datetime, limit: int
    ) -> tuple[int, list[tuple[StoredItem, Hit]]]:
        self.asked.append((query, since))
        if self.refusal:
            raise self.refusal
        return self.looked, self.hits[:limit]

    async def nearest(self, chat: ChatId, query: str, *, since: datetime, limit: int) -> list[tuple[StoredItem, Miss]]:
        return self.near[:limit]


@dataclass
class FakeInquiry:
    """An Inquiry that finds what the test set, by link, item and message."""

    links: dict[str, Finding] = field(default_factory=dict)
    items: dict[int, Finding] = field(default_factory=dict)
    messages: dict[str, Finding] = field(default_factory=dict)

    async def of_link(self, chat: Chat, link: str) -> Finding:
        return self.links.get(link, Finding(end=End.NO_LINK, link=link))

    async def of_item(self, chat: Chat, item: ItemId) -> Finding | None:
        return self.items.get(item)

    async def of_message(self, chat: Chat, message: str) -> Finding | None:
        return self.messages.get(message)


@dataclass
class FakeMutes:
    """A StoryMutes for which each item is a story of its own; those of `without` have none."""

    muted: set[tuple[int, int]] = field(default_factory=set)
    without: set[int] = field(default_factory=set)

    async def mute_story(self, chat: ChatId, item: ItemId, *, now: datetime) -> bool:
        if item in self.without:
            return False
        self.muted.add((chat, item))
        return True

    async def unmute_story(self, chat: ChatId, item: ItemId) -> bool:
        was = (chat, item) in self.muted
        self.muted.discard((chat, item))
        return was


@dataclass
class FakeCounterparts:
    """A Counterparts of what the test puts in."""

    known: dict[str, list[str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def counterparts(self, words: str) -> list[str]:
        self.asked.append(words)
        return self.known.get(words, [])


@dataclass
class FakeBell:
    """A Bell that remembers what it rang, and whom it woke here only."""

    rung: list[str] = field(default_factory=list)
    woken: list[str] = field(default_factory=list)

    def ring(self, topic: str) -> None:
        self.rung.append(topic)

    def wake(self, topic: str) -> None:
        self.woken.append(topic)


def request(
    line: str,
    *,
    locale: Locale = Locale.EN,
    kind: ChatKind = ChatKind.PRIVATE,
    can_manage: bool = True,
    address: ChatAddress = ADDRESS,
    reply_to: str = "",
) -> Request:
    """A typed line as a Request."""
    command, _, arguments = line.removeprefix("/").partition(" ")
    return Request(
        address=address,
        kind=kind,
        person=Person(id="7", locale=locale, can_manage=can_manage),
        command=command,
        arguments=arguments,
        title="A chat",
        reply_to=reply_to,
    )


def plain(message: Message) -> str:
    """The text of a message, a line a block."""
    return "\n".join("".join(span.text for span in block.spans) for block in message.blocks)


def actions(message: Message) -> list[str]:
    """The command lines of a message's buttons."""
    return [button.action for row in message.buttons for button in row if button.action]


BROKEN_DATABASE = StorageError("disk I/O error")
