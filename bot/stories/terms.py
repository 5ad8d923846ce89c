"""What an item says, as weighted terms: the words of its own language, and the concepts that languages share."""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from bot.stories.everyday import FUNCTION, ZH_FUNCTION
from bot.stories.names import Names, countries, is_filler
from bot.stories.numbers import is_year, read_numbers
from bot.text.commonwords import common_words
from bot.text.fold import fold
from bot.text.stems import stem_by, stemming, stems_by
from bot.text.tokens import BROKEN, PARAGRAPH, TOUCHING, Token, tokenize

CHINESE, ENGLISH = "zh", "en"
SHARING = frozenset({CHINESE, ENGLISH})  # the languages whose concepts can be compared
NUMBER = "#"

_MOST_WIDTH = 500  # half words that are read: what an article is about stands at its beginning
_MOST_TEXT = 4_000  # characters, for what those half words may be spread over
_MOST_BODY = 60  # characters that tell bodies apart
_HEADLINE = 30  # half words that stand for the title where there is none
_LEAD = 2.0  # how much more the first word weighs than one far down
_FADING = 80  # half words after which that is down to a third
# One to four words of capital letters or Chinese signs, set off by a dash or bar with spaces around it.
_NAME = r"[^\W\d_a-z][^\s|–—-]*"
_OUTLET = re.compile(rf"(.+?)\s+[-|–—]\s+{_NAME}(?:\s+{_NAME}){{0,3}}")
_MOST_TITLE = 500  # characters
_TITLE_WORDS = 4
_TITLE_CASE = 0.7  # of a title's words begin with capitals
_QUANTITY = re.compile(r"[\d.,:]+(?:st|nd|rd|th|k|m|bn|mn|tn|am|pm)?")


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of a text with their weights: how often it uses a term and how early, but not how rare the term is.

    `words` are stems, pairs of Chinese characters and numbers; `concepts` are known names, words in Latin letters and
    numbers, `countries` where the places among them are; `proper` are the words that are written as names. Of the
    title, `headline` are the words, `names` the concepts that name somebody or something, `figures` the numbers and
    codes (v2, 1x8), `digits` those of them that are written in digits, `years` what is most likely a year; `repeated`
    are the words of the title that the text has, too. `body` is how the text begins, folded. To explain a decision,
    `spelled` gives the text's own spelling of a term; `source` is the text that was read, `tokens` its words and
    characters in their order.
    """

    language: str
    words: dict[str, float]
    concepts: dict[str, float]
    countries: frozenset[str]
    headline: frozenset[str]
    repeated: frozenset[str]
    names: frozenset[str]
    figures: frozenset[str]
    digits: frozenset[str]
    years: frozenset[str]
    proper: frozenset[str]
    body: str
    spelled: dict[str, str] = field(repr=False, default_factory=dict)
    source: str = field(repr=False, default="")
    tokens: tuple[str, ...] = field(repr=False, default=())

    def bare(self) -> Terms:
        """The terms alone, as they are remembered."""
        return replace(self, spelled={}, source="", tokens=())


def read_terms(title: str, text: str, language: str, names: Names) -> Terms:
    """The terms of an item. A pure function of its arguments."""
    reader = _Reader(without_outlet(title[:_MOST_TITLE].strip()), text, language, names)
    reader.take_names()
    reader.take_words()
    reader.take_pairs()
    reader.take_numbers()
    return reader.terms(body=fold(text[:_MOST_BODY]).strip())


def without_outlet(title: str) -> str:
    """A title without the outlet's name at its end, as search engines and some feeds put it: "… - Reuters"."""
    found = _OUTLET.fullmatch(title)
    return found[1] if found and len(tokenize(found[1])) >= _TITLE_WORDS else title


class _Bag:
    """Terms with the places where they stand, in half words."""

    def __init__(self) -> None:
        self._uses: defaultdict[str, int] = defaultdict(int)
        self._first: dict[str, int] = {}
        self._last: dict[str, int] = {}

    def add(self, term: str, place: int) -> None:
        self._uses[term] += 1
        self._first.setdefault(term, place)
        self._last[term] = place

    def since(self, place: int) -> frozenset[str]:
        return frozenset(term for term, last in self._last.items() if last >= place)

    def before(self, place: int) -> frozenset[str]:
        return frozenset(term for term, first in self._first.items() if first < place)

    def weights(self) -> dict[str, float]:
        return {
            term: (1 + math.log(uses)) * (1 + _LEAD * math.exp(-self._first[term] / _FADING))
            for term, uses in self._uses.items()
        }


class _Reader:
    """Takes the terms out of the beginning of a text, one sort after the other; names come before words."""

    def __init__(self, title: str, text: str, language: str, names: Names) -> None:
        self._source = f"{title}\n\n{text}"[:_MOST_TEXT]
        self._language = language
        self._names = names
        self._tokens, self._places = _beginning(tokenize(self._source, _MOST_WIDTH))
        self._end = _title_end(title, self._tokens, self._places)
        self._title_case = self._is_in_title_case()
        self._words, self._concepts = _Bag(), _Bag()
        self._spelled: dict[str, str] = {}
        self._proper: set[str] = set()
        self._plain: set[str] = set()
        self._named: set[int] = set()
        self._digits: set[str] = set()
        self._codes: set[str] = set()
        self._function = FUNCTION if language == ENGLISH else FUNCTION | {fold(word) for word in common_words(language)}

    def take_names(self) -> None:
        """The names that are known."""
        for rows, concept in self._known_names():
            self._concepts.add(concept, self._places[rows[0]])
            self._spelled.setdefault(concept, self._spelling(rows[0], rows[-1]))
            self._named.update(rows)
            if concept in self._names.proper:
                self._proper.add(concept)

    def _known_names(self) -> Iterator[tuple[range, str]]:
        if self._language == CHINESE:
            yield from self._names.in_chinese(self._tokens)
        if self._language in SHARING:
            latin = [row for row, token in enumerate(self._tokens) if not (token.cjk or is_filler(token.text))]
            stems = stems_by((self._tokens[row].text for row in latin), stemming(ENGLISH))
            yield from self._names.in_english(list(zip(latin, stems, strict=True)))

    def take_words(self) -> None:
        """The words that say something; those in Chinese texts, and capitalised ones, are understood elsewhere, too."""
        algorithm = stemming(self._language)
        for row, token in enumerate(self._tokens):
            text = token.text
            if token.cjk or len(text) == 1 or text in self._function:
                continue
            if not text[0].isalpha() and _QUANTITY.fullmatch(text):
                continue
            root, place = stem_by(text, algorithm), self._places[row]
            self._words.add(root, place)
            if root not in self._spelled:
                self._spelled[root] = self._source[token.start : token.end]
            if place < self._end and any(map(str.isdigit, text)):
                self._codes.add(text)
            if self._source[token.start].islower():
                self._plain.add(root)
            elif self._language == CHINESE or self._is_capitalised(row):
                if place >= self._end or not self._title_case:
                    self._proper.add(root)
                if row not in self._named:
                    self._concepts.add(root, place)

    def take_pairs(self) -> None:
        """Pairs of characters side by side, which do for Chinese words."""
        for row, (one, other) in enumerate(pairwise(self._tokens)):
            if one.cjk and other.cjk and other.gap == TOUCHING and not ZH_FUNCTION & {one.text, other.text}:
                self._words.add(one.text + other.text, self._places[row])

    def take_numbers(self) -> None:
        """The numbers, in digits or words."""
        starts = [token.start for token in self._tokens]
        for number in read_numbers(self._source):
            row = bisect_left(starts, number.start)
            if row == len(starts):
                break
            for bag in (self._words, self._concepts):
                bag.add(NUMBER + number.value, self._places[row])
            if not number.in_words and self._places[row] < self._end:
                self._digits.add(number.value)

    def terms(self, *, body: str) -> Terms:
        """What was taken."""
        headline = self._words.before(self._end)
        numbers = frozenset(word.removeprefix(NUMBER) for word in headline if word.startswith(NUMBER))
        years = frozenset(filter(is_year, numbers))
        concepts = self._concepts.weights()
        return Terms(
            language=self._language,
            words=self._words.weights(),
            concepts=concepts,
            countries=frozenset(countries()[place] for place in concepts.keys() & countries().keys()),
            headline=headline,
            repeated=headline & self._words.since(self._end),
            names=self._concepts.before(self._end) & self._names.proper,
            figures=numbers - years | self._codes,
            digits=numbers - years & self._digits | self._codes,
            years=years,
            proper=frozenset(self._proper - self._plain),
            body=body,
            spelled=self._spelled,
            source=self._source,
            tokens=tuple(token.text for token in self._tokens),
        )

    def _is_in_title_case(self) -> bool:
        """Whether the title Is Written Like This, so that capitals tell no names."""
        title = [token for token, place in zip(self._tokens, self._places, strict=True) if place < self._end]
        words = [token for token in title if not token.cjk and token.text not in FUNCTION]
        return sum(self._source[token.start].isupper() for token in words) > _TITLE_CASE * len(words)

    def _spelling(self, first: int, last: int) -> str:
        return self._source[self._tokens[first].start : self._tokens[last].end]

    def _is_capitalised(self, row: int) -> bool:
        """Whether a word begins with a capital where no sentence does."""
        token = self._tokens[row]
        return row > 0 and token.gap not in {BROKEN, PARAGRAPH} and self._source[token.start].isupper()


def _beginning(tokens: Sequence[Token]) -> tuple[Sequence[Token], list[int]]:
    """As many tokens as are read, and the place of each in half words."""
    places, place = list[int](), 0
    for token in tokens:
        if place >= _MOST_WIDTH:
            break
        places.append(place)
        place += 1 if token.cjk else 2
    return tokens[: len(places)], places


def _title_end(title: str, tokens: Sequence[Token], places: Sequence[int]) -> int:
    """Where the title ends, in half words; without one, the first words stand for it."""
    within = sum(1 for token in tokens if token.start < len(title))
    if not within:
        return _HEADLINE
    return places[within] if within < len(places) else _MOST_WIDTH
