"""What is told of a query by its spelling is what the query itself demands."""

import pytest
from hypothesis import given

from bot.matching.features import demands
from bot.matching.plain import demands_of
from bot.matching.query import canonical, parse
from tests.support.queries import queries


@pytest.mark.parametrize(
    "query",
    [
        "talks", "trilateral talks", "talks talks", "talks trilateral talks", "a b c", "a b c d e f g h i",
        "the of and in on at by to", '"talks"', '"abu dhabi"', '"the of"', '"a a a"', '"one two three four"',
        '"one two three four five six seven eight"', "油", "中国", "阿布扎比", "阿布扎比酋长国", "中共", "переговоры",
        "三方會談在阿布扎比舉行的消息", "2026", "talks OR war", "talks -war", "tal*", "AI芯片", "word1 " * 17,
        "我" * 81, "NC", "US talks", '"US"', "talks tal*", "title:abu dhabi", "abu dhabi -war", "مفاوضات",
    ],
)  # fmt: skip
def test_plain_queries(query):
    form = canonical(parse(query))
    assert tuple(demands_of(form)) == demands(parse(form))


@given(queries)
def test_all_queries(query):
    form = canonical(query)
    assert tuple(demands_of(form)) == demands(parse(form))
