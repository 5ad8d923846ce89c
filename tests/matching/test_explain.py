"""What a query lacks in a document: every claim is put to the document again."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from bot.matching.document import Document
from bot.matching.evaluate import answers
from bot.matching.explain import why_not
from bot.matching.expression import And, Filter, Near, Phrase, Query, Word, conjunction
from bot.matching.query import parse
from bot.model import Failure, Item, Lack, Miss
from tests.matching.conftest import REUTERS
from tests.support.queries import items, queries


def miss(query: str, title: str, text: str = "", language: str = "en") -> Miss:
    item = Item(guid="1", url="", title=title, text=text, language=language)
    return why_not(parse(query), Document(item, REUTERS))


def only(query: str, title: str, text: str = "", language: str = "en") -> Failure:
    (failure,) = miss(query, title, text, language).failures
    return failure


def test_what_is_found_is_told_beside_the_words_that_are_missing():
    for query in ("trilateral talks", "trilateral AND talks"):
        missed = miss(query, "Bilateral Talks end")
        assert missed.found == ("Talks",)
        assert [(one.lack, one.wanted) for one in missed.failures] == [(Lack.MISSING, ("trilateral",))]


def test_missing_words_are_told_together():
    assert only("peace AND talks AND Geneva", "Talks end").wanted == ("peace", "Geneva")


def test_words_too_far_apart_are_counted():
    failure = only("trilateral talks", "Trilateral " + "and so on " * 8 + "talks")
    assert (failure.lack, failure.distance, failure.within) == (Lack.APART, 24, 10)
    failure = only("trilateral NEAR/2 talks", "Trilateral a b c talks")
    assert (failure.distance, failure.within) == (3, 2)


def test_words_of_different_paragraphs_are_in_no_one():
    assert only("trilateral talks", "Trilateral pact", "Talks end").lack is Lack.SPLIT
    assert only("trilateral talks", "", "Trilateral pact.\n\nTalks end").lack is Lack.SPLIT


def test_what_excludes_is_named():
    failure = only("talks -Iran", "Talks with Iran")
    assert (failure.lack, failure.wanted, failure.found) == (Lack.EXCLUDED, ("Iran",), ("Iran",))
    assert only("talks -lang:en", "Talks").wanted == ("lang:en",)


def test_words_in_the_text_do_not_answer_for_the_title():
    failure = only("title:talks", "Envoys meet", "Talks go on")
    assert (failure.lack, failure.found) == (Lack.UNTITLED, ("Talks",))
    failure = only("title:(envoys talks)", "Envoys meet", "Geneva")
    assert (failure.lack, failure.wanted, failure.title_only) == (Lack.MISSING, ("talks",), True)


def test_filters_of_feed_and_language_fail_by_themselves():
    assert only("feed:bbc talks", "Talks").lack is Lack.FEED
    assert only("lang:zh talks", "Talks").lack is Lack.LANGUAGE


@pytest.mark.parametrize(
    ("query", "title", "language", "lack", "found"),
    [
        ('"talk"', "Talks end", "en", Lack.FORM, ("Talks",)),
        ('"peace talk"', "Peace talks end", "en", Lack.FORM, ("Peace talks",)),
        ("US", "Tell us about it", "en", Lack.FORM, ("us",)),
        ("$TSLA", "TSLA falls", "en", Lack.FORM, ("TSLA",)),
        ("中國", "維護發展中國家利益", "zh", Lack.PART, ("發展中國家利",)),
        ('"trilateral talks"', "Talks on a trilateral pact", "en", Lack.SCATTERED, ()),
        ("F-35", "F 16 and 35 others", "en", Lack.SCATTERED, ()),
        ("三方會談", "三邊會議，雙方談判", "zh", Lack.MISSING, ()),
    ],
)
def test_what_is_there_in_another_form_is_shown(query, title, language, lack, found):
    failure = only(query, title, language=language)
    assert (failure.lack, failure.wanted, failure.found) == (lack, (query,), found)


def test_of_alternatives_the_nearest_comes_first():
    failure = only("football OR trilateral talks OR chess", "Talks end")
    assert (failure.lack, failure.wanted) == (Lack.NO_ALTERNATIVE, ("football", "trilateral talks", "chess"))
    assert failure.alternatives[0].query == "trilateral talks"


def test_the_nearer_of_two_queries_has_found_more():
    nearness = [
        miss(query, "Trilateral talks with Iran in Geneva").nearness
        for query in ('"trilateral talk"', "trilateral talks -Iran", "trilateral pact", "chess", "lang:en chess")
    ]
    assert nearness == sorted(nearness, reverse=True)
    assert nearness[-2:] == [0, 0]


@settings(max_examples=200)
@given(queries, items)
def test_there_are_failures_just_where_nothing_answers_and_each_is_true_by_itself(query: Query, item: Item):
    document = Document(item, REUTERS)
    missed = why_not(query, document)
    assert bool(missed.failures) is not answers(query, document)
    assert (missed.nearness == 1) is not bool(missed.failures)
    assert 0 <= missed.nearness <= 1
    for failure in missed.failures:
        check(failure, document)


def check(failure: Failure, document: Document) -> None:
    def found(query: Query) -> bool:
        return answers(Filter("title", query) if failure.title_only else query, document)

    wanted = list(map(part, failure.wanted))
    match failure.lack:
        case Lack.EXCLUDED:
            assert answers(wanted[0], document)
        case Lack.FEED | Lack.LANGUAGE:
            assert not answers(Filter({"feed": "feed", "language": "lang"}[failure.lack], wanted[0]), document)
        case Lack.APART:
            assert all(map(found, wanted))
            words = tuple(word for query in wanted for word in words_of(query))
            assert not found(Near(words, failure.within))
            assert not found(Near(words, failure.distance - 1))
            assert found(Near(words, failure.distance))
        case Lack.SPLIT:
            assert all(map(found, wanted))
        case Lack.UNTITLED:
            assert answers(wanted[0], document)
            assert not found(wanted[0])
        case Lack.NO_ALTERNATIVE:
            assert all(alternative.failures for alternative in failure.alternatives)
            for alternative in failure.alternatives:
                for one in alternative.failures:
                    check(one, document)
        case _:
            assert not any(map(found, wanted))
            assert failure.lack not in {Lack.FORM, Lack.PART} or failure.found


def part(typed: str) -> Query:
    """A part of a query, which need not be one by itself: `-talks` only excludes."""
    whole = parse(f"zzz ({typed})")
    assert isinstance(whole, And)
    return conjunction(whole.parts[1:])


def words_of(query: Query):
    if isinstance(query, Phrase):
        return (Word(query.terms, exact=True),)
    assert isinstance(query, Near)
    return query.words
