"""An entry as a format's reader found it, and the one place that turns it into an Item."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape

from bot.feeds.dates import read_date, within_bounds
from bot.feeds.pictures import Picture, best_picture
from bot.model import Item
from bot.text.html import html_to_text, one_line
from bot.text.language import detect, primary_subtag
from bot.text.urls import safe_link

MAX_TITLE = 500  # characters
MAX_TEXT = 20_000
MAX_GUID = 2_000

_MADE_UP_TITLE = 100
_FEW = 20  # authors, categories
_FIGURES = re.compile(r"[\d\s:.,/+TZtz-]*\Z")
_SENTENCE = re.compile(r"(.+?[.!?…](?=\s|\Z)|.+?[。！？])", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What a feed says of itself. `title` may hold markup; `hubs` and `self_url` are absolute."""

    title: str = ""
    site: str = ""
    language: str = ""
    ttl: timedelta | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()
    hubs: tuple[str, ...] = ()
    self_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry before cleaning. `texts` are HTML, `plain_texts` are not; of `dates`, the first readable one counts.

    `moment` is used when none of them can be read. `url` and the addresses of pictures are absolute.
    """

    guid: str = ""
    url: str = ""
    title: str = ""
    plain_title: bool = False
    texts: tuple[str, ...] = ()
    plain_texts: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    moment: datetime | None = None
    language: str = ""
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()

    @property
    def size(self) -> int:
        """The characters there are to clean."""
        parts = (*self.texts, *self.plain_texts, *self.authors, *self.categories)
        return len(self.title) + sum(len(part) for part in parts)


def to_item(entry: Entry, *, language: str = "") -> Item | None:
    """The entry as an Item; None when there is nothing to tell: no title, no text, no link.

    `language` is what the feed declares. An entry without guid is known by its link, else by its content.
    """
    text = _longest(entry)
    title = _shorten(one_line(_as_html(entry.title, plain=entry.plain_title)), MAX_TITLE) or first_sentence(text)
    guid, url = names_of(entry)
    if not (title or text or url):
        return None
    declared = entry.language or language
    return Item(
        guid=guid or _content_id(title, text),
        url=url,
        title=title or url,
        text=text,
        language=detect(f"{title}\n{text}", declared),
        published=published_of(entry, declared),
        authors=_names(entry.authors),
        categories=_names(entry.categories),
        picture=best_picture(entry.pictures, entry.texts, url),
    )


def names_of(entry: Entry) -> tuple[str, str]:
    """The guid and the link of an entry, either of which may stand for the other; empty when it has neither."""
    guid, url = entry.guid.strip()[:MAX_GUID], safe_link(entry.url)
    if not url and guid.startswith(("http://", "https://")):
        url = safe_link(guid)
    return _storable(guid) or url, url


def first_sentence(text: str) -> str:
    """A title for an entry that has none: its first sentence, or as many words of it as fit."""
    paragraph = " ".join(text.strip().partition("\n")[0].split())
    match = _SENTENCE.match(paragraph)
    return _shorten(match[0] if match else paragraph, _MADE_UP_TITLE)


def _longest(entry: Entry) -> str:
    """Feeds have the whole article in `content` or in `description`, and a teaser in the other one."""
    candidates = [html_to_text(text) for text in entry.texts]
    candidates += [html_to_text(escape(text)) for text in entry.plain_texts]
    return max(candidates, key=len, default="")[:MAX_TEXT].rstrip()


def _as_html(text: str, *, plain: bool) -> str:
    return escape(text, quote=False) if plain else text


def published_of(entry: Entry, declared: str) -> datetime | None:
    """The entry's date, read as is usual in the language that its feed declares."""
    chinese = primary_subtag(declared) == "zh"
    read = (read_date(date, chinese=chinese) for date in entry.dates if date)
    # `moment` is a guess, and for figures alone, where all forms are known, a bad one: month 13 is no January.
    guess = None if all(_FIGURES.match(date) for date in entry.dates) else within_bounds(entry.moment)
    return next((moment for moment in read if moment is not None), guess)


def _shorten(text: str, limit: int) -> str:
    """The text, cut at a space if it has one near the end."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    space = cut.rfind(" ", limit // 2)
    return (cut[:space] if space > 0 else cut).rstrip() + "…"


def _names(names: Iterable[str]) -> tuple[str, ...]:
    cleaned = (one_line(name[:MAX_TITLE]) for name in names)
    return tuple(dict.fromkeys(name for name in cleaned if name))[:_FEW]


def _storable(guid: str) -> str:
    """Databases take neither NUL nor lone surrogates."""
    return guid.replace("\x00", "").encode("utf-8", "ignore").decode()


def _content_id(title: str, text: str) -> str:
    digest = hashlib.sha256(f"{title}\n{text}".encode("utf-8", "replace")).hexdigest()
    return f"sha256:{digest[:32]}"
