"""The feeds that a web page names: in its head, in its links, and in the places where sites usually keep them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from bot.text.html import MAX_TAGS, one_line

_MAX_PAGE = 500_000  # characters; pages name their feeds in the head
_MOST_LINKED = 3
_PLACES = ("/feed", "/rss", "/rss.xml", "/atom.xml", "/feed.xml", "/index.xml", "/feed.json")
_TYPES = re.compile(r"application/(?:rss|atom|rdf|feed)\+(?:xml|json)|(?:text|application)/(?:xml|rss|atom|rdf)")
_JSON_FEED = re.compile(r"feed[^/]*\Z", re.IGNORECASE)
_FEED_LINK = re.compile(
    r"(?:/(?:feed|rss|atom)/?|[./](?:rss|atom|rdf)|/(?:feed|index|rss|atom)\.xml|/feed\.json)(?:\?|\Z)", re.IGNORECASE
)
_COMMENTS = re.compile(r"\bcomments?\b|評論|评论|回響|回响", re.IGNORECASE)
_TAGS = re.compile(r"<(?:base|link|meta|a)\s[^<>]*>", re.IGNORECASE)


def tree_of(html: str) -> LexborHTMLParser:
    """A page's start as a tree; of a page with very many tags, only those that can name a feed."""
    html = html[:_MAX_PAGE]
    if html.count("<") > MAX_TAGS:
        html = "".join(_TAGS.findall(html)[:MAX_TAGS])
    return LexborHTMLParser(html)


def named_feeds(html: str, url: str) -> tuple[list[str], list[str]]:
    """The addresses of the feeds that a page's head names, and of links in it that look like feeds.

    The feeds of its comments are left out where it names others: nobody who subscribes to a site means them.
    """
    tree = tree_of(html)
    base = tree.css_first("base[href]")
    at = _join(url, base.attributes.get("href") if base else "") or url
    named = [
        (bool(_COMMENTS.search(one_line(link.attributes.get("title") or "") + " " + href)), href)
        for link in tree.css("link[rel][href]")
        if (href := _join(at, link.attributes.get("href"))) and _is_feed_link(link.attributes, href)
    ]
    main = [href for comments, href in named if not comments] or [href for _, href in named]
    return list(dict.fromkeys(main)), list(dict.fromkeys(_feed_like(tree, at)))[:_MOST_LINKED]


def common_places(url: str) -> Iterator[str]:
    """Below the page's own folder first: one host has many blogs."""
    path = urlsplit(url).path
    folder = path.rpartition("/")[0] if "." in path else path.rstrip("/")
    for place in _PLACES[:1] if folder else ():
        yield urljoin(url, folder + place)
    for place in _PLACES:
        yield urljoin(url, place)


def _is_feed_link(attributes: dict[str, str | None], href: str) -> bool:
    rel = (attributes.get("rel") or "").lower().split()
    kind = (attributes.get("type") or "").lower().partition(";")[0].strip()
    if "alternate" in rel and kind == "application/json":  # WordPress names its API so, others a JSON Feed 1.0
        return bool(_JSON_FEED.search(urlsplit(href).path))
    return "feed" in rel or ("alternate" in rel and bool(_TYPES.fullmatch(kind)))


def _feed_like(tree: LexborHTMLParser, at: str) -> Iterator[str]:
    """Links of the same site only: others' feeds are not the page's."""
    host = urlsplit(at).hostname
    for anchor in tree.css("a[href]"):
        href = _join(at, anchor.attributes.get("href"))
        if href and _FEED_LINK.search(href) and urlsplit(href).hostname == host:
            yield href


def _join(base: str, href: str | None) -> str:
    try:
        joined = urljoin(base, (href or "").strip())
        scheme = urlsplit(joined).scheme
    except ValueError:
        return ""
    return joined if href and scheme in {"http", "https"} else ""
