"""The picture of an entry: the best of those that its feed names, else the first in its text; no tracking pixels."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import unescape
from typing import NamedTuple
from urllib.parse import quote, urljoin, urlsplit

from bot.text.urls import safe_link

KEPT = "#pictures"
"""Where readers keep what they find, beside the fields that feedparser names: no element can be called so."""

PICTURED = frozenset({"media_content", "media_thumbnail", "itunes_image"})
"""The elements, by feedparser's names, that are read for nothing but their pictures."""

MAX_ADDRESS = 2_000  # characters; Discord takes 2,048
SMALLEST = 100  # pixels; what is declared narrower is an icon, or counts its readers
_PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))
_MOST_SEEN = 5  # of a text: what comes later illustrates something else
_MOST_TEXT = 50_000  # characters

# Media RSS (rssboard.org/media-rss) lists renditions of one picture as `content`; a `thumbnail` may be that of a film.
_RANKS = {"media_content": 0, "image": 0, "media_thumbnail": 1, "banner_image": 1, "enclosure": 2, "itunes_image": 3}
_ANY_KIND = frozenset(_RANKS) - {"media_content", "enclosure"}  # the others hold films and sound as well
_SUFFIX = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)\Z", re.IGNORECASE)
_UNFIT = re.compile(
    r"(?:\b|_)1x1(?:\b|_)|/(?:pixel|spacer|blank|transparent|clear|count(?:er)?)(?:\.(?:gif|png)|/|\Z)|/b\.gif\Z"
    r"|/core/emoji/|gravatar\.com/avatar|feedburner\.com/~|doubleclick\.net|//stats?\.|\.svgz?\Z",
    re.IGNORECASE,
)
_IMG = re.compile(r"<img\s([^<>]{1,4000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""\b(src|width|height)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)


class Picture(NamedTuple):
    """A picture that a feed names, by the name of its element: its address, and what is declared of it."""

    element: str
    url: str
    type: str = ""
    medium: str = ""
    width: str = ""
    height: str = ""


def picture(element: str, attributes: Mapping[str, str]) -> Picture:
    """What an element says of a picture, or of a film."""
    declared = (attributes.get(name) or "" for name in ("type", "medium", "width", "height"))
    return Picture(element, attributes.get("url") or attributes.get("href") or "", *declared)


def best_picture(named: Sequence[Picture], texts: Iterable[str], base: str) -> str:
    """The address of the picture to show; "" for none. `base` is what addresses in the texts are relative to."""
    ranked = sorted(named, key=lambda one: (_RANKS.get(one.element, len(_RANKS)), -(_pixels(one.width) or 0)))
    for one in ranked:
        if _is_image(one) and (link := _shown(one)):
            return link
    in_texts = (one for text in texts for one in _in_text(text, base))
    return next(filter(None, map(_shown, in_texts)), "")


def _is_image(one: Picture) -> bool:
    if one.type or one.medium:
        return one.type.startswith("image/") or one.medium.lower() == "image"
    return one.element in _ANY_KIND or bool(_SUFFIX.search(_path(one.url)))


def _shown(one: Picture) -> str:
    """The address, if it leads to something that is worth showing."""
    width = _pixels(one.width or one.height)
    if width is not None and width <= SMALLEST:
        return ""
    link = _plain_address(safe_link(one.url))
    fit = link and len(link) <= MAX_ADDRESS and not _UNFIT.search(link.partition("?")[0])
    return link if fit else ""


def _plain_address(link: str) -> str:
    """The address in ASCII, as platforms want it of pictures; "" for a host with another name."""
    host = link.partition("://")[2].partition("/")[0]
    return quote(link, safe=_PRINTABLE) if host.isascii() else ""


def _in_text(text: str, base: str) -> Iterator[Picture]:
    for place, tag in enumerate(_IMG.finditer(text[:_MOST_TEXT])):
        if place == _MOST_SEEN:
            return
        given = {found[1].lower(): unescape(found[2] or found[3] or found[4] or "") for found in _attributes(tag[1])}
        yield Picture("img", joined(base, given.get("src", "").strip()), "", "", *_size(given))


def _attributes(tag: str) -> Iterator[re.Match[str]]:
    return _ATTRIBUTE.finditer(tag)


def _size(given: Mapping[str, str]) -> tuple[str, str]:
    return given.get("width", ""), given.get("height", "")


def joined(base: str, link: str) -> str:
    """The link seen from `base`; "" for one that can't be read."""
    try:
        return urljoin(base, link) if link else ""
    except ValueError:
        return ""


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def _pixels(declared: str) -> int | None:
    digits = declared.strip().removesuffix("px")
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 6 else None  # noqa: PLR2004
