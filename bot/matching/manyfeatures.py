"""What a document shows of features, when these are many: numpy asks for all terms of a text at once. See `vocabulary`,
which loads this, and numpy with it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, chain

import numpy as np

from bot.matching.columns import Columns
from bot.matching.document import WORD_WIDTH, Document
from bot.matching.hashtable import Numbers
from bot.matching.manygrams import ManyGrams
from bot.matching.manyterms import ManyTerms
from bot.matching.shown import Find, Pair, Shown, terms_of
from bot.matching.spans import places_of

# As arrays, which numpy reckons with quicker than with Python's numbers.
_HALF, _ROW = np.array(32), np.array((1 << 32) - 1)  # bits, of the number of a feature, and of a row
_ONE, _WORD = np.array(1), np.array(WORD_WIDTH)
_BEFORE, _BEHIND = np.array([-1 << 32]), np.array([1 << 62])
_BOTH = np.array([[0], [1]])
MOST_ROWS = 100_000  # looked at together, of all pairs: each takes some hundred bytes


class ManyFeatures:
    """See `Features`."""

    def __init__(self, find: Find) -> None:
        self._find = find
        self._grams = ManyGrams()
        self._terms: dict[str, ManyTerms] = {}

    def add_gram(self, gram: str, number: int) -> None:
        """See `Features`."""
        self._grams.add(terms_of(gram), number)

    def remove_gram(self, gram: str) -> None:
        """See `Features`."""
        self._grams.remove(terms_of(gram))

    def begin(self, algorithm: str) -> bool:
        """See `Features`."""
        if algorithm in self._terms:
            return False
        self._terms[algorithm] = ManyTerms(self._find, algorithm)
        return True

    def learn(self, algorithm: str, terms: Sequence[str]) -> None:
        """See `Features`."""
        self._terms[algorithm].learn(terms)

    def forget(self, algorithm: str, stems: Sequence[str], prefixes: Sequence[str]) -> None:
        """See `Features`."""
        if algorithm in self._terms:
            self._terms[algorithm].forget(stems, prefixes)

    def drop(self, algorithm: str) -> None:
        """See `Features`."""
        self._terms.pop(algorithm, None)

    def shown(self, document: Document) -> Shown:
        """See `Features`."""
        text = Columns(document)
        if len(document.algorithms) == 1:
            (algorithm,) = document.algorithms
            found = [self._terms[algorithm].shown(text.terms, text.hashes)]
        else:
            found = []
            ends = accumulate(len(field.terms) for field in document.fields)
            for field, end in zip(document.fields, ends, strict=True):
                begin = end - len(field.terms)
                rows, numbers = self._terms[field.algorithm].shown(field.terms, text.hashes[begin:end])
                found.append((rows + begin, numbers))
        return _Shown(text, found, self._grams.shown(text))


class _Shown:
    """See `Shown`."""

    def __init__(self, text: Columns, words: Sequence[tuple[Numbers, Numbers]], grams: Numbers) -> None:
        """`words` are rows and the numbers that the terms there show."""
        self._text = text
        # The number of each word and where it is, ascending; between what is less and more than all of these.
        self._places = np.concatenate((_BEFORE, *(numbers << _HALF | rows for rows, numbers in words), _BEHIND))
        self._places.sort()
        shown = self._places[1:] >> _HALF
        self.numbers: Sequence[int] = np.concatenate((shown[:-1][shown[1:] != shown[:-1]], grams))  # type: ignore[assignment]

    def near(self, pairs: Sequence[Pair]) -> list[bool]:
        """See `Shown`."""
        ones, others, within = np.fromiter(chain.from_iterable(pairs), np.int64, 3 * len(pairs)).reshape(-1, 3).T
        places = self._places
        first, end = places.searchsorted(np.concatenate((ones, ones + _ONE)) << _HALF).reshape(2, -1)
        number = end - first
        ends = number.cumsum()
        if ends[-1] > MOST_ROWS and len(pairs) > 1:  # of a text that says the same over and over
            half = len(pairs) // 2
            return self.near(pairs[:half]) + self.near(pairs[half:])
        rows = places.take(places_of(first, number, ends)) & _ROW
        # At every place of a first word: its second one is nearest where it would stand among the places, or before.
        sought = others.repeat(number)
        found = places.take(places.searchsorted(sought << _HALF | rows) - _BOTH)
        nearest = found & _ROW
        begins, after = self._text.extent
        apart = np.maximum(begins.take(nearest) - after.take(rows), begins.take(rows) - after.take(nearest))
        near = (found >> _HALF == sought) & (apart <= (within * _WORD).repeat(number))
        proved = np.zeros(len(pairs), np.bool_)
        proved[np.arange(len(pairs)).repeat(number)[near[0] | near[1]]] = True
        answer: list[bool] = proved.tolist()
        return answer
