"""Takes markup, links and mentions out of text that a machine wrote, and tells whether some are left."""

from __future__ import annotations

import re

from bot.text.html import html_to_text

_THINKING = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)
_LINK = re.compile(r"!?\[([^\]\n]{0,300})\]\([^)\s]{0,500}\)")
_ADDRESS = re.compile(
    r"(?:\b[a-z][a-z0-9+-]{1,15}://|www\.)\S+|(?<![\w.-])[\w-]{1,63}(?:\.[\w-]{1,63}){0,4}\.(?:com|net|org|io|ru|cn|me|info|xyz)/\S*",
    re.IGNORECASE,
)
_MARKDOWN = re.compile(r"(?:^|(?<=\n))\s*(?:#{1,6}|[-*•]|>)\s+|\*\*|__|`+|~~")
_LEFT = re.compile(
    r"</?[a-zA-Z][^<>]{0,200}>|\*\*|__|`|\]\(|^[ \t]{0,9}#{1,6}\s|\\n|&(?:[a-z]{2,8}|#\d+);", re.MULTILINE
)
_DOMAIN = re.compile(r"(?<![\w.@-])[\w-]{2,63}(?:\.[\w-]{2,63}){0,3}\.[a-z]{2,24}(?![\w-])", re.ASCII)
_MENTION = re.compile(r"(?<![A-Za-z0-9.])[@＠]\w+|<[@#]!?&?\d+>")


def strip_thinking(text: str) -> str:
    """A model's answer without the thinking that some models write before it."""
    return _THINKING.sub("", text).strip()


def strip_markup(text: str) -> str:
    """One line of plain text: no tags, no Markdown signs, no addresses (a link keeps its words)."""
    text = html_to_text(_LINK.sub(r"\1", text))
    text = _MARKDOWN.sub("", _ADDRESS.sub("", text))
    return " ".join(text.split()).strip()


def has_markup(text: str) -> bool:
    """Whether tags, Markdown signs or entities are left."""
    return bool(_LEFT.search(text))


def has_link(text: str) -> bool:
    """Whether an address is left."""
    return bool(_ADDRESS.search(text))


def domains(text: str) -> set[str]:
    """The names of hosts in a text, as some apps make links of them; Node.js looks like one, too."""
    return {found.lower() for found in _DOMAIN.findall(text)}


def mentions(text: str) -> set[str]:
    """The @mentions of a text."""
    return set(_MENTION.findall(text))
