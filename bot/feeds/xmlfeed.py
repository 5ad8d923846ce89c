"""RSS, RDF, Atom and CDF by feedparser, within bounds that `feedparser.parse` does not have.

Its two parsers are driven here directly: the strict one, and for documents that are not well-formed the loose one. On
the way they count, because some of feedparser's own steps take quadratic time (a megabyte of one author's name takes
minutes), and they stop when there is enough. What was read until then is kept.
"""

from __future__ import annotations

import io
from typing import Any
from xml.sax import SAXException, handler, make_parser, xmlreader

from feedparser.api import LooseFeedParser, StrictFeedParser

from bot.feeds.prolog import MAX_ITEMS

MAX_ELEMENTS = 50_000  # about 80 µs each; the largest real feeds of 500 items have 20,000
MAX_DEPTH = 200
MAX_LOOSE = 1_500_000  # characters; the loose parser may look far ahead for the end of a tag

_MAX_TAGS = 50  # of one item
_MAX_AUTHOR = 300  # characters

# What feedparser raises for documents that its own tests don't have. Anything else is a bug and goes up.
_FAULTS = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, AssertionError, RecursionError)


class _Enough(Exception):
    """Stops a parser."""


class _Bounds:
    """What both parsers do more carefully than feedparser's classes, which it stands before."""

    elements = 0
    # Not the id: an Atom id is compared as it stands, and must stay when the feed's address changes.
    can_be_relative_uri = StrictFeedParser.can_be_relative_uri - {"id"}

    def unknown_starttag(self, tag: str, attrs: Any) -> None:  # noqa: ANN401 - two parsers, two kinds
        """Count an element, then read it."""
        self.elements += 1
        parser: Any = super()
        if self.elements > MAX_ELEMENTS or self.depth > MAX_DEPTH or len(self.entries) > MAX_ITEMS:  # type: ignore[attr-defined]  # of the class behind
            raise _Enough
        parser.unknown_starttag(tag, attrs)

    def _add_tag(self, term: str, scheme: str, label: str) -> None:
        parser: Any = super()
        if len(dict.get(parser._get_context(), "tags") or ()) < _MAX_TAGS:  # noqa: SLF001 - feedparser's own seam
            parser._add_tag(term, scheme, label)  # noqa: SLF001

    def _sync_author_detail(self, key: str = "author") -> None:
        parser: Any = super()
        context = parser._get_context()  # noqa: SLF001
        author = dict.get(context, key)
        if isinstance(author, str) and len(author) > _MAX_AUTHOR:
            context[key] = author[:_MAX_AUTHOR]
        parser._sync_author_detail(key)  # noqa: SLF001


class _Strict(_Bounds, StrictFeedParser):  # type: ignore[misc]  # feedparser has no types
    """For well-formed documents."""


class _Loose(_Bounds, LooseFeedParser):  # type: ignore[misc]
    """For the others."""


def read_xml_feed(text: str, url: str) -> tuple[str, dict[str, Any], list[dict[str, Any]]]:
    """The version ("" for no feed), heading and entries of a prepared document, as feedparser names their parts.

    Relative links are resolved against `xml:base` and `url`. Sanitising is off: only plain text is kept of the markup,
    and it takes half of the time.
    """
    parser: Any = _Strict(url, None, "utf-8")
    if not _read_strictly(parser, text):
        parser = _Loose(url, None, "utf-8", {})
        _read_loosely(parser, text)
    return parser.version or "", parser.feeddata, parser.entries


def _read_strictly(parser: Any, text: str) -> bool:  # noqa: ANN401
    """Whether the document was read to its end, or to where there was enough."""
    _configure(parser)
    sax = make_parser()  # noqa: S317 - the prolog has no entity declarations left, and expat bounds expansion
    sax.setFeature(handler.feature_namespaces, True)
    sax.setFeature(handler.feature_external_ges, False)
    sax.setContentHandler(parser)
    sax.setErrorHandler(parser)
    source = xmlreader.InputSource()
    source.setByteStream(io.BytesIO(text.encode("utf-8", "replace")))
    source.setEncoding("utf-8")
    try:
        sax.parse(source)
    except _Enough:
        return True
    except (SAXException, *_FAULTS):
        return False
    return True


def _read_loosely(parser: Any, text: str) -> None:  # noqa: ANN401
    _configure(parser)
    try:
        parser.feed(text[:MAX_LOOSE])
    except (_Enough, *_FAULTS):
        return  # the entries up to there are good


def _configure(parser: Any) -> None:  # noqa: ANN401
    parser.resolve_relative_uris = False
    parser.sanitize_html = False
