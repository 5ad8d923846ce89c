"""Says in the reader's language why a delivery failed or waits; a platform's own word stands as it is."""

from __future__ import annotations

import re

from bot.chat.blocks import one_line
from bot.chat.catalogue import Catalogue, mark

_REASON = 120
_KNOWN = {
    "moved": mark("the chat has a new address"),
    "rate limited": mark("rate limited"),
    "token refused": mark("my token is refused"),
    "not logged in": mark("no connection"),
    "timeout": mark("too slow"),
}
# As they are kept in rows: "gave up after 5 attempts: blocked: kicked".
_AROUND = (
    (
        re.compile(r"gave up after (?P<n>\d+) attempts: (?P<reason>.*)", re.DOTALL),
        mark("gave up after {n} attempts: {reason}"),
    ),
    (re.compile(r"blocked: (?P<reason>.*)", re.DOTALL), mark("blocked: {reason}")),
    (re.compile(r"gone: (?P<reason>.*)", re.DOTALL), mark("the chat is gone: {reason}")),
)


def explain_fate(reason: str, t: Catalogue) -> str:
    """The kept reason of a delivery, on one line; "" for none."""
    if known := _KNOWN.get(reason):
        return t(known)
    for pattern, sentence in _AROUND:
        if found := pattern.fullmatch(reason):
            given = found.groupdict()
            return t(sentence, **given | {"reason": explain_fate(given["reason"], t)})
    return one_line(reason, _REASON)
