"""Whether an item is one that was told already, come again by another feed or address.

Precision goes before recall: a story told twice costs a glance, a story held back is lost. Two reports of one
event in different words are different items here (see `bot.stories.event`), and so are the rounds, parts and days of
a series.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from bot.model import Item, Shared, StoryMember
from bot.text.tokens import tokenize
from bot.text.urls import canonical_url

_MEMBERS = 4_096  # titles and addresses remembered: those of the recent members, which every decision meets again
_TITLE_ALIKE = 0.6  # Jaccard of title words, beside texts that are alike
_LINK_TITLE_ALIKE = 0.4  # Jaccard of title words, beside the same address
_TEXT_ALIKE = 0.75  # Jaccard of the texts' shingles
_TEXT_WITHIN = 0.9  # share of the shorter text's shingles that the longer has: a teaser and its article
_SHINGLE = 3  # words
_ENOUGH_TEXT = 30  # tokens; shorter texts are alike only when equal, under equal titles
_AMPLE_TEXT = 80  # tokens that must be shared where the titles differ: feeds put the same notice under all items
_TELLING_TITLE = 14  # half words; a title that long hardly comes twice by chance
_MOST_TEXT = 1_500  # tokens compared; the rest of a long article adds time and no certainty

_ENGLISH_NUMERALS = (
    "one two three four five six seven eight nine ten eleven twelve first second third fourth fifth sixth seventh"
    " eighth ninth tenth ii iii iv vi vii viii ix xi xii"
)
_NUMERALS = frozenset(_ENGLISH_NUMERALS.split()) | frozenset("一二三四五六七八九十百千两首上中下")


class Likeness(NamedTuple):
    """How sure it is that two items are one (0 to 1), and why."""

    score: float
    shared: Shared


class _Title(NamedTuple):
    tokens: tuple[str, ...]
    words: frozenset[str]
    digits: frozenset[str]
    numerals: frozenset[str]
    width: int  # in half words, as Chinese words have about two characters


class _Text(NamedTuple):
    tokens: tuple[str, ...]
    shingles: frozenset[tuple[str, ...]]
    numbers: frozenset[str]


def likeness(item: Item | StoryMember, member: StoryMember) -> Likeness | None:
    """What makes an item and a told one the same; None when they are two."""
    mine, theirs = _title(item.title), _title(member.title)
    foreign = bool(item.language and member.language and item.language != member.language)
    if mine.digits != theirs.digits or (mine.numerals != theirs.numerals and not foreign):
        return None
    alike = _jaccard(mine.words, theirs.words)
    if (alike >= _LINK_TITLE_ALIKE or foreign) and _same_link(item.url, member.url):
        return Likeness(1.0, Shared.LINK)
    if alike < _TITLE_ALIKE or foreign:
        return None
    return _by_words(item.text, member.text, mine, theirs, alike)


def _same_link(one: str, other: str) -> bool:
    """The same page. A site's front page is no item's own: some feeds give it to all of theirs."""
    address = _address(one)
    _, _, place = address.partition("://")
    return ("/" in place or "?" in place) and address == _address(other)


def _by_words(text: str, other: str, title: _Title, other_title: _Title, alike: float) -> Likeness | None:
    same_title = title.tokens == other_title.tokens
    mine, theirs = _text(text), _text(other)
    if not mine.tokens or not theirs.tokens:
        telling = title.width >= _TELLING_TITLE or mine.tokens == theirs.tokens
        return Likeness(0.9, Shared.TITLE) if same_title and telling else None
    texts_alike = _texts_alike(mine, theirs, same_title=same_title)
    return Likeness((alike + texts_alike) / 2, Shared.TEXT) if texts_alike else None


def _texts_alike(one: _Text, other: _Text, *, same_title: bool) -> float:
    """How much of two texts is the same (0 to 1); 0 below what makes them one."""
    if same_title and one.tokens == other.tokens:
        return 1.0
    shorter, longer = sorted((one, other), key=lambda text: len(text.tokens))
    enough = len(shorter.tokens) >= (_ENOUGH_TEXT if same_title else _AMPLE_TEXT)
    if not enough or not shorter.numbers <= longer.numbers:
        return 0.0
    within = len(shorter.shingles & longer.shingles) / len(shorter.shingles)
    alike = _jaccard(one.shingles, other.shingles)
    return max(alike, within) if alike >= _TEXT_ALIKE or within >= _TEXT_WITHIN else 0.0


def _jaccard(
    one: frozenset[str] | frozenset[tuple[str, ...]], other: frozenset[str] | frozenset[tuple[str, ...]]
) -> float:
    common = len(one & other)
    return common / (len(one) + len(other) - common) if common else 0.0


def _digits(words: Iterable[str]) -> frozenset[str]:
    return frozenset(word for word in words if any(map(str.isdigit, word)))


@lru_cache(maxsize=_MEMBERS)
def _title(title: str) -> _Title:
    tokens = tokenize(title)
    words = tuple(token.text for token in tokens)
    distinct = frozenset(words)
    width = sum(1 if token.cjk else 2 for token in tokens)
    return _Title(words, distinct, _digits(distinct), distinct & _NUMERALS, width)


@lru_cache(maxsize=256)  # texts are large, and only those with titles alike come here
def _text(text: str) -> _Text:
    tokens = tokenize(text)[:_MOST_TEXT]
    words = tuple(token.text for token in tokens)
    shingles = frozenset(words[place : place + _SHINGLE] for place in range(max(1, len(words) - _SHINGLE + 1)))
    return _Text(words, shingles, _digits(words))


@lru_cache(maxsize=_MEMBERS)
def _address(url: str) -> str:
    return canonical_url(url)
