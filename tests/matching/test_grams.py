"""What a text has of the grams that were added is told, wherever it stands, be they few or many."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.document import Document
from bot.matching.features import LONGEST_GRAM
from bot.matching.fewfeatures import FewFeatures
from bot.matching.manyfeatures import ManyFeatures
from bot.model import Item
from bot.text.tokens import SPACED, TOUCHING, columns, is_character
from tests.support.queries import news_texts


def grams_of(text):
    """All of a text, one by one."""
    terms, gaps, *_ = columns(text)
    for row in range(len(terms) - 1):
        for length in range(2, LONGEST_GRAM + 1):
            some = terms[row : row + length]
            if len(some) < length:
                break
            between = gaps[row + 1 : row + length]
            if all(map(is_character, some)):
                if all(gap == TOUCHING for gap in between):
                    yield "".join(some)
            elif length == 2 and between[0] <= SPACED:
                yield " ".join(some)


def nothing(_, terms):
    return [(term, ()) for term in terms]


KINDS = {"few": lambda: FewFeatures(nothing, str), "many": lambda: ManyFeatures(nothing)}
each_kind = pytest.mark.parametrize("kind", KINDS)


def shown(features, text):
    features.begin("english")
    return list(features.shown(Document(Item(guid="", url="", title=text, text="", language="en"))).numbers)


@each_kind
@given(news_texts(), st.randoms(use_true_random=False))
def test_of_a_text_those_are_told_that_were_added_and_not_taken_out_again(kind, text, rng):
    numbers = {gram: number for number, gram in enumerate(sorted(set(grams_of(text))), 1)}
    added = [gram for gram in numbers if rng.random() < 0.5]
    taken_out = {gram for gram in added if rng.random() < 0.3}
    features = KINDS[kind]()
    for gram in (*added, "never said", "没有人说"):
        features.add_gram(gram, numbers.get(gram, 9_999))
    for gram in taken_out:
        features.remove_gram(gram)
    assert set(shown(features, text)) == {numbers[gram] for gram in added if gram not in taken_out}


@each_kind
def test_they_are_told_from_all_others(kind):
    features = KINDS[kind]()
    features.add_gram("harbour strike", 1)
    features.add_gram("港口罢工", 2)
    text = "A strike: harbour workers. The harbour strike of 港口 goes on: 港口罷工。港口罷市"
    assert shown(features, text) == [1, 2]
    features.remove_gram("harbour strike")
    features.remove_gram("港口罢工")
    assert shown(features, text) == []
