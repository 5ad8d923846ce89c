"""From what people type to feeds: a catalogue name, a feed's address, or the address of a page that has feeds.

catalogue ─▶ the site's convention ─▶ the document itself ─▶ what the page names ─▶ links that look like feeds, and the
places where sites keep them. The first of these steps that finds feeds is the last.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.errors import FeedError, FetchFailed, FetchTimeout, HttpError, NotAFeed
from bot.feeds.catalogue import look_up
from bot.feeds.charset import decode
from bot.feeds.entry import names_of
from bot.feeds.page import common_places, named_feeds
from bot.feeds.parse import read
from bot.feeds.sites import account_address, feeds_told_in_page, known_feeds, web_address
from bot.model import CatalogueEntry, Fetched, FoundFeed
from bot.ports import Fetcher
from bot.text.urls import canonical_url

MAX_CANDIDATES = 6  # feeds of one page that are looked at
MAX_GUESSES = 9  # requests for what may not be there

_COMMENTS = re.compile(r"\bcomments?\s+(?:on|for)\b|\bcomments?\s+feed\b|的評論|的评论|回響|回响", re.IGNORECASE)
_ADDRESS = re.compile(
    r"(?:[\w-]+\.)+[^\W\d_][\w-]+\.?(?::\d+)?(?:[/?#].*)?|(?=.*[.:])\[?[\d.:a-f]{7,}\]?(?:[:/].*)?", re.IGNORECASE
)
_SAME = 0.8  # of the items of two feeds: the same news in two formats
_ENOUGH = frozenset({429, 503})  # statuses that ask for fewer requests


@dataclass(frozen=True, slots=True)
class _Read:
    """A feed that was read, with the pages of its items, by which feeds are told apart."""

    found: FoundFeed
    pages: frozenset[str]

    def is_as(self, other: _Read) -> bool:
        """Whether it is the same feed at another address or in another format."""
        if canonical_url(self.found.url) == canonical_url(other.found.url):
            return True
        common = len(self.pages & other.pages)
        return common > 0 and common >= _SAME * max(len(self.pages), len(other.pages))


class Finder:
    """Finds feeds (`bot.ports.FeedFinder`). It fetches one page or feed at a time, and remembers nothing.

    `rsshub` is the address of an RSSHub, which reads sites that have no feeds; empty: there is none.
    """

    def __init__(self, fetcher: Fetcher, catalogue: Sequence[CatalogueEntry], *, rsshub: str = "") -> None:
        self._fetcher = fetcher
        self._catalogue = catalogue
        self._rsshub = rsshub

    def catalogue(self) -> Sequence[CatalogueEntry]:
        """The feeds known by name."""
        return self._catalogue

    async def find(self, text: str) -> list[FoundFeed]:
        """The feeds that a feed address, page address or catalogue name leads to. Raises FeedError."""
        text = text.strip().strip("<>")
        known = look_up(self._catalogue, text)
        if known:
            return [FoundFeed(url=entry.url, title=entry.title, language=entry.language) for entry in known]
        address = account_address(text) or web_address(text, self._rsshub)
        if "://" in address:
            return await self._at(address)
        if not _ADDRESS.fullmatch(address):
            raise NotAFeed(text, "unknown name")
        return await self._at_bare(address)

    async def _at_bare(self, address: str) -> list[FoundFeed]:
        """An address typed without its scheme: https, and http where there is no https."""
        try:
            return await self._at(f"https://{address}")
        except FetchTimeout:
            raise
        except FetchFailed as error:
            if error.reason not in {"connection", "tls", "disconnected"}:
                raise
            return await self._at(f"http://{address}")

    async def _at(self, url: str) -> list[FoundFeed]:
        known = known_feeds(url, self._rsshub)
        if known.alone:
            return [(await self._read(feed)).found for feed in known.feeds]
        if found := await self._try_all(known.feeds):
            return found
        fetched = await self._fetcher.fetch(url)
        try:
            return [(await _read(url, fetched)).found]
        except NotAFeed:
            return await self._behind(fetched)

    async def _behind(self, page: Fetched) -> list[FoundFeed]:
        """The feeds that a page names, else those in the places where sites keep them."""
        html = decode(page.body, page.content_type)
        named, linked = await asyncio.to_thread(named_feeds, html, page.url)
        told = await asyncio.to_thread(feeds_told_in_page, html, page.url, self._rsshub)
        headed = [url for relation, url in page.links if relation in {"alternate", "feed"} and "wp-json" not in url]
        found = await self._try_all(dict.fromkeys((*told, *headed, *named)))
        if not found:
            found = await self._try_first(dict.fromkeys((*linked, *common_places(page.url))))
        if not found:
            raise NotAFeed(page.url, "no feed found")
        return found

    async def _try_all(self, urls: Iterable[str]) -> list[FoundFeed]:
        """All that are feeds, each of them once; those of comments, which nobody means, only where there are no
        others."""
        kept: list[_Read] = []
        for url in list(urls)[:MAX_CANDIDATES]:
            feed = await self._try(url)
            if feed is not None and not any(feed.is_as(other) for other in kept):
                kept.append(feed)
        main = [feed for feed in kept if not _COMMENTS.search(feed.found.title)]
        return [feed.found for feed in main or kept]

    async def _try_first(self, urls: Iterable[str]) -> list[FoundFeed]:
        for url in list(urls)[:MAX_GUESSES]:
            try:
                return [(await self._read(url)).found]
            except HttpError as error:
                if error.status in _ENOUGH:
                    break
            except FetchFailed:  # a host that is too slow or went away is not asked for more
                break
            except FeedError:
                continue
        return []

    async def _try(self, url: str) -> _Read | None:
        try:
            return await self._read(url)
        except FeedError:
            return None

    async def _read(self, url: str) -> _Read:
        return await _read(url, await self._fetcher.fetch(url))


async def _read(url: str, fetched: Fetched) -> _Read:
    """A fetched document as a feed. Raises NotAFeed."""
    document = await asyncio.to_thread(read, fetched.body, url=fetched.url, content_type=fetched.content_type)
    heading = document.heading
    same = canonical_url(fetched.url) == canonical_url(url)
    address = fetched.moved_to or (fetched.url if same else url)
    title = heading.title or urlsplit(address).hostname or address
    found = FoundFeed(url=address, title=title, site=heading.site, language=heading.language)
    links = (names_of(entry)[1] for entry in document.entries)
    return _Read(found, frozenset(canonical_url(link) for link in links if link))
