"""An item made ready for matching: its fields as columns of folded tokens, with where each term stands."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import accumulate
from operator import add, sub

from bot.matching.lookalikes import small_words
from bot.matching.regex import readable
from bot.model import FeedRef, Item
from bot.text.stems import ENGLISH, stem_by, stemming, stems_by
from bot.text.tokens import PARAGRAPH, SPACED, TOUCHING, Token, columns, tokenize
from bot.text.written import written

WORD_WIDTH = 2  # a character of Chinese counts as half a word: Chinese words have about two
PARAGRAPH_WIDTH = 1_000_000  # farther than anything is near
_APART = [PARAGRAPH_WIDTH if gap == PARAGRAPH else 0 for gap in range(PARAGRAPH + 1)]
_NOWHERE: tuple[int, ...] = ()
_NEW_PARAGRAPH = bytes((PARAGRAPH,))


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
        self.terms, self.gaps, self.runs, self._signs = columns(self.source)

    @cached_property
    def distinct(self) -> frozenset[str]:
        """Every term once."""
        return frozenset(self.terms)

    @cached_property
    def stems(self) -> dict[str, str]:
        """The stem of each term; characters are their own stems."""
        return dict(zip(self.distinct, stems_by(self.distinct, self.algorithm), strict=True))

    @cached_property
    def characters(self) -> str:
        """The characters of scripts without spaces; a newline is before those that touch none before them."""
        pieces, end = list[str](), 0
        for row, run in self.runs:
            pieces += ("", run) if row == end and self.gaps[row] == TOUCHING else ("\n", run)
            end = row + len(run)
        return "".join(pieces)

    @cached_property
    def _written(self) -> str:
        """All terms, with spaces around them."""
        return " ".join(("", *self.terms, ""))

    def has_phrase(self, text: str) -> bool:
        """Whether two or more terms, with spaces between them, stand one after the other without any punctuation."""
        sought, last = f" {text} ", text.count(" ") + 1
        place = self._written.find(sought)
        while place >= 0:
            row = self._written.count(" ", 0, place)
            if max(self.gaps[row + 1 : row + last]) <= SPACED:
                return True
            place = self._written.find(sought, place + 1)
        return False

    @cached_property
    def begins(self) -> Sequence[int]:
        """How far each token's beginning is from the beginning of the text, in half words."""
        if self._are_words:
            return range(0, WORD_WIDTH * len(self.terms), WORD_WIDTH)
        return list(map(sub, self.after, self._widths))

    @cached_property
    def after(self) -> Sequence[int]:
        """How far each token's end is from the beginning of the text, in half words."""
        if self._are_words:
            return range(WORD_WIDTH, WORD_WIDTH * (len(self.terms) + 1), WORD_WIDTH)
        return list(accumulate(map(add, self._widths, map(_APART.__getitem__, self.gaps))))

    @cached_property
    def _are_words(self) -> bool:
        """Whether there is but one paragraph, and no character in it."""
        return not self.runs and PARAGRAPH not in self.gaps

    @cached_property
    def _widths(self) -> list[int]:
        widths = [WORD_WIDTH] * len(self.terms)
        for row, run in self.runs:
            widths[row : row + len(run)] = (1,) * len(run)
        return widths

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        """The rows of each term."""
        rows: dict[str, list[int]] = defaultdict(list)
        for row, term in enumerate(self.terms):
            rows[term].append(row)
        return dict(rows)

    @cached_property
    def _inflections(self) -> dict[str, list[str]]:
        """The terms with each stem; of an English text, those with each first letter."""
        terms: dict[str, list[str]] = defaultdict(list)
        if self.algorithm == ENGLISH:
            for term in self.distinct:
                terms[term[0]].append(term)
        else:
            for term, stem in self.stems.items():
                terms[stem].append(term)
        return dict(terms)

    def _inflections_of(self, term: str) -> Sequence[str]:
        """The terms with the stem of a term."""
        stem = stem_by(term, self.algorithm)
        if self.algorithm != ENGLISH:
            return self._inflections.get(stem, ())
        # No inflection changes the first letter: to find the stems of all other terms would take longer.
        return [other for other in self._inflections.get(stem[0], ()) if stem_by(other, ENGLISH) == stem]

    @cached_property
    def _tokens(self) -> list[Token]:
        return tokenize(self.source)

    def exactly(self, term: str) -> Sequence[int]:
        """The rows of a term, ascending."""
        return self._places.get(term, _NOWHERE)

    def inflected(self, term: str) -> Sequence[int]:
        """The rows of all inflections of a term, ascending."""
        return self._rows_of(self._inflections_of(term))

    def has_inflected(self, term: str) -> bool:
        """Whether there is any inflection of a term."""
        return term in self.distinct or bool(self._inflections_of(term))

    def beginning(self, prefix: str) -> Sequence[int]:
        """The rows of all terms that begin so, ascending."""
        return self._rows_of([term for term in self.distinct if term.startswith(prefix)])

    def _rows_of(self, terms: Sequence[str]) -> Sequence[int]:
        """The rows of terms, ascending."""
        if not terms:
            return _NOWHERE
        places = self._places
        return places[terms[0]] if len(terms) == 1 else sorted(row for term in terms for row in places[term])

    def signed(self, rows: Iterable[int], sign: str) -> list[int]:
        """Those of the rows that have a sign before the token."""
        signs = dict(self._signs)
        return [row for row in rows if signs.get(row) == sign]

    def without_small_words(self, rows: Sequence[int], term: str) -> Sequence[int]:
        """Those of the rows of a term that may be an acronym: not written in small letters, if that is a word."""
        if term not in self._small_words:
            return rows
        words = written(self.source, frozenset(rows))
        return [row for row in rows if not (words[row].islower() and words[row].isalpha())]

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
