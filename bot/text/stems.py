"""The stems that inflected words share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Protocol

import Stemmer

from bot.text.english import inflection_stem

ENGLISH = "english"
_ALGORITHMS = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "es": "spanish",
    "et": "estonian", "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi",
    "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian", "nb": "norwegian",
    "ne": "nepali", "nl": "dutch", "no": "norwegian", "pl": "polish", "pt": "portuguese", "ro": "romanian",
    "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
_KNOWN = frozenset(Stemmer.algorithms())
_MOST_STEMS = 32_768  # remembered, for each algorithm
_LONGEST_WORD = 40  # longer ones are no words, and stemming them would only cost time


def stemming(language: str) -> str:
    """The name of the Snowball algorithm for a BCP 47 tag; English where there is none.

    Texts without inflections of their own, such as Chinese ones, carry their foreign words mostly in English.
    """
    name = _ALGORITHMS.get(language.partition("-")[0].lower(), ENGLISH)
    return name if name in _KNOWN else ENGLISH


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802 - PyStemmer's names

    def stemWords(self, words: list[str]) -> list[str]: ...  # noqa: N802


@cache
def _stemmer(algorithm: str) -> _Stemmer:
    # A call keeps the interpreter to itself until it ends, so threads can share a stemmer. Ours is the cache.
    stemmer: _Stemmer = Stemmer.Stemmer(algorithm, 0)
    return stemmer


class _Stems(dict[str, str]):
    """The stems of folded words, found when first asked for: most words of a text are known from others."""

    def __init__(self, stem: Callable[[str], str]) -> None:
        super().__init__()
        self._stem = stem

    def __missing__(self, word: str) -> str:
        if len(self) >= _MOST_STEMS:
            self.clear()
        stem = self._stem(word) if len(word) <= _LONGEST_WORD else word
        # One object for equal texts: to look them up is mostly to wait for memory.
        self[word] = stem if stem != word else word
        return self[word]


@cache
def _stems(algorithm: str) -> _Stems:
    if algorithm == ENGLISH:
        return _Stems(inflection_stem)
    stem_word = _stemmer(algorithm).stemWord
    return _Stems(lambda word: stem_word(word) or word)


def stem_by(word: str, algorithm: str) -> str:
    """The stem of a folded word by a Snowball algorithm; of an English one by its inflections alone."""
    return _stems(algorithm)[word]


def stems_by(words: Iterable[str], algorithm: str) -> list[str]:
    """The stems of the words of a text, in order: what `stem_by` gives for each."""
    return list(map(_stems(algorithm).__getitem__, words))


def new_stems_by(words: Sequence[str], algorithm: str) -> list[str]:
    """The same for words that will hardly come again, of which none is remembered."""
    if algorithm == ENGLISH:
        return list(map(inflection_stem, words))
    pairs = zip(words, _stemmer(algorithm).stemWords(list(words)), strict=True)
    return [(stem or word) if len(word) <= _LONGEST_WORD else word for word, stem in pairs]


def stem(word: str, language: str) -> str:
    """What the inflections of a folded word have in common, by the rules of a language (BCP 47)."""
    return stem_by(word, stemming(language))


def all_stems(word: str) -> list[tuple[str, str]]:
    """The stem of a folded word by each algorithm, with its name, English first; none of them is remembered."""
    if len(word) > _LONGEST_WORD:
        return [(name, word) for name in ALGORITHMS]
    return [
        (name, inflection_stem(word) if name == ENGLISH else _stemmer(name).stemWord(word) or word)
        for name in ALGORITHMS
    ]


ALGORITHMS = (ENGLISH, *sorted({*_ALGORITHMS.values()} & _KNOWN - {ENGLISH}))
