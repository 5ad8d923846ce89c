"""JSON Feed, versions 1 and 1.1 (jsonfeed.org), to the same values as other feeds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

from bot.feeds.entry import Entry, Heading
from bot.feeds.heading import absolute_hubs
from bot.feeds.pictures import Picture

_VERSION = "jsonfeed.org/version/"


class NotJsonFeed(ValueError):
    """JSON perhaps, but not a JSON Feed."""


def looks_like_json(text: str) -> bool:
    """Whether a document can only be JSON."""
    return text[:200].lstrip().startswith("{")


def read_json_feed(text: str, url: str) -> tuple[Heading, Iterator[Entry]]:
    """The heading and entries of a JSON Feed. Raises NotJsonFeed."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise NotJsonFeed("json") from None
    if not isinstance(document, dict) or not isinstance(document.get("items"), list):
        raise NotJsonFeed("json")
    if _VERSION not in _text(document.get("version")):
        raise NotJsonFeed("json")
    heading = Heading(
        title=_text(document.get("title")),
        site=_link(url, document.get("home_page_url")),
        language=_text(document.get("language")),
        hubs=absolute_hubs(url, _hubs(document)),
        self_url=_link(url, document.get("feed_url")),
    )
    return heading, (_entry(url, item) for item in document["items"] if isinstance(item, dict))


def _entry(url: str, item: dict[str, Any]) -> Entry:
    html = _text(item.get("content_html"))
    return Entry(
        guid=_text(item.get("id")),
        url=_link(url, item.get("url")) or _link(url, item.get("external_url")),
        title=_text(item.get("title")),
        plain_title=True,
        texts=tuple(filter(None, (html, _text(item.get("summary"))))),
        plain_texts=tuple(filter(None, (_text(item.get("content_text")),))),
        dates=(_text(item.get("date_published")), _text(item.get("date_modified"))),
        language=_text(item.get("language")),
        authors=tuple(_authors(item)),
        categories=tuple(_text(tag) for tag in _list(item.get("tags"))),
        pictures=tuple(Picture(name, _link(url, item.get(name))) for name in ("image", "banner_image")),
    )


def _hubs(document: dict[str, Any]) -> Iterator[str]:
    """Those of WebSub; the specification leaves room for other kinds."""
    for hub in _list(document.get("hubs")):
        if isinstance(hub, dict) and _text(hub.get("type")).lower() == "websub":
            yield _text(hub.get("url")).strip()


def _authors(item: dict[str, Any]) -> Iterator[str]:
    for author in [*_list(item.get("authors")), item.get("author")]:
        if isinstance(author, dict):
            yield _text(author.get("name"))


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str:
    """Strings, and the numbers that some feeds have for ids; lone surrogates of JSON escapes can't be stored."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if abs(value) < 10**30 else ""
    return value.encode("utf-8", "ignore").decode() if isinstance(value, str) else ""


def _link(base: str, value: object) -> str:
    text = _text(value).strip()
    try:
        return urljoin(base, text) if text else ""
    except ValueError:
        return ""
