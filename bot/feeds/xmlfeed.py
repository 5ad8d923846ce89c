"""RSS, RDF, Atom and CDF by feedparser, within bounds that `feedparser.parse` does not have.

Its two parsers are driven here directly: the strict one, and for documents that are not well-formed the loose one. On
the way they count, because some of feedparser's own steps take quadratic time (a megabyte of one author's name takes
minutes), and they stop when there is enough. What was read until then is kept.
"""

from __future__ import annotations

import io
import re
from typing import Any
from xml.sax import SAXException, handler, xmlreader
from xml.sax.expatreader import create_parser
from xml.sax.saxutils import unescape

from feedparser.api import LooseFeedParser, StrictFeedParser

from bot.feeds.pictures import KEPT, picture
from bot.feeds.prolog import MAX_ITEMS

MAX_ELEMENTS = 40_000  # about 40 µs each; the largest real feeds of 500 items have 20,000
MAX_DEPTH = 200
MAX_LOOSE = 800_000  # characters; the loose parser may look far ahead for the end of a tag

_QUOTES = {"&quot;": '"', "&apos;": "'"}
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+")
_MAX_TAGS = 50  # of one item
_MAX_AUTHOR = 300  # characters

_CHUNK = 1_000_000  # bytes; expat begins a tag that is not complete again with each of them

_CDF = re.compile(r"(?>\s++|<\?[^>]{0,4000}?\?>|<!--.{0,4000}?-->)*+<channel[\s>]", re.IGNORECASE | re.DOTALL)

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
        if tag == "link":  # `uri` is somebody's extension; feedparser would take it for the link and drop the text
            attrs = [(name, value) for name, value in attrs if name != "uri"]
        parser.unknown_starttag(tag, attrs)

    def _start_media_content(self, attrs_d: dict[str, str]) -> None:
        self._keep_picture("media_content", attrs_d)
        parser: Any = super()
        parser._start_media_content(attrs_d)  # noqa: SLF001 - feedparser's own seam

    def _start_media_thumbnail(self, attrs_d: dict[str, str]) -> None:
        self._keep_picture("media_thumbnail", attrs_d)
        parser: Any = super()
        parser._start_media_thumbnail(attrs_d)  # noqa: SLF001

    def _start_itunes_image(self, attrs_d: dict[str, str]) -> None:
        self._keep_picture("itunes_image", attrs_d)
        parser: Any = super()
        parser._start_itunes_image(attrs_d)  # noqa: SLF001

    def _start_enclosure(self, attrs_d: dict[str, str]) -> None:
        self._keep_picture("enclosure", attrs_d)
        parser: Any = super()
        parser._start_enclosure(attrs_d)  # noqa: SLF001

    def _start_link(self, attrs_d: dict[str, str]) -> None:
        if attrs_d.get("rel") == "enclosure":
            self._keep_picture("enclosure", attrs_d)
        parser: Any = super()
        parser._start_link(attrs_d)  # noqa: SLF001

    def _keep_picture(self, element: str, attributes: dict[str, str]) -> None:
        """Note what may be a picture, by itself: where feedparser keeps them depends on what stands around them."""
        parser: Any = super()
        parser._get_context().setdefault(KEPT, []).append(picture(element, attributes))  # noqa: SLF001

    def _add_tag(self, term: str, scheme: str, label: str) -> None:
        parser: Any = super()
        if len(dict.get(parser._get_context(), "tags") or ()) < _MAX_TAGS:  # noqa: SLF001 - feedparser's own seam
            parser._add_tag(term, scheme, label)  # noqa: SLF001

    def _sync_author_detail(self, key: str = "author") -> None:
        parser: Any = super()
        context = parser._get_context()  # noqa: SLF001
        author = dict.get(context, key)
        if isinstance(author, str) and len(author) > _MAX_AUTHOR:
            author = context[key] = author[:_MAX_AUTHOR]
        if isinstance(author, str) and _ADDRESS.fullmatch(author):
            # An address is no name. feedparser knows but short top-level domains, and would name a@b.example `ple`.
            context[key] = ""
        else:
            parser._sync_author_detail(key)  # noqa: SLF001


class _Strict(_Bounds, StrictFeedParser):  # type: ignore[misc]  # feedparser has no types
    """For well-formed documents. Text is handed on in one piece: expat gives every line and entity apart."""

    def __init__(self, url: str) -> None:
        super().__init__(url, None, "utf-8")
        self._waiting: list[str] = []
        self.characters = self._waiting.append

    def startElementNS(self, name: Any, qname: Any, attrs: Any) -> None:  # noqa: ANN401, N802 - SAX's own
        """Read a start tag, and the text before it."""
        self._hand_on()
        parser: Any = super()
        parser.startElementNS(name, qname, attrs)

    def endElementNS(self, name: Any, qname: Any) -> None:  # noqa: ANN401, N802 - SAX's own
        """Read an end tag, and the text before it."""
        self._hand_on()
        parser: Any = super()
        parser.endElementNS(name, qname)

    def _hand_on(self) -> None:
        if self._waiting:
            self.handle_data("".join(self._waiting))
            self._waiting.clear()


class _Loose(_Bounds, LooseFeedParser):  # type: ignore[misc]
    """For the others."""

    def unknown_endtag(self, tag: str) -> None:
        """Read an end tag; with an item, all that is open in it ends, or one slip would swallow the items behind it."""
        if tag.rpartition(":")[2] in {"item", "entry"} and any(place[0] == "item" for place in self.elementstack):
            while self.elementstack[-1][0] != "item":
                self._end_last()
            self.incontent = 0
        parser: Any = super()
        parser.unknown_endtag(tag)

    def _end_last(self) -> None:
        """End the innermost open element, by feedparser's own method for it if that does."""
        before, name = len(self.elementstack), self.elementstack[-1][0]
        try:
            getattr(self, f"_end_{name}")()
        except AttributeError:  # no such method, or one that misses what belongs to the element
            self.pop(name)
        del self.elementstack[before - 1 :]

    def decode_entities(self, element: str, data: str) -> str:
        """Read the entities, of ids and links as well: a guid must be the same on the day the document is broken."""
        parser: Any = super()
        decoded: str = parser.decode_entities(element, data)
        return decoded if self.contentparams else unescape(decoded, _QUOTES)


def read_xml_feed(text: str, url: str) -> tuple[str, dict[str, Any], list[dict[str, Any]]]:
    """The version ("" for no feed), heading and entries of a prepared document, as feedparser names their parts.

    Relative links are resolved against `xml:base` and `url`. Sanitising is off: only plain text is kept of the markup,
    and it takes half of the time.
    """
    parser: Any = _Strict(url)
    if not _read_strictly(parser, text):
        parser = _Loose(url, None, "utf-8", {})
        parser.namespacemap["atom"] = ""  # the one well-known prefix that must be declared for feedparser to know it
        _read_loosely(parser, text)
    version = parser.version or ("cdf" if "title" in parser.feeddata and _CDF.match(text) else "")
    return version, parser.feeddata, parser.entries


def _read_strictly(parser: Any, text: str) -> bool:  # noqa: ANN401
    """Whether the document was read to its end, or to where there was enough."""
    _configure(parser)
    sax = create_parser(True, _CHUNK)  # noqa: S315 - the prolog has no entity declarations left; expat bounds expansion
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
