"""The errors that Diting raises on purpose.

DitingError
├── SettingsError              a setting is missing or wrong
├── FeedError                  a feed's address could not give items
│   ├── AddressRefused         not an address we fetch (scheme, private network)
│   ├── FetchFailed            the host did not give the document this time
│   │   ├── FetchTimeout
│   │   ├── TooLarge
│   │   └── HttpError          an HTTP status that is no success
│   ├── FeedGone               410: the feed says that it ended
│   └── NotAFeed               a document, but no feed in it or behind it
├── FeedListError              a file is no list of feeds
├── QueryError                 a keyword can't be read; points at the place
├── BriefError                 one way of making a brief did not work out
│   ├── WayUnavailable         down, too slow, or not set up
│   └── BriefRefused           the guard found a fact that the source does not have
├── DeliveryError              a message did not reach its chat
│   ├── ChatBlocked            people blocked or kicked the bot
│   │   └── RightsMissing      the bot is there and may not write; who manages the chat can mend it
│   ├── ChatGone               deleted, or closed for good
│   ├── ChatMoved              a group became a supergroup
│   ├── RateLimited            wait `retry_after`
│   ├── MessageRefused         the platform can't read this message
│   ├── TokenRefused           the bot's token is not valid any more
│   ├── PlaceDown              this one place has trouble, and no other: try again
│   └── PlatformDown           network or server trouble; try again
│       └── AnotherPoller      somebody else receives the bot's updates
└── StorageError               the database can't be used
    ├── StorageFull            there is no room left for it
    └── LeaseLost              somebody else has the row now

Errors carry ids and values, never sentences for people: `bot.chat.explain` words them in the reader's language.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.model import ChatAddress


class DitingError(Exception):
    """The root of all errors raised on purpose."""


class SettingsError(DitingError):
    """Settings are missing or wrong. `problems` names each variable and its mend, one a line."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class FeedError(DitingError):
    """A feed's address could not give items."""

    def __init__(self, url: str, reason: str = "") -> None:
        super().__init__(f"{url}: {reason}" if reason else url)
        self.url = url
        self.reason = reason


class AddressRefused(FeedError):
    """Not an address we fetch: `reason` is one of scheme, credentials, host, private, port."""


class FetchFailed(FeedError):
    """The host did not give the document this time. `retry_after` is what it asked us to wait."""

    def __init__(self, url: str, reason: str = "", retry_after: timedelta | None = None) -> None:
        super().__init__(url, reason)
        self.retry_after = retry_after


class FetchTimeout(FetchFailed):
    """The host took longer than the whole-request deadline."""


class TooLarge(FetchFailed):
    """The decoded body is larger than the cap."""


class HttpError(FetchFailed):
    """An HTTP status that is no success."""

    def __init__(self, url: str, status: int, retry_after: timedelta | None = None) -> None:
        super().__init__(url, f"HTTP {status}", retry_after)
        self.status = status


class FeedGone(FeedError):
    """HTTP 410: the feed says that it ended."""


class NotAFeed(FeedError):
    """A document, but no feed in it or behind it."""


class FeedListError(DitingError):
    """A file is no list of feeds: `reason` is one of empty, too-large, not-opml, no-feeds; or it is not all that a chat
    has: not-ours, wrong, version, too-many."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"not a list of feeds: {reason}")
        self.reason = reason


class QueryProblem(StrEnum):
    """What is wrong with a query."""

    EMPTY = "empty"
    OPEN_QUOTE = "open-quote"
    OPEN_PARENTHESIS = "open-parenthesis"
    STRAY_PARENTHESIS = "stray-parenthesis"
    MISSING_OPERAND = "missing-operand"
    EMPTY_PHRASE = "empty-phrase"
    ONLY_EXCLUDES = "only-excludes"
    CONTRADICTION = "contradiction"
    BAD_PREFIX = "bad-prefix"
    OPEN_REGEX = "open-regex"
    BAD_REGEX = "bad-regex"
    BROAD_REGEX = "broad-regex"
    LARGE_REGEX = "large-regex"
    UNKNOWN_FILTER = "unknown-filter"
    EMPTY_FILTER = "empty-filter"
    TOO_LONG = "too-long"
    TOO_DEEP = "too-deep"
    NOTHING_TO_FIND = "nothing-to-find"


class QueryError(DitingError):
    """A keyword that can't be read. `position` is a character offset into `query`; `suggestion` a query that reads."""

    def __init__(self, problem: QueryProblem, query: str, position: int = 0, suggestion: str = "") -> None:
        super().__init__(f"{problem} at {position}")
        self.problem = problem
        self.query = query
        self.position = position
        self.suggestion = suggestion


class BriefError(DitingError):
    """One way of making a brief did not work out."""


class WayUnavailable(BriefError):
    """The way is down, too slow, or not set up. `rest` is how long to leave it alone, where that is known."""

    def __init__(self, reason: str = "", *, rest: timedelta | None = None) -> None:
        super().__init__(reason)
        self.rest = rest


class BriefRefused(BriefError):
    """The guard found something in a brief that its source does not have, or not in the right form.

    It reads "field: kind: words", such as "summary_en: number: 24".
    """

    @property
    def kind(self) -> str:
        """What refusals are counted by: "number" of "summary_en: number: 24", or all that is said when no field is."""
        return str(self).split(": ", 2)[:2][-1]


class DeliveryError(DitingError):
    """A message did not reach its chat. `reason` is the platform's own word for it, free of tokens and texts."""

    def __init__(self, reason: str = "") -> None:
        super().__init__(reason)
        self.reason = reason


class ChatBlocked(DeliveryError):
    """People blocked or kicked the bot; resumed when they speak to it again."""


class RightsMissing(ChatBlocked):
    """The bot is there and may not write. `managers` are the private chats of those who can mend it, as far as the
    platform tells, and whoever is first among them is the best to tell."""

    def __init__(self, reason: str = "", managers: tuple[ChatAddress, ...] = ()) -> None:
        super().__init__(reason)
        self.managers = managers


class ChatGone(DeliveryError):
    """The chat was deleted, or its topic closed for good."""


class ChatMoved(DeliveryError):
    """A group became a supergroup; `to` is the platform's new id of it."""

    def __init__(self, to: str) -> None:
        super().__init__("moved")
        self.to = to


class RateLimited(DeliveryError):
    """The platform asks to wait `retry_after`; `everywhere` when that holds for all chats and not only for this one."""

    def __init__(self, retry_after: timedelta, *, everywhere: bool = False) -> None:
        super().__init__("rate limited")
        self.retry_after = retry_after
        self.everywhere = everywhere


class MessageRefused(DeliveryError):
    """The platform can't read this message; another try would fare the same."""


class TokenRefused(DeliveryError):
    """The bot's token is not valid (any more)."""


class PlaceDown(DeliveryError):
    """A place with a server of its own has trouble, which says nothing of others: try again later."""


class PlatformDown(DeliveryError):
    """Network or server trouble: try again later. `maybe_sent`: all of it went out and only the answer is missing, so
    that the platform may have taken it."""

    def __init__(self, reason: str = "", *, maybe_sent: bool = False) -> None:
        super().__init__(reason)
        self.maybe_sent = maybe_sent


class AnotherPoller(PlatformDown):
    """Somebody else receives the bot's updates: a second process with its token, or a webhook."""


class StorageError(DitingError):
    """The database can't be used."""


class StorageFull(StorageError):
    """The disk of the database is full."""


class LeaseLost(StorageError):
    """A row's lease ran out and somebody else has it now."""
