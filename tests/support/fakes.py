"""The ports in memory, for tests of what stands on them."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from bot.errors import NotAFeed, QueryError, StorageError
from bot.model import (
    STOPPED_STATES,
    Alert,
    Brief,
    CatalogueEntry,
    Chat,
    ChatAddress,
    ChatId,
    ChatKind,
    ChatSettings,
    ChatState,
    ChatStatus,
    Choice,
    DeliveryId,
    End,
    FeedId,
    FeedRef,
    Finding,
    Forecast,
    FoundFeed,
    Hit,
    Hold,
    ItemId,
    Keyword,
    KeywordId,
    Language,
    Locale,
    MadeBy,
    Message,
    Miss,
    Mode,
    Person,
    Platform,
    Prospect,
    Request,
    Rise,
    SearchPage,
    Sent,
    Share,
    StoredItem,
    Subscription,
    Tally,
    Titled,
    Translation,
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
        if chat is None or chat.state not in STOPPED_STATES:
            return False
        self._change(chat.id, state=ChatState.ACTIVE)
        return True

    async def save_settings(self, chat: ChatId, settings: ChatSettings) -> None:
        self._change(chat, settings=settings)

    async def set_paused(self, chat: ChatId, *, paused: bool) -> bool:
        old, new = (ChatState.ACTIVE, ChatState.PAUSED) if paused else (ChatState.PAUSED, ChatState.ACTIVE)
        if next(each for each in self.by_address.values() if each.id == chat).state is not old:
            return False
        self._change(chat, state=new)
        return True

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
        fresh = Subscription(feed=feed, mode=mode, created=now)
        mine[feed.id] = fresh if new else replace(mine[feed.id], mode=mode)
        return mine[feed.id], new

    async def unsubscribe(self, chat: ChatId, feed: FeedId) -> bool:
        return self.by_chat.get(chat, {}).pop(feed, None) is not None

    async def subscriptions(self, chat: ChatId) -> list[Subscription]:
        return list(self.by_chat.get(chat, {}).values())

    async def set_feed_choice(self, chat: ChatId, feed: FeedId, choice: Choice) -> Subscription | None:
        mine = self.by_chat.get(chat, {})
        if feed in mine:
            mine[feed] = replace(mine[feed], choice=choice)
        return mine.get(feed)


class FakeKeywords:
    """A KeywordBook, and the Removals of it."""

    def __init__(self) -> None:
        self.by_chat: dict[ChatId, dict[KeywordId, Keyword]] = {}
        self.made = 0
        self.removals: list[tuple[ChatId, dict[KeywordId, Keyword]]] = []

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
        return next(iter((await self.remove_keywords(chat, [keyword]))[1]), None)

    async def remove_keywords(self, chat: ChatId, gone: Collection[KeywordId]) -> tuple[int, list[Keyword]]:
        mine = self.by_chat.setdefault(chat, {})
        self.removals.append((chat, {each: mine.pop(each) for each in gone if each in mine}))
        return len(self.removals), list(self.removals[-1][1].values())

    async def removed_keywords(self, chat: ChatId, removal: int | None) -> list[Keyword]:
        theirs = [gone for whose, gone in self.removals if whose == chat and gone]
        if removal is None:
            return list(theirs[-1].values()) if theirs else []
        whose, gone = self.removals[removal - 1] if 0 < removal <= len(self.removals) else (chat, {})
        return list(gone.values()) if whose == chat else []

    async def restore_keywords(self, chat: ChatId, back: Collection[KeywordId]) -> list[Keyword]:
        mine = self.by_chat.setdefault(chat, {})
        restored = [gone.pop(each) for whose, gone in self.removals if whose == chat for each in back if each in gone]
        self.by_chat[chat] = dict(sorted((mine | {each.id: each for each in restored}).items()))
        return restored

    async def keywords(self, chat: ChatId) -> list[Keyword]:
        return list(self.by_chat.get(chat, {}).values())

    async def set_keyword_choice(self, chat: ChatId, keyword: KeywordId, choice: Choice) -> Keyword | None:
        mine = self.by_chat.get(chat, {})
        if keyword in mine:
            mine[keyword] = replace(mine[keyword], choice=choice)
        return mine.get(keyword)


@dataclass
class FakeTallies:
    """A Tallies of what the test puts in, by query and by feed."""

    keywords: dict[str, Tally] = field(default_factory=dict)
    feeds: dict[FeedId, Tally] = field(default_factory=dict)

    async def of_keyword(self, chat: ChatId, query: str, *, since: datetime) -> Tally:
        return self.keywords.get(query, Tally(alerts=0))

    async def of_feed(self, chat: ChatId, feed: FeedId, *, since: datetime) -> Tally:
        return self.feeds.get(feed, Tally(alerts=0))


@dataclass
class FakeShelf:
    """A Shelf."""

    kept: dict[tuple[ChatId, str], str] = field(default_factory=dict)
    tokens: int = 0

    async def keep(self, chat: ChatId, content: dict[str, Any], *, now: datetime) -> str:
        self.tokens += 1
        token = f"{self.tokens:016x}"
        self.kept[chat, token] = json.dumps(content)
        return token

    async def take(self, chat: ChatId, token: str) -> dict[str, Any] | None:
        return json.loads(self.kept.pop((chat, token), "null"))


@dataclass
class FakeHistory:
    """A History of what the test puts in."""

    alerts: list[Alert] = field(default_factory=list)
    digests: dict[str | int, list[Alert]] = field(default_factory=dict)
    figures: ChatStatus = field(
        default_factory=lambda: ChatStatus(feeds=0, failing=0, keywords=0, items_day=0, sent_day=0, waiting=0)
    )

    async def recent_items(
        self, chat: ChatId, *, since: datetime, limit: int, of: Collection[FeedId] | None = None
    ) -> list[StoredItem]:
        items = [alert.item for alert in self.alerts]
        return [item for item in items if of is None or item.feed.id in of][:limit]

    async def latest_alerts(
        self, chat: ChatId, *, limit: int, before: ItemId | None = None, after: ItemId | None = None
    ) -> list[Alert]:
        known = [alert.item.id for alert in self.alerts]
        if before is not None:
            return self.alerts[known.index(before) + 1 :][:limit] if before in known else []
        if after is not None:
            return self.alerts[: known.index(after)][-limit:] if after in known else []
        return self.alerts[:limit]

    async def told_together(
        self, chat: ChatId, *, delivery: DeliveryId | None = None, message: str = ""
    ) -> list[Alert]:
        return self.digests.get(message if delivery is None else delivery, [])

    async def status(self, chat: ChatId, *, now: datetime) -> ChatStatus:
        return self.figures


@dataclass
class FakeHeld:
    """A HeldBook that remembers what it was asked, and holds as many alerts as the test says."""

    alerts: dict[Hold, int] = field(default_factory=dict)
    asked: list[Mapping[Hold, datetime]] = field(default_factory=list)

    async def reschedule_held(self, chat: ChatId, times: Mapping[Hold, datetime]) -> int:
        self.asked.append(times)
        return sum(self.alerts.get(hold, 0) for hold in times)


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
    about: bool = False

    async def forecast(self, chat: ChatId, query: str, *, since: datetime, shown: int) -> Forecast:
        self.asked.append((query, since))
        if self.refusal:
            raise self.refusal
        return Forecast(looked=self.looked, found=len(self.hits), hits=tuple(self.hits), about=self.about)

    async def nearest(self, chat: ChatId, query: str, *, since: datetime, limit: int) -> list[tuple[StoredItem, Miss]]:
        return self.near[:limit]


@dataclass
class FakeOutlook:
    """An Outlook of what the test puts in."""

    read: bool = True
    alerts: list[Alert] = field(default_factory=list)
    older: list[Alert] = field(default_factory=list)
    more: bool = False
    names: list[str] = field(default_factory=list)

    async def first_reading(self, chat: ChatId) -> bool:
        return self.read

    async def would_have_brought(self, chat: ChatId, *, since: Sequence[datetime], limit: int) -> Prospect:
        start, found = (since[0], self.alerts) if self.alerts else (since[-1], self.older)
        return Prospect(since=start, found=len(found), more=self.more, alerts=found[:limit])

    async def in_the_news(self, chat: ChatId, *, since: datetime, language: Language, limit: int) -> list[str]:
        return self.names[:limit]


@dataclass
class FakeShares:
    """A ShareBook."""

    by_token: dict[str, tuple[ChatId, Share]] = field(default_factory=dict)

    async def keep_share(self, chat: ChatId, token: str, share: Share, *, most: int, now: datetime) -> None:
        self.by_token[token] = (chat, share)
        for old in [token for token, (owner, _) in self.by_token.items() if owner == chat][:-most]:
            del self.by_token[old]

    async def find_share(self, token: str) -> Share | None:
        return self.by_token[token][1] if token in self.by_token else None

    async def drop_shares(self, chat: ChatId) -> int:
        mine = [token for token, (owner, _) in self.by_token.items() if owner == chat]
        for token in mine:
            del self.by_token[token]
        return len(mine)


@dataclass
class FakeSearch:
    """A Search whose answer the test sets."""

    found: list[tuple[StoredItem, Hit]] = field(default_factory=list)
    asked: list[tuple[str, int]] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    refusal: QueryError | None = None

    async def search(self, chat: ChatId, query: str, *, page: int, size: int, now: datetime) -> SearchPage:
        self.asked.append((query, page))
        if self.refusal:
            raise self.refusal
        shown = self.found[(page - 1) * size : page * size]
        return SearchPage(items=tuple(shown), page=page, more=len(self.found) > page * size)

    def remember(self, query: str) -> str:
        name = f"q{len(self.names)}"
        self.names[name] = query
        return name

    def recall(self, name: str) -> str | None:
        return self.names.get(name)


@dataclass
class FakeRecords:
    """A Records of what the test puts in."""

    sent: list[Sent] = field(default_factory=list)
    there: list[Titled] = field(default_factory=list)

    async def sent_alerts(self, chat: ChatId, *, since: datetime, limit: int) -> list[Sent]:
        return [each for each in self.sent if each.at >= since][:limit]

    async def titles(self, chat: ChatId, *, since: datetime, until: datetime, most: int) -> list[Titled]:
        return [each for each in self.there if since <= each.seen < until][:most]


@dataclass
class FakeTrends:
    """A Trends whose answer the test sets."""

    rises: list[Rise] = field(default_factory=list)

    async def rising(self, chat: ChatId, *, days: int, now: datetime) -> list[Rise]:
        return self.rises


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
class FakeBriefs:
    """A BriefBook of what the test puts in."""

    known: dict[ItemId, Brief] = field(default_factory=dict)

    async def briefs(self, items: Collection[ItemId]) -> Mapping[ItemId, Brief]:
        return {item: self.known[item] for item in items if item in self.known}


@dataclass
class FakeTranslation:
    """A TextTranslator of what the test puts in; "" stands for any text."""

    known: dict[str, str] = field(default_factory=dict)
    made_by: MadeBy = MadeBy.TRANSLATION
    doubtful: bool = False
    is_set_up: bool = True
    asked: list[tuple[str, Language]] = field(default_factory=list)

    async def translate(self, text: str, *, otherwise: Language) -> Translation | None:
        self.asked.append((text, otherwise))
        said = self.known.get(text, self.known.get(""))
        return said and Translation(text=said, language=otherwise, made_by=self.made_by, doubtful=self.doubtful)


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
