"""Numbers, dates and times as both languages write them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.briefs.facts import read_facts
from bot.briefs.numerals import chinese_number, english_number


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        ("二十三萬", 230_000),
        ("十二", 12),
        ("二〇二六", 2026),
        ("一万亿", 10**12),
        ("一亿两千万", 120_000_000),
        ("一百零五", 105),
        ("三千五百万", 35_000_000),
        ("萬", 10_000),
        ("兩百三十億", 23_000_000_000),
        ("三x", None),
        ("", None),
    ],
)
def test_chinese_numerals_have_their_value(numeral: str, value: int | None) -> None:
    assert chinese_number(numeral) == value


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("twenty-three", 23),
        ("two hundred and five", 205),
        ("two hundred thousand", 200_000),
        ("three million", 3_000_000),
    ],
)
def test_english_number_words_have_their_value(words: str, value: int) -> None:
    assert english_number(words) == value


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("1,234,567 people", "1234567", "person"),
        ("1.2m people", "1200000", "person"),
        ("1.2 million dollars", "1200000", "usd"),
        ("$1.2bn", "1200000000", "usd"),
        ("120万美元", "1200000", "usd"),
        ("120 多萬美元", "1200000", "usd"),
        ("3萬5千人", "35000", "person"),
        ("7.5 per cent", "7.5", "percent"),
        ("７．５％", "7.5", "percent"),
        ("百分之二十", "20", "percent"),
        ("三成选民", "30", "percent"),
        ("€500", "500", "eur"),
        ("人民币500元", "500", "cny"),
        ("five hundred yuan", "500", "cny"),
        ("twelve hours", "12", "hour"),
        ("十二小時", "12", "hour"),
        ("30 公里", "30", "km"),
        ("30-km", "30", "km"),
        ("二十三萬人", "230000", "person"),
        ("七點五個百分點", "7.5", "point"),
        ("the 1980s", "1980", ""),
        ("上世纪80年代", "1980", ""),
    ],
)
def test_a_number_is_read_with_its_unit(text: str, value: str, unit: str) -> None:
    (number,) = [number for number in read_facts(text).numbers if number.claims]
    assert Decimal(value) in number.readings
    assert number.unit == unit


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("1 February", {(2, 1)}),
        ("February 1st, 2026", {(2, 1)}),
        ("Feb. 1-3", {(2, 1), (2, 3)}),
        ("1 and 2 March", {(3, 1), (3, 2)}),
        ("2月1日", {(2, 1)}),
        ("二月一日", {(2, 1)}),
        ("2 月 1 日", {(2, 1)}),
        ("十二月二十五日", {(12, 25)}),
        ("2026-02-01", {(2, 1)}),
        ("22日", {(None, 22)}),
        ("in May", {(5, None)}),
        ("五月", {(5, None)}),
        ("It may march on. March on!", set()),
        ("三個月", set()),
    ],
)
def test_dates_read_the_same_in_both_languages(text: str, dates: set[tuple[int | None, int | None]]) -> None:
    assert set(read_facts(text).calendar.dates) == dates


@pytest.mark.parametrize("text", ["10:30 a.m.", "10.30 am", "10:30", "上午10时30分", "10點半", "十點三十分", "22:30"])
def test_times_read_the_same_in_both_languages(text: str) -> None:
    assert read_facts(text).calendar.times == [(10, 30)]


def test_weekdays_read_the_same_in_both_languages() -> None:
    assert (
        read_facts("on Sunday and Monday").calendar.weekdays == read_facts("週日和星期一").calendar.weekdays == {6, 0}
    )


@pytest.mark.parametrize(
    "text",
    [
        "COVID-19",
        "an F-16",
        "十分重要",
        "三明治",
        "百姓",
        "需要一点时间",
        "零件五金",
        "萬一下雨",
        "路邊，四周無人",
        "一年四季",
        "早一天",
        "二元論",
        "Liang Jun spoke",
    ],
)
def test_names_and_idioms_claim_no_number(text: str) -> None:
    facts = read_facts(text)
    assert [number for number in facts.numbers if number.claims] == []
    assert facts.calendar.times == facts.calendar.dates == []


@pytest.mark.parametrize(
    ("text", "percent"),
    [
        ("三分之一", "33.33"),
        ("two-thirds of them", "66.67"),
        ("a quarter of all", "25"),
        ("三成半", "35"),
        ("one in five", "20"),
        ("一半", "50"),
        ("3/4", "75"),
    ],
)
def test_shares_are_read_in_percent(text: str, percent: str) -> None:
    numbers = [number for number in read_facts(text).numbers if number.unit in ("share", "percent")]
    assert any(Decimal(percent) in number.readings for number in numbers)


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("an hour and a half", "1.5", "hour"),
        ("一個半小時", "1.5", "hour"),
        ("two and a half years", "2.5", "year"),
        ("兩年半", "2.5", "year"),
        ("四十歲半", "40.5", "age"),
    ],
)
def test_halves_are_added_to_their_number(text: str, value: str, unit: str) -> None:
    found = [(number.readings, number.unit) for number in read_facts(text).numbers if number.claims]
    assert ((Decimal(value),), unit) in found


@pytest.mark.parametrize(
    ("text", "order"),
    [("hundreds of thousands", 10**5), ("數十萬", 10**5), ("dozens", 10), ("几百", 100), ("multimillion", 10**6)],
)
def test_orders_of_magnitude_are_read_as_such(text: str, order: int) -> None:
    (number,) = [number for number in read_facts(text).numbers if number.order]
    assert number.readings == (order,)


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("3月至5月", {(3, None), (5, None)}),
        ("7至10月", {(7, None), (10, None)}),
        ("3月5日至8日", {(3, 5), (3, 8)}),
        ("5至8日", {(None, 5), (None, 8)}),
        ("the 10th.", {(None, 10)}),
        ("the 10th man", set()),
    ],
)
def test_ranges_of_dates_are_read_end_by_end(text: str, dates: set[tuple[int | None, int | None]]) -> None:
    assert set(read_facts(text).calendar.dates) == dates


def test_weekdays_of_a_range_are_both_read() -> None:
    assert read_facts("周一至周五").calendar.weekdays == read_facts("周一至五").calendar.weekdays == {0, 4}
