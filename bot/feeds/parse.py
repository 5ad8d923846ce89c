"""Feed documents to items: bytes ─▶ text ─▶ JSON Feed or XML ─▶ entries ─▶ Items.

All of it is plain computation, most of it with the interpreter held: call it in a thread, to keep the event loop alive.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import islice

from bot.errors import NotAFeed
from bot.feeds.charset import decode
from bot.feeds.document import Document
from bot.feeds.entry import Entry, Heading
from bot.feeds.fields import entry_of
from bot.feeds.heading import heading_of
from bot.feeds.jsonfeed import NotJsonFeed, looks_like_json, read_json_feed
from bot.feeds.prolog import MAX_ITEMS, Refused, prepare
from bot.feeds.quickxml import read_quickly
from bot.feeds.sitemap import looks_like_sitemap, read_sitemap
from bot.feeds.xmlfeed import read_xml_feed
from bot.model import ParsedFeed
from bot.text.html import one_line
from bot.text.language import primary_subtag
from bot.text.urls import safe_link


def parse(body: bytes, *, url: str, content_type: str = "") -> ParsedFeed:
    """A feed document with all its items, in the document's order. See `read`."""
    document = read(body, url=url, content_type=content_type)
    heading = document.heading
    return ParsedFeed(
        title=heading.title,
        site=heading.site,
        language=heading.language,
        items=tuple(item for item in document.items() if item is not None),
        ttl=heading.ttl,
    )


def read(body: bytes, *, url: str, content_type: str = "") -> Document:
    """A feed document: RSS 0.9x/1.0/2.0, Atom, CDF, JSON Feed or news sitemap, with at most 500 entries.

    `url` is where the document came from: relative links are resolved against it. Raises NotAFeed, and nothing else,
    for bytes that are no feed.
    """
    text = decode(body, content_type)
    try:
        heading, entries = read_json_feed(text, url) if looks_like_json(text) else _read_xml(text, url)
    except (Refused, NotJsonFeed) as error:
        raise NotAFeed(url, str(error)) from None
    return Document.of(_clean(heading), list(islice(entries, MAX_ITEMS)))


def _read_xml(text: str, url: str) -> tuple[Heading, Iterable[Entry]]:
    """By the quick reader, which does the usual feeds; feedparser has the last word on all others."""
    if looks_like_sitemap(text):
        return read_sitemap(text, url)
    prepared = prepare(text)
    return read_quickly(prepared, url) or _read_by_feedparser(prepared, url)


def _read_by_feedparser(prepared: str, url: str) -> tuple[Heading, Iterable[Entry]]:
    version, feed, found = read_xml_feed(prepared, url)
    if not version and not found:
        raise Refused("unknown format")
    return heading_of(feed, url=url, text=prepared), (entry_of(entry, url) for entry in found)


def _clean(heading: Heading) -> Heading:
    title, site = one_line(heading.title)[:500], safe_link(heading.site)
    return replace(heading, title=title, site=site, language=primary_subtag(heading.language))
