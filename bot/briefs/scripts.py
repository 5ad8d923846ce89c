"""How much of a text is Chinese and how much is written in Latin letters, in measures that compare."""

from __future__ import annotations

import re

from bot.text.chinese import HAN

KANA_OR_HANGUL = re.compile(r"[\u3041-\u30fa\uac00-\ud7a3]")
LATIN_WORD = re.compile(r"[A-Za-z\u00c0-\u024f]+(?:['’.&-]?[A-Za-z0-9\u00c0-\u024f]+)*")
# Translations of news run to about 1.7 Chinese characters for one English word.
HAN_PER_WORD = 1.7
MOSTLY = 0.5


def word_set(words: str) -> frozenset[str]:
    """The words of a string, for tables of them."""
    return frozenset(words.split())


_FUNCTION_WORDS = word_set(
    "the a an of in on at to for from by with as and or but is are was were be been has have had will would can could "
    "after before over under into amid against its his her their our it he she they we that this these those who "
    "which not no says said say than about more new"
)


def count_han(text: str) -> int:
    """The number of Han characters."""
    return len(HAN.findall(text))


def latin_words(text: str) -> list[str]:
    """The words written in Latin letters."""
    return LATIN_WORD.findall(text)


def chinese_share(text: str) -> float:
    """The share (0 to 1) of a text that is Chinese, by weight of meaning: a word counts as 1.7 characters."""
    han, words = count_han(text), len(latin_words(text))
    return han / (han + HAN_PER_WORD * words) if han or words else 0.0


def is_chinese(text: str) -> bool:
    """Whether a text reads as Chinese, foreign names in it notwithstanding; Japanese does not."""
    return chinese_share(text) >= MOSTLY and len(KANA_OR_HANGUL.findall(text)) * 5 <= count_han(text)


def is_function_word(word: str) -> bool:
    """Whether a word is one of the small words of English."""
    return word.lower() in _FUNCTION_WORDS


def has_english(text: str, *, words: int) -> bool:
    """Whether a text has at least so many Latin words, and the small words of English among them."""
    found = latin_words(text)
    return len(found) >= words and any(is_function_word(word) for word in found)
