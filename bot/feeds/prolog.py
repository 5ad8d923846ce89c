"""What stands before a feed's root element, made safe and cheap for an XML parser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from html.entities import html5

MAX_ITEMS = 500

_SNIFF = 100_000  # characters in which a feed shows itself
_ROOT = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?(?:rss|feed|rdf|channel)[\s>/]", re.IGNORECASE)
# Atomic and possessive: with ways back, a page of comments would be tried in every way of taking them apart.
_HTML = re.compile(
    r"\s*+(?:(?><!--.{0,2000}?-->)\s*+)*+<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE | re.DOTALL
)
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # XML 1.0 section 2.2
_BEFORE_DOCTYPE = re.compile(r"(?>\s++|<\?[^>]{0,4000}?\?>|<!--.{0,4000}?-->)*+<!DOCTYPE\b", re.IGNORECASE | re.DOTALL)
_DOCTYPE_PIECE = re.compile(r"\"[^\"]*\"|'[^']*'|<!--.*?-->|[^\"'<>\[\]]+|[<>\[\]]", re.DOTALL)
_MAX_PIECES = 20_000
_CONTROLS = bytes({*range(0x20)} - {0x09, 0x0A, 0x0D})
_PIECE = 200_000  # characters
_FIRST_ELEMENT = re.compile(r"<\w")
_ITEM_END = re.compile(r"</(?:[A-Za-z_][\w.-]*:)?(?:item|entry)\s*>", re.IGNORECASE)
_ROOT_NAME = re.compile(r"<((?:[A-Za-z_][\w.-]*:)?(?:rss|feed|rdf))[\s>]", re.IGNORECASE)
_MAX_AMPERSANDS = 300_000  # of a document; past it, names are left to the reader of HTML

# `&` that XML can't read: bare, or with a name that only HTML has.
_UNREADABLE = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});)")
_LOOSE_AMPERSAND = re.compile(_UNREADABLE.pattern + r"(?:([A-Za-z][A-Za-z0-9]{1,31};))?")


class Refused(ValueError):
    """The document is not given to the parser; the argument is the reason, in a word."""


def prepare(text: str) -> str:
    """A document as the XML parser may have it: no entity declarations, no forbidden characters, few enough items.

    Raises Refused for what is no feed at all, before any parser has spent time on it.
    """
    text = _without_forbidden(text).lstrip()
    head = text[:_SNIFF]
    if not _ROOT.search(head) or (_HTML.match(head) and not _ROOT.search(head[:2000])):
        raise Refused("html" if _HTML.match(head) else "unknown format")
    return _first_items(_with_readable_ampersands(_without_entities(text)))


def harmless(text: str) -> str:
    """An XML document without entity declarations and forbidden characters. Raises Refused."""
    return _without_entities(_without_forbidden(text).lstrip())


def _without_forbidden(text: str) -> str:
    """By pieces: on ten megabytes one call would hold the interpreter for a tenth of a second."""
    raw = text.encode("utf-8", "surrogatepass")
    # Bytes are looked through three times as quickly, and hardly any document has such characters.
    if len(raw.translate(None, _CONTROLS)) == len(raw) and "\ufffe" not in text and "\uffff" not in text:
        return text
    return "".join(_FORBIDDEN.sub("", text[start : start + _PIECE]) for start in range(0, len(text), _PIECE))


def _without_entities(text: str) -> str:
    """The document without a DOCTYPE that declares entities.

    Real feeds declare none or a few for accents, which HTML's own names cover; bombs declare nested or huge ones.
    """
    start = _BEFORE_DOCTYPE.match(text)
    if start is not None:
        end = _doctype_end(text, start.end())
        if "<!ENTITY" in text[start.end() : end].upper():
            text = text[end:].lstrip()
    # The parser mends heads that are not quite XML: nothing that looks like a declaration may be left for that.
    first = _FIRST_ELEMENT.search(text)
    if "<!ENT" in text[: first.start() if first else None].upper():
        raise Refused("entities")
    return text


def _doctype_end(text: str, position: int) -> int:
    """Where the `>` of a DOCTYPE is; its internal subset nests brackets, quotes and comments."""
    depth = 0
    for _ in range(_MAX_PIECES):
        piece = _DOCTYPE_PIECE.match(text, position)
        if piece is None:
            break
        position = piece.end()
        if piece[0] == ">" and depth <= 0:
            return position
        depth += {"[": 1, "<": 1, "]": -1, ">": -1}.get(piece[0], 0)
    raise Refused("doctype")


def _with_readable_ampersands(text: str) -> str:
    """The document with HTML's named characters written out and bare `&` escaped, outside of CDATA.

    The strict parser gives up at either, or (behind an external DTD) drops the characters without a word.
    """
    if text.count("&") > _MAX_AMPERSANDS:
        return "".join(_UNREADABLE.sub("&amp;", piece) for piece in _before_ampersands(text))
    first, *rest = text.split("<![CDATA[")
    pieces = [_with_readable(first)]
    for part in rest:
        inside, end, after = part.partition("]]>")
        pieces += ["<![CDATA[", inside, end, _with_readable(after)]
    return "".join(pieces)


def _before_ampersands(text: str) -> Iterator[str]:
    """The text in pieces that take no ampersand from what follows it: one call would hold the interpreter too long."""
    start = 0
    while start < len(text):
        end = text.find("&", start + _PIECE)
        yield text[start : end if end > 0 else None]
        start = end if end > 0 else len(text)


def _with_readable(text: str) -> str:
    return _LOOSE_AMPERSAND.sub(_readable, text) if "&" in text else text


def _readable(match: re.Match[str]) -> str:
    name = match[1]
    return escape(html5[name]) if name in html5 else f"&amp;{name or ''}"


def _first_items(text: str) -> str:
    """The document cut after the items we keep: the parser takes a millisecond for each."""
    end = 0
    for number, match in enumerate(_ITEM_END.finditer(text), 1):
        if number == MAX_ITEMS:
            end = match.end()
        elif number > MAX_ITEMS:
            return text[:end] + _closing(text)
    return text


def _closing(text: str) -> str:
    root = _ROOT_NAME.search(text)
    name = root[1] if root else "rss"
    return "</channel></rss>" if name.lower() == "rss" else f"</{name}>"
