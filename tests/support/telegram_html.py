"""Reads Telegram's HTML as the Bot API does: to visible text and entities, or with its error for what it can't read.

Rules: https://core.telegram.org/bots/api#html-style. Offsets and lengths of entities are in UTF-16 code units.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_TYPES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
_TAG = re.compile(r"</?([^\s>]*)([^>]*)>")
_ATTRIBUTE = re.compile(r"([a-z-]+)(?:\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s>]+))?", re.IGNORECASE)
_REFERENCE = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(lt|gt|amp|quot));?")
_PLAIN = re.compile(r"[^<&]*")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
# What clients turn into links by themselves, outside code and links: TDLib's test/message_entities.cpp has hundreds of
# examples. Hosts need no scheme, may have any sign in them, and end in a top-level domain, of which these are a few.
_DOMAIN = (
    r"(?:com|org|net|io|cn|tw|hk|uk|me|gg|tk|de|ru|info|news|example|xn--[a-z0-9-]+|中国|中國|香港|台灣|москва|рф|भारत)"
)
_AUTOMATIC = {
    "url": re.compile(
        r"(?:https?|ftp|tg|ton)://[\w.-]+(?:/[^\s]*)?\b"
        rf"|(?:[^\s@/.,:;<>()\[\]\"'`\u2060\u200b?=&#、，。]+\.)+{_DOMAIN}(?![\w-])(?:/[^\s]*)?"
        r"|(?<![\w.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w.])",
        re.IGNORECASE,
    ),
    "mention": re.compile(r"(?<!\w)@[A-Za-z0-9_]{2,32}(?!\w)"),
    "bot_command": re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?", re.ASCII),
}


class CantParse(Exception):
    """The reason that follows `can't parse entities:`."""


@dataclass
class Read:
    """Visible text and its entities, as the Bot API gives them."""

    text: str
    entities: list[dict[str, object]] = field(default_factory=list)


def units(text: str) -> int:
    """UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def read_plain(text: str) -> Read:
    """Text without a parse mode: only automatic entities."""
    return _with_automatic(_trimmed(Read(text)))


def read_html(source: str) -> Read:
    """Visible text and entities. Raises CantParse."""
    pieces: list[str] = []
    at = length = 0
    entities: list[dict[str, object]] = []
    stack: list[tuple[str, int, dict[str, object]]] = []
    while at < len(source):
        if source[at] != "<":
            piece, at = _run(source, at)
            pieces.append(piece)
            length += units(piece)
            continue
        tag = _TAG.match(source, at)
        offset = len(source[:at].encode())
        if tag is None:
            raise CantParse(f"Unclosed start tag at byte offset {offset}")
        at = tag.end()
        if tag[0].startswith("</"):
            entities += _closed(stack, tag[1].lower(), length, offset)
        else:
            stack.append((tag[1].lower(), length, _entity(tag, offset)))
    if stack:
        raise CantParse(f'Can\'t find end tag corresponding to start tag "{stack[-1][0]}"')
    entities.sort(key=lambda one: (int(str(one["offset"])), -int(str(one["length"]))))
    return _with_automatic(_trimmed(Read("".join(pieces), entities)))


def _run(source: str, at: int) -> tuple[str, int]:
    """A character reference, or the text up to what could be the next one or a tag."""
    reference = _REFERENCE.match(source, at)
    if reference is None:
        end = _PLAIN.match(source, at + 1).end()
        return source[at:end], end
    character = _decoded(reference)
    return character, reference.end()


def _decoded(reference: re.Match[str]) -> str:
    decimal, hexadecimal, name = reference.groups()
    return _NAMED[name] if name else chr(int(decimal) if decimal else int(hexadecimal, 16))


def _entity(tag: re.Match[str], offset: int) -> dict[str, object]:
    name = tag[1].lower()
    attributes = {found[1].lower(): (found[2] or "").strip("\"'") for found in _ATTRIBUTE.finditer(tag[2])}
    if name not in _TYPES:
        raise CantParse(f'Unsupported start tag "{name}" at byte offset {offset}')
    if name == "span" and attributes.get("class") != "tg-spoiler":
        raise CantParse(f'Tag "span" must have class "tg-spoiler" at byte offset {offset}')
    entity: dict[str, object] = {"type": _TYPES[name]}
    if name == "a":
        entity["url"] = _REFERENCE.sub(_decoded, attributes.get("href", ""))
    if name == "blockquote" and "expandable" in attributes:
        entity["type"] = "expandable_blockquote"
    return entity


def _closed(
    stack: list[tuple[str, int, dict[str, object]]], name: str, end: int, offset: int
) -> list[dict[str, object]]:
    if not stack:
        raise CantParse(f"Unexpected end tag at byte offset {offset}")
    opened, start, entity = stack.pop()
    if name not in ("", opened):
        raise CantParse(f'Unmatched end tag at byte offset {offset}, expected "</{opened}>", found "</{name}>"')
    dead_link = entity["type"] == "text_link" and not str(entity["url"]).startswith(("http://", "https://", "tg://"))
    return [] if end == start or dead_link else [{**entity, "offset": start, "length": end - start}]


def _trimmed(read: Read) -> Read:
    left = units(read.text) - units(read.text.lstrip())
    text = read.text.strip()
    kept = []
    for entity in read.entities:
        start = max(0, int(str(entity["offset"])) - left)
        end = min(units(text), int(str(entity["offset"])) + int(str(entity["length"])) - left)
        if end > start:
            kept.append({**entity, "offset": start, "length": end - start})
    return Read(text, kept)


def _with_automatic(read: Read) -> Read:
    closed = [one for one in read.entities if one["type"] in ("code", "pre", "text_link")]
    for kind, pattern in _AUTOMATIC.items():
        for found in pattern.finditer(read.text):
            start, length = units(read.text[: found.start()]), units(found[0])
            if not any(
                int(str(one["offset"])) < start + length and start < int(str(one["offset"])) + int(str(one["length"]))
                for one in closed
            ):
                read.entities.append({"type": kind, "offset": start, "length": length})
                closed += read.entities[-1:] if kind == "url" else []  # nothing begins within an address
    read.entities.sort(key=lambda one: (int(str(one["offset"])), -int(str(one["length"]))))
    return read
