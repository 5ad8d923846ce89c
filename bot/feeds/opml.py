"""Reads and writes OPML, the files in which feed readers hand over their lists (http://opml.org/spec2.opml)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import format_datetime
from html import unescape
from urllib.parse import urlsplit
from xml.sax.saxutils import escape, quoteattr

from bot.errors import FeedListError
from bot.feeds.charset import decode
from bot.text.html import clean_text
from bot.text.urls import canonical_url

MAX_BYTES = 10_000_000
MAX_FEEDS = 5_000

_MOST_DEPTH = 50
_MOST_NAME = 200
_MOST_ADDRESS = 4096
# Possessive throughout: a file made to be slow is read in one pass, too.
_START = re.compile(r"<!--|<!\[CDATA\[|<outline(?=[\s/>])|</outline\s*+>|<title\s*+>|<opml[\s>/]", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"\s*+([\w:.-]++)\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'<>]++))", re.ASCII)
_END = re.compile(r"\s*+(/?)\s*+>")
_JUNK = re.compile(r"\s*+[^\s<>]++")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_ENDS = {"<!--": "-->", "<![CDATA[": "]]>"}
_FEED_KINDS = frozenset({"rss", "atom", "rdf", "feed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class OpmlFeed:
    """A feed of a list. `folder` is the path of folders it stands in; `categories` are its labels, where it has any."""

    url: str
    title: str = ""
    site: str = ""
    folder: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Opml:
    """A list of feeds, each of them once. See `bot.model.ImportReport` for the figures."""

    feeds: tuple[OpmlFeed, ...]
    title: str = ""
    duplicates: int = 0
    damaged: bool = False
    left_off: int = 0


def read_opml(data: bytes) -> Opml:
    """The feeds of a file in its order, whatever XML parsers would say to it. Raises FeedListError.

    The tags are picked out one by one: no entity or document type means anything here, so none can do harm, and a
    broken tag costs that one feed. Of several outlines with the same address, the first counts.
    """
    if len(data) > MAX_BYTES:
        raise FeedListError("too-large")
    text = decode(data)
    if not text.strip():
        raise FeedListError("empty")
    scan = _Scan(text)
    listed = list(scan.feeds())
    if not scan.is_opml:
        raise FeedListError("not-opml")
    if not listed:
        raise FeedListError("no-feeds")
    by_key: dict[str, OpmlFeed] = {}
    for feed in listed:
        by_key.setdefault(canonical_url(feed.url), feed)
    once = tuple(by_key.values())
    return Opml(
        feeds=once[:MAX_FEEDS],
        title=scan.title,
        duplicates=len(listed) - len(once),
        damaged=scan.damaged,
        left_off=max(0, len(once) - MAX_FEEDS),
    )


class _Scan:
    """One pass over the tags of a file. `damaged`: a tag could not be read, or one that opens never closes."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._folders: list[str] = []  # one for each outline that is open; empty for those that are no folders
        self.title = ""
        self.is_opml = False
        self.damaged = False

    def feeds(self) -> Iterator[OpmlFeed]:
        """The feeds, in order."""
        position = 0
        while found := _START.search(self._text, position):
            position, tag = found.end(), found[0].lower()
            if tag in _ENDS:
                position = self._skipped(_ENDS[tag], position)
            elif tag.startswith("</"):
                self._close()
            elif tag == "<outline":
                attributes, position, closed = self._outline(position)
                yield from self._entered(attributes, closed=closed)
            else:
                self._note(tag, position)
        self.damaged |= bool(self._folders)

    def _skipped(self, end: str, position: int) -> int:
        """Behind a comment; what never ends takes the rest of the file with it."""
        place = self._text.find(end, position)
        self.damaged |= place < 0
        return place + len(end) if place >= 0 else len(self._text)

    def _close(self) -> None:
        if self._folders:
            self._folders.pop()
        else:
            self.damaged = True

    def _note(self, tag: str, position: int) -> None:
        self.is_opml |= tag.startswith("<opml")
        if tag.startswith("<title") and not self.title:
            end = self._text.find("<", position)
            self.title = _clean(self._text[position : end if end >= 0 else position])

    def _outline(self, position: int) -> tuple[dict[str, str], int, bool]:
        """The attributes of an outline by their names in lower case, where its tag ends, and whether it closes too."""
        attributes: dict[str, str] = {}
        while True:
            if end := _END.match(self._text, position):
                return attributes, end.end(), bool(end[1])
            if (found := _ATTRIBUTE.match(self._text, position)) and "<outline" not in found[0].lower():
                attributes.setdefault(found[1].lower(), found[2] or found[3] or found[4] or "")
                position = found.end()
                continue
            self.damaged = True
            junk = _JUNK.match(self._text, position)
            if found or not junk:  # a quotation mark that never closes, or the next tag: this one ends here
                return attributes, found.start(1) if found else position, True
            position = junk.end()

    def _entered(self, attributes: dict[str, str], *, closed: bool) -> Iterator[OpmlFeed]:
        self.is_opml = True  # nothing else has outlines; some lists lack all that stands around them
        name = _clean(attributes.get("title") or attributes.get("text") or "")
        url = _feed_address(attributes)
        if url:
            yield OpmlFeed(
                url=url,
                title=name,
                site=_address(attributes.get("htmlurl", "")),
                folder=tuple(folder for folder in self._folders if folder),
                categories=_labels(attributes.get("category", "")),
            )
        if not closed:
            self._folders.append("" if url or len(self._folders) >= _MOST_DEPTH else name)


def _feed_address(attributes: dict[str, str]) -> str:
    """`xmlUrl`; older programs wrote `url`, which elsewhere is the address of a page."""
    kind = attributes.get("type", "").strip().lower()
    return _address(attributes.get("xmlurl") or (attributes.get("url", "") if kind in _FEED_KINDS else ""))


def _address(value: str) -> str:
    address = _ENTITY.sub(_character, value).strip()
    return address if len(address) <= _MOST_ADDRESS else ""


def _clean(value: str) -> str:
    return " ".join(clean_text(_ENTITY.sub(_character, value)).split())[:_MOST_NAME]


def _character(match: re.Match[str]) -> str:
    return unescape(match[0])


def _labels(value: str) -> tuple[str, ...]:
    return tuple(label for part in value.split(",") if (label := _clean(part)))


def write_opml(title: str, feeds: Iterable[OpmlFeed], *, created: datetime | None = None) -> bytes:
    """The feeds as an OPML 2.0 document in UTF-8, the folders in the order of their first feed. `created` is aware."""
    date = f"    <dateCreated>{format_datetime(created)}</dateCreated>\n" if created else ""
    lines = "".join(_outlines(list(feeds), indent="    "))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n'
        f"  <head>\n    <title>{escape(_clean_for_xml(title))}</title>\n{date}  </head>\n"
        f"  <body>\n{lines}  </body>\n</opml>\n"
    ).encode()


def _outlines(feeds: list[OpmlFeed], indent: str) -> Iterator[str]:
    folders: dict[str, list[OpmlFeed]] = {}
    for feed in feeds:
        if feed.folder:
            folders.setdefault(feed.folder[0], []).append(replace(feed, folder=feed.folder[1:]))
    for name, inside in folders.items():
        yield f"{indent}<outline {_attribute('text', name)}>\n"
        yield from _outlines(inside, indent + "  ")
        yield f"{indent}</outline>\n"
    for feed in feeds:
        if not feed.folder:
            yield f"{indent}<outline {' '.join(_attributes(feed))}/>\n"


def _attributes(feed: OpmlFeed) -> Iterator[str]:
    name = feed.title or urlsplit(feed.url).hostname or feed.url  # every outline must have a text
    yield from ('type="rss"', _attribute("text", name), _attribute("title", name), _attribute("xmlUrl", feed.url))
    if feed.site:
        yield _attribute("htmlUrl", feed.site)
    if feed.categories:
        yield _attribute("category", ",".join(feed.categories))


def _attribute(name: str, value: str) -> str:
    return f"{name}={quoteattr(_clean_for_xml(value))}"


def _clean_for_xml(text: str) -> str:
    return " ".join(clean_text(text).split())
