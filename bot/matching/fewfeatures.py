"""What a document shows of features, while these are few: told by dictionaries. See `vocabulary`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from bot.matching.document import Document
from bot.matching.evaluate import are_near
from bot.matching.features import LONGEST_GRAM
from bot.matching.shown import MOST_TERMS, Find, Pair, Shown, terms_of
from bot.text.tokens import SPACED, TOUCHING


class FewFeatures:
    """See `Features`."""

    def __init__(self, find: Find, name: Callable[[int], str]) -> None:
        """With how the feature of a number is written."""
        self._find, self._name = find, name
        # By the first term and the second, what follows these: nothing, or the rest of a gram of characters.
        self._grams: dict[str, dict[str, dict[str, int]]] = {}
        self._terms: dict[str, _Terms] = {}

    def add_gram(self, gram: str, number: int) -> None:
        """See `Features`."""
        first, second, *more = terms_of(gram)
        self._grams.setdefault(first, {}).setdefault(second, {})["".join(more)] = number

    def remove_gram(self, gram: str) -> None:
        """See `Features`."""
        first, second, *more = terms_of(gram)
        seconds = self._grams[first]
        del seconds[second]["".join(more)]
        if not seconds[second]:
            del seconds[second]
        if not seconds:
            del self._grams[first]

    def begin(self, algorithm: str) -> bool:  # noqa: ARG002 - what few texts say is soon known
        """See `Features`."""
        return False

    def learn(self, algorithm: str, terms: Sequence[str]) -> None:
        """See `Features`."""

    def forget(self, algorithm: str, stems: Sequence[str], prefixes: Sequence[str]) -> None:  # noqa: ARG002 - as above
        """See `Features`."""
        self.drop(algorithm)

    def drop(self, algorithm: str) -> None:
        """See `Features`."""
        self._terms.pop(algorithm, None)

    def shown(self, document: Document) -> Shown:
        """See `Features`."""
        for algorithm in document.algorithms - self._terms.keys():
            self._terms[algorithm] = _Terms(self._find, algorithm)
        shown = (map(self._terms[field.algorithm].__getitem__, field.distinct) for field in document.fields)
        numbers = list(chain.from_iterable(chain.from_iterable(shown)))
        if self._grams:
            numbers += self._grams_shown(*document.columns())
        return _Shown(document, numbers, self._name)

    def _grams_shown(
        self, terms: Sequence[str], gaps: bytes | bytearray, runs: Sequence[tuple[int, str]]
    ) -> Iterator[int]:
        """The numbers of the grams of a text. For the arguments see `bot.text.tokens.Columns`."""
        characters = frozenset(chain.from_iterable(range(row, row + len(run)) for row, run in runs))
        for row, rests in self._begun(terms):
            if row not in characters or row + 1 not in characters:
                if gaps[row + 1] <= SPACED and "" in rests:
                    yield rests[""]
                continue
            length = 2
            while length <= LONGEST_GRAM and row + length <= len(terms) and row + length - 1 in characters:
                if gaps[row + length - 1] != TOUCHING:
                    break
                number = rests.get("".join(terms[row + 2 : row + length]))
                if number is not None:
                    yield number
                length += 1

    def _begun(self, terms: Sequence[str]) -> Iterator[tuple[int, dict[str, int]]]:
        """The rows at which two terms stand that grams begin with, and how these go on."""
        grams = self._grams
        for row in [row for row, first in enumerate(terms) if first in grams]:
            if row + 1 < len(terms) and (rests := grams[terms[row]].get(terms[row + 1])):
                yield row, rests


class _Terms(dict[str, Sequence[int]]):
    """What terms show, found when first asked for: most words of a text are known from others."""

    def __init__(self, find: Find, algorithm: str) -> None:
        super().__init__()
        self._find, self._algorithm = find, algorithm

    def __missing__(self, term: str) -> Sequence[int]:
        if len(self) >= MOST_TERMS:
            self.clear()
        ((_, shown),) = self._find(self._algorithm, (term,))
        self[term] = shown
        return shown


class _Shown:
    """See `Shown`."""

    def __init__(self, document: Document, numbers: Sequence[int], name: Callable[[int], str]) -> None:
        self._document, self.numbers, self._name = document, numbers, name

    def near(self, pairs: Sequence[Pair]) -> list[bool]:
        """See `Shown`."""
        name, document = self._name, self._document
        return [are_near(name(one), name(other), within, document) for one, other, within in pairs]
