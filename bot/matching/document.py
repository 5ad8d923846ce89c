"""An item made ready for matching: its fields as columns of folded tokens, with where each term stands."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import accumulate, chain
from operator import add

from bot.matching.lookalikes import small_words
from bot.matching.regex import readable
from bot.model import FeedRef, Item
from bot.text.tokens import ENGLISH, PARAGRAPH, TOUCHING, Token, columns, stem_by, stemming, stems_by, tokenize

WORD_WIDTH = 2  # a character of Chinese counts as half a word: Chinese words have about two
_PARAGRAPH_WIDTH = 1_000_000  # farther than anything is near
_NOWHERE: tuple[int, ...] = ()
_NEW_PARAGRAPH = bytes((PARAGRAPH,))
_LAST = "\U0010ffff"


class Field:
    """A text as parallel columns, one row a token.

    `terms` are folded; `gaps` and `runs` are those of `bot.text.tokens.Columns`; `algorithm` names the Snowball
    stemmer of the text's language. `small_words` are those that an acronym must not be taken for. All else is made
    when it is first asked for: most texts answer few queries.
    """

    def __init__(self, source: str, algorithm: str, small_words: frozenset[str] = frozenset()) -> None:
        self.source = source if unicodedata.is_normalized("NFC", source) else unicodedata.normalize("NFC", source)
        self.algorithm = algorithm
        self._small_words = small_words
        self.terms, self.gaps, self.runs, self._signs, self._small = columns(self.source)

    @cached_property
    def distinct(self) -> frozenset[str]:
        """Every term once."""
        return frozenset(self.terms)

    @cached_property
    def stems(self) -> dict[str, str]:
        """The stem of each term; characters are their own stems."""
        return dict(zip(self.distinct, stems_by(self.distinct, self.algorithm), strict=True))

    @cached_property
    def distinct_stems(self) -> frozenset[str]:
        """Every stem once."""
        return frozenset(self.stems.values())

    @cached_property
    def _characters(self) -> frozenset[int]:
        """The rows of characters."""
        return frozenset(chain.from_iterable(range(row, row + len(run)) for row, run in self.runs))

    @cached_property
    def begins(self) -> list[int]:
        """How far each token's beginning is from the beginning of the text, in half words."""
        return [after - width for after, width in zip(self.after, self._widths, strict=True)]

    @cached_property
    def after(self) -> list[int]:
        """How far each token's end is from the beginning of the text, in half words."""
        if PARAGRAPH not in self.gaps:
            return list(accumulate(self._widths))
        apart = ((_PARAGRAPH_WIDTH if gap == PARAGRAPH else 0) for gap in self.gaps)
        return list(accumulate(map(add, self._widths, apart)))

    @cached_property
    def _widths(self) -> list[int]:
        widths = [WORD_WIDTH] * len(self.terms)
        for row in self._characters:
            widths[row] = 1
        return widths

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        """The rows of each term."""
        return _rows_of(self.terms)

    @cached_property
    def _places_of_stems(self) -> dict[str, list[int]]:
        """The rows of each stem."""
        return _rows_of([self.stems[term] for term in self.terms])

    @cached_property
    def _tokens(self) -> list[Token]:
        return tokenize(self.source)

    @cached_property
    def _sorted_terms(self) -> list[str]:
        return sorted(self.distinct)

    def exactly(self, term: str) -> Sequence[int]:
        """The rows of a term, ascending."""
        return self._places.get(term, _NOWHERE)

    def inflected(self, term: str) -> Sequence[int]:
        """The rows of all inflections of a term, ascending."""
        return self._places_of_stems.get(stem_by(term, self.algorithm), _NOWHERE)

    def has_inflected(self, term: str) -> bool:
        """Whether there is any inflection of a term."""
        return stem_by(term, self.algorithm) in self.distinct_stems

    def beginning(self, prefix: str) -> Sequence[int]:
        """The rows of all terms that begin so, ascending."""
        terms = self._sorted_terms
        found = terms[bisect_left(terms, prefix) : bisect_left(terms, prefix + _LAST)]
        return sorted(row for term in found for row in self._places[term])

    def signed(self, rows: Iterable[int], sign: str) -> list[int]:
        """Those of the rows that have a sign before the token."""
        signs = dict(self._signs)
        return [row for row in rows if signs.get(row) == sign]

    def without_small_words(self, rows: Sequence[int], term: str) -> Sequence[int]:
        """Those of the rows of a term that may be an acronym: not written in small letters, if that is a word."""
        if term not in self._small_words:
            return rows
        small = frozenset(self._small)
        return [row for row in rows if row not in small]

    def span(self, first: int, last: int) -> tuple[int, int]:
        """The offsets into `source` (the text in NFC) of the rows from `first` to `last`."""
        return self._tokens[first].start, self._tokens[last].end

    @cached_property
    def readable(self) -> bytes:
        """`source` as regular expressions see it, in UTF-8."""
        return readable(self.source).encode(errors="replace")

    def within(self, start: int, end: int) -> range:
        """The rows of the tokens that have something between two offsets into `source`."""
        first = bisect_right(self._tokens, start, key=lambda token: token.end)
        return range(first, bisect_left(self._tokens, end, key=lambda token: token.start))

    def touching(self, first: int, last: int) -> tuple[str, str]:
        """The terms that touch the rows from `first` to `last` on either side; "" for none."""
        before = self.terms[first - 1] if first and self.gaps[first] == TOUCHING else ""
        follows = last + 1 < len(self.terms) and self.gaps[last + 1] == TOUCHING
        return before, self.terms[last + 1] if follows else ""


def _rows_of(column: list[str]) -> dict[str, list[int]]:
    rows: dict[str, list[int]] = defaultdict(list)
    for row, value in enumerate(column):
        rows[value].append(row)
    return dict(rows)


def _field(text: str, language: str) -> Field:
    algorithm = stemming(language)
    return Field(text, algorithm, small_words(algorithm))


class Document:
    """An item as queries see it: titles and texts apart, the feed's names, and the language.

    `algorithms` names the Snowball stemmers of its fields.
    """

    def __init__(self, item: Item, feed: FeedRef | None = None, translations: Sequence[Item] = ()) -> None:
        """Without its feed, `feed:` finds nothing. With `translations`, what these say counts as said by the item."""
        self._item, self._feed = item, feed
        told = (item, *translations)
        titles = (_field(each.title, each.language) for each in told)
        self.fields = (*titles, *(_field(each.text, each.language) for each in told))
        self.own = frozenset({0, len(told)})  # the rows of `fields` that are the item's own
        self.algorithms = frozenset(field.algorithm for field in self.fields)

    def distinct(self, algorithm: str) -> frozenset[str]:
        """Every term once, of the fields with that stemmer."""
        return frozenset().union(*(field.distinct for field in self.fields if field.algorithm == algorithm))

    def columns(self) -> tuple[list[str], bytearray, list[tuple[int, str]]]:
        """The terms, gaps and runs of all fields, one after the other, as `bot.text.tokens.Columns` has them."""
        terms: list[str] = []
        gaps, runs = bytearray(), []
        for field in self.fields:
            runs += [(len(terms) + row, run) for row, run in field.runs]
            terms += field.terms
            gaps += _NEW_PARAGRAPH + field.gaps[1:] if field.gaps else b""
        return terms, gaps, runs

    @cached_property
    def _scopes(self) -> dict[str, tuple[Field, ...]]:
        names = (self._feed.title, self._feed.site, self._feed.url) if self._feed else ()
        language = self._item.language.partition("-")[0].lower()
        return {
            "": self.fields,
            "title": self.fields[: len(self.fields) // 2],
            "feed": tuple(Field(name, ENGLISH) for name in names if name),
            "lang": (Field(language, ENGLISH),),
        }

    def scope(self, name: str) -> tuple[Field, ...]:
        """The fields that a filter looks at; the empty name is for no filter."""
        return self._scopes[name] if name else self.fields
