"""Says in the reader's language what went wrong, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable

from bot.chat.blocks import code, one_line, text
from bot.chat.catalogue import Catalogue, mark
from bot.errors import (
    AddressRefused,
    DitingError,
    FeedError,
    FeedGone,
    FetchFailed,
    FetchTimeout,
    HttpError,
    NotAFeed,
    QueryError,
    QueryProblem,
    TooLarge,
)
from bot.model import Block, Span

_AROUND = 60  # characters of a query to show on each side of its fault
_ADDRESS = 200

_REFUSALS = {
    "scheme": mark("Only addresses that begin with http:// or https:// can be read."),
    "credentials": mark("An address with a user name or password in it is not read: leave them out."),
    "host": mark("There is no such host: check the spelling."),
    "private": mark("That address is in a private network, which is not read."),
    "port": mark("That port is not read: use an address with the usual web ports."),
}
_REFUSED = mark("That address can't be read: check that it is the full address of a page or feed.")

_UNREACHED = mark("The site could not be reached: check the address, or try again later.")
_FAILURES = {
    "dns": _REFUSALS["host"],
    "tls": mark("The site's certificate is not valid, so it is not read: try another address of the same news."),
    "redirects": mark("The site sends readers in circles: open the address in a browser, and copy it from there."),
}

_STATUSES = {
    401: mark("The site wants a login for it: choose a feed that is open to all."),
    403: mark("The site refuses readers like me: look for another feed of the same news."),
    404: mark("The site has no page there: check the address."),
    429: mark("The site asks for fewer visits: try again in an hour."),
}
_NEEDS_RSSHUB = mark("That site has no feeds of its own. Ask whoever runs me for an RSSHub (RSSHUB_URL).")
_CLIENT_FAULT = mark("The site answered with error {status}: check the address.")
_SERVER_FAULT = mark("The site has trouble (error {status}): try again later.")

_QUERY_PROBLEMS = {
    QueryProblem.EMPTY: mark("There is no word in it: type one or more."),
    QueryProblem.OPEN_QUOTE: mark("A quotation mark opens here and never closes: add the second one."),
    QueryProblem.OPEN_PARENTHESIS: mark("A parenthesis opens here and never closes: add the second one."),
    QueryProblem.STRAY_PARENTHESIS: mark("A parenthesis closes here that never opened: take it out."),
    QueryProblem.MISSING_OPERAND: mark("AND, OR, NOT and NEAR need a word after them, all but NOT also one before."),
    QueryProblem.EMPTY_PHRASE: mark("There is nothing between these quotation marks: put words there."),
    QueryProblem.ONLY_EXCLUDES: mark("It only says what to leave out: add a word to look for."),
    QueryProblem.CONTRADICTION: mark("It leaves out what it looks for, so that it can never match."),
    QueryProblem.BAD_PREFIX: mark("A * stands at the end of a word, after at least two letters: talk*"),
    QueryProblem.OPEN_REGEX: mark("A regular expression opens here and never closes: add a / at its end."),
    QueryProblem.BAD_REGEX: mark(
        "The regular expression can't be read from here on. Look-around and back references are not to be had."
    ),
    QueryProblem.BROAD_REGEX: mark("The regular expression finds something in every text: ask for more in it."),
    QueryProblem.LARGE_REGEX: mark("The regular expression is too large: make it shorter, or let it repeat less."),
    QueryProblem.UNKNOWN_FILTER: mark(
        "There is no such filter: there are title:, feed: and lang: with a language as zh or en."
    ),
    QueryProblem.EMPTY_FILTER: mark("A filter needs a word right after its colon: title:talks"),
    QueryProblem.TOO_LONG: mark("It is too long: split it into several keywords."),
    QueryProblem.TOO_DEEP: mark("Its parentheses are nested too deeply: split it into several keywords."),
    QueryProblem.NOTHING_TO_FIND: mark("There is nothing in it to look for: type words or names."),
}


_REASONS = {
    "timeout": mark("too slow"),
    "dns": mark("its host is not found"),
    "connection": mark("no connection"),
    "disconnected": mark("no connection"),
    "tls": mark("its certificate is not valid"),
    "redirects": mark("it sends readers in circles"),
    "network": mark("no connection"),
    "body": mark("too large, or broken off"),
    "protocol": mark("not answered as the web should"),
    "private": mark("its host is in a private network"),
    "host": mark("its host is not found"),
    "unknown format": mark("no feed there any more"),
    "no feed found": mark("no feed there any more"),
    "unknown name": mark("no feed there any more"),
    "json": mark("no feed there any more"),
    "html": mark("there is a page now and no feed: look for its new address"),
    "sitemap index": mark("it is a list of sitemaps: choose one of them"),
    "sitemap without titles": mark("it is a sitemap without titles of news"),
    "doctype": mark("not built as a feed should be"),
    "entities": mark("not built as a feed should be"),
    "cut off": mark("too large, or broken off"),
    "members": mark("too large, or broken off"),
    "HTTP 401": mark("it wants a login: choose a feed that is open to all"),
    "HTTP 403": mark("the site refuses readers like me: look for another feed of the same news"),
    "HTTP 404": mark("not there any more: look for its new address"),
    "HTTP 410": mark("it has ended"),
    "HTTP 429": mark("the site asks for fewer visits"),
    "scheme": mark("no address of the web"),
    "credentials": mark("with a name or password in it"),
    "port": mark("at an unusual port"),
    "needs rsshub": mark("it needs an RSSHub"),
}


def explain_reason(reason: str, t: Catalogue) -> str:
    """The kept reason of a feed's last failure, in a few words; one we have no words for as it stands."""
    known = _REASONS.get(reason)
    if known:
        return t(known)
    if reason.startswith("HTTP 5"):
        return t("the site has trouble ({status})", status=one_line(reason, _AROUND))
    return one_line(reason, _AROUND)


def explain(error: DitingError, t: Catalogue) -> tuple[Block, ...]:
    """What went wrong and what to do, as blocks. Texts of people stand in runs of their own."""
    if isinstance(error, QueryError):
        return explain_query(error, t)
    if isinstance(error, FeedError):
        address = code(one_line(error.url, _ADDRESS))
        return text(t.spans("{address} could not be read.", address=address)), text(_feed_sentence(error, t))
    return (text(t("That did not work just now. Nothing was changed; try again in a minute.")),)


def explain_query(error: QueryError, t: Catalogue) -> tuple[Block, ...]:
    """What is wrong with a query, with the place marked, and a query that reads."""
    blocks = [text(t("That keyword can't be read."))]
    if error.query.strip():
        blocks.append(text(_pointed(error)))
    blocks.append(text(t(_QUERY_PROBLEMS[error.problem])))
    if error.suggestion:
        blocks.append(text(t.spans("You could type: {query}", query=code(one_line(error.suggestion, _ADDRESS)))))
    return tuple(blocks)


def explain_problem(problem: str, t: Catalogue) -> str:
    """What is wrong with a query, by the word of its problem."""
    return t(_QUERY_PROBLEMS[QueryProblem(problem)])


def _pointed(error: QueryError) -> tuple[Span, ...]:
    """The query with an arrow before the fault (after the end, where something is missing there)."""
    place = min(max(error.position, 0), len(error.query))
    before, after = error.query[:place], error.query[place:]
    start = "…" if len(before) > _AROUND else ""
    runs = (
        (start + one_line(before[-_AROUND:], _AROUND * 2), True),
        (_arrow(before, after), False),
        (one_line(after, _AROUND), True),
    )
    return tuple(code(run) if typed else Span(run) for run, typed in runs if run)


def _arrow(before: str, after: str) -> str:
    if not after.strip():
        return " ◀"
    return " ▶ " if before.strip() else "▶ "


def _feed_sentence(error: FeedError, t: Catalogue) -> str | tuple[Span, ...]:
    for kind, sentence in _FEED_SENTENCES:
        if isinstance(error, kind):
            return sentence(error, t)
    return t("Try again later, or try another address of the same site.")


def _http(error: FeedError, t: Catalogue) -> str:
    status = error.status if isinstance(error, HttpError) else 0
    general = _SERVER_FAULT if status >= 500 else _CLIENT_FAULT  # noqa: PLR2004 - the class of a status
    return t(_STATUSES.get(status, general), status=status)


def _no_feed(error: FeedError, t: Catalogue) -> str | tuple[Span, ...]:
    if error.reason == "needs rsshub":
        return t(_NEEDS_RSSHUB)
    return t.spans(
        "There is no feed there: look for an RSS link on the site, or pick one from {subscribe}.",
        subscribe=code("/subscribe"),
    )


# The most special first: the first that fits words the error.
_FEED_SENTENCES: tuple[tuple[type[FeedError], Callable[[FeedError, Catalogue], str | tuple[Span, ...]]], ...] = (
    (AddressRefused, lambda error, t: t(_REFUSALS.get(error.reason, _REFUSED))),
    (FetchTimeout, lambda _, t: t("The site took too long to answer: try again later.")),
    (TooLarge, lambda _, t: t("It is too large for a feed: check that the address is that of a feed or a page.")),
    (HttpError, _http),
    (FetchFailed, lambda error, t: t(_FAILURES.get(error.reason, _UNREACHED))),
    (FeedGone, lambda _, t: t("The site says that this feed has ended: look for its new address.")),
    (NotAFeed, _no_feed),
)
