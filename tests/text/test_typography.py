"""Machine-made Chinese is set as newspapers set it, and says what it said before."""

import re
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.model import Script
from bot.text.typography import typeset, with_quotes

_UNITS = {"萬億": 12, "万亿": 12, "億": 8, "亿": 8, "萬": 4, "万": 4, "": 0}
_POWERS = {"hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12}
_MONTHS = ("January", "Feb", "March", "Apr.", "May", "June", "July", "Aug", "September", "Oct", "Nov.", "December")
_FIGURE = re.compile(r"(\d+(?:\.\d+)?)(萬億|万亿|億|亿|萬|万|)")


def value_of(chinese: str) -> Decimal:
    found = _FIGURE.search(chinese)
    assert found, chinese
    return Decimal(found[1]).scaleb(_UNITS[found[2]])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("特朗普(Trump)周二說,會贏.", "特朗普（Trump）周二說，會贏。"),
        ('他問:"真的嗎?!"', "他問：“真的嗎？！”"),
        ("\"嵌'套話'完\"", "“嵌‘套話’完”"),
        ("等一下...好", "等一下……好"),
        ("台灣--中國 — 美國", "台灣——中國——美國"),
        ("第 5 次 ，  好", "第5次，好"),
        ("於 3 月 12 日與 Google 簽約", "於3月12日與Google簽約"),
        ("港股午評 恒指跌", "港股午評 恒指跌"),  # a headline's pause
        ("(見圖(2))好", "（見圖（2））好"),
        ("增長5%. 其後", "增長5%。其後"),
        ("會見Apple Inc. 總裁", "會見Apple Inc. 總裁"),
        ("三 5 制", "三 5制"),  # 三5 would be another figure
    ],
)
def test_signs_and_spaces_are_those_of_newspapers(before, after):
    assert typeset(before) == after


@pytest.mark.parametrize(
    "text",
    [
        'He said "yes", (no) and 1.2 million people.',
        "觀眾10,000人，比分3:1，12:30開始，升1.5%",
        "详见https://a.example/b,c?d=1(x)。",
        "寫信到news.desk@host.example。",
        "用U.S.國債",
        "《Born on the 4 July》好看",
        "Windows 10 May 2019 Update發布",
        "",
    ],
)
def test_figures_addresses_and_runs_of_english_stay(text):
    assert typeset(text) == text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("於Feb 1, 2026開會", "於2026年2月1日開會"),
        ("於 1 Feb 2026 開會", "於2026年2月1日開會"),
        ("於February 1開會", "於2月1日開會"),
        ("於 May 2026 開會", "於2026年5月開會"),
        ("在 10 a.m. 開始", "在上午10時開始"),
        ("在10:30 p.m.开始说", "在下午10时30分开始说"),
        ("12 a.m.與12 p.m.開會", "凌晨0時與中午12時開會"),
        ("有1.2 million人開會", "有120萬人開會"),
        ("有1.2 million人开会", "有120万人开会"),
        ("達3 billion美元", "達30億美元"),
        ("共 1,500 billion 元", "共1.5萬億元"),
        ("約1.5 to 2 million人", "約150萬至200萬人"),
        ("增5 per cent", "增5%"),
        ("增0.5 percentage points", "增0.5個百分點"),
    ],
)
def test_english_dates_and_figures_take_chinese_form(before, after):
    assert typeset(before) == after


@given(
    st.decimals(min_value=0, max_value=10_000, places=3).map(lambda number: f"{number.normalize():f}"),
    st.sampled_from(sorted(_POWERS)),
)
@example("1.2345", "million")
def test_a_figure_keeps_its_value_to_the_last_digit(number, power):
    assert value_of(typeset(f"共{number} {power}人")) == Decimal(number).scaleb(_POWERS[power])


@given(st.dates(), st.booleans())
def test_a_date_keeps_its_day(day, american):
    month = _MONTHS[day.month - 1]
    written = f"{month} {day.day}, 2026" if american else f"{day.day} {month} 2026"
    assert typeset(f"於{written}開會") == f"於2026年{day.month}月{day.day}日開會"


_PIECES = st.sampled_from(
    [
        *"說会，。,.:;!?()\"' 5%“”‘’「」《》",
        "...",
        "--",
        "——",
        "……",
        "1.2 million",
        "3 Feb",
        "10 a.m.",
        "Trump",
        "A.",
        "  ",
    ]
)


@given(st.lists(_PIECES, max_size=14).map("".join))
def test_setting_twice_changes_nothing_more(text):
    once = typeset(text)
    assert typeset(once) == once


@given(st.lists(st.sampled_from([*"說会，,.:;!?()\"' %", "3.5", "10,000", "12:30", "7"]), max_size=14).map("".join))
def test_digits_all_stay_in_their_order(text):
    assert re.sub(r"\D", "", typeset(text)) == re.sub(r"\D", "", text)


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (Script.HK, "他說「我『很』好」，don’t"),
        (Script.TW, "他說「我『很』好」，don’t"),
        (Script.CN, "他說“我‘很’好”，don’t"),
        (Script.SOURCE, "他說“我『很』好”，don’t"),
    ],
)
def test_quotation_marks_are_those_of_the_script(script, expected):
    mixed = "他說“我『很』好”，don’t"
    assert with_quotes(mixed, script) == expected
    assert with_quotes(expected, script) == expected


def test_english_keeps_its_quotation_marks():
    assert with_quotes("He said “yes” and ‘no’", Script.TW) == "He said “yes” and ‘no’"
    assert (
        with_quotes("他唱“Let It Be”，He said that “yes” is it", Script.HK)
        == "他唱「Let It Be」，He said that “yes” is it"
    )
