"""What comes in: feeds, their documents and items, and what a poll of them changes.

What every poll makes anew (FeedDue, Fetched, FeedChange) are named tuples: a frozen dataclass of many fields takes five
times as long to make. All of them are made with the names of their fields.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from bot.model.ids import FeedId, ItemId


class NoticeKind(StrEnum):
    """What the chats of a feed are told of it, once each time."""

    FEED_DEAD = "feed-dead"  # it could not be read for long, or said that it ended
    FEED_BACK = "feed-back"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRef:
    """A feed as people see it."""

    id: FeedId
    url: str
    title: str = ""
    site: str = ""


class FeedDue(NamedTuple):
    """A feed claimed for polling: what the fetch and the decision need to know of its past.

    `polled` is the time of the last successful poll (None: never, so this poll is the silent first one);
    `created` the time of its first subscription; `lease` the token that the outcome must be recorded with; `rhythm`
    what was learned of when it brings items; `hints` what it asks of those who poll it; `dead` that its chats were
    told it can't be read.
    """

    id: FeedId
    url: str
    lease: str
    created: datetime
    title: str = ""
    site: str = ""
    language: str = ""
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    failures: int = 0
    polled: datetime | None = None
    rhythm: bytes = b""
    hints: str = ""
    dead: bool = False


class Fetched(NamedTuple):
    """An HTTP answer to a conditional GET. `status` is 200 or 304; anything else is raised as an error.

    `url` is where the body came from; `moved_to` the new address when every redirect was permanent; `links` the pairs
    (relation, absolute address) of its Link header.
    """

    url: str
    status: int
    body: bytes = b""
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    moved_to: str = ""
    max_age: timedelta | None = None
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One entry of a feed. `text` is plain text with paragraphs apart by an empty line; `published` is UTC.

    `language` is a primary BCP 47 subtag (`en`, `zh`, …) or empty when it can't be told; `picture` the address of a
    picture (≤ 2,000 characters), or empty.
    """

    guid: str
    url: str
    title: str
    text: str = ""
    language: str = ""
    published: datetime | None = None
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    picture: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """A feed document, parsed. `ttl` is how long the feed says to wait between polls."""

    title: str = ""
    site: str = ""
    language: str = ""
    items: tuple[Item, ...] = ()
    ttl: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedHealth:
    """How many feeds are followed, fail now, and were given up; `oldest_due` is since when a poll has been waiting.

    Of all followed feeds together: the last poll that worked, the next one, and the date of the newest item.
    """

    followed: int
    failing: int
    dead: int
    oldest_due: datetime | None = None
    polled: datetime | None = None
    next_poll: datetime | None = None
    last_item: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedTrouble:
    """A feed whose last poll failed with `error`, when it was read last, and when it is tried again."""

    feed: FeedRef
    error: str
    polled: datetime | None
    next_poll: datetime
    last_item: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFeed:
    """A feed that an address or a catalogue name led to."""

    url: str
    title: str
    site: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueEntry:
    """A feed the catalogue knows by name. `topic_names` are further names of its topic, in any language."""

    name: str
    title: str
    url: str
    language: str
    topic: str
    topic_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewItem:
    """An item of a poll with its identity keys, strongest first. `backlog` items are stored without an alert. It is
    `late` when it could have been had long before: its feed was not read meanwhile."""

    item: Item
    keys: tuple[str, ...]
    backlog: bool = False
    late: bool = False


class FeedChange(NamedTuple):
    """What a poll decided: the feed's new state, and the items it brought, oldest first. Empty texts change nothing.

    `known` pairs a key the feed's items had already with the further keys that now name the same item. `notice` is
    what its chats are told. `hub` and `topic` are where the feed can be had by WebSub, `hints` what it asks of those
    who poll it; None: the poll did not see.
    """

    id: FeedId
    lease: str
    next_poll: datetime
    succeeded: bool
    failures: int = 0
    error: str = ""
    gone: bool = False
    url: str = ""
    title: str = ""
    site: str = ""
    language: str = ""
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    rhythm: bytes = b""
    dead: bool = False
    notice: NoticeKind | None = None
    hints: str | None = None
    hub: str | None = None
    topic: str | None = None
    items: tuple[NewItem, ...] = ()
    known: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredItem:
    """An item that has a row. `seen` is when a poll first brought it (UTC); `lease` is set while claimed."""

    id: ItemId
    feed: FeedRef
    item: Item
    seen: datetime
    lease: str = ""
