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
    ("feature", "again"),
    [
        ("party", ["parties"]),
        ("parties", ["parties"]),
        ("tain*", ["talks", "tainan"]),
        ("ta*", ["talks", "tainan"]),
        ("oxford", []),
        ("三", ["三"]),
    ],
)
def test_a_keyword_that_comes_or_goes_makes_terms_unknown_that_it_may_change(features, asked, feature, again):
    text = "talks of parties in Tainan 三"
    before = shown(features, text)
    asked.clear()
    features.word_changed(feature)
    assert shown(features, text) == before
    assert asked == again
    assert shown(features, text) == before
    assert asked == again, "they are known now"


def test_each_language_follows_by_itself(features, asked):
    features.begin("german")
    for _ in range(2):
        shown(features, "houses Häuser")
        shown(features, "houses Häuser", "de")
    features.word_changed("haus")
    asked.clear()
    shown(features, "houses Häuser")
    assert asked == [], "in English it is another word"
    shown(features, "houses Häuser", "de")
    assert asked == ["hauser"]


def test_a_prefix_of_one_letter_and_very_many_changes_make_all_unknown(features):
    features.word_changed("t*")
    assert features.begin("english")
    for number in range(10_000):
        assert not features.begin("english")
        features.word_changed(f"w{number}")
    assert features.begin("english")
    assert shown(features, "talks") == [5]
