"""The features that queries look for, numbered, and which of them a document shows.

Numbers begin at 1 and come again when a feature is looked for no more.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from itertools import islice

from bot.matching.document import Document
from bot.matching.features import is_gram, is_prefix, is_word
from bot.matching.fewfeatures import FewFeatures
from bot.matching.filed import FEW
from bot.matching.shown import Features, Shown
from bot.matching.some import Some, add, drop, each
from bot.text.stems import new_stems_by

_STEP = 2_000  # words stemmed at once
_MOST_CHANGES = 10_000  # remembered for those who have not followed them


class Vocabulary:
    """Features by their numbers. Not for use by several threads at a time."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._names = [""]
        self._unused: list[int] = []
        self._prefixes: dict[int, dict[str, int]] = {}  # the bare ones, by length
        # The words by their stems, for each Snowball algorithm met so far. It follows the words and prefixes that came
        # (their numbers) and went (less than 0) when the next text of it is met: most words are for texts of another.
        self._by_stem: dict[str, dict[str, Some[int]]] = {}
        self._changes: list[tuple[str, int]] = []
        self._followed: dict[str, int] = {}  # how many of these, by algorithm
        self._features: Features = FewFeatures(self._shown_by, self.name)

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
        if len(self._numbers) >= FEW and isinstance(self._features, FewFeatures):
            self._have_many()
        if self._unused:
            number = self._unused.pop()
            self._names[number] = feature
        else:
            number = len(self._names)
            self._names.append(feature)
        self._numbers[feature] = number
        if is_gram(feature):
            self._features.add_gram(feature, number)
            return number
        self._note(feature, number)
        if is_prefix(feature):
            self._prefixes.setdefault(len(feature) - 1, {})[feature[:-1]] = number
        return number

    def _have_many(self) -> None:
        from bot.matching.manyfeatures import ManyFeatures  # who has few keywords needs no numpy in memory for them

        self._features = ManyFeatures(self._shown_by)
        for feature, number in self._numbers.items():
            if is_gram(feature):
                self._features.add_gram(feature, number)

    def drop(self, number: int) -> None:
        """Look no more for the feature of a number."""
        feature = self._names[number]
        self._names[number] = ""
        self._unused.append(number)
        del self._numbers[feature]
        if is_gram(feature):
            self._features.remove_gram(feature)
            return
        self._note(feature, -number)
        if is_prefix(feature):
            prefixes = self._prefixes[len(feature) - 1]
            del prefixes[feature[:-1]]
            if not prefixes:
                del self._prefixes[len(feature) - 1]

    def _note(self, feature: str, change: int) -> None:
        if not self._by_stem:
            return
        self._changes.append((feature, change))
        if len(self._changes) < _MOST_CHANGES:
            return
        # Whoever has not followed one half of them begins anew with its next text.
        half = len(self._changes) // 2
        del self._changes[:half]
        for algorithm, followed in list(self._followed.items()):
            if followed >= half:
                self._followed[algorithm] = followed - half
            else:
                del self._by_stem[algorithm], self._followed[algorithm]
                self._features.drop(algorithm)

    def shown(self, document: Document) -> Shown:
        """The features that a document shows."""
        deque(self.prepare(document), maxlen=0)
        return self._features.shown(document)

    def prepare(self, document: Document) -> Iterator[None]:
        """Get ready for the document's language, if it is a new one or much has changed: in small steps, between which
        others can have their turn, but no feature may come or go. `shown` does so by itself where that was not done."""
        for algorithm in document.algorithms:
            if algorithm not in self._by_stem:
                words: dict[str, Some[int]] = {}
                for some in self._some_words():
                    for word, stem in zip(some, new_stems_by(some, algorithm), strict=True):
                        _add_by_stem(words, stem, word, self._numbers[word])
                    yield
                self._by_stem[algorithm], self._followed[algorithm] = words, len(self._changes)
            while self._followed[algorithm] < len(self._changes):
                self._follow(algorithm)
                yield
            if self._features.begin(algorithm):  # what keywords say, texts will
                for some in self._some_words():
                    self._features.learn(algorithm, some)
                    yield

    def _some_words(self) -> Iterator[list[str]]:
        waiting = filter(is_word, self._numbers)
        while some := list(islice(waiting, _STEP)):
            yield some

    def _follow(self, algorithm: str) -> None:
        """Take in what came next and went."""
        begin = self._followed[algorithm]
        changes = self._changes[begin : begin + _STEP]
        self._followed[algorithm] += len(changes)
        changed = [(feature, change) for feature, change in changes if not is_prefix(feature)]
        stems = new_stems_by([word for word, _ in changed], algorithm)
        words = self._by_stem[algorithm]
        for stem, (word, change) in zip(stems, changed, strict=True):
            if change > 0:
                _add_by_stem(words, stem, word, change)
            else:
                drop(words, stem, -change)
        self._features.forget(algorithm, stems, [feature[:-1] for feature, _ in changes if is_prefix(feature)])

    def _shown_by(self, algorithm: str, terms: Sequence[str]) -> list[tuple[str, Sequence[int]]]:
        """For each term of a text its stem, and the numbers of the words and prefixes that queries look for and that it
        has."""
        words, prefixes = self._by_stem[algorithm], list(self._prefixes.items())
        shown: list[tuple[str, Sequence[int]]] = []
        for term, stem in zip(terms, new_stems_by(terms, algorithm), strict=True):
            numbers = list(each(words.get(stem)))
            for length, known in prefixes:
                number = known.get(term[:length])
                if number is not None:
                    numbers.append(number)
            shown.append((stem, numbers))
        return shown


def _add_by_stem(words: dict[str, Some[int]], stem: str, word: str, number: int) -> None:
    # One object for equal texts, where it is easy: to match is mostly to wait for memory.
    add(words, word if stem == word else stem, number)
