"""Takes from an article what could steer the model that reads it: control tokens, forged marks, forged turns."""

from __future__ import annotations

import re

# The control tokens of chat templates stand in angle or square brackets: <|im_start|>, <start_of_turn>, <</SYS>>,
# <｜User｜>, [INST]. Tokenizers know them by the bracket, so that any other sign in its place makes plain text of them.
_ANGLES = str.maketrans("<>＜＞", "‹›‹›")
_SQUARE = re.compile(r"\[(/?[A-Z][A-Z_]{2,30})\]")
_RULE = re.compile(r"([-=_*#~`])\1{2,}")
QUOTE = "> "


def defuse(text: str) -> str:
    """An article as a quotation, each line behind a sign as in mail: none of them can begin a turn of the conversation,
    or look like the end of the quotation. Figures and names stay as they are."""
    return "\n".join(f"{QUOTE}{_plain(line)}".rstrip() for line in text.strip().splitlines()) or QUOTE.rstrip()


def _plain(line: str) -> str:
    line = _SQUARE.sub(r"(\1)", " ".join(line.split()).translate(_ANGLES))
    return _RULE.sub(r"\1", line)
