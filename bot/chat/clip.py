"""Shortens texts to the platforms' limits, which count UTF-16 code units, without harming a word or a sign."""

from __future__ import annotations

import re
import unicodedata

from wcwidth import iter_graphemes

ELLIPSIS = "…"
# Thai, Lao, Tibetan, Burmese, Khmer, and all from CJK radicals on but Hangul: words there have no spaces between them.
_UNSPACED = re.compile("[\u0e00-\u109f\u1780-\u17ff\u2e80-\ua4cf\uf900-\ufaff\uff00-\uffef\U00020000-\U0003fffd]")


def utf16_len(text: str) -> int:
    """The length of a text in UTF-16 code units, as Telegram and Discord count it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def clip(text: str, limit: int) -> str:
    """The text in at most `limit` UTF-16 units, with an ellipsis where something was left out.

    It is cut between words where words have spaces, and never inside a grapheme. A single word that is longer
    than the limit is cut between its graphemes. A limit of 0 or less gives an empty text.
    """
    if utf16_len(text) <= limit:
        return text
    if limit < 1:
        return ""
    end = _fitting(text, limit - 1)
    return text[: _word_end(text, end)].rstrip() + ELLIPSIS


def _fitting(text: str, limit: int) -> int:
    """How many characters of the text are whole graphemes within `limit` units."""
    end = used = 0
    # A grapheme has at least one unit, so no character past the limit can be part of the answer.
    for grapheme in iter_graphemes(text[: limit + 1]):
        used += utf16_len(grapheme)
        if used > limit:
            break
        end += len(grapheme)
    return end


def _word_end(text: str, end: int) -> int:
    """Where the last whole word before `end` ends; `end` itself for text without spaces between words."""
    start = end
    while start and end < len(text) and _inside_word(text[start - 1], text[start]):
        start -= 1
    return start or end


def _inside_word(before: str, after: str) -> bool:
    return _in_spaced_word(before) and _in_spaced_word(after)


def _in_spaced_word(character: str) -> bool:
    """Whether the character belongs to a word of a script that parts words by spaces."""
    if character in "'’-_":
        return True
    return unicodedata.category(character)[0] in "LNM" and not _UNSPACED.match(character)
