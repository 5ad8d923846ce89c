"""Charts: every label has glyphs without any font of the machine's, and every chart is small enough to send."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.chat.catalogue import catalogue_for
from bot.chat.charts import ChartPainter, _Brush, _paint, nice_ticks
from bot.chat.stats import DAYS, chart_of, count
from bot.model import Chart, HeatMap, Locale, Ranked, Sent, Stacked

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
HONG_KONG = ZoneInfo("Asia/Hong_Kong")
KEYWORDS = ("阿布扎比 會談", "关税", "trilateral talks", "台積電", "颱風", "石油", "黃金", "股市")


@pytest.fixture(scope="module")
def brush() -> _Brush:
    return _Brush()


def chart(locale: Locale, many: int = 400) -> Chart:
    sent = [
        Sent(NOW - timedelta(hours=n % 700), (KEYWORDS[n * n % len(KEYWORDS)],), f"來源 {n % 11} 联合早报")
        for n in range(many)
    ]
    figures = count(sent, now=NOW, zone=HONG_KONG)
    return chart_of(figures, catalogue_for(locale), heading="快訊", zone="Asia/Hong_Kong")


@pytest.mark.parametrize("locale", Locale)
async def test_a_chart_is_a_picture_that_telegram_and_discord_take(locale: Locale) -> None:
    content = await ChartPainter().draw(chart(locale))
    with Image.open(BytesIO(content)) as picture:
        assert picture.format == "PNG"
        assert picture.width == 1200
        assert picture.width + picture.height < 10_000
    assert len(content) < 200_000


def words_of(chart: Chart) -> str:
    said = [chart.title, chart.note]
    for panel in chart.panels:
        said.append(panel.title)
        match panel:
            case Stacked():
                said += [*panel.labels, *(name for name, _ in panel.series)]
            case Ranked():
                said += [name for name, _ in panel.bars]
            case HeatMap():
                said += [*panel.rows, *panel.columns]
    return "".join(said)


@pytest.mark.parametrize("locale", Locale)
def test_no_label_has_an_empty_box(brush: _Brush, locale: Locale) -> None:
    said = words_of(chart(locale))
    assert brush.shown(said) == said
    box = bytes(brush.sizes[24].getmask("\uffff"))
    assert any(box)  # it is an empty box that is looked for
    assert all(bytes(brush.sizes[24].getmask(sign)) != box for sign in said)


def test_the_font_has_the_characters_of_both_scripts(brush: _Brush) -> None:
    for codec, first, last in (("gb2312", 0xB0, 0xF7), ("big5", 0xA4, 0xC6)):
        rows = range(first, last + 1)
        signs = "".join(bytes((row, 0xA1 + place)).decode(codec, "ignore") for row in rows for place in range(94))
        assert len(signs) > 3000
        assert brush.shown(signs) == signs
    assert brush.shown("嘅啲嚟咗喺 曝麗峰") == "嘅啲嚟咗喺 曝麗峰"  # of Hong Kong


def test_what_the_font_lacks_is_a_dot(brush: _Brush) -> None:
    assert brush.shown("Oil 🛢 نفط") == "Oil · ···"


def test_a_chart_without_values_is_drawn_too(brush: _Brush) -> None:
    empty = Chart("", (Stacked("", ("a",), (("", (0,)),)), Ranked("", ()), HeatMap("", ("",), ("",), ((0,),))))
    assert _paint(empty, brush).startswith(b"\x89PNG")


def test_long_names_are_cut(brush: _Brush) -> None:
    assert brush.fitted("x" * 200, 24, 100).endswith("…")
    assert brush.sizes[24].getlength(brush.fitted("三方會談" * 99, 24, 300)) <= 300


@given(st.integers(0, 10**9))
@settings(max_examples=50)
def test_ticks_are_few_whole_and_reach_the_highest_bar(most: int) -> None:
    ticks = nice_ticks(most)
    assert ticks[0] == 0
    assert ticks[-1] >= most
    assert 3 <= len(ticks) <= 7
    assert len({later - earlier for earlier, later in pairwise(ticks)}) == 1


def test_alerts_are_counted_by_the_days_and_hours_of_the_chats_zone() -> None:
    late = datetime(2026, 3, 13, 18, 30, tzinfo=UTC)  # 02:30 on Saturday there
    figures = count(
        [Sent(late, ("a", "b"), "F"), Sent(late, (), "G"), Sent(NOW - timedelta(days=40), ("a",), "F")],
        now=NOW,
        zone=HONG_KONG,
    )
    assert figures.total == 2
    assert (len(figures.days), figures.days[-1].isoformat()) == (DAYS, "2026-03-14")
    assert dict(figures.by_keyword)["a"][-1] == 1
    assert dict(figures.by_keyword)[""][-1] == 1
    assert figures.by_hour[5][2] == 2
    assert dict(figures.by_feed) == {"F": 1, "G": 1}
