"""What is looked up for a query finds every item that answers it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import QueryError
from bot.matching.document import Document
from bot.matching.evaluate import answers
from bot.matching.lookup import is_settled, lookup, near_lookup
from bot.matching.query import parse
from bot.model import Item
from bot.text.indexwords import index_words
from tests.support.filed import is_filed

LANGUAGES = st.sampled_from(["en", "zh", "de", "fr", "ru", ""])
LATIN = "talk talks Talking U.S. C++ R&D F-35 3.5bn $TSLA don't naïve Häuser studies study Москва Москвы 😀 , ."
OTHERS = "三方 會談 会谈 談 「三」方 AI芯片 アブダビ"
PIECES = st.sampled_from(LATIN.split(" ") + OTHERS.split(" ")) | st.just("\n\n")
WORDS = st.sampled_from(
    ["talk", "talks", "三方会谈", "談", "F-35", "C++", "study", "Haus", "芯片", "AI芯片", "москва", "😀"]
)
QUERIES = st.recursive(
    WORDS | WORDS.map(lambda word: f'"{word}"') | WORDS.map(lambda word: f"title:{word}"),
    lambda inner: st.tuples(inner, st.sampled_from([" ", " OR ", " AND ", " -"]), inner).map(
        lambda parts: f"({parts[0]}){parts[1]}({parts[2]})"
    ),
    max_leaves=4,
)


@given(title=st.lists(PIECES).map("".join), text=st.lists(PIECES).map(" ".join), language=LANGUAGES, typed=QUERIES)
def test_every_item_that_answers_is_found(title: str, text: str, language: str, typed: str) -> None:
    try:
        query = parse(typed)
    except QueryError:
        return
    item = Item(guid="1", url="", title=title, text=text, language=language)
    wanted = lookup(query)
    if wanted is None:
        return
    found, right = is_filed(wanted, index_words(title, text, language)), answers(query, Document(item))
    assert found or not right
    assert right or not (found and is_settled(query))


@pytest.mark.parametrize("typed", ["talk*", "/tal+k/", "feed:globe", "lang:zh", "talks OR tal*"])
def test_what_has_no_whole_word_is_not_in_the_index(typed: str) -> None:
    assert lookup(parse(typed)) is None


def test_items_near_a_query_have_a_word_of_it_that_is_not_everywhere() -> None:
    wanted = near_lookup(parse("the talks"))
    assert wanted is not None
    assert is_filed(wanted, index_words("Talks", "", "en"))
    assert not is_filed(wanted, index_words("The party", "", "en"))
    assert near_lookup(parse("/talk/")) is None
