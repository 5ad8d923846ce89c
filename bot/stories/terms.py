"""What an item says, as weighted terms: the words of its own language, and the concepts that languages share."""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from bot.stories.everyday import FUNCTION, ZH_FUNCTION
from bot.stories.names import Names, is_filler
from bot.stories.numbers import is_year, read_numbers
from bot.text.tokens import BROKEN, PARAGRAPH, TOUCHING, Token, stem, tokenize

CHINESE, ENGLISH = "zh", "en"
SHARING = frozenset({CHINESE, ENGLISH})  # the languages whose concepts can be compared
NUMBER = "#"

_MOST_WIDTH = 500  # half words that are read: what an article is about stands at its beginning
_MOST_TEXT = 6_000  # characters, for what those half words may be spread over
_HEADLINE = 30  # half words that stand for the title where there is none
_LEAD = 2.0  # how much more the first word weighs than one far down
_FADING = 80  # half words after which that is down to a third
_QUANTITY = re.compile(r"[\d.,:]+(?:st|nd|rd|th|k|m|bn|mn|tn|am|pm)?")


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of a text with their weights: how often it uses a term and how early, but not how rare the term is.

    `words` are stems, pairs of Chinese characters and numbers; `concepts` are known names, words in Latin letters and
    numbers; `headline` are the words, `figures` the numbers (no years) of the title; `names` the concepts in it that
    name somebody or something. `body` tells that there is more than a title. `spelled` gives the text's own spelling of a term, `source` is the text read.
    """

    language: str
    words: dict[str, float]
    concepts: dict[str, float]
    headline: frozenset[str]
    figures: frozenset[str]
    names: frozenset[str]
    body: bool
    spelled: dict[str, str] = field(repr=False, default_factory=dict)
    source: str = field(repr=False, default="")

    def bare(self) -> Terms:
        """The terms without what only explains them."""
        return replace(self, spelled={}, source="")


class _Bag:
    """Terms with the places where they stand, in half words."""

    def __init__(self) -> None:
        self._uses: defaultdict[str, int] = defaultdict(int)
        self._first: dict[str, int] = {}

    def add(self, term: str, place: int) -> None:
        self._uses[term] += 1
        self._first.setdefault(term, place)

    def before(self, place: int) -> frozenset[str]:
        return frozenset(term for term, first in self._first.items() if first < place)

    def weights(self) -> dict[str, float]:
        return {
            term: (1 + math.log(uses)) * (1 + _LEAD * math.exp(-self._first[term] / _FADING))
            for term, uses in self._uses.items()
        }


def read_terms(title: str, text: str, language: str, names: Names) -> Terms:
    """The terms of an item. A pure function of its arguments."""
    source = f"{title}\n\n{text}"[:_MOST_TEXT]
    tokens, places = _beginning(tokenize(source))
    end = _title_end(title, tokens, places)
    stems = [
        (row, stem(token.text, ENGLISH))
        for row, token in enumerate(tokens)
        if not token.cjk and not is_filler(token.text)
    ]
    words, concepts, spelled, named = _Bag(), _Bag(), dict[str, str](), set[int]()
    for rows, concept in _named(tokens, stems, language, names):
        concepts.add(concept, places[rows[0]])
        spelled.setdefault(concept, source[tokens[rows[0]].start : tokens[rows[-1]].end])
        named.update(rows)
    for row, token in enumerate(tokens):
        if token.cjk or len(token.text) == 1 or token.text in FUNCTION or _QUANTITY.fullmatch(token.text):
            continue
        root = stem(token.text, language)
        words.add(root, places[row])
        spelled.setdefault(root, source[token.start : token.end])
        if row not in named and (language == CHINESE or _is_name(source, tokens, row)):
            concepts.add(root, places[row])
    for row, pair in _pairs(tokens):
        words.add(pair, places[row])
    starts = [token.start for token in tokens]
    for number in read_numbers(source):
        row = bisect_left(starts, number.start)
        if row < len(tokens):
            for bag in (words, concepts):
                bag.add(NUMBER + number.value, places[row])
    found = _terms(language, words, concepts, end, names)
    return replace(found, body=bool(text.strip()), spelled=spelled, source=source)


def _terms(language: str, words: _Bag, concepts: _Bag, end: int, names: Names) -> Terms:
    headline = words.before(end)
    numbers = (word.removeprefix(NUMBER) for word in headline if word.startswith(NUMBER))
    return Terms(
        language=language,
        words=words.weights(),
        concepts=concepts.weights(),
        headline=headline,
        figures=frozenset(number for number in numbers if not is_year(number)),
        names=concepts.before(end) & names.proper,
        body=False,
    )


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


def _pairs(tokens: Sequence[Token]) -> Iterator[tuple[int, str]]:
    """Pairs of characters side by side, which do for Chinese words."""
    for row in range(1, len(tokens)):
        one, other = tokens[row - 1], tokens[row]
        if one.cjk and other.cjk and other.gap == TOUCHING and not ZH_FUNCTION & {one.text, other.text}:
            yield row - 1, one.text + other.text


def _is_name(source: str, tokens: Sequence[Token], row: int) -> bool:
    """Whether a word is capitalised where no sentence begins."""
    token = tokens[row]
    return row > 0 and token.gap not in {BROKEN, PARAGRAPH} and source[token.start].isupper()


def _named(
    tokens: Sequence[Token], stems: Sequence[tuple[int, str]], language: str, names: Names
) -> Iterable[tuple[range, str]]:
    if language == CHINESE:
        yield from names.in_chinese(tokens)
    if language in SHARING:
        yield from names.in_english(stems)
