"""The features that queries look for, numbered, and which of them a document shows.

Numbers begin at 1 and come again when a feature is looked for no more.
"""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Callable, Iterator
from itertools import chain, islice

from bot.matching.document import Document
from bot.matching.features import is_gram, is_prefix, is_word
from bot.matching.grams import GramFilter
from bot.matching.some import Some, add, drop, each
from bot.text.tokens import new_stems_by, stem_by

_STEP = 2_000  # words stemmed at once
_MOST_TERMS = 65_536


class Vocabulary:
    """Features by their numbers. Not for use by several threads at a time."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._names = [""]
        self._unused: list[int] = []
        self._grams = GramFilter()
        self._prefixes: dict[int, dict[str, int]] = {}  # the bare ones, by length
        # The words by their stems, for each Snowball algorithm met so far.
        self._by_stem: dict[str, dict[str, Some[int]]] = {}
        # What the terms of texts show, for each algorithm; until another word or prefix comes or goes.
        self._terms: dict[str, _Terms] = {}

    def __len__(self) -> int:
        """How many features are looked for."""
        return len(self._numbers)

    def name(self, number: int) -> str:
        """The feature of a number."""
        return self._names[number]

    def number(self, feature: str) -> int | None:
        """The number of a feature; None if it is not looked for."""
        return self._numbers.get(feature)

    def add(self, feature: str) -> int:
        """Look for a feature from now on; answers its number."""
        known = self._numbers.get(feature)
        if known is not None:
            return known
        if self._unused:
            number = self._unused.pop()
            self._names[number] = feature
        else:
            number = len(self._names)
            self._names.append(feature)
        self._numbers[feature] = number
        if is_gram(feature):
            self._grams.add(feature.split(" ") if " " in feature else feature)
            return number
        self._terms.clear()
        if is_prefix(feature):
            self._prefixes.setdefault(len(feature) - 1, {})[feature[:-1]] = number
        else:
            for algorithm, words in self._by_stem.items():
                _add_by_stem(words, stem_by(feature, algorithm), feature, number)
        return number

    def drop(self, number: int) -> None:
        """Look no more for the feature of a number."""
        feature = self._names[number]
        self._names[number] = ""
        self._unused.append(number)
        del self._numbers[feature]
        if is_gram(feature):
            return
        self._terms.clear()
        if is_prefix(feature):
            prefixes = self._prefixes[len(feature) - 1]
            del prefixes[feature[:-1]]
            if not prefixes:
                del self._prefixes[len(feature) - 1]
        else:
            for algorithm, words in self._by_stem.items():
                drop(words, stem_by(feature, algorithm), number)

    def shown(self, document: Document) -> array[int]:
        """The numbers of the features that a document shows, some maybe twice."""
        known = {algorithm: self._known_terms(document, algorithm) for algorithm in document.algorithms}
        shown = (map(known[field.algorithm].__getitem__, field.distinct) for field in document.fields)
        numbers = array("I", b"".join(chain.from_iterable(shown)))
        grams = map(self._numbers.get, dict.fromkeys(self._grams.passing(*document.columns())))
        numbers.extend(filter(None, grams))
        return numbers

    def prepare(self, document: Document) -> Iterator[None]:
        """Get ready for the document's language, if it is a new one: in small steps, between which others can have
        their turn, but no feature may come or go. `shown` does so by itself where that was not done."""
        for algorithm in document.algorithms - self._by_stem.keys():
            words: dict[str, Some[int]] = {}
            waiting = (item for item in self._numbers.items() if is_word(item[0]))
            while some := list(islice(waiting, _STEP)):
                stems = new_stems_by([word for word, _ in some], algorithm)
                for stem, (word, number) in zip(stems, some, strict=True):
                    _add_by_stem(words, stem, word, number)
                yield
            self._by_stem[algorithm] = words

    def _known_terms(self, document: Document, algorithm: str) -> _Terms:
        """What terms show in the fields with that stemmer."""
        if algorithm not in self._by_stem:
            deque(self.prepare(document), maxlen=0)
        if algorithm not in self._terms:
            self._terms[algorithm] = _Terms(lambda term: self._shown_by(term, algorithm))
        return self._terms[algorithm]

    def _shown_by(self, term: str, algorithm: str) -> bytes:
        """The words and prefixes that queries look for and that a term of a text has: the bytes of their numbers."""
        numbers = list(each(self._by_stem[algorithm].get(stem_by(term, algorithm))))
        for length, prefixes in self._prefixes.items():
            if (begun := prefixes.get(term[:length])) is not None:
                numbers.append(begun)
        return array("I", numbers).tobytes() if numbers else b""


class _Terms(dict[str, bytes]):
    """What terms show, found when first asked for: most words of a text are known from others."""

    def __init__(self, find: Callable[[str], bytes]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, term: str) -> bytes:
        if len(self) >= _MOST_TERMS:
            self.clear()
        shown = self[term] = self._find(term)
        return shown


def _add_by_stem(words: dict[str, Some[int]], stem: str, word: str, number: int) -> None:
    # One object for equal texts, where it is easy: to match is mostly to wait for memory.
    add(words, word if stem == word else stem, number)
