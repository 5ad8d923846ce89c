"""Tells whether a model wrote a brief of the article at all: not of something else, and more than a word.

The guard compares facts. A text without any (an order that was obeyed, the prompt retold) has none to compare: in the
article's own language, then, most of the words must be its own.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from bot.briefs.scripts import count_han, is_function_word, latin_words
from bot.briefs.source import Source
from bot.errors import BriefRefused
from bot.model import Brief, Language, Script
from bot.text.chinese import HAN, to_script
from bot.text.language import detect
from bot.text.stems import stem

# Of two translations by two people of the same three sentences, one in a hundred shares less than this; of sentences
# about other things, one in a hundred shares 0.20 in English and 0.11 in Chinese (WMT22 news).
LEAST = {Language.EN: 0.35, Language.ZH: 0.2}
_FEW = 4  # words; fewer prove nothing
_TELLING = 6  # words, or Chinese characters
_HAN_RUN = re.compile(f"{HAN.pattern}{{2,}}")
# Cyrillic letters, and the Greek ones that look like Latin ones, beside Latin ones make a false name. (μSv is none.)
_ALIKE = "[\u0400-\u04ff\u0391\u0392\u0395-\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03bf]"
_MIXED = re.compile(rf"\b\w{{0,40}}?(?:[A-Za-z]{_ALIKE}|{_ALIKE}[A-Za-z])\w{{0,40}}")


def check_grounded(brief: Brief, source: Source) -> None:
    """Nothing when the brief tells something, in the words of the article where they can be compared. Raises
    BriefRefused."""
    _check_telling(brief, source)
    fields = {"en": ("title_en", "summary_en"), "zh": ("title_zh", "summary_zh")}.get(source.language, ())
    known = set(_words(source.whole, source.side))
    for name in fields:
        share = grounded_share(getattr(brief, name), known, source.side)
        # Many feeds in other languages say that they are in English: the look is taken only where it matters.
        if share < LEAST[source.side] and detect(source.whole) in {source.language, ""}:
            raise BriefRefused(f"{name}: not of the article")
    for name in ("title_en", "summary_en", "title_zh", "summary_zh"):
        if (mixed := _MIXED.search(getattr(brief, name))) and mixed.group() not in source.whole:
            raise BriefRefused(f"{name}: mixed alphabets: {mixed.group()}")


def _check_telling(brief: Brief, source: Source) -> None:
    """A summary of a word or two is worth less than the extract, where the article has more to say."""
    if _length(source.text) < 2 * _TELLING:
        return
    for name, text in (("summary_en", brief.summary_en), ("summary_zh", brief.summary_zh)):
        if _length(text) < _TELLING:
            raise BriefRefused(f"{name}: says too little")


def _length(text: str) -> int:
    """English words and Chinese characters."""
    return len(latin_words(text)) + count_han(text)


def grounded_share(text: str, known: Collection[str], language: Language) -> float:
    """The share of a text's words that are known; 1 where it has hardly any."""
    words = set(_words(text, language))
    return len(words & set(known)) / len(words) if len(words) >= _FEW else 1.0


def _words(text: str, language: Language) -> Iterator[str]:
    """English stems, without the words that stand in every text; Chinese pairs of characters."""
    if language is Language.ZH:
        plain = to_script(text, Script.HANS)
        yield from (run[n : n + 2] for run in _HAN_RUN.findall(plain) for n in range(len(run) - 1))
    else:
        yield from (stem(word.lower(), "en") for word in latin_words(text) if not is_function_word(word))
