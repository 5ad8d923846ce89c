"""Feed documents to items: bytes ─▶ text ─▶ JSON Feed or XML (feedparser) ─▶ entries ─▶ Items.

`parse` is plain computation, a millisecond or so for each entry, and feedparser holds the GIL for all of it: call it
in a process pool, or in a thread when feeds are few. A thread keeps the event loop alive but not fast.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from typing import Any
from urllib.parse import urljoin

from bot.errors import NotAFeed
from bot.feeds.charset import decode
from bot.feeds.dates import from_struct
from bot.feeds.entry import Entry, Heading, to_item
from bot.feeds.jsonfeed import NotJsonFeed, looks_like_json, read_json_feed
from bot.feeds.prolog import MAX_ITEMS, Refused, prepare
from bot.feeds.xmlfeed import read_xml_feed
from bot.model import Item, ParsedFeed
from bot.text.html import one_line
from bot.text.language import primary_subtag
from bot.text.urls import safe_link

MAX_TTL = timedelta(days=7)

_PLAIN = "text/plain"
_DATES = ("published", "updated", "created")
_UPDATES = {"hourly": 60, "daily": 1440, "weekly": 10080, "monthly": 43200, "yearly": 525600}  # minutes
_EMAIL_AUTHOR = re.compile(r"\S+@\S+\s+\((.+)\)\Z")


def parse(body: bytes, *, url: str, content_type: str = "") -> ParsedFeed:
    """A feed document: RSS 0.9x/1.0/2.0, Atom, CDF or JSON Feed; items in the document's order, at most 500.

    `url` is where the document came from: relative links are resolved against it. Raises NotAFeed, and nothing else,
    for bytes that are no feed.
    """
    text = decode(body, content_type)
    try:
        if looks_like_json(text):
            heading, entries = read_json_feed(text, url)
            return _assemble(heading, entries, ttl=None)
        version, feed, found = read_xml_feed(prepare(text), url)
    except (Refused, NotJsonFeed) as error:
        raise NotAFeed(url, str(error)) from None
    if not version and not found:
        raise NotAFeed(url, "unknown format")
    return _assemble(_heading(feed), (_entry(entry, url) for entry in found), ttl=_ttl(feed))


def _assemble(heading: Heading, entries: Iterator[Entry], *, ttl: timedelta | None) -> ParsedFeed:
    language = primary_subtag(heading.language)
    items = (to_item(entry, language=heading.language) for entry in islice(entries, MAX_ITEMS))
    kept: tuple[Item, ...] = tuple(item for item in items if item is not None)
    return ParsedFeed(
        title=one_line(heading.title)[:500], site=safe_link(heading.site), language=language, items=kept, ttl=ttl
    )


def _heading(feed: dict[str, Any]) -> Heading:
    return Heading(title=_get(feed, "title"), site=_get(feed, "link"), language=_get(feed, "language"))


def _entry(entry: dict[str, Any], url: str) -> Entry:
    contents = [part for part in _list(entry, "content") if isinstance(part, dict)]
    bodies = [(_get(part, "value"), _get(part, "type")) for part in contents]
    bodies.append((_get(entry, "summary"), _get(_detail(entry, "summary"), "type")))
    return Entry(
        guid=_get(entry, "id"),
        url=_link(entry, url),
        title=_get(entry, "title"),
        plain_title=_get(_detail(entry, "title"), "type") == _PLAIN,
        texts=tuple(value for value, kind in bodies if value and kind != _PLAIN),
        plain_texts=tuple(value for value, kind in bodies if value and kind == _PLAIN),
        dates=tuple(_get(entry, name) for name in _DATES),
        moment=next(filter(None, (from_struct(dict.get(entry, f"{name}_parsed")) for name in _DATES)), None),
        language=_get(_detail(entry, "title"), "language") or (_get(contents[0], "language") if contents else ""),
        authors=tuple(_authors(entry)),
        categories=tuple(_get(tag, "label") or _get(tag, "term") for tag in _list(entry, "tags")),
    )


def _link(entry: dict[str, Any], url: str) -> str:
    """The page of an entry: before FeedBurner's detour, its own link, and an enclosure for want of both."""
    found = _get(entry, "feedburner_origlink") or _get(entry, "link")
    links = [link for link in _list(entry, "links") if isinstance(link, dict)]
    found = found or next((href for link in links if (href := _get(link, "href"))), "")
    try:
        return urljoin(url, found) if found else ""
    except ValueError:
        return ""


def _authors(entry: dict[str, Any]) -> Iterator[str]:
    """Names; RSS has `address (name)`, which feedparser takes apart only under short top-level domains."""
    author, authors = _get(entry, "author"), _list(entry, "authors")
    match = _EMAIL_AUTHOR.match(author) if len(authors) <= 1 else None
    if match:
        yield match[1]
    elif authors:
        yield from (_get(one, "name") for one in authors if isinstance(one, dict))
    else:
        yield author


def _ttl(feed: dict[str, Any]) -> timedelta | None:
    """RSS's `ttl` in minutes, or the syndication module's period and frequency."""
    ttl, period, frequency = (_get(feed, name) for name in ("ttl", "sy_updateperiod", "sy_updatefrequency"))
    minutes = int(ttl[:9]) if ttl.isascii() and ttl.isdigit() else 0
    if not minutes and period in _UPDATES:
        times = int(frequency[:9]) if frequency.isascii() and frequency.isdigit() else 1
        minutes = _UPDATES[period] // max(times, 1)
    return min(timedelta(minutes=minutes), MAX_TTL) if minutes else None


def _get(mapping: dict[str, Any], name: str) -> str:
    """A text of feedparser's; past its own look-up, which warns and answers with other fields."""
    value = dict.get(mapping, name)
    return value.strip() if isinstance(value, str) else ""


def _detail(entry: dict[str, Any], name: str) -> dict[str, Any]:
    value = dict.get(entry, f"{name}_detail")
    return value if isinstance(value, dict) else {}


def _list(mapping: dict[str, Any], name: str) -> list[Any]:
    value = dict.get(mapping, name)
    return value if isinstance(value, list) else []
