"""Why items are one story, in words that a person understands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from bot.model import Shared, StoryReason
from bot.stories.frequencies import is_everyday
from bot.stories.terms import NUMBER, Terms
from bot.text.chinese import HAN
from bot.text.fold import fold

_MOST = 6  # words of a reason


def reasons_for(terms: Terms, shared: Iterable[str]) -> tuple[StoryReason, ...]:
    """What an item shares with another one: `terms` are its own, `shared` those in common, the most telling first."""
    telling = [term for term in shared if not is_everyday(term)]
    numbers = [term.removeprefix(NUMBER) for term in telling if term.startswith(NUMBER)]
    rest = [term for term in telling if not term.startswith(NUMBER)]
    names = [term for term in rest if term in terms.proper]
    others = [term for term in rest if term not in terms.proper]
    headline = [term for term in others if term in terms.headline]
    words = [term for term in others if term not in terms.headline]
    found = (
        (Shared.NAMES, _spelled(names, terms)),
        (Shared.NUMBERS, numbers),
        (Shared.TITLE, _spelled(headline, terms)),
        (Shared.WORDS, _spelled(words, terms)),
    )
    reasons = ((shared_kind, tuple(islice(said, _MOST))) for shared_kind, said in found)
    return tuple(StoryReason(shared=shared_kind, words=said) for shared_kind, said in reasons if said)


def _spelled(shared: list[str], terms: Terms) -> Iterator[str]:
    """The terms as the text spells them; pairs of characters that follow each other are joined to what they are."""
    pairs = {term for term in shared if len(term) == 2 and HAN.match(term)}  # noqa: PLR2004 - a pair
    runs = list(_runs(pairs, terms.source))
    said: dict[str, None] = {}
    for term in shared:
        whole = next((run for run in runs if term in fold(run)), term) if term in pairs else terms.spelled.get(term)
        said.setdefault(whole or term)
    yield from said


def _runs(pairs: set[str], source: str) -> Iterator[str]:
    """The longest stretches of a text whose every two neighbours are one of the pairs."""
    folded = fold(source)
    if not pairs or len(folded) != len(source):
        return
    start = 0
    for place in range(1, len(folded) + 1):
        if folded[place - 1 : place + 1] not in pairs:
            if place - start > 1:
                yield source[start:place]
            start = place
