"""The feeds known by name: the list itself, and how it is looked up."""

import re
from collections import Counter

import pytest

from bot.feeds.address import check_url
from bot.feeds.catalogue import load_catalogue, look_up
from bot.model import CatalogueEntry
from bot.text.fold import fold
from bot.text.urls import canonical_url

TOPICS = ["world", "china", "hongkong", "taiwan", "tech", "finance", "science", "sports"]
WORLD = {"topic": "world", "topic_names": ("國際", "global")}
CATALOGUE = (
    CatalogueEntry(name="bbc-world", title="BBC News: World", url="https://a.example/", language="en", **WORLD),
    CatalogueEntry(name="bbc-zh", title="BBC News 中文", url="https://b.example/", language="zh", **WORLD),
    CatalogueEntry(name="rthk", title="香港電台：本地新聞", url="https://c.example/", language="zh", topic="hongkong"),
)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("BBC-World", ["bbc-world"]),
        (" bbc news: world ", ["bbc-world"]),
        ("World", ["bbc-world", "bbc-zh"]),
        ("國際", ["bbc-world", "bbc-zh"]),
        ("国际", ["bbc-world", "bbc-zh"]),
        ("ＧＬＯＢＡＬ", ["bbc-world", "bbc-zh"]),
        ("bbc", ["bbc-world", "bbc-zh"]),
        ("news bbc wor", ["bbc-world"]),
        ("本地新聞", ["rthk"]),
        ("电台 本地", ["rthk"]),
        ("", []),
        ("bc", []),
        ("???", []),
    ],
)
def test_the_catalogue_is_looked_up_by_name_title_topic_and_words(text, names):
    assert [entry.name for entry in look_up(CATALOGUE, text)] == names


@pytest.fixture(scope="module")
def catalogue():
    return load_catalogue()


def test_names_and_addresses_stand_once(catalogue):
    assert len(catalogue) >= 120
    for values in (
        [entry.name for entry in catalogue],
        [entry.title for entry in catalogue],
        [canonical_url(entry.url) for entry in catalogue],
    ):
        assert Counter(values).most_common(1)[0][1] == 1


def test_every_topic_has_feeds_and_names_of_its_own(catalogue):
    assert list(dict.fromkeys(entry.topic for entry in catalogue)) == TOPICS
    assert min(Counter(entry.topic for entry in catalogue).values()) >= 5
    by_name = {fold(name): entry.topic for entry in catalogue for name in (entry.topic, *entry.topic_names)}
    for entry in catalogue:
        assert all(by_name[fold(name)] == entry.topic for name in entry.topic_names)
        assert by_name.get(fold(entry.name)) is None  # a feed's name would hide the topic's
        assert by_name.get(fold(entry.title)) is None
        assert {"en", "zh"} <= {other.language for other in catalogue if other.topic == entry.topic}


def test_every_entry_is_in_form_and_found_by_its_name_and_title(catalogue):
    for entry in catalogue:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", entry.name)
        assert len(f"/subscribe {entry.name} everything") <= 64  # a button's command line
        assert entry.url == check_url(entry.url)
        assert entry.url.startswith("https://")
        assert entry.language in {"en", "zh"}
        assert bool(re.search("[\u4e00-\u9fff]", entry.title)) or entry.language == "en" or entry.name == "ithome-tw"
        assert look_up(catalogue, entry.name) == look_up(catalogue, entry.title) == [entry]


@pytest.mark.parametrize(
    ("typed", "topic"),
    [
        ("財經", "finance"),
        ("财经", "finance"),
        ("科技", "tech"),
        ("香港", "hongkong"),
        ("Hong Kong", "hongkong"),
        ("台灣", "taiwan"),
        ("臺灣", "taiwan"),
        ("台湾", "taiwan"),
        ("國際", "world"),
        ("国际", "world"),
        ("中國", "china"),
        ("中国", "china"),
        ("科學", "science"),
        ("体育", "sports"),
        ("Business", "finance"),
    ],
)
def test_topics_are_found_in_both_languages(catalogue, typed, topic):
    assert look_up(catalogue, typed) == [entry for entry in catalogue if entry.topic == topic]
