"""What an item says that its story did not: figures, and the words of its headline."""

from __future__ import annotations

from collections.abc import Sequence

from bot.stories.event import untold
from bot.stories.frequencies import Frequencies
from bot.stories.terms import NUMBER, Terms


def new_figures(terms: Terms, told: Sequence[Terms], *, same_words: bool) -> tuple[str, ...]:
    """The figures of a headline that no other has, nor a text whose headline has none.

    Numbers in words are figures where headlines count, and years where headlines name one: "three-way talks" is no
    news beside "trilateral talks". With `same_words` an article but for its figures is one that was told, brought up to
    date: then those of its text count, too.
    """
    figures = terms.figures if any(version.figures for version in told) else terms.digits
    new = {figure for figure in figures if not any(_tells(version, figure) for version in told)}
    if any(version.years for version in told):
        new |= terms.years.difference(*(version.years for version in told))
    if same_words:
        new |= _numbers(terms).difference(*map(_numbers, told))
    return tuple(sorted(new))


def _tells(terms: Terms, figure: str) -> bool:
    """Whether a text has a code (G7) anywhere, or a number in its headline, if that has any."""
    return figure in terms.words or figure in (terms.figures or _numbers(terms))


def _numbers(terms: Terms) -> frozenset[str]:
    return frozenset(word.removeprefix(NUMBER) for word in terms.words if word.startswith(NUMBER))


def new_words(terms: Terms, told: Sequence[Terms], frequencies: Frequencies) -> tuple[float, tuple[str, ...]]:
    """How much of a headline's weight (0 to 1) nobody told, and its words; nothing where it was told in no text of the
    same language."""
    words = {word for version in told if version.language == terms.language for word in version.words}
    if not words:
        return 0.0, ()
    share, missing = untold(terms, words, frequencies)
    return share, tuple(terms.spelled.get(word, word) for word in missing)
