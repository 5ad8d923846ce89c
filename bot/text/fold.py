"""Folding: one spelling for what readers take as the same word, whatever its case, width, accents or 繁/简."""

from __future__ import annotations

import unicodedata

from bot.model import Script
from bot.text.chinese import HAN, to_script

_TABLE_LIMIT = 100_000  # distinct characters remembered; hostile text could otherwise fill memory with rare ones

# Marks that readers drop when they type: Latin, Greek and Cyrillic accents, Hebrew points, Arabic vowel signs.
# Vowel signs of Indic scripts and the marks of kana are letters to their readers and stay.
_DROPPED = frozenset(
    chr(point)
    for first, last in (
        (0x0300, 0x036F), (0x0483, 0x0487), (0x0591, 0x05BD), (0x05BF, 0x05C7), (0x0610, 0x061A),
        (0x0640, 0x0640), (0x064B, 0x065F), (0x0670, 0x0670), (0x06D6, 0x06DC), (0x06DF, 0x06E8),
    )
    for point in range(first, last + 1)
)  # fmt: skip
_SPELLED = {
    **dict.fromkeys("‘’ʼʹ＇`´", "'"), **dict.fromkeys("“”„‟＂«»〝〞", '"'), **dict.fromkeys("‐‑‒–−－", "-"),
    "ı": "i", "ø": "o", "Ø": "o", "đ": "d", "Đ": "d", "ð": "d", "Ð": "d", "ł": "l", "Ł": "l", "ħ": "h", "Ħ": "h",
    "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "þ": "th", "Þ": "th", "￥": "¥",
    "й": "й", "Й": "й",  # a letter of its own: Russian endings are told by it
}  # fmt: skip


def _fold_character(character: str) -> str:
    if character in _SPELLED:
        return _SPELLED[character]
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    decomposed = unicodedata.normalize("NFKD", character.casefold()).casefold()
    folded = unicodedata.normalize("NFC", "".join(mark for mark in decomposed if mark not in _DROPPED))
    if HAN.match(folded):
        return to_script(folded, Script.HANS)
    # ½, ⑴ or Thai ำ would fall apart into pieces that are no longer one word character: they stay as they are.
    apart = len(folded) > 1 and not (folded.isalpha() and ord(folded[0]) < 0x0E00)  # noqa: PLR2004 - first Thai letter
    return character if apart else folded


class _Table(dict[int, str]):
    """A `str.translate` table that fills itself as characters turn up."""

    def __missing__(self, point: int) -> str:
        folded, before = chr(point), ""
        while folded != before:  # ǣ → æ → ae: until nothing is left to fold
            before, folded = folded, "".join(map(_fold_character, folded))
        if len(self) < _TABLE_LIMIT:
            self[point] = folded
        return folded


_TABLE = _Table()


def fold(text: str) -> str:
    """The text in lower case, normal width, simplified characters, without accents, with straight quotes.

    Folding is by character, so 三方會談 and 三方会谈 fold to the same text of the same length, and it is
    idempotent. Lengths change only where a character is spelled out (ß → ss, æ → ae) or a mark falls away.
    """
    if text.isascii():
        return text.lower().replace("`", "'")
    return unicodedata.normalize("NFC", text).translate(_TABLE)
