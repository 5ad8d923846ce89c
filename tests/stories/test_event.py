"""What is found sooner is what is found in full."""

from __future__ import annotations

import pytest

from bot.stories.event import Measured, measure, scale_for
from bot.stories.frequencies import Frequencies
from bot.stories.names import Names, known_names
from bot.stories.terms import read_terms
from tests.support.ferries import ferry

NAMES = Names(known_names())


@pytest.fixture(scope="module")
def told():
    """Items, each with a report that has half of its text."""
    texts = [ferry(number)[1:] for number in range(40)]
    texts += [(title, text[: len(text) // 2]) for title, text in texts]
    return [read_terms(title, text, "en", NAMES) for title, text in texts]


def test_who_asks_for_the_same_events_alone_gets_the_same(told):
    words = Frequencies()
    for terms in told:
        words.learn(terms.words.keys())
    found = 0
    for one in told:
        for other in told:
            scale = scale_for(one, other, words, Frequencies())
            full, short = measure(one, other, scale), measure(one, other, scale, only_same=True)
            assert short in ((full,) if full.same else (full, Measured(0.0, 0.0)))
            found += full.same
    assert len(told) < found < len(told) ** 2
