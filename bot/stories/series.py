"""Whether two items are of one series: the same headline, but for what stands in one place of it.

*Storm warning for Kent* and *Storm warning for Essex* share all their words but one, and often the notice below them,
too; of such items each is news for itself. Reports of one event that differ in one place of the headline are known by
their texts: one of them tells the words that the other has there. What differs in numbers alone is no matter of this:
a figure makes a development.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from bot.stories.numbers import read_numbers
from bot.stories.terms import Terms, without_outlet
from bot.text.tokens import tokenize

_FRAME = 0.5  # of a headline's words are the same, at its beginning and end


def are_of_a_series(title: str, other_title: str, terms: Terms, other: Terms, *, alike: bool = False) -> bool:
    """Whether two titles differ in one place, and neither text tells what the other's title has there.

    Where the texts are `alike`, each must tell what its own title has there: else it is one text under two headlines.
    """
    return (
        _tells_alone(terms, other, in_text=alike)
        and _tells_alone(other, terms, in_text=alike)
        and _have_one_frame(_words(title), _words(other_title))
    )


def _tells_alone(terms: Terms, other: Terms, *, in_text: bool) -> bool:
    """Whether a headline, and with `in_text` the text under it, has words that another text has not."""
    return not (terms.repeated if in_text else terms.headline) <= other.words.keys()


def _have_one_frame(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two titles begin and end alike, for the most part of them, with other words between on either side."""
    before = _alike(one, other)
    after = _alike(one[before:][::-1], other[before:][::-1])
    mine, theirs = ({*filter(_is_word, words[before : len(words) - after])} for words in (one, other))
    shorter = min(len(mine), len(theirs))
    return before + after >= _FRAME * max(len(one), len(other)) and len(mine & theirs) < _FRAME * shorter


def _is_word(text: str) -> bool:
    return next(read_numbers(text), None) is None and not any(map(str.isdigit, text))


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """How many words two texts have in common from their beginning on."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _words(title: str) -> list[str]:
    return [token.text for token in tokenize(without_outlet(title))]
