"""The months and years that a report leaves out."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.briefs.facts import read_facts
from bot.briefs.figures import figure_problems
from bot.briefs.near import near_months, near_years

PUBLISHED = date(2021, 12, 11)


@pytest.mark.parametrize(
    ("source", "brief"),
    [
        ("毛里求斯10日首次報告兩例", "Mauritius reported two cases on December 10"),
        ("雙子座流星雨14日迎來極大", "The shower peaks on December 14"),
        ("會議將於3日舉行", "The meeting is on January 3"),
        ("The vote is on the 14th.", "投票定於12月14日。"),
        ("本月6日運抵", "It arrived on December 6"),
        ("今（11）日舉行典禮", "The ceremony was held on December 11, 2021"),
        ("比去年增加", "more than in 2020"),
        ("It opens next year.", "2022年開放。"),
    ],
)
def test_the_day_of_publication_bears_out_months_and_years(source: str, brief: str) -> None:
    assert list(figure_problems(read_facts(brief), read_facts(source, PUBLISHED))) == []
    assert list(figure_problems(read_facts(brief), read_facts(source))) != []


@pytest.mark.parametrize(
    ("source", "brief"),
    [
        ("毛里求斯10日首次報告兩例", "Mauritius reported two cases on November 10"),
        ("毛里求斯10日首次報告兩例", "Mauritius reported two cases on December 12"),
        ("毛里求斯首次報告兩例", "Mauritius reported two cases on December 10"),
        ("會議於3日舉行", "The meeting was on January 3"),
        ("11月9日至今", "since December 9"),
        ("今年開放", "It opened in 2019"),
    ],
)
def test_other_days_months_and_years_are_new(source: str, brief: str) -> None:
    assert list(figure_problems(read_facts(brief), read_facts(source, PUBLISHED))) != []


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(0, 26))
def test_the_month_of_any_day_just_past_is_near(published: date, days: int) -> None:
    day = published - timedelta(days=days)
    assert day.month in near_months("", day.day, published)


def test_years_are_told_from_the_day() -> None:
    assert near_years("去年", PUBLISHED) == {2021, 2020}
    assert near_years("next year", PUBLISHED) == {2021, 2022}
    assert near_years("", PUBLISHED) == {2021}
