"""Rows of what goes wrong: addresses, queries, storage and bugs, each worded for whoever asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from bot.chat import explain
from bot.errors import (
    AddressRefused,
    FeedError,
    FeedGone,
    FetchFailed,
    FetchTimeout,
    HttpError,
    NotAFeed,
    QueryProblem,
    StorageError,
    StorageFull,
    TooLarge,
)
from tests.commands.row import Row
from tests.commands.situations import failing, watched
from tests.commands.stage import SITE

ADDRESS = f"{SITE}/fault"
UNREAD = "{address} could not be read."
REFERENCE = "If it happens again, tell whoever runs me this reference: {reference}"

# What looking for a feed raises, and what is said of it.
_FOUND: dict[str, tuple[FeedError, str]] = {
    **{f"refused: {reason}": (AddressRefused(ADDRESS, reason), said) for reason, said in explain._REFUSALS.items()},
    "refused: for another reason": (AddressRefused(ADDRESS, "strange"), explain._REFUSED),
    **{f"not fetched: {reason}": (FetchFailed(ADDRESS, reason), said) for reason, said in explain._FAILURES.items()},
    "not fetched: for another reason": (FetchFailed(ADDRESS, "network"), explain._UNREACHED),
    **{f"HTTP {status}": (HttpError(ADDRESS, status), said) for status, said in explain._STATUSES.items()},
    "HTTP 418": (HttpError(ADDRESS, 418), explain._CLIENT_FAULT),
    "HTTP 503": (HttpError(ADDRESS, 503, timedelta(hours=1)), explain._SERVER_FAULT),
    "too slow": (FetchTimeout(ADDRESS), "The site took too long to answer: try again later."),
    "too large": (
        TooLarge(ADDRESS),
        "It is too large for a feed: check that the address is that of a feed or a page.",
    ),
    "gone": (FeedGone(ADDRESS), "The site says that this feed has ended: look for its new address."),
    "no feed": (
        NotAFeed(ADDRESS, "html"),
        "There is no feed there: look for an RSS link on the site, or pick one from {subscribe}.",
    ),
    "no feed without RSSHub": (NotAFeed(ADDRESS, "needs rsshub"), explain._NEEDS_RSSHUB),
    "something else": (FeedError(ADDRESS), "Try again later, or try another address of the same site."),
}

# A query for each problem there is.
QUERIES = {
    QueryProblem.OPEN_QUOTE: '"trilateral talks',
    QueryProblem.OPEN_PARENTHESIS: "(talks",
    QueryProblem.STRAY_PARENTHESIS: "talks)",
    QueryProblem.MISSING_OPERAND: "talks AND",
    QueryProblem.EMPTY_PHRASE: '""',
    QueryProblem.ONLY_EXCLUDES: "-football",
    QueryProblem.CONTRADICTION: "talks -talks",
    QueryProblem.BAD_PREFIX: "t*",
    QueryProblem.OPEN_REGEX: r"/\d+ killed",
    QueryProblem.BAD_REGEX: "/talk(?=s)/",
    QueryProblem.BROAD_REGEX: "/.*/",
    QueryProblem.LARGE_REGEX: "/oil{1001}/",
    QueryProblem.UNKNOWN_FILTER: "lang:klingon",
    QueryProblem.EMPTY_FILTER: "title:",
    QueryProblem.TOO_LONG: "talks " * 300,
    QueryProblem.TOO_DEEP: "(" * 40 + "talks" + ")" * 40,
    QueryProblem.NOTHING_TO_FIND: "!!!",
}


def _of_feeds() -> Iterator[Row]:
    for name, (error, said) in _FOUND.items():
        yield Row(name=f"an address is {name}", line="/subscribe {address}", found=error, says=(UNREAD, said))


def _of_queries() -> Iterator[Row]:
    for problem, query in QUERIES.items():
        yield Row(
            name=f"a keyword that can't be read: {problem}",
            line="/keyword add " + query.replace("{", "{{").replace("}", "}}"),
            says=("That keyword can't be read.", explain._QUERY_PROBLEMS[problem]),
        )


def _of_reasons() -> Iterator[Row]:
    """The last failure of a feed, in a few words."""
    for reason, said in explain._REASONS.items():
        if reason != "HTTP 410":
            yield Row(name=f"a feed's trouble: {reason}", line="/feeds", given=(failing(reason),), says=(said,))


FAULTS = (
    Row(
        name="the storage is down",
        line="/keyword add talks",
        given=(watched,),
        fault=StorageError("disk I/O error"),
        says=("That did not work just now. Nothing was changed; try again in a minute.", REFERENCE),
        private=True,
    ),
    Row(
        name="the storage is full",
        line="/subscribe bbc-world",
        fault=StorageFull("disk full"),
        says=("That did not work just now. Nothing was changed; try again in a minute.", REFERENCE),
        private=True,
    ),
    Row(
        name="a bug",
        line="/status",
        fault=ZeroDivisionError("secret text"),
        says=("Something went wrong on my side.", REFERENCE),
        private=True,
    ),
)

ROWS = (*_of_feeds(), *_of_queries(), *_of_reasons(), *FAULTS)
