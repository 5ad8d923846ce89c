"""Which names are in the news is seen from the titles."""

from __future__ import annotations

from bot.briefs.prominent import ProminentNames
from bot.model import Language

TITLES = [
    "Talks in Abu Dhabi",
    "三方會談在阿布扎比舉行",
    "Tehran answers",
    "An art party",
    "德黑兰回应",
    "阿布扎比會談",
    "Kyiv",
]


def test_names_that_several_titles_hold_come_most_frequent_first_in_either_language(glossary):
    names = ProminentNames(glossary)
    assert names.most_named(TITLES, Language.EN, limit=9) == ["Abu Dhabi", "Tehran"]
    assert names.most_named(TITLES, Language.ZH, limit=1) == ["阿布扎比"]


def test_what_everybody_speaks_of_is_no_choice(glossary):
    titles = ["Beijing speaks"] * 30 + ["Tehran answers"] * 3
    assert ProminentNames(glossary).most_named(titles, Language.EN, limit=9) == ["Tehran"]


def test_no_titles_have_no_names(glossary):
    assert ProminentNames(glossary).most_named([], Language.EN, limit=9) == []
