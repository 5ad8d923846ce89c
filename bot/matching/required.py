"""Which keys a document must have for a query to match: what the index files queries under."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from enum import Enum, auto
from typing import NamedTuple

from bot.matching.expression import And, Filter, Near, Not, Or, Phrase, Query, Term
from bot.text.tokens import TOUCHING


class KeyKind(Enum):
    """How a document shows that it has a key."""

    EXACT = auto()  # a term, or two characters that touch
    INFLECTED = auto()  # any inflection of a term
    PREFIX = auto()  # a term that begins so


class Key(NamedTuple):
    """Something that a document has or not."""

    kind: KeyKind
    text: str


Load = Callable[[Key], int]
_COMMON_WORDS = (
    "a an and are as at be but by for from has have he her his i if in into is it its more new no not of on or over"
    " says than that the their they this to up us was we were what when where which who will with you"
)
_COMMON = frozenset(_COMMON_WORDS.split()) | frozenset("的了在是和不一有人中大年上国为会与将对也日月")
_COMMON_COST = 1_000  # a common word stands in every second text: as bad as that many queries under one key


def required(query: Query, load: Load) -> tuple[Key, ...] | None:
    """The keys of which every matching document has at least one, chosen by least load; None: it may have none."""
    match query:
        case Near(words):
            of_words = (key for word in words for key in _keys(word.terms, KeyKind.INFLECTED, prefix=word.prefix))
            return (_cheapest(of_words, load),)
        case Phrase(terms):
            return (_cheapest(_keys(terms, KeyKind.EXACT), load),)
        case And(parts):
            choices = [keys for part in parts if (keys := required(part, load)) is not None]
            return min(choices, key=lambda keys: sum(_cost(key, load) for key in keys), default=None)
        case Or(parts):
            return _alternatives(parts, load)
        case Filter("title", part):
            return required(part, load)
        case Filter() | Not():
            return None


def _alternatives(parts: tuple[Query, ...], load: Load) -> tuple[Key, ...] | None:
    found: dict[Key, None] = {}
    for part in parts:
        keys = required(part, load)
        if keys is None:
            return None
        found.update(dict.fromkeys(keys))
    return tuple(found)


def _keys(terms: Sequence[Term], kind: KeyKind, *, prefix: bool = False) -> Iterator[Key]:
    last = len(terms) - 1
    for place, term in enumerate(terms):
        following = terms[place + 1] if place < last else None
        if prefix and place == last:
            yield Key(KeyKind.PREFIX, term.text)
        elif term.cjk and following and following.cjk and following.gap == TOUCHING:
            yield Key(KeyKind.EXACT, term.text + following.text)
        else:
            yield Key(KeyKind.EXACT if term.cjk else kind, term.text)


def _cheapest(keys: Iterator[Key], load: Load) -> Key:
    return min(keys, key=lambda key: _cost(key, load))


def _cost(key: Key, load: Load) -> float:
    common = _COMMON_COST if key.text in _COMMON else 0
    # Among equals the longer is the rarer.
    return load(key) + 1 + common + 1 / len(key.text) + (_COMMON_COST / 10 if len(key.text) == 1 else 0)
