"""The usual feeds read quickly: what feedparser would find, by lxml, or nothing where feedparser should look itself.

    prepared text ─▶ lxml's strict parser ─▶ Names ─▶ this walk ─▶ Fields (one element each) ─▶ Heading, Entries

feedparser has the last word on all that is unusual: any element, attribute or order of them whose outcome is not
known to be the same here raises HandOver within, and the reader answers None. lxml holds no lock while it parses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from feedparser.urls import make_safe_absolute_uri
from lxml import etree

from bot.feeds.dates import read_date
from bot.feeds.entry import Entry, Heading
from bot.feeds.fields import DATES, entry_of
from bot.feeds.heading import heading_of
from bot.feeds.pictures import PICTURED
from bot.feeds.prolog import MAX_ITEMS
from bot.feeds.quickfields import READERS, Fields, person_parts
from bot.feeds.quicknames import Element, HandOver, Names, declarations, hand_over, is_unknown
from bot.feeds.quicktext import XHTML, kind_of, leaf_text
from bot.feeds.xmlfeed import MAX_DEPTH, MAX_ELEMENTS

__all__ = ["HandOver", "read_or_hand_over", "read_quickly"]

_QUOTED = r"""(?:"[^"<>]*"|'[^'<>]*')"""
_DECLARATION = r"""<\?xml\s+version\s*=\s*["']1\.0["'](?:\s+encoding\s*=\s*["'][A-Za-z][\w.-]*["'])?"""
_PROLOG = re.compile(
    rf"(?:{_DECLARATION}(?:\s+standalone\s*=\s*[\"'](?:yes|no)[\"'])?\s*\?>\s*)?"
    rf"(?:<!DOCTYPE\s+[A-Za-z][\w:.-]*(?:\s+PUBLIC\s+{_QUOTED}\s+{_QUOTED}|\s+SYSTEM\s+{_QUOTED})?\s*>)?",
    re.ASCII,
)
# Dates that `read_date` is sure to read; asking it takes longer.
_YEAR, _DAY = r"(?:199[1-9]|20[0-8]\d)", r"(?:0[1-9]|1\d|2[0-8])"
_MONTH, _TIME = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)", r"(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d"
_PLAIN_DATE = re.compile(
    rf"[A-Z][a-z]{{2}}, {_DAY} {_MONTH} {_YEAR} {_TIME} (?:[+-][01]\d[0-5]\d|GMT|UTC|E[SD]T|P[SD]T)"
    rf"|{_YEAR}-(?:0[1-9]|1[0-2])-{_DAY}T{_TIME}(?:\.\d{{1,6}})?(?:Z|[+-][01]\d:[0-5]\d)",
    re.ASCII,
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ENTRIES = _words("item entry")
_MEDIA = _words("media_group media_content")
_OF_FEEDS = _words("image textinput itunes_owner source")
_SIDES = {
    "image": _words("title link description url width height"),
    "textinput": _words("title link description name"),
    "source": _words("id title updated published link subtitle icon logo rights generator"),
    "itunes_owner": _words("name email itunes_name itunes_email"),
}
# feedparser does something with these, but nothing that we read comes of it.
_WITHOUT_EFFECT = _words(
    """
    rights copyright dc_rights subtitle tagline itunes_subtitle info feedburner_browserfriendly generator cloud
    webmaster dc_publisher dc_contributor itunes_image itunes_link itunes_explicit itunes_block width height url uri
    homepage media_thumbnail media_player media_rating media_credit media_restriction media_license
    georss_point georss_line georss_polygon georss_box
    """
)
_WITHOUT_EFFECT_ON_FEEDS = _words("category keywords dc_subject media_category itunes_keywords media_keywords")


def read_quickly(text: str, url: str) -> tuple[Heading, list[Entry]] | None:
    """The heading and entries of a prepared document from the address `url`; None to have feedparser read it."""
    try:
        return read_or_hand_over(text, url)
    except HandOver:
        return None


def read_or_hand_over(text: str, url: str) -> tuple[Heading, list[Entry]]:
    """As `read_quickly`, but raises HandOver, which says why."""
    root = _root_of(text)
    walk = _Walk(root, Names(root, declarations(root, text)), url)
    walk.read()
    heading = heading_of(walk.fields.feed, url=url, text=text)
    return heading, [entry_of(values, url) for values in walk.entries]


def _root_of(text: str) -> Element:
    prolog = _PROLOG.match(text)
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
        huge_tree=False,
    )
    body = text[prolog.end() if prolog else 0 :].encode("utf-8", "replace")
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError:
        raise HandOver("malformed") from None
    if root.getroottree().docinfo.internalDTD is not None:
        hand_over("doctype")
    if text.count("<") > MAX_ELEMENTS and sum(1 for _ in root.iter()) > MAX_ELEMENTS:
        hand_over("size")
    return root


class _Walk:
    """A document's elements in their order, each to the fields it belongs to."""

    def __init__(self, root: Element, names: Names, url: str) -> None:
        self._root = root
        self._names = names
        self._root_name = self._names[root.tag]
        self.fields = Fields(self._names, base=_stable(url, url), form=names.form())
        self.entries: list[dict[str, Any]] = []

    def read(self) -> None:
        """Read all."""
        with self._within(self._root):
            if self._root_name == "feed":
                self._remember_language()
                self._read_feed(self._root, 2)
            elif self._root_name == "rss":
                self._remember_language()
                self._read_around_channel()
            else:
                self._read_around_channel()

    def _remember_language(self) -> None:
        if self.fields.language:
            self.fields.feed["language"] = self.fields.language.replace("_", "-")

    def _read_around_channel(self) -> None:
        """RSS 1.0 has its items and image beside the channel."""
        channels = 0
        for element in self._root:
            name = self._names[element.tag]
            if name == "channel":
                channels += 1
                with self._within(element):
                    self._read_feed(element, 3)
            elif name in _ENTRIES:
                self._read_entry(element, 2)
            elif name in {"image", "textinput"}:
                self._read_side(element, name, 2)
            else:
                self._pass_over_unknown(element, name, 2)
        if channels != 1:
            hand_over("channel")

    def _read_feed(self, feed: Element, depth: int) -> None:
        for element in feed:
            name = self._names[element.tag]
            if name in _ENTRIES:
                self._read_entry(element, depth)
            elif name in _OF_FEEDS:
                self._read_side(element, name, depth)
            elif name in _WITHOUT_EFFECT_ON_FEEDS:
                self._pass_over(element)
            elif name == "itunes_category":
                self._pass_over_nested(element)
            else:
                self._read_field(element, name, depth)

    def _read_entry(self, entry: Element, depth: int) -> None:
        if len(self.entries) == MAX_ITEMS:
            hand_over("size")
        with self._within(entry) as attributes:
            values = self.fields.begin_entry(attributes.get("rdf:about", ""))
            for element in entry:
                name = self._names[element.tag]
                if name == "source":
                    self._read_side(element, name, depth + 1)
                elif name == "image":
                    leaf_text(element)
                    self.fields.forget_title()
                else:
                    self._read_field(element, name, depth + 1)
            self.fields.end_entry()
        _check_dates(values)
        self.entries.append(values)

    def _read_field(self, element: Element, name: str, depth: int) -> None:
        reader = READERS.get(name)
        if reader is not None:
            reader(self.fields, element, self._names.attributes(element), depth)
        elif name in _WITHOUT_EFFECT:
            self._note_picture(element, name)
            self._pass_over(element)
        elif name == "contributor":
            person_parts(element, self._names)
        elif name in _MEDIA:
            self._note_picture(element, name)
            self._read_media(element, depth)
        else:
            self._pass_over_unknown(element, name, depth)

    def _note_picture(self, element: Element, name: str) -> None:
        if name in PICTURED:
            self.fields.picture(name, self._names.attributes(element))

    def _read_media(self, media: Element, depth: int) -> None:
        """Titles and texts of pictures and films stand in for the entry's own."""
        with self._within(media):
            for element in media:
                name = self._names[element.tag]
                if not name.startswith("media_") and not is_unknown(name):
                    hand_over(f"element:{name}")
                if depth > MAX_DEPTH // 2:
                    hand_over("depth")
                self._read_field(element, name, depth + 1)

    def _read_side(self, side: Element, name: str, depth: int) -> None:
        """What is no field of the feed or entry, but stands in the way of titles that come after it."""
        if name != "itunes_owner":
            self.fields.forget_title()
        with self._within(side):
            for element in side:
                inner = self._names[element.tag]
                if inner == "title":
                    self.fields.side_title(element, depth + 1)
                elif inner in {"author", "contributor"} and name == "source":
                    person_parts(element, self._names)
                elif inner in _SIDES[name]:
                    self._pass_over(element)
                else:
                    hand_over(f"{name}:{inner}")

    def _pass_over(self, element: Element) -> None:
        if not len(element):
            return
        attributes = self._names.attributes(element)
        if kind_of(attributes, "") != XHTML:
            hand_over("markup")
        self.fields.part(element, attributes, XHTML)

    def _pass_over_nested(self, element: Element) -> None:
        for inner in element.iter():
            if self._names[inner.tag] != "itunes_category":
                hand_over("markup")

    def _pass_over_unknown(self, element: Element, name: str, depth: int) -> None:
        """feedparser knows no rule for it, so nothing within may have one."""
        if not is_unknown(name):
            hand_over(f"element:{name}")
        if depth > MAX_DEPTH // 2:
            hand_over("depth")
        for inner in element:
            self._pass_over_unknown(inner, self._names[inner.tag], depth + 1)

    @contextmanager
    def _within(self, element: Element) -> Iterator[dict[str, str]]:
        """An element's attributes; its `xml:base` and `xml:lang` are for what stands in it."""
        attributes = self._names.attributes(element)
        fields = self.fields
        before = fields.base, fields.language
        if "href" in attributes or "lastmod" in attributes:
            hand_over("attribute")
        base = attributes.get("xml:base", attributes.get("base"))
        if base:
            fields.base = _stable(fields.base, base)
        fields.language = attributes.get("xml:lang", attributes.get("lang", fields.language))
        yield attributes
        fields.base, fields.language = before


def _stable(base: str, link: str) -> str:
    """The base for links; feedparser joins it with itself at each element."""
    joined: str = make_safe_absolute_uri(base, link) or base
    if not joined.startswith(("http://", "https://")) or make_safe_absolute_uri(joined, joined) != joined:
        hand_over("base")
    return joined


def _check_dates(values: dict[str, Any]) -> None:
    """Leave dates that only feedparser may be able to read to it."""
    dates = [date for name in DATES if (date := values.get(name))]
    if dates and not any(_PLAIN_DATE.fullmatch(date) or read_date(date) for date in dates):
        hand_over("date")
