"""HTML to plain text: paragraphs apart by an empty line, nothing that could run, hide or reorder what people read."""

from __future__ import annotations

import re
from html import unescape

from selectolax.lexbor import LexborHTMLParser, LexborNode

MAX_HTML = 200_000  # characters; real items are below 100,000
MAX_TAGS = 10_000  # tree building takes quadratic time in depth: 100,000 nested `<div>` took 20 s


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_HIDDEN = _words(
    """
    script style noscript template iframe object embed svg math head title button select textarea audio video
    canvas noframes map dialog
    """
)
_BLOCKS = _words(
    """
    p div section article aside header footer main nav h1 h2 h3 h4 h5 h6 ul ol dl table blockquote figure
    figcaption hr form fieldset address details center body hgroup dir menu marquee frameset
    """
)
_LINES = _words(
    """
    li tr dt dd caption summary option legend
    """
)
_INLINE = _words(
    """
    a abbr acronym applet area b basefont bdi bdo big blink cite code col colgroup data del dfn em font frame i img
    input ins kbd keygen label link mark meta nobr param picture pre q rb rp rt rtc ruby s samp small source span
    strike strong sub sup tbody td tfoot th thead time track tt u var wbr br html
    """
)
_NAMES = "|".join(sorted(_HIDDEN | _BLOCKS | _LINES | _INLINE, key=len, reverse=True))

# Only names that HTML has make a tag, so that "a <vector> of ints" and "x < y" stay what they are.
_TAG = re.compile(
    rf"</?(?:{_NAMES})(?:\s+(?:[\w:@\"'/-][^<>]*)?)?/?>|<(?:{_NAMES})\s+[\w-]+\s*=|<!--|<!\[CDATA\[|<!doctype\b",
    re.IGNORECASE,
)
_ESCAPED_MARKUP = re.compile(
    rf"<({_NAMES})(?:\s+(?:[\w:@\"'/-][^<>]*)?)?>[^<]*(?:<[^<]*){{0,200}}</\1\s*>|<(?:br|hr|p)\s*/?>|<(?:img|a)\s+[\w-]+\s*=",
    re.IGNORECASE,
)
# What a page shows beside its text. Never closed, a browser would take all that follows for a part of it.
_EMBEDDED = re.compile(r"<(/?)(iframe|object|audio|video|noframes)\b[^<>]*>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")

# Control characters, soft hyphens, direction marks and overrides, byte order marks, tag characters, lone surrogates.
_UNWANTED = re.compile(
    r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    r"\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile(r"[^\S\n]+")
_PARAGRAPHS = re.compile(r" ?\n ?(?:\n ?)+")
_AROUND_LINE = re.compile(r" ?\n ?")

# While a tree is read, these stand for the ends of blocks, `<br>`, and the ends of list lines.
_BLOCK, _BREAK, _LINE = "\x1c", "\x1d", "\x1e"
_BLANKS = re.compile(rf"[^\S{_BLOCK}{_BREAK}{_LINE}]+")
_MARKS = re.compile(rf"\s*[{_BLOCK}{_BREAK}{_LINE}][\s{_BLOCK}{_BREAK}{_LINE}]*")


def html_to_text(html: str) -> str:
    """The text that people would read, free of markup.

    Blocks become paragraphs apart by an empty line; `<br>` and list items, lines. Markup that a feed escaped twice
    is read once more. Plain text comes back as it is, but for white space and invisible characters.
    """
    html = html[:MAX_HTML]
    text = _once(html)
    if "<" in text and _ESCAPED_MARKUP.search(text):
        text = _once(text)
    if "&" in text:
        text = _unescape(text)
    return clean_text(text)


def one_line(html: str) -> str:
    """The text of HTML on a single line, for titles and names."""
    return " ".join(html_to_text(html).split())


def clean_text(text: str) -> str:
    """Plain text with normal white space and without control, invisible and direction-override characters."""
    text = _UNWANTED.sub("", _LINE_ENDS.sub("\n", text))
    text = _SPACES.sub(" ", text)
    text = _PARAGRAPHS.sub("\n\n", text)
    return _AROUND_LINE.sub("\n", text).strip()


def _once(html: str) -> str:
    if "<" in html and _TAG.search(html):
        return _read_tree(html)
    return _unescape(html) if "&" in html else html


def _unescape(text: str) -> str:
    """Entities that end in a semicolon; without one, `AT&T` and `?a=1&copy=2` are what they say."""
    return _ENTITY.sub(lambda match: unescape(match[0]), text)


def _read_tree(html: str) -> str:
    # CDATA sections have no meaning in HTML: a parser would take the text in them for a comment.
    html = html.replace("<![CDATA[", "").replace("]]>", "")
    if html.count("<") > MAX_TAGS:
        return _unescape(_TAG.sub("\n", html))
    body = LexborHTMLParser(_UNWANTED.sub("", _without_unclosed(html))).body
    if body is None:
        return ""
    # One blank at a time: the marks' pattern would take quadratic time for long runs of them.
    return _MARKS.sub(_break, _BLANKS.sub(" ", "".join(_pieces(body))))


def _without_unclosed(html: str) -> str:
    """The HTML without the tags of embedded things that are opened and never closed, which would hide the rest."""
    found = [(match[2].lower(), bool(match[1])) for match in _EMBEDDED.finditer(html)]
    unclosed = {name for name, _ in found} - {name for name, closing in found if closing}
    return _EMBEDDED.sub(lambda match: "" if match[2].lower() in unclosed else match[0], html) if unclosed else html


def _pieces(body: LexborNode) -> list[str]:
    """The texts of a tree in order, with marks between; a loop, because hostile trees are deeper than the stack."""
    pieces: list[str] = []
    waiting: list[LexborNode | str] = [body]
    while waiting:
        node = waiting.pop()
        if isinstance(node, str):
            pieces.append(node)
            continue
        if node.next is not None and node.tag != "body":
            waiting.append(node.next)
        _enter(node, pieces, waiting)
    return pieces


def _enter(node: LexborNode, pieces: list[str], waiting: list[LexborNode | str]) -> None:
    tag = node.tag or ""
    if node.is_text_node:
        pieces.append(" ".join((node.text_content or "").split("\n")))
    elif tag == "br":
        pieces.append(_BREAK)
    elif tag == "pre":
        pieces.append(_BLOCK + node.text().strip("\n").replace("\n", _BREAK) + _BLOCK)
    elif tag not in _HIDDEN:
        mark = _BLOCK if tag in _BLOCKS else _LINE if tag in _LINES else " " if tag in {"td", "th"} else ""
        pieces.append(mark)
        waiting.append(mark)
        if node.first_child is not None:
            waiting.append(node.first_child)


def _break(match: re.Match[str]) -> str:
    marks = match[0]
    return "\n\n" if _BLOCK in marks or marks.count(_BREAK) > 1 else "\n"
