"""Tokens: the words of a text with their places in it, and the stems that inflected words share."""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import lru_cache
from typing import NamedTuple

import snowballstemmer

from bot.text.fold import fold, fold_word

TOUCHING, SPACED, BROKEN, PARAGRAPH = 0, 1, 2, 3

# Scripts written without spaces (Thai, Lao, Myanmar, Khmer, kana, Han), Hangul, whose particles join their
# nouns, and emoji: each character is a token, so a phrase in them needs no segmentation.
_UNSPACED = (
    "\u0e00-\u0e4f\u0e5a-\u0ecf\u0eda-\u0eff\u1000-\u103f\u104a-\u108f\u109a-\u109f\u1780-\u17df\u17ea-\u17ff"
    "\u3005-\u3007\u3041-\u3096\u309d\u309e\u30a1-\u30fa\u30fc-\u30fe"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9d\uac00-\ud7a3"
    "\u2600-\u2767\u2794-\u27bf\u2b00-\u2bff\U0001f000-\U0001f0ff\U0001f1e6-\U0001f1ff\U0001f300-\U0001faff"
    "\U00020000-\U0003ffff"
)
_LETTER = rf"[^\W_{_UNSPACED}\u02b9\u02bc\u0374\u1100-\u11ff\u2e80-\u33ff\uff9e-\uffdc\U0001f100-\U0001f2ff]"


def _marks() -> str:
    spaced_scripts = (*range(0x0300, 0x0E00), *range(0x0F00, 0x1000), *range(0x10A0, 0x1780), *range(0x1800, 0x2000))
    return "".join(chr(point) for point in spaced_scripts if unicodedata.category(chr(point)) in {"Mn", "Mc"})


_WORD = rf"{_LETTER}+(?:[{_marks()}]+{_LETTER}*)*"
_TOKEN = re.compile(
    rf"""
    ([$€£¥#@＄￥＃＠])?
    (
        (?<!{_LETTER})(?<!\.)(?:{_LETTER}\.)+{_LETTER}(?!{_LETTER})\.?        # U.S., e.g.
      | (?i:mr|mrs|ms|dr|st|gov|sen|rep|gen|prof|lt|col|capt|sgt|jr|sr|vs|no)\.(?=\s+{_LETTER})
      | [0-9]+(?:[.,:][0-9]+)+{_LETTER}*                                      # 3.5bn, 1,000, 10:30
      | (?:(?!\d){_LETTER}){{1,3}}[&＆](?:(?!\d){_LETTER}){{1,3}}(?!(?!\d){_LETTER})  # R&D, S&P500
      | [CFcf]\#(?!{_LETTER})
      | {_WORD}(?:\+\+|['’ʼ＇](?i:t|re|ve|ll|d|m)(?!{_LETTER}))?              # C++, don't
    )
    (?:['’ʼ＇][sS](?!{_LETTER}))?                                             # a possessive is no part of the word
    | ([{_UNSPACED}]+)
    """,
    re.VERBOSE,
)
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?![0-9,:])")
_TRANSPARENT = re.compile(
    "[\"'“”„‟‘’ʼ＇＂«»「」『』《》〈〉·・‧•*\u00ad\u200b-\u200f\u2060\ufe0e\ufe0f\ufeff\uff9e\uff9f]+"
)
_JOINER = re.compile(r"[-‐‑‒–－−/.:_&+@#$%=~\\?]+")
_PARAGRAPH_BREAK = re.compile(r"\n[^\S\n]*\n|\u2029")


class Token(NamedTuple):
    """A word, or one character of a script without spaces.

    `text` is folded; `start` and `end` are character offsets into the source text. `cjk` tells characters from
    words. `gap` says what stands between this token and the one before: TOUCHING (nothing, or quotes), SPACED
    (a space, or a hyphen, slash or dot without spaces), BROKEN (other punctuation), PARAGRAPH (an empty line).
    `sign` is one of $ € £ ¥ # @ right before the word.
    """

    text: str
    start: int
    end: int
    cjk: bool = False
    gap: int = TOUCHING
    sign: str = ""


@lru_cache(maxsize=4_096)
def _gap(between: str) -> int:
    if _PARAGRAPH_BREAK.search(between):
        return PARAGRAPH
    visible = _TRANSPARENT.sub("", between)
    if not visible:
        return TOUCHING
    return SPACED if visible.isspace() or _JOINER.fullmatch(visible) else BROKEN


@lru_cache(maxsize=65_536)
def _word_text(word: str) -> str:
    text = fold(word).replace(" ", "").strip("'")
    if text.isalnum():
        return text
    if text[:1].isdigit():
        return text.replace(",", "") if _THOUSANDS.match(text) else text
    return text.replace(".", "")


def tokenize(text: str) -> list[Token]:
    """The tokens of a text, in order. Apply NFC first where the text may hold decomposed Hangul or kana.

    Possessives lose their 's; C++, C#, R&D, U.S., 3.5, 10:30 and don't are one token each; hyphens part words.
    """
    tokens: list[Token] = []
    ended = 0
    for found in _TOKEN.finditer(text):
        start = found.start()
        gap = _gap(text[ended:start]) if tokens else TOUCHING
        ended = found.end()
        if found.lastindex == 3:  # noqa: PLR2004 - the third group of the pattern: a run of characters
            tokens.extend(_characters(found[3], start, gap))
        elif word := _word_text(found[2]):
            tokens.append(Token(word, start, found.end(2), gap=gap, sign=fold(found[1]) if found[1] else ""))
    return tokens


def _characters(run: str, start: int, gap: int) -> list[Token]:
    tokens = [Token(text, place, place + 1, cjk=True) for place, text in enumerate(map(fold_word, run), start)]
    tokens[0] = tokens[0]._replace(gap=gap)
    return tokens


# --- stems -----------------------------------------------------------------------------------------------

ENGLISH = "english"
_ALGORITHMS = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "es": "spanish",
    "et": "estonian", "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi",
    "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian", "nb": "norwegian",
    "ne": "nepali", "nl": "dutch", "no": "norwegian", "pl": "polish", "pt": "portuguese", "ro": "romanian",
    "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
_KNOWN = frozenset(snowballstemmer.algorithms())
_LONGEST_WORD = 40  # longer ones are no words, and stemming them would only cost time


def stemming(language: str) -> str:
    """The name of the Snowball algorithm for a BCP 47 tag; English where there is none.

    Texts without inflections of their own, such as Chinese ones, carry their foreign words mostly in English.
    """
    name = _ALGORITHMS.get(language.partition("-")[0].lower(), ENGLISH)
    return name if name in _KNOWN else ENGLISH


@lru_cache(maxsize=131_072)
def stem_by(word: str, algorithm: str) -> str:
    """The stem of a folded word by a Snowball algorithm."""
    if len(word) > _LONGEST_WORD:
        return word
    # A stemmer keeps its state in itself: a new one each time is safe in threads, and cheaper than a lock.
    return sys.intern(snowballstemmer.stemmer(algorithm).stemWord(word) or word)


def stem(word: str, language: str) -> str:
    """What the inflections of a folded word have in common, by the rules of a language (BCP 47)."""
    return stem_by(word, stemming(language))
