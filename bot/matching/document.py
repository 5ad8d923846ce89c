"""An item made ready for matching: its fields as columns of folded tokens, with where each term stands."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise

from bot.matching.lookalikes import small_words
from bot.model import FeedRef, Item
from bot.text.tokens import PARAGRAPH, TOUCHING, stem_by, stemming, tokenize

WORD_WIDTH = 2  # a character of Chinese counts as half a word: Chinese words have about two
_PARAGRAPH_WIDTH = 1_000_000  # farther than anything is near
_NOWHERE: tuple[int, ...] = ()


class Field:
    """A text as parallel columns, one row a token.

    `terms` are folded; `starts` and `ends` are offsets into `source` (the text in NFC); `gaps`, `cjk` and
    `signs` are those of the tokens; `algorithm` names the Snowball stemmer of the text's language. `small_words` are
    those that an acronym must not be taken for.
    """

    def __init__(self, source: str, algorithm: str, small_words: frozenset[str] = frozenset()) -> None:
        self.source = source if unicodedata.is_normalized("NFC", source) else unicodedata.normalize("NFC", source)
        self.algorithm = algorithm
        self._small_words = small_words
        tokens = tokenize(self.source)
        self.terms = [token.text for token in tokens]
        self.starts = [token.start for token in tokens]
        self.ends = [token.end for token in tokens]
        self.gaps = [token.gap for token in tokens]
        self.cjk = [token.cjk for token in tokens]
        self.signs = [token.sign for token in tokens]

    @cached_property
    def after(self) -> list[int]:
        """How far each token's end is from the beginning of the text, in half words."""
        ends: list[int] = []
        distance = 0
        for cjk, gap in zip(self.cjk, self.gaps, strict=True):
            distance += (1 if cjk else WORD_WIDTH) + (_PARAGRAPH_WIDTH if gap == PARAGRAPH else 0)
            ends.append(distance)
        return ends

    def begins(self, row: int) -> int:
        """How far a token's beginning is from the beginning of the text, in half words."""
        return self.after[row] - (1 if self.cjk[row] else WORD_WIDTH)

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """The rows of each term."""
        places: dict[str, list[int]] = {}
        for row, term in enumerate(self.terms):
            places.setdefault(term, []).append(row)
        return places

    @cached_property
    def stem_places(self) -> dict[str, list[int]]:
        """The rows of each stem; characters are their own stems."""
        stems: dict[str, list[str]] = {}
        for term in self.places:
            stems.setdefault(self.stem(term), []).append(term)
        return {
            found: self.places[terms[0]]
            if len(terms) == 1
            else sorted(row for term in terms for row in self.places[term])
            for found, terms in stems.items()
        }

    def stem(self, term: str) -> str:
        """The stem of a folded word by the rules of this text's language."""
        return stem_by(term, self.algorithm)

    @cached_property
    def _sorted_terms(self) -> list[str]:
        return sorted(self.places)

    def is_small_word(self, row: int, term: str) -> bool:
        """Whether a row has a small word where an acronym of the same letters is looked for; u.s. is none."""
        written = self.source[self.starts[row] : self.ends[row]]
        return term in self._small_words and written.isalpha() and written.islower()

    def touching(self, first: int, last: int) -> tuple[str, str]:
        """The terms that touch the rows from `first` to `last` on either side; "" for none."""
        before = self.terms[first - 1] if first and self.gaps[first] == TOUCHING else ""
        follows = last + 1 < len(self.terms) and self.gaps[last + 1] == TOUCHING
        return before, self.terms[last + 1] if follows else ""

    def exactly(self, term: str) -> list[int] | tuple[int, ...]:
        """The rows of a term, ascending."""
        return self.places.get(term, _NOWHERE)

    def inflected(self, term: str) -> list[int] | tuple[int, ...]:
        """The rows of all inflections of a term, ascending."""
        return self.stem_places.get(self.stem(term), _NOWHERE)

    def beginning(self, prefix: str) -> list[int]:
        """The rows of all terms that begin so, ascending."""
        found: list[int] = []
        for place in range(bisect_left(self._sorted_terms, prefix), len(self._sorted_terms)):
            term = self._sorted_terms[place]
            if not term.startswith(prefix):
                break
            found += self.places[term]
        return sorted(found)

    def pairs(self) -> Iterator[str]:
        """All two characters that touch."""
        rows = zip(pairwise(self.cjk), pairwise(self.terms), self.gaps[1:], strict=True)
        return (one + other for cjk, (one, other), gap in rows if gap == TOUCHING and cjk == (True, True))


class Document:
    """An item as queries see it: title and text apart, the feed's names, and the language."""

    def __init__(self, *, title: Field, text: Field, feed: tuple[Field, ...] = (), language: Field) -> None:
        self._scopes = {"": (title, text), "title": (title,), "feed": feed, "lang": (language,)}
        self.fields = (title, text)

    @classmethod
    def of(cls, item: Item, feed: FeedRef | None = None) -> Document:
        """The document of an item; without its feed, `feed:` finds nothing."""
        algorithm = stemming(item.language)
        language = item.language.partition("-")[0].lower()
        names = (feed.title, feed.site, feed.url) if feed else ()
        return cls(
            title=Field(item.title, algorithm, small_words(algorithm)),
            text=Field(item.text, algorithm, small_words(algorithm)),
            feed=tuple(Field(name, stemming("en")) for name in names if name),
            language=Field(language, stemming("en")),
        )

    def scope(self, name: str) -> tuple[Field, ...]:
        """The fields that a filter looks at; the empty name is for no filter."""
        return self._scopes[name]
