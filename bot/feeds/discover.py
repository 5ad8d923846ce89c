"""From what people type to feeds: a catalogue name, a feed's address, or the address of a page that has feeds."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Sequence
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from bot.errors import FeedError, FetchFailed, FetchTimeout, NotAFeed
from bot.feeds.catalogue import look_up
from bot.feeds.charset import decode
from bot.feeds.parse import parse
from bot.model import CatalogueEntry, Fetched, FoundFeed
from bot.ports import Fetcher
from bot.text.html import MAX_TAGS, one_line
from bot.text.urls import canonical_url

MAX_CANDIDATES = 6  # feeds of one page that are looked at

_COMMON_PATHS = ("/feed", "/rss", "/rss.xml", "/atom.xml", "/feed.xml", "/index.xml")
_MAX_PAGE = 500_000  # characters; pages name their feeds in the head
_FEED_TYPES = re.compile(r"application/(?:rss|atom|rdf|feed)\+(?:xml|json)|(?:text|application)/(?:xml|rss)")
_FEED_LINK = re.compile(
    r"(?:/(?:feed|rss|atom)/?|[./](?:rss|atom|rdf)|/(?:feed|index|rss|atom)\.xml)(?:\?|\Z)", re.IGNORECASE
)
_COMMENTS = re.compile(r"\bcomments?\b|評論|评论", re.IGNORECASE)
_ADDRESS = re.compile(
    r"(?:[\w-]+\.)+[^\W\d_][\w-]+\.?(?::\d+)?(?:[/?#].*)?|(?=.*[.:])\[?[\d.:a-f]{7,}\]?(?:[:/].*)?", re.IGNORECASE
)
_FEED_SCHEME = re.compile(r"feed:(?://)?(?=https?://)|feed(?=://)", re.IGNORECASE)


class Finder:
    """Finds feeds (`bot.ports.FeedFinder`). It fetches one page or feed at a time, and remembers nothing."""

    def __init__(self, fetcher: Fetcher, catalogue: Sequence[CatalogueEntry]) -> None:
        self._fetcher = fetcher
        self._catalogue = catalogue

    def catalogue(self) -> Sequence[CatalogueEntry]:
        """The feeds known by name."""
        return self._catalogue

    async def find(self, text: str) -> list[FoundFeed]:
        """The feeds that a feed address, page address or catalogue name leads to. Raises FeedError."""
        text = text.strip().strip("<>")
        known = look_up(self._catalogue, text)
        if known:
            return [FoundFeed(url=entry.url, title=entry.title, language=entry.language) for entry in known]
        address = _FEED_SCHEME.sub(lambda match: "http" if match[0].lower() == "feed" else "", text)
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
        fetched = await self._fetcher.fetch(url)
        try:
            return [await _read(url, fetched)]
        except NotAFeed:
            return await self._behind(fetched)

    async def _behind(self, page: Fetched) -> list[FoundFeed]:
        """The feeds that a page names, else those in the places where sites keep them."""
        html = decode(page.body, page.content_type)[:_MAX_PAGE]
        named, linked = _named_feeds(html, page.url)
        found = await self._try_all(named)
        if not found:
            found = await self._try_first([*linked, *_common_places(page.url)])
        if not found:
            raise NotAFeed(page.url, "no feed found")
        return found

    async def _try_all(self, urls: Sequence[str]) -> list[FoundFeed]:
        tried = [await self._try(url) for url in urls[:MAX_CANDIDATES]]
        return list({found.url: found for found in tried if found is not None}.values())

    async def _try_first(self, urls: Sequence[str]) -> list[FoundFeed]:
        for url in dict.fromkeys(urls):
            found = await self._try(url)
            if found is not None:
                return [found]
        return []

    async def _try(self, url: str) -> FoundFeed | None:
        try:
            return await _read(url, await self._fetcher.fetch(url))
        except FeedError:
            return None


async def _read(url: str, fetched: Fetched) -> FoundFeed:
    """A fetched document as a feed. Raises NotAFeed."""
    parsed = await asyncio.to_thread(parse, fetched.body, url=fetched.url, content_type=fetched.content_type)
    same = canonical_url(fetched.url) == canonical_url(url)
    address = fetched.moved_to or (fetched.url if same else url)
    title = parsed.title or urlsplit(address).hostname or address
    return FoundFeed(url=address, title=title, site=parsed.site, language=parsed.language)


def _named_feeds(html: str, url: str) -> tuple[list[str], list[str]]:
    """The addresses of the feeds that a page's head names, and of links in it that look like feeds."""
    if html.count("<") > MAX_TAGS:
        html = "".join(re.findall(r"<(?:base|link|a)\s[^<>]*>", html)[:MAX_TAGS])
    tree = LexborHTMLParser(html)
    base = tree.css_first("base[href]")
    at = _join(url, base.attributes.get("href") if base else "") or url
    named = [
        (bool(_COMMENTS.search(one_line(link.attributes.get("title") or "") + " " + href)), href)
        for link in tree.css("link[rel][href]")
        if _is_feed_link(link.attributes) and (href := _join(at, link.attributes.get("href")))
    ]
    # Comment feeds come last: nobody who subscribes to a site means them.
    main = [href for comments, href in named if not comments] or [href for _, href in named]
    return list(dict.fromkeys(main)), list(_feed_like(tree, at))[:3]


def _is_feed_link(attributes: dict[str, str | None]) -> bool:
    rel = (attributes.get("rel") or "").lower().split()
    kind = (attributes.get("type") or "").lower().partition(";")[0].strip()
    return "feed" in rel or ("alternate" in rel and bool(_FEED_TYPES.fullmatch(kind)))


def _feed_like(tree: LexborHTMLParser, at: str) -> Iterator[str]:
    """Links of the same site only: others' feeds are not the page's."""
    host = urlsplit(at).hostname
    for anchor in tree.css("a[href]"):
        href = _join(at, anchor.attributes.get("href"))
        if href and _FEED_LINK.search(href) and urlsplit(href).hostname == host:
            yield href


def _common_places(url: str) -> Iterator[str]:
    """Below the page's own folder first: one host has many blogs."""
    folder = urlsplit(url).path.rpartition("/")[0] if "." in urlsplit(url).path else urlsplit(url).path.rstrip("/")
    for path in _COMMON_PATHS[:1] if folder else ():
        yield urljoin(url, folder + path)
    for path in _COMMON_PATHS:
        yield urljoin(url, path)


def _join(base: str, href: str | None) -> str:
    try:
        joined = urljoin(base, (href or "").strip())
        scheme = urlsplit(joined).scheme
    except ValueError:
        return ""
    return joined if href and scheme in {"http", "https"} else ""
