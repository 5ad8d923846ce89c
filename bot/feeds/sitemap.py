"""News sitemaps (Google News) as feeds: many newspapers keep them fresher than their RSS.

Only addresses with a `news:title` become entries: of the others nobody could tell what they are about.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from lxml import etree

from bot.feeds.dates import read_date
from bot.feeds.entry import Entry, Heading
from bot.feeds.fields import join
from bot.feeds.pictures import Picture
from bot.feeds.prolog import MAX_ITEMS, Refused, harmless

_HEAD = 2_000  # characters in which a sitemap shows itself
_ROOT = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?(urlset|sitemapindex)[\s>]")
_MOST_URLS = 50_000  # as sitemaps.org has it
_OLDEST = datetime.min.replace(tzinfo=UTC)


def looks_like_sitemap(text: str) -> bool:
    """Whether a document can only be a sitemap."""
    return _ROOT.search(text[:_HEAD]) is not None


def read_sitemap(text: str, url: str) -> tuple[Heading, list[Entry]]:
    """The heading and entries of a news sitemap, at most 500, the newest. Raises Refused."""
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, recover=True, remove_comments=True, huge_tree=False
    )
    root = etree.fromstring(harmless(text).encode("utf-8", "replace"), parser)
    if root is None or _name(root) != "urlset":
        raise Refused("sitemap index" if root is not None else "unknown format")
    pages = [_fields(page) for page in root.iterchildren("{*}url", "url")][:_MOST_URLS]
    news = [page for page in pages if page.get("title") and page.get("loc")]
    if not news:
        raise Refused("sitemap without titles")
    first = news[0]
    heading = Heading(title=first.get("name", ""), site=join(url, "/"), language=first.get("language", ""))
    return heading, [_entry(page, url) for page in _newest(news)]


def _fields(page: Any) -> dict[str, str]:  # noqa: ANN401 - lxml has no types
    """The texts of a page and of its `news` by their names, of several the first; pictures have titles of their own."""
    fields: dict[str, str] = {}
    for child in page.iterchildren(etree.Element):
        for element in child.iter(etree.Element) if _name(child) == "news" else (child,):
            if text := _text(element):
                fields.setdefault(_name(element), text)
        if _name(child) == "image" and (place := child.find("{*}loc")) is not None:
            fields.setdefault("image", _text(place))
    return fields


def _text(element: Any) -> str:  # noqa: ANN401 - lxml has no types
    try:
        return (element.text or "").strip()
    except UnicodeDecodeError:  # references to surrogates, which a recovering parser lets through
        return ""


def _name(element: Any) -> str:  # noqa: ANN401 - lxml has no types
    """A name without its namespace, or a prefix that was declared nowhere."""
    name: str = element.tag.rpartition("}")[2].rpartition(":")[2]
    return name


def _entry(page: dict[str, str], url: str) -> Entry:
    link = join(url, page["loc"])
    return Entry(
        guid=link,
        url=link,
        title=page["title"],
        plain_title=True,
        dates=(page.get("publication_date", ""), page.get("lastmod", "")),
        language=page.get("language", ""),
        categories=tuple(part.strip() for part in page.get("keywords", "").split(",")),
        pictures=(Picture("image", join(url, page["image"])),) if page.get("image") else (),
    )


def _newest(news: list[dict[str, str]]) -> list[dict[str, str]]:
    """The newest ones, in the document's order."""
    if len(news) <= MAX_ITEMS:
        return news
    dates = [read_date(page.get("publication_date", "")) or _OLDEST for page in news]
    kept = sorted(range(len(news)), key=lambda place: dates[place], reverse=True)[:MAX_ITEMS]
    return [news[place] for place in sorted(kept)]
