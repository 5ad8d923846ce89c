"""What a term shows is asked for once, before a text has it where that can be, and again when it may have changed."""

import pytest

from bot.matching.document import Document
from bot.matching.manyfeatures import ManyFeatures
from bot.model import Item
from bot.text.stems import stem_by


@pytest.fixture
def asked():
    return []


@pytest.fixture
def features(asked):
    def find(algorithm, terms):
        asked.extend(terms)
        return [(stem_by(term, algorithm), [len(term)]) for term in terms]

    features = ManyFeatures(find)
    assert features.begin("english")
    return features


def shown(features, text, language="en"):
    return list(features.shown(Document(Item(guid="", url="", title=text, text="", language=language))).numbers)


def test_a_term_is_asked_for_once(features, asked):
    assert shown(features, "Talks, talks of parties in Tainan") == [2, 5, 6, 7]
    assert asked == ["talks", "of", "parties", "in", "tainan"]
    assert shown(features, "In talks of parties on Tainan") == [2, 5, 6, 7]
    assert asked[5:] == ["on"]
    assert not features.begin("english"), "so much is known"


def test_what_was_learnt_before_is_not_asked_for_by_a_text(features, asked):
    shown(features, "parties")
    features.learn("english", ["talks", "parties", "三", "parties"])
    assert asked == ["parties", "talks", "三"]
    assert shown(features, "talks of parties, 三") == [1, 2, 5, 7]
    assert asked[3:] == ["of"]


@pytest.mark.parametrize(
    ("stems", "prefixes", "again"),
    [
        (["parti"], [], ["parties"]),
        (["三", "oxford", "talk"], [], ["talks", "三"]),
        ([], ["tain"], ["talks", "tainan"]),
        (["parti"], ["tai", "on"], ["talks", "parties", "tainan"]),
        (["oxford"], ["ox"], []),
        ([], [], []),
    ],
)
def test_of_stems_and_prefixes_that_are_looked_for_or_no_more_terms_are_asked_for_again(
    features, asked, stems, prefixes, again
):
    text = "talks of parties in Tainan 三"
    before = shown(features, text)
    asked.clear()
    features.forget("english", stems, prefixes)
    features.forget("german", stems, prefixes)
    assert shown(features, text) == before
    assert asked == again
    assert shown(features, text) == before
    assert asked == again, "they are known now"


def test_of_too_many_terms_those_of_texts_are_forgotten(features, asked, monkeypatch):
    monkeypatch.setattr("bot.matching.manyterms.MOST_TERMS", 40)
    features.learn("english", ["talks", "parties", "tainan"])
    words = [f"w{number}" for number in range(41)]
    for text in ("talks", " ".join(words), "talks of parties"):
        shown(features, text)
    asked.clear()
    assert shown(features, f"talks of parties in {words[0]} {words[40]}") == [2, 3, 5, 7]
    assert asked == ["in", "w0", "w40"]
    features.forget("english", ["talk", "w1"], [])
    for start in range(41, 201, 40):
        shown(features, f"talks of {' '.join(f'w{number}' for number in range(start, start + 40))}")
    asked.clear()
    assert shown(features, "parties of w1 talks") == [2, 5, 7]
    assert features._terms["english"]._taken < 60, "their room is taken again"
    assert asked == ["of", "w1", "talks"]


def test_however_many_words_keywords_have_those_of_texts_are_remembered(features, asked, monkeypatch):
    monkeypatch.setattr("bot.matching.manyterms.MOST_TERMS", 40)
    features.learn("english", [f"w{number}" for number in range(50)])
    shown(features, "talks of parties")
    asked.clear()
    shown(features, "parties w49")
    assert asked == []


def test_what_very_many_terms_show_is_told():
    def find(_, terms):
        return [(term, [int(term[1:]), int(term[1:]) + 10_000]) for term in terms]

    features = ManyFeatures(find)
    features.begin("english")
    for start in (1, 1_000, 2_000):
        numbers = range(start, start + 2_000)
        text = " ".join(f"w{number}" for number in numbers)
        assert shown(features, text) == [*numbers, *(number + 10_000 for number in numbers)]
