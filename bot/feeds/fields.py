"""Fields as feedparser names them, whichever reader found them, to an Entry."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

from bot.feeds.dates import from_struct
from bot.feeds.entry import Entry
from bot.feeds.pictures import KEPT, Picture

PLAIN = "text/plain"
DATES = ("published", "updated", "created")

_EMAIL_AUTHOR = re.compile(r"\S+@\S+\s+\((.+)\)\Z")
# Joining leaves these as they are. Most links are such, and joining one takes longer than reading it.
_ABSOLUTE = re.compile(r"https?://[a-zA-Z0-9.-]+/[\w./~%+,=&!$()*@:-]*(?:\?[\w./~%+,=&!$()*@:?-]+)?", re.ASCII)


def entry_of(entry: dict[str, Any], url: str) -> Entry:
    """An entry of the feed at the address `url`."""
    contents = [part for part in list_of(entry, "content") if isinstance(part, dict)]
    bodies = [(text_of(part, "value"), text_of(part, "type")) for part in contents]
    bodies.append((text_of(entry, "summary"), text_of(_detail(entry, "summary"), "type")))
    title = _detail(entry, "title")
    return Entry(
        guid=text_of(entry, "id"),
        url=_link(entry, url),
        title=text_of(entry, "title"),
        plain_title=text_of(title, "type") == PLAIN,
        texts=tuple([value for value, kind in bodies if value and kind != PLAIN]),
        plain_texts=tuple([value for value, kind in bodies if value and kind == PLAIN]),
        dates=tuple([text_of(entry, name) for name in DATES]),
        moment=next(filter(None, (from_struct(dict.get(entry, f"{name}_parsed")) for name in DATES)), None),
        language=text_of(title, "language") or (text_of(contents[0], "language") if contents else ""),
        authors=tuple(_authors(entry)),
        categories=tuple([text_of(tag, "label") or text_of(tag, "term") for tag in list_of(entry, "tags")]),
        pictures=tuple(_pictures(entry, url)),
    )


def join(base: str, link: str) -> str:
    """The link seen from `base`; "" for one that can't be read."""
    if _ABSOLUTE.fullmatch(link):
        return link
    try:
        return urljoin(base, link)
    except ValueError:
        return ""


def text_of(mapping: dict[str, Any], name: str) -> str:
    """A text of feedparser's; past its own look-up, which warns and answers with other fields."""
    value = dict.get(mapping, name)
    return value.strip() if isinstance(value, str) else ""


def list_of(mapping: dict[str, Any], name: str) -> list[Any]:
    """A list of feedparser's, empty where there is none."""
    value = dict.get(mapping, name)
    return value if isinstance(value, list) else []


def _detail(entry: dict[str, Any], name: str) -> dict[str, Any]:
    value = dict.get(entry, f"{name}_detail")
    return value if isinstance(value, dict) else {}


def _link(entry: dict[str, Any], url: str) -> str:
    """The page of an entry: before FeedBurner's detour, its own link, and an enclosure for want of both."""
    found = text_of(entry, "feedburner_origlink") or text_of(entry, "link")
    if not found:
        links = [link for link in list_of(entry, "links") if isinstance(link, dict)]
        found = next((href for link in links if (href := text_of(link, "href"))), "")
    return join(url, found) if found else ""


def _pictures(entry: dict[str, Any], url: str) -> Iterator[Picture]:
    for one in list_of(entry, KEPT):
        if address := one.url.strip():
            yield one._replace(url=join(url, address))


def _authors(entry: dict[str, Any]) -> Iterator[str]:
    """Names; RSS has `address (name)`, which feedparser takes apart only under short top-level domains."""
    author, authors = text_of(entry, "author"), list_of(entry, "authors")
    match = _EMAIL_AUTHOR.match(author) if len(authors) <= 1 else None
    if match:
        yield match[1]
    elif authors:
        yield from (text_of(one, "name") for one in authors if isinstance(one, dict))
    else:
        yield author
