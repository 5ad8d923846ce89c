"""The inflections of English words: talk, talks, talked and talking are one word, import and important are two.

Martin Porter's English stemmer goes on to what words are derived from, so that organs are organizations and interns are
international. That is right for searching a library, and wrong for an alert. These are its steps 1 and 5 alone, by
their description at https://snowballstem.org/algorithms/english/stemmer.html.
"""

from __future__ import annotations

import re

_VOWELS = "aeiouy"
_HAS_VOWEL = re.compile("[aeiou]|(?<=[^aeiou])y")
_REGION = re.compile("[aeiouy][^aeiouy]")  # what follows is R1; in that, once more, R2
_SHORT_SYLLABLE = re.compile("(?:[^aeiouy][aeiouy][^aeiouywx]|^[aeiouy][^aeiouy])$")
_DOUBLES = frozenset("bdfgmnprt")
_DOUBLED = frozenset({"add", "ebb", "egg", "err", "odd"})
_CHANGING = frozenset("sdgyel")  # the last letters of words that are not their own stems
_SHORTEST, _LONGEST = 3, 40  # letters
_AS_THEY_ARE = frozenset({
    "news", "atlas", "cosmos", "bias", "andes", "texas", "kansas", "paris", "wales", "dallas", "christmas", "species",
    "series", "inning", "outing", "canning", "herring", "earring", "evening", "king", "ring", "beijing", "nanjing",
    "proceed", "exceed", "succeed", "sky", "united", "always", "perhaps", "process", "red", "bed", "fed", "led",
})  # fmt: skip
_OTHERS = {"skies": "sky", "dying": "die", "lying": "lie", "tying": "tie", "men": "man", "women": "woman"}


def inflection_stem(word: str) -> str:
    """What the inflections of a folded word have in common."""
    if (
        word[-1:] not in _CHANGING
        or not _SHORTEST <= len(word) <= _LONGEST
        or word in _AS_THEY_ARE
        or not word.isascii()
    ):
        return _OTHERS.get(word, word)
    if not word.isalpha():
        return word
    if word in _OTHERS:
        return _OTHERS[word]
    word = _without_ending(_singular(word))
    if word[-1] == "y" and len(word) >= _SHORTEST and word[-2] not in _VOWELS:
        return f"{word[:-1]}i"
    return _without_last_letter(word)


def _singular(word: str) -> str:
    if word.endswith("sses"):
        return word[:-2]
    if word.endswith("ies"):
        return word[:-2] if len(word) > 4 else word[:-1]  # noqa: PLR2004 - ties is tie, cries is cri
    ends = word.endswith("s") and not word.endswith(("ss", "us"))
    return word[:-1] if ends and _HAS_VOWEL.search(word[:-2]) else word


def _without_ending(word: str) -> str:
    """Without -ed and -ing."""
    if word.endswith("eed"):
        return word[:-1] if _region(word) <= len(word) - 3 else word
    if word.endswith("ied"):
        return word[:-2] if len(word) > 4 else word[:-1]  # noqa: PLR2004 - as with -ies
    stem = word[:-2] if word.endswith("ed") else word[:-3] if word.endswith("ing") else ""
    if not _HAS_VOWEL.search(stem):
        return word
    if stem.endswith(("at", "bl", "iz")):
        return f"{stem}e"
    if stem[-1:] in _DOUBLES and stem[-2:-1] == stem[-1]:
        return stem if stem in _DOUBLED else stem[:-1]
    return f"{stem}e" if _SHORT_SYLLABLE.search(stem) and _region(stem) >= len(stem) else stem


def _without_last_letter(word: str) -> str:
    """Without a silent e, and the second l of those that double it."""
    if word[-1] == "e":
        first = _region(word)
        last = len(word) - 1
        silent = last >= _region(word, first) or (last >= first and not _SHORT_SYLLABLE.search(word[:-1]))
        return word[:-1] if silent else word
    return word[:-1] if word.endswith("ll") and _region(word, _region(word)) < len(word) else word


def _region(word: str, start: int = 0) -> int:
    """Where R1 begins, or R2 for the start of R1: after the first vowel and what is none; the end if there is none."""
    found = _REGION.search(word, start)
    return found.end() if found else len(word)
