"""The elements of a feed or entry that we use, by feedparser's rules: which of two counts, what stands in for what.

Where its rules for an element are odder than what feeds are known to hold, the document is handed over.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from feedparser.api import StrictFeedParser

from bot.feeds.fields import PLAIN
from bot.feeds.pictures import KEPT, picture
from bot.feeds.quicknames import Element, Names, hand_over, is_unknown
from bot.feeds.quicktext import HTML, XHTML, leaf_text, link_text, part_of, resolved
from bot.feeds.xmlfeed import _MAX_TAGS as MAX_TAGS
from bot.feeds.xmlfeed import _Bounds as Bounds

_BROKEN_PARAMETER = re.compile(r"&([A-Za-z0-9_]+);")
_LINK_KINDS = frozenset({"html", "xhtml", HTML, XHTML})
_PERSON = frozenset({"name", "uri", "url", "homepage", "email"})
_ITUNES = "http://www.itunes.com/"
_MEDIA = "http://search.yahoo.com/mrss/category_schema"


class Fields:
    """The values read so far of the feed, or of the entry that was begun last.

    Depth is how deep an element stands in the document, the root being 1. Of two values in an entry the later one
    counts unless it stands deeper; of two titles, the earlier one unless it stands deeper.
    """

    def __init__(self, names: Names, *, base: str, form: str) -> None:
        self.feed: dict[str, Any] = {}
        self.values = self.feed
        self.base = base
        self.language = ""  # by xml:lang
        self._names = names
        self._form = form
        self._depths: dict[str, int] = {}
        self._title_depth = -1
        self._has_content = False

    @property
    def in_entry(self) -> bool:
        """Whether an entry was begun and not ended."""
        return self.values is not self.feed

    def begin_entry(self, guid: str) -> dict[str, Any]:
        """From here to `end_entry` what is read is an entry's."""
        self.values, self._depths, self._title_depth = {}, {}, -1
        if guid:
            self.values["id"] = guid
        return self.values

    def end_entry(self) -> None:
        """What is read is the feed's again."""
        self.values, self._has_content = self.feed, False

    def forget_title(self) -> None:
        """Let the next title count, as feedparser does after images and sources."""
        self._title_depth = -1

    def side_title(self, element: Element, depth: int) -> None:
        """The title of an image or a source, which only stands in the way of others."""
        if self.part(element, self._names.attributes(element), PLAIN)["value"]:
            self._title_depth = depth

    def part(self, element: Element, attributes: dict[str, str], default: str) -> dict[str, Any]:
        """A text that may hold markup: value, type and language."""
        part = part_of(element, attributes, self._names, default=default, form=self._form)
        part["language"] = attributes.get("xml:lang", attributes.get("lang", self.language)).replace("_", "-")
        return part

    def title(self, element: Element, attributes: dict[str, str], depth: int) -> None:
        """The first title, but for one that stands less deep."""
        part = self.part(element, attributes, PLAIN)
        if not -1 < self._title_depth <= depth:
            self._keep("title", part["value"], depth)
            self.values["title_detail"] = part
        if part["value"]:
            self._title_depth = depth

    def media_title(self, element: Element, attributes: dict[str, str], depth: int) -> None:
        """A title of a picture or film, which stands in for the entry's until that comes."""
        before = self._title_depth
        self.title(element, attributes, depth)
        self._title_depth = before

    def description(self, element: Element, attributes: dict[str, str], depth: int) -> None:
        """RSS's text; after another summary it is content."""
        self._summary(element, attributes, depth, default=HTML)

    def summary(self, element: Element, attributes: dict[str, str], depth: int) -> None:
        """Atom's text; after another summary it is content."""
        self._summary(element, attributes, depth, default=PLAIN)

    def _summary(self, element: Element, attributes: dict[str, str], depth: int, *, default: str) -> None:
        if "summary" in self.values and not self._has_content:
            self._content(element, attributes, PLAIN)
            return
        part = self.part(element, attributes, default)
        if self.in_entry or default == PLAIN:  # a feed's description is kept under a name that nobody reads
            self._keep("summary", part["value"], depth)
            self.values["summary_detail"] = part

    def content(self, element: Element, attributes: dict[str, str], _: int) -> None:
        """A whole text of Atom's."""
        self._content(element, attributes, PLAIN)

    def encoded(self, element: Element, attributes: dict[str, str], _: int) -> None:
        """A whole text of RSS's content module."""
        self._content(element, attributes, HTML)

    def _content(self, element: Element, attributes: dict[str, str], default: str) -> None:
        """It is also the summary of an entry that has none yet."""
        self._has_content = True
        part = self.part(element, attributes, default)
        if self.in_entry:
            self.values.setdefault("content", []).append(part)
        self.values.setdefault("summary", part["value"])

    def guid(self, element: Element, attributes: dict[str, str], depth: int) -> None:
        """An id, which is a link for want of one unless it says otherwise."""
        value = leaf_text(element)
        self._keep("id", value, depth)
        if attributes.get("ispermalink", "true") == "true":
            self.values.setdefault("link", value)

    def link(self, element: Element, attributes: dict[str, str], _: int) -> None:
        """RSS's link is the element's text, Atom's is in `href`."""
        if "xml:base" in attributes or "base" in attributes:
            hand_over("base")
        given = {name: value for name, value in attributes.items() if name != "uri"}  # no part of any format
        if given.get("rel") == "enclosure":
            self.picture("enclosure", given)
        link = _with_href({"rel": "alternate"} | given)
        self.values.setdefault("links", []).append(link)
        if "href" not in link:
            self._written_link(link, link_text(element, self.base))
            return
        leaf_text(element)
        link["href"] = resolved(self.base, link["href"])
        if link["rel"] == "alternate" and link.get("type", HTML).lower() in _LINK_KINDS:
            self.values["link"] = link["href"]

    def _written_link(self, link: dict[str, str], found: str) -> None:
        if self.in_entry:
            found = found.replace("&amp;", "&")
        found = self.values["link"] = _BROKEN_PARAMETER.sub(r"&\1", found)
        if found or not self.in_entry:
            link["href"] = found

    def enclosure(self, element: Element, attributes: dict[str, str], _: int) -> None:
        """A file, whose address is the entry's link for want of another."""
        leaf_text(element)
        self.picture("enclosure", attributes)
        self.values.setdefault("links", []).append(_with_href(attributes) | {"rel": "enclosure"})

    def picture(self, name: str, attributes: dict[str, str]) -> None:
        """An element that may name a picture."""
        self.values.setdefault(KEPT, []).append(picture(name, attributes))

    def author(self, element: Element, _: dict[str, str], depth: int) -> None:
        """A name, an address with a name, or Atom's elements for these."""
        authors = self.values.setdefault("authors", [])
        authors.append({})
        self._person(element)
        text = "" if len(element) else leaf_text(element)
        self._keep("author", text, depth)
        _Splitter(self.values).split()

    def _person(self, element: Element) -> None:
        for child in person_parts(element, self._names):
            name = self._names[child.tag]
            if name in {"name", "email"}:
                text = (child.text or "").strip()
                self.values.setdefault("author_detail", {})[name] = text
                _Splitter(self.values).split()
                self.values["authors"][-1][name] = text

    def category(self, element: Element, attributes: dict[str, str], _: int) -> None:
        """A tag by its attributes or its text, or a second one by its text."""
        scheme = attributes.get("scheme", attributes.get("domain"))
        self._tag(attributes.get("term"), scheme, attributes.get("label"))
        self._category_text(element)

    def media_category(self, element: Element, attributes: dict[str, str], depth: int) -> None:
        """A tag of the media module."""
        self.category(element, {"scheme": _MEDIA} | attributes, depth)

    def itunes_category(self, element: Element, attributes: dict[str, str], _: int) -> None:
        """A tag of the podcast module."""
        self._tag(attributes.get("text"), _ITUNES, None)
        self._category_text(element)

    def _category_text(self, element: Element) -> None:
        value = leaf_text(element)
        tags = self.values["tags"]
        if value and tags and not tags[-1]["term"]:
            tags[-1]["term"] = value
        elif value:
            self._tag(value, None, None)

    def itunes_keywords(self, element: Element, attributes: dict[str, str], _: int) -> None:
        """Tags with commas between them."""
        self._keywords(element, attributes, _ITUNES)

    def media_keywords(self, element: Element, attributes: dict[str, str], _: int) -> None:
        """Tags with commas between them."""
        self._keywords(element, attributes, None)

    def _keywords(self, element: Element, attributes: dict[str, str], scheme: str | None) -> None:
        text = leaf_text(element)
        for term in text.split(",") if not attributes else ():
            if term.strip():
                self._tag(term.strip(), scheme, None)

    def _tag(self, term: str | None, scheme: str | None, label: str | None) -> None:
        tags = self.values.setdefault("tags", [])
        tag = {"term": term, "scheme": scheme, "label": label}
        if len(tags) < MAX_TAGS and (term or scheme or label) and tag not in tags:
            tags.append(tag)

    def date(self, name: str, element: Element, depth: int) -> None:
        """When an entry was published, updated or made."""
        self._keep(name, leaf_text(element), depth)

    def own_text(self, name: str, element: Element, attributes: dict[str, str], depth: int) -> None:
        """A text by its element's name; one with attributes is no text for feedparser, but for a language."""
        text = leaf_text(element)
        if attributes and name != "language":
            self.values[name] = {}
        else:
            self._keep(name, text, depth)

    def _keep(self, name: str, value: str, depth: int) -> None:
        if self.in_entry:
            if depth > self._depths.get(name, depth):
                return
            self._depths[name] = depth
        self.values[name] = value


class _Values:
    """What feedparser's parser is, but for reading: the place for what is found."""

    def __init__(self, values: dict[str, Any]) -> None:
        self._values = values

    def _get_context(self) -> dict[str, Any]:
        return self._values


class _Splitter(Bounds, _Values, StrictFeedParser):  # type: ignore[misc]  # feedparser has no types
    """feedparser's ways with names and addresses, which are many, for the values of one entry."""

    def split(self) -> None:
        """Take `author` apart for the last of `authors`, or put it together of that one's parts."""
        self._sync_author_detail()


def person_parts(element: Element, names: Names) -> list[Element]:
    """The elements of an author, which hold but text and have no text between them."""
    children = list(element)
    if children and (element.text or "").strip():
        hand_over("author")
    for child in children:
        name = names[child.tag]
        if len(child) or (child.tail or "").strip():
            hand_over("author")
        if name not in _PERSON and not (is_unknown(name) and not (child.attrib and child.text)):
            hand_over("author")
    return children


def _with_href(attributes: dict[str, str]) -> dict[str, str]:
    address = attributes.get("url", attributes.get("uri", attributes.get("href")))
    return attributes | {"href": address} if address else dict(attributes)


_Reader = Callable[[Fields, Element, dict[str, str], int], None]


def _date(name: str) -> _Reader:
    return lambda fields, element, _, depth: fields.date(name, element, depth)


def _own_text(name: str) -> _Reader:
    return lambda fields, element, attributes, depth: fields.own_text(name, element, attributes, depth)


# How each element is read: the fields to read it to, the element, its attributes and its depth are given.
READERS: dict[str, _Reader] = {
    **dict.fromkeys(("title", "dc_title"), Fields.title),
    "media_title": Fields.media_title,
    **dict.fromkeys(("description", "dc_description", "media_description"), Fields.description),
    **dict.fromkeys(("summary", "itunes_summary"), Fields.summary),
    "content": Fields.content,
    "content_encoded": Fields.encoded,
    **dict.fromkeys(("guid", "id"), Fields.guid),
    "link": Fields.link,
    "enclosure": Fields.enclosure,
    **dict.fromkeys(("author", "managingeditor", "dc_author", "dc_creator", "itunes_author"), Fields.author),
    **dict.fromkeys(("category", "keywords", "dc_subject"), Fields.category),
    "media_category": Fields.media_category,
    "itunes_category": Fields.itunes_category,
    "itunes_keywords": Fields.itunes_keywords,
    "media_keywords": Fields.media_keywords,
    **dict.fromkeys(("published", "issued", "pubdate", "dcterms_issued"), _date("published")),
    **dict.fromkeys(("updated", "modified", "lastbuilddate", "dc_date", "dcterms_modified"), _date("updated")),
    **dict.fromkeys(("created", "dcterms_created"), _date("created")),
    **dict.fromkeys(("language", "dc_language"), _own_text("language")),
    **{name: _own_text(name) for name in ("ttl", "sy_updateperiod", "sy_updatefrequency", "feedburner_origlink")},
}
