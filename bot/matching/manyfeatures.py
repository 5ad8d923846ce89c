"""What a document shows of features, when these are many: numpy asks for all terms of a text at once. See `vocabulary`,
which loads this, and numpy with it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

import numpy as np

from bot.matching.columns import Columns
from bot.matching.document import WORD_WIDTH, Document
from bot.matching.fewfeatures import Find, Pair, Shown, terms_of
from bot.matching.hashtable import Numbers
from bot.matching.manygrams import ManyGrams
from bot.matching.manyterms import ManyTerms

_HALF = 32  # bits, of the number of a feature, and of a row
_ROW = (1 << _HALF) - 1
_BEFORE, _BEHIND = np.array([-1]), np.array([(1 << 63) - 1])


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

    def forget_terms(self) -> None:
        """See `Features`."""
        self._terms.clear()

    def shown(self, document: Document) -> Shown:
        """See `Features`."""
        for algorithm in document.algorithms - self._terms.keys():
            self._terms[algorithm] = ManyTerms(self._find, algorithm)
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
        ones, others, within = np.array(pairs, np.int64).T
        places = self._places
        # Every place of each first word, and where the second would be among the places if it were there: its nearest
        # are in the one after that and the one before.
        first = places.searchsorted(ones << _HALF)
        number = places.searchsorted((ones + 1) << _HALF) - first
        ends = number.cumsum()
        rows = places.take(np.arange(ends[-1]) + (first - ends + number).repeat(number)) & _ROW
        sought, limits = others.repeat(number), (within * WORD_WIDTH).repeat(number)
        behind = places.searchsorted(sought << _HALF | rows)
        begins, after = self._text.extent
        near = np.zeros(len(rows), np.bool_)
        for found, is_behind in ((places.take(behind), True), (places.take(behind - 1), False)):
            there = np.flatnonzero(found >> _HALF == sought)
            one, other = rows[there], found[there] & _ROW
            apart = begins[other] - after[one] if is_behind else begins[one] - after[other]
            near[there] |= apart <= limits[there]
        proved = np.zeros(len(pairs), np.bool_)
        proved[np.arange(len(pairs)).repeat(number)[near]] = True
        answer: list[bool] = proved.tolist()
        return answer
