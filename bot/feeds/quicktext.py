"""Texts of elements as feedparser gives them: stripped, mended, markup written out again."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any
from xml.sax.saxutils import escape

from feedparser.api import StrictFeedParser

from bot.feeds.fields import PLAIN, join
from bot.feeds.quicknames import Element, Names, hand_over, has_end_handler

HTML = "text/html"
XHTML = "application/xhtml+xml"
MAX_MARKUP_DEPTH = 100

_KINDS = {"text": PLAIN, "plain": PLAIN, PLAIN: PLAIN, "html": HTML, HTML: HTML, "xhtml": XHTML, XHTML: XHTML}
_C1 = re.compile(r"[\x80\x82-\x8c\x8e\x91-\x9c\x9e\x9f]")  # control characters that are Windows' letters
_EXTRA_SLASHES = re.compile(r"^([A-Za-z][A-Za-z0-9+,.-]*://)/+")


def leaf_text(element: Element) -> str:
    """The text of an element that holds nothing else."""
    if len(element):
        hand_over("markup")
    return mended((element.text or "").strip())


def link_text(element: Element, base: str) -> str:
    """A link that stands in an element, seen from `base`."""
    if len(element):
        hand_over("markup")
    link = (element.text or "").strip()
    return mended(resolved(base, link) if link else "")


def resolved(base: str, link: str) -> str:
    """A link seen from `base`; of `http:////`, two slashes count."""
    return join(base, _EXTRA_SLASHES.sub(r"\1", link))


def mended(text: str) -> str:
    """A text with UTF-8 that was taken for Latin-1 and Windows' characters put right."""
    if text.isascii():
        return text
    with suppress(UnicodeError):
        text = text.encode("iso-8859-1").decode("utf-8")
    return _C1.sub(_windows_character, text)


def _windows_character(match: re.Match[str]) -> str:
    return bytes([ord(match[0])]).decode("cp1252")


def kind_of(attributes: dict[str, str], default: str) -> str:
    """What a text is: plain, HTML or XHTML. All else (images, base64) is handed over."""
    kind = _KINDS.get(attributes.get("type", default)) if attributes else default
    if kind is None or attributes.get("mode") == "base64":
        hand_over("type")
    return kind


def part_of(element: Element, attributes: dict[str, str], names: Names, *, default: str, form: str) -> dict[str, Any]:
    """Value and type of a text that may hold markup; outside of Atom, plain text that looks like HTML is HTML."""
    kind = kind_of(attributes, default)
    if kind == XHTML:
        content = _content_of(element) if form == "atom10" else element
        return {"value": mended(_written(content, names, 0).strip()), "type": kind}
    value = leaf_text(element)
    if kind == PLAIN and form == "rss" and ("<" in value or "&" in value) and StrictFeedParser.looks_like_html(value):
        kind = HTML
    return {"value": value, "type": kind}


def _content_of(element: Element) -> Element:
    """Where a text's markup stands: in the `<div>` that Atom 1.0 wants around it, or in the element."""
    if len(element) == 1 and not (element.text or "").strip():
        [child] = element
        if _local_name(child) == "div" and not (child.tail or "").strip():
            return child
    return element


def _local_name(element: Element) -> str:
    local: str = element.tag.rpartition("}")[2]
    return local.lower()


def _written(element: Element, names: Names, depth: int) -> str:
    """What stands in an element, as markup. Elements that feedparser acts on even there are handed over."""
    if depth > MAX_MARKUP_DEPTH:
        hand_over("depth")
    pieces = [escape(element.text or "")]
    for child in element:
        name = names[child.tag]
        local = _local_name(child)
        if has_end_handler(name) or local in {"svg", "math"}:
            hand_over("markup")
        given = names.attributes(child).items()
        attributes = "".join([f' {key}="{escape(value, {chr(34): "&quot;"})}"' for key, value in given])
        pieces += [f"<{local}{attributes}>", _written(child, names, depth + 1), f"</{local}>", escape(child.tail or "")]
    return "".join(pieces)
