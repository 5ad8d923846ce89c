"""A query is told in plain words."""

from __future__ import annotations

import pytest

from bot.chat.catalogue import catalogue_for
from bot.chat.readings import language_name, listed, reading
from bot.matching.query import parse
from bot.model import Locale

ENGLISH = catalogue_for(Locale.EN)


@pytest.mark.parametrize(
    ("query", "plain"),
    [
        ("talks", "talks"),
        ("negotiat*", "negotiat*"),
        ("三方會談", "三方會談"),
        ("trilateral talks", "trilateral and talks near each other"),
        ("peace NEAR/3 talks", "peace and talks with at most 3 other words among them"),
        ('"trilateral talks"', 'exactly "trilateral talks"'),
        ("talks -football", "talks; and without football"),
        ("peace OR truce OR ceasefire", "peace; or else truce; or else ceasefire"),
        ("title:talks", "in the title: talks"),
        ("feed:bbc talks", "in the feed's name: bbc; and talks"),
        ("lang:zh talks", "in the language Chinese; and talks"),
        ("lang:(zh OR en) talks", "in the language zh OR en; and talks"),
        ('"{0}" OR {x}', 'exactly "0"; or else x'),
    ],
)
def test_each_form_has_its_words(query: str, plain: str) -> None:
    assert reading(parse(query), ENGLISH) == plain


def test_chinese_is_told_in_chinese() -> None:
    traditional = catalogue_for(Locale.ZH_HANT)
    assert reading(parse("peace talks -football"), traditional) == "peace 和 talks 彼此相近；並且不含 football"
    assert reading(parse("lang:zh 會談"), traditional) == "語言是中文；並且會談"


def test_words_in_a_row_end_with_the_last_two_joined() -> None:
    assert [listed(["a", "b", "c"][:count], ENGLISH) for count in (1, 2, 3)] == ["a", "a and b", "a, b and c"]
    assert listed(["a", "b", "c"], ENGLISH, either=True) == "a, b or c"
    assert listed(["甲", "乙", "丙"], catalogue_for(Locale.ZH_HANS)) == "甲、乙 和 丙"


@pytest.mark.parametrize(
    ("code", "name"), [("zh", "Chinese"), ("uk", "Ukrainian"), ("xx", "xx"), ("no code", "no code")]
)
def test_a_language_without_a_name_keeps_its_code(code: str, name: str) -> None:
    assert language_name(code, ENGLISH) == name
