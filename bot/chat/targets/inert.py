"""Makes texts of foreign making do nothing, whatever reads them: no markup, no mention, no link.

Services disagree on how a sign is escaped, and some read markup in what they call plain text. So signs of markup become
their full-width twins, which look like them and mean nothing to any of them, and invisible signs part what would be a
mention or a link.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from bot.chat.blocks import harmless
from bot.text.urls import safe_link

PARTED = "\u200b"
JOINER = "\u2060"
_FULL_WIDTH = 0xFEE0  # from a sign of ASCII to its twin
_SIGNS = {ord(sign): chr(ord(sign) + _FULL_WIDTH) for sign in "*_~`|[]<>\\"}
_MENTION = re.compile("@")
_ENTITY = re.compile(r"&(?=#?\w+;)")
# Headings, lists, rules and commands, where a line begins with them.
_LINE_MARK = re.compile(r"(?m)^([^\S\n]*)([#+\-=/!])")
# Addresses by their scheme, by a dot before letters that could be a top-level domain, or by four numbers; and the names
# of emoji.
_LINKED = re.compile(
    r":(?=//|[A-Za-z][\w+-]*:)|(?<=\S)\.(?=[^\W\d_](?:[^\W\d_]|[^\x00-\x7f]))|(?<=\d)\.(?=\d{1,3}\.\d{1,3}\.\d)"
)
_UNSAFE_IN_LINKS = frozenset("'()*@[];")
_INVISIBLE = re.compile("[\u200b-\u200d\u2060-\u2064\u00ad]")


def inert(text: str) -> str:
    """The text so that it is read as it stands, wherever it stands."""
    clean = _INVISIBLE.sub("", harmless(text)).translate(_SIGNS)
    clean = _ENTITY.sub(chr(ord("&") + _FULL_WIDTH), clean)
    clean = _LINE_MARK.sub(lambda found: found[1] + chr(ord(found[2]) + _FULL_WIDTH), clean)
    return _MENTION.sub(f"@{PARTED}", _LINKED.sub(rf"\g<0>{JOINER}", clean))


def written_link(url: str) -> str:
    """A link as it can stand in any text, or "": signs that are markup somewhere are percent-encoded."""
    return "".join(quote(sign, safe="") if sign in _UNSAFE_IN_LINKS else sign for sign in safe_link(url))
