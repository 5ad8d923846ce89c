"""The index answers as trying every query would, while keywords come and go."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.matching.document import Document
from bot.matching.evaluate import evaluate
from bot.matching.index import KeywordIndex
from bot.matching.query import canonical, parse
from bot.model import FeedId, FeedRef, Item, KeywordId
from tests.support.queries import items, queries

FEED = FeedRef(id=FeedId(1), url="https://example.com/feed", title="Example News")


def document(title, language="en"):
    return Document(Item(guid="1", url="", title=title, language=language), FEED)


def brute_force(spellings, doc):
    return {spelling for spelling in spellings if evaluate(parse(spelling), doc) is not None}


def indexed(spellings):
    index = KeywordIndex()
    for number, spelling in enumerate(spellings):
        index.add(KeywordId(number), spelling)
    return index


def test_a_document_is_told_the_queries_that_it_answers():
    index = indexed(["trilateral talks", "三方会谈", "gaza"])
    assert index.match(document("The trilateral US talks")) == {"trilateral talks"}
    assert index.match(document("三方會談", "zh")) == {"三方会谈"}


def test_equal_queries_are_kept_once_and_counted_each():
    index = indexed(["talks", "talks"])
    assert len(index) == 2
    assert len(index.match(document("talks"))) == 1
    index.remove(KeywordId(0))
    assert len(index.match(document("talks"))) == 1
    index.remove(KeywordId(1))
    assert (len(index), index.match(document("talks"))) == (0, set())


def test_a_keyword_can_change_and_unknown_ones_can_go():
    index = indexed(["talks"])
    index.add(KeywordId(0), "talks")
    index.add(KeywordId(0), "party")
    index.remove(KeywordId(9))
    assert len(index) == 1
    assert index.match(document("talks at a party")) == {"party"}


def test_an_unreadable_keyword_is_left_out_with_a_warning():
    index = KeywordIndex()
    with capture_logs() as logs:
        index.add(KeywordId(5), '"broken')
    assert len(index) == 0
    assert [(log["log_level"], log["keyword"], log["problem"]) for log in logs] == [("warning", 5, "open-quote")]


@pytest.mark.parametrize(
    ("query", "title", "language", "found"),
    [
        ("lang:zh", "x", "zh", True),
        ("lang:zh", "x", "en", False),
        ("feed:example", "x", "en", True),
        ("lang:en OR talks", "x", "en", True),
        ("talk* OR 三方", "talking", "en", True),
        ("talk* OR 三方", "第三方", "zh", True),
        ("gespräch", "Gespräche", "de", True),
        ("переговоры", "переговоров", "ru", True),
        ("переговоры", "переговоров", "en", False),
        ("title:(a bc*) -c", "a bcd", "en", True),
    ],
)
def test_every_kind_of_query_is_found_where_it_is_filed(query, title, language, found):
    index = indexed([canonical(parse(query))])
    assert bool(index.match(document(title, language))) is found


def test_languages_met_before_and_after_a_keyword_came_agree():
    index = KeywordIndex()
    assert index.match(document("Gespräche", "de")) == set()
    index.add(KeywordId(1), "gesprach")
    assert len(index.match(document("Gespräche", "de"))) == 1
    index.remove(KeywordId(1))
    index.add(KeywordId(2), "talk*")
    index.remove(KeywordId(2))
    assert index.match(document("Gespräche talks", "de")) == set()


@settings(max_examples=120, deadline=None)
@given(st.lists(queries, max_size=8), items)
def test_the_index_answers_as_trying_every_query(found, item):
    spellings = [canonical(query) for query in found]
    doc = Document(item, FEED)
    assert indexed(spellings).match(doc) == brute_force(spellings, doc)


def _query(rng, words):
    leaf = rng.choice
    kinds = [
        lambda: leaf(words),
        lambda: f"{leaf(words)} {leaf(words)}",
        lambda: f'"{leaf(words)} {leaf(words)}"',
        lambda: f"{leaf(words)} -{leaf(words)}",
        lambda: f"({leaf(words)} OR {leaf(words)}) {leaf(words)}",
        lambda: f"title:{leaf(words)} OR {leaf(words)}",
        lambda: f"{leaf(['ta', 'par', 'sea'])}*",
    ]
    return rng.choice(kinds)()


def test_a_crowd_of_keywords_coming_and_going_is_matched_exactly():
    rng = random.Random(7)
    words = [
        "talk",
        "talks",
        "party",
        "parties",
        "sea",
        "seas",
        "deal",
        "ceasefire",
        "三方",
        "会谈",
        "會談",
        "阿布扎比",
        "AI",
        "AI芯片",
    ]
    words += ["".join(rng.choices("abcdefgh", k=3)) for _ in range(40)]
    index = KeywordIndex()
    live = {}
    for round_ in range(60):
        for number in rng.sample(range(400), 20):
            if number in live:
                del live[number]
                index.remove(KeywordId(number))
            else:
                live[number] = canonical(parse(_query(rng, words)))
                index.add(KeywordId(number), live[number])
        text = rng.choice(["", " "]).join(rng.choices([w + rng.choice(["", " ", "，", " "]) for w in words], k=25))
        doc = Document(Item(guid="1", url="", title=text[:60], text=text, language=rng.choice(["en", "zh", "fr"])))
        assert index.match(doc) == brute_force(live.values(), doc), round_
    assert len(index) == len(live)
