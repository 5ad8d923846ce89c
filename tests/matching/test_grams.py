"""The filter of grams lets pass what was added, wherever a text has it, and nothing that a text does not have."""

from unittest.mock import patch

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


@given(news_texts(), st.randoms(use_true_random=False), st.integers(0, 40))
def test_what_was_added_passes_and_nothing_else_does_that_is_not_there(text, rng, few):
    grams = dict(grams_of(text))
    added = {gram for gram in sorted(grams) if rng.random() < 0.5}
    with patch("bot.matching.grams.FEW", few):
        tested = GramFilter()
        for gram in added:
            tested.add(grams[gram])
    terms, gaps, runs, *_ = columns(text)
    passing = tested.passing(terms, gaps, runs)
    assert added <= set(passing) <= grams.keys()
    assert passing == [gram for gram in in_order(text) if gram in set(passing)]


def in_order(text):
    """All grams of a text at their places: those with a space first, then those of characters, the short ones first."""
    grams = list(grams_of(text))
    spaced = [gram for gram, some in grams if not all(map(is_character, some))]
    touching = [gram for gram, some in grams if all(map(is_character, some))]
    return spaced + sorted(touching, key=len)


def test_few_are_told_from_all_others():
    tested = GramFilter()
    tested.add(("harbour", "strike"))
    tested.add(tuple("港口罢工"))
    terms, gaps, runs, *_ = columns("A strike: harbour workers. The harbour strike of 港口 goes on: 港口罷工。港口罷市")
    assert tested.passing(terms, gaps, runs) == ["harbour strike", "港口罢工"]


def test_nearly_nothing_passes_that_was_not_added():
    tested = GramFilter()
    for number in range(100_000):
        tested.add((f"{number}", f"{number + 1}"))
    terms = [f"{number}" for number in range(0, 20_000, 2)]
    assert len(tested.passing(terms, bytearray([SPACED] * len(terms)), ())) < len(terms) // 20
