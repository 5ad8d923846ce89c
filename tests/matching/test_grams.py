"""The filter of grams lets pass what was added, wherever a text has it, and nothing that a text does not have."""

from hypothesis import given
from hypothesis import strategies as st

from bot.matching.features import LONGEST_GRAM
from bot.matching.grams import GramFilter
from bot.text.tokens import SPACED, TOUCHING, columns, is_character
from tests.support.queries import news_texts


def grams_of(text):
    """All of a text, with their terms, one by one."""
    terms, gaps, *_ = columns(text)
    for row in range(len(terms) - 1):
        for length in range(2, LONGEST_GRAM + 1):
            some = terms[row : row + length]
            if len(some) < length:
                break
            between = gaps[row + 1 : row + length]
            if all(map(is_character, some)):
                if all(gap == TOUCHING for gap in between):
                    yield "".join(some), some
            elif length == 2 and between[0] <= SPACED:
                yield " ".join(some), some


@given(news_texts(), st.randoms(use_true_random=False))
def test_what_was_added_passes_and_nothing_else_does_that_is_not_there(text, rng):
    grams = dict(grams_of(text))
    added = {gram for gram in sorted(grams) if rng.random() < 0.5}
    tested = GramFilter()
    for gram in added:
        tested.add(grams[gram])
    terms, gaps, runs, *_ = columns(text)
    assert added <= set(tested.passing(terms, gaps, runs)) <= grams.keys()


def test_nearly_nothing_passes_that_was_not_added():
    tested = GramFilter()
    for number in range(100_000):
        tested.add((f"{number}", f"{number + 1}"))
    terms = [f"{number}" for number in range(0, 20_000, 2)]
    assert len(tested.passing(terms, bytearray([SPACED] * len(terms)), ())) < len(terms) // 20
