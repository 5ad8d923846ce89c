"""Writes messages as places take them that only receive: a title and a body, with links written out and no buttons.

Every limit is kept before markup is put around a text, so that nothing is cut inside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from html import escape
from itertools import groupby

from bot.chat.clip import clip, utf16_len
from bot.chat.fitting import bullet, fitted, separator
from bot.chat.targets.inert import inert, written_link
from bot.model import Block, BlockKind, Message, Span, Style

NOTHING = "…"
"""What stands for a message without text, which services refuse."""


SHORT = 500
"""Of a body with less room than this the small print takes none, but for links."""

_AROUND_TITLE = 8  # what a service puts between title and body


class Form(StrEnum):
    """How a service reads a body."""

    TEXT = "text"
    HTML = "html"
    MARKDOWN = "markdown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Takes:
    """What a service takes: the longest title (0: none beside the body) and body, in UTF-16 units or in bytes.

    `together`: the title counts for the body, too.
    """

    form: Form = Form.TEXT
    title: int = 250
    body: int = 32_768
    in_bytes: bool = False
    together: bool = False

    def measure(self, text: str) -> int:
        """The length of a text as the service counts it."""
        return len(text.encode()) if self.in_bytes else utf16_len(text)


@dataclass(frozen=True, slots=True)
class Words:
    """A message as a service takes it."""

    title: str
    body: str


def words(message: Message, takes: Takes) -> Words:
    """The message within the limits; its heading is the title, where the service has one."""
    # A quotation stands off by itself nowhere here.
    blocks = [
        replace(block, kind=BlockKind.TEXT) if block.kind is BlockKind.QUOTE else block
        for block in message.blocks
        if _text(block).strip()
    ]
    if takes.body < SHORT:
        blocks = [block for block in blocks if block.kind is not BlockKind.NOTE or _is_linked(block)] or blocks
    heading = ""
    if takes.title and blocks and blocks[0].kind is BlockKind.TITLE:
        heading = _title(blocks[0], takes)
        blocks = blocks[1:] or blocks
        if takes.together:
            takes = replace(takes, body=max(1, takes.body - takes.measure(heading) - _AROUND_TITLE))
    return Words(heading, _body(blocks, takes) or NOTHING)


def _title(block: Block, takes: Takes) -> str:
    line = " ".join(_text(block).split())
    limit = takes.title
    while takes.measure(heading := inert(clip(line, limit))) > takes.title:
        limit -= 1
    return heading


def _body(blocks: Sequence[Block], takes: Takes) -> str:
    """The blocks within the limit: it is lowered until what is written with links and markup keeps it."""
    # A link that would take most of the room is none that leaves anything to say about it.
    linked = _linked_once(blocks, longest=takes.body // 2)
    room = takes.body
    while room > 0:
        body = _joined(fitted(linked, room), takes.form)
        length = takes.measure(body)
        if length <= takes.body:
            return body
        room = min(room - 1, room * takes.body // length)
    return ""


def _linked_once(blocks: Sequence[Block], *, longest: int) -> list[Block]:
    """The blocks with safe links, each at the last of its places."""
    last = {span.url: (place, at) for place, block in enumerate(blocks) for at, span in enumerate(block.spans)}

    def link(span: Span, place: int, at: int) -> str:
        url = written_link(span.url) if last[span.url] == (place, at) else ""
        return url if len(url) <= longest else ""

    return [
        replace(block, spans=tuple(replace(span, url=link(span, place, at)) for at, span in enumerate(block.spans)))
        for place, block in enumerate(blocks)
    ]


def _joined(blocks: Iterable[Block], form: Form) -> str:
    text = ""
    before: Block | None = None
    for block in blocks:
        text += _broken(separator(before, block), form) + _written(block, form)
        before = block
    return text.strip()


def _written(block: Block, form: Form) -> str:
    """A block; its spans of one link are one run, so that nothing is read over their ends."""
    written = bullet(block)
    for url, run in groupby(block.spans, key=lambda span: span.url):
        text = "".join(span.text for span in run)
        piece = _link(text, url, form) if url else _marked(text, form)
        apart = " " if written[-1:].strip() and "://" in written.rsplit(maxsplit=1)[-1] and piece[:1].strip() else ""
        written += apart + piece
    return _bold(written, form) if _is_bold(block) and not _is_linked(block) else written


def _marked(text: str, form: Form) -> str:
    """A text of no link, in a form's own signs."""
    said = inert(text)
    return _broken(escape(said) if form is Form.HTML else said, form)


def _link(text: str, url: str, form: Form) -> str:
    # The text of a bare link is the beginning of the link itself.
    bare = url.startswith(written_link(text.rstrip("…")) or "://") or not text.strip()
    label = _marked(" ".join(text.split()), form)
    match form:
        case Form.HTML:
            return f'<a href="{escape(url)}">{escape(url) if bare else label}</a>'
        case Form.MARKDOWN:
            return url if bare else f"[{label}]({url})"
        case Form.TEXT:
            return url if bare else f"{label} {url}"


def _broken(text: str, form: Form) -> str:
    """The text with line breaks as the form has them."""
    match form:
        case Form.HTML:
            return text.replace("\n", "<br/>\n")
        case Form.MARKDOWN:  # a single one would be a blank
            return text if text == "\n\n" else text.replace("\n", "  \n")
        case Form.TEXT:
            return text


def _bold(text: str, form: Form) -> str:
    if not text.strip() or "\n" in text:
        return text
    match form:
        case Form.HTML:
            return f"<b>{text}</b>"
        case Form.MARKDOWN:
            return f"**{text.strip()}**"
        case Form.TEXT:
            return text


def _is_bold(block: Block) -> bool:
    return block.kind is BlockKind.TITLE or all(span.style is Style.BOLD for span in block.spans)


def _is_linked(block: Block) -> bool:
    return any(span.url for span in block.spans)


def _text(block: Block) -> str:
    return "".join(span.text for span in block.spans)
