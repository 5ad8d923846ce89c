"""Every error has its own sentence, in every language, and says what to do."""

from datetime import timedelta

import pytest

from bot.chat.blocks import MESSAGE_LIMIT, fit, text
from bot.chat.catalogue import catalogue_for
from bot.chat.clip import utf16_len
from bot.chat.explain import explain
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
    StorageError,
    TooLarge,
)
from bot.matching.query import parse
from bot.model import Button, Locale, Message
from tests.support.fakes import plain

URL = "https://globe.example/rss"
FEED_ERRORS = [
    *(AddressRefused(URL, reason) for reason in ("scheme", "credentials", "host", "private", "port", "new")),
    FetchTimeout(URL),
    TooLarge(URL),
    *(HttpError(URL, status) for status in (401, 403, 404, 418, 429, 500)),
    *(FetchFailed(URL, reason, timedelta(hours=1)) for reason in ("reset", "tls", "redirects")),
    FeedGone(URL),
    NotAFeed(URL),
    FeedError(URL),
]
QUERY_ERRORS = [QueryError(problem, "a OR (b", 5, "a OR b") for problem in QueryProblem]


def said(error: DitingError, locale: Locale = Locale.EN) -> str:
    return plain(Message(blocks=explain(error, catalogue_for(locale))))


@pytest.mark.parametrize("locale", list(Locale))
def test_every_error_has_a_sentence_of_its_own(locale: Locale) -> None:
    sentences = [said(error, locale) for error in (*FEED_ERRORS, *QUERY_ERRORS, StorageError("disk"))]
    assert len(set(sentences)) == len(sentences)


def test_a_feed_error_names_the_address_and_not_the_internals() -> None:
    sentence = said(FetchFailed(URL, "ConnectionResetError(104)"))
    assert URL in sentence
    assert "104" not in sentence
    assert "disk" not in said(StorageError("disk I/O"))


def test_a_host_that_is_not_found_is_said_to_be_so_whoever_noticed() -> None:
    assert said(FetchFailed(URL, "dns")) == said(AddressRefused(URL, "host"))


def test_the_status_is_said() -> None:
    assert "error 418" in said(HttpError(URL, 418))
    assert "error 503" in said(HttpError(URL, 503))


@pytest.mark.parametrize(
    ("query", "position", "shown"),
    [
        ("a OR (b", 5, "a OR ▶ (b"),
        ("a AND", 5, "a AND ◀"),
        ("(b", 0, "▶ (b"),
        ("ab", 99, "ab ◀"),
        ("ab", -4, "▶ ab"),
    ],
)
def test_the_place_of_a_query_error_is_pointed_at(query: str, position: int, shown: str) -> None:
    assert shown in said(QueryError(QueryProblem.OPEN_PARENTHESIS, query, position)).splitlines()


def test_a_long_query_is_shown_around_its_fault() -> None:
    query = "x " * 300 + "(b" + " y" * 300
    lines = said(QueryError(QueryProblem.OPEN_PARENTHESIS, query, 600)).splitlines()
    assert "▶ (b" in lines[1]
    assert len(lines[1]) < 200


def test_the_suggestion_is_offered() -> None:
    with pytest.raises(QueryError) as caught:
        parse('"trilateral talks')
    sentence = said(caught.value)
    assert caught.value.suggestion in sentence
    assert "quotation mark" in sentence


def test_an_empty_query_has_no_empty_line() -> None:
    assert all(line.strip() for line in said(QueryError(QueryProblem.EMPTY, " ", 0, "talks")).splitlines())


def test_a_message_too_long_for_the_platforms_loses_its_last_blocks() -> None:
    long = fit(Message(blocks=tuple(text("word " * 100) for _ in range(20)), buttons=((), (Button("b", "/b"),))))
    assert plain(long).endswith("…")
    assert utf16_len(plain(long)) <= MESSAGE_LIMIT + 2
    assert long.buttons == ((Button("b", "/b"),),)
