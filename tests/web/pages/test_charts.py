"""Charts: shapes in their place, well-formed, and nothing that a feed or chat wrote becomes markup."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.web.pages.charts import HEIGHT, WIDTH, bars, heat, lines, strip, top_of

SVG = "{http://www.w3.org/2000/svg}"


def shapes(svg: str, tag: str, kind: str = ""):
    root = ET.fromstring(svg)
    return [one for one in root.iter(tag) if not kind or one.get("class") == kind]


@pytest.mark.parametrize(
    ("most", "top"), [(0, 1), (1, 1), (1.5, 2), (3, 5), (7, 10), (10, 10), (11, 20), (49, 50), (51, 100), (0.03, 0.05)]
)
def test_the_top_is_a_round_number(most, top):
    assert top_of(most) == pytest.approx(top)


@given(st.floats(min_value=0.001, max_value=1e9))
def test_the_top_is_never_below_and_not_far_above(most):
    assert most <= top_of(most) * 1.000001
    assert top_of(most) <= most * 10


def test_bars_stand_on_each_other_and_end_at_the_ground():
    chart = bars([(3, 1), (0, 0), (5, 0)], ["a", "b", "c"], about="Alerts", kinds=("sent", "failed"))
    assert chart.ticks == (0, 2.5, 5)
    sent, failed = shapes(chart.svg, "rect", "sent"), shapes(chart.svg, "rect", "failed")
    assert len(sent) == 2
    assert len(failed) == 1
    assert float(sent[0].get("y")) + float(sent[0].get("height")) == pytest.approx(HEIGHT)
    assert float(failed[0].get("y")) + float(failed[0].get("height")) == pytest.approx(float(sent[0].get("y")), abs=0.2)
    assert float(sent[1].get("height")) == pytest.approx(HEIGHT)
    assert max(float(one.get("x")) + float(one.get("width")) for one in shapes(chart.svg, "rect")) <= WIDTH + 0.1


def test_a_line_has_gaps_where_nothing_is_known():
    chart = lines([("p50", [1.0, 2.0, None, 4.0])], ["a", "b", "c", "d"], about="Delay")
    (path,) = shapes(chart.svg, "path")
    assert path.get("d").count("M") == 2
    assert chart.ticks[-1] == 5


def test_nothing_at_all_is_a_chart_too():
    assert shapes(bars([], [], about="", kinds=("sent",)).svg, "rect") == []
    assert shapes(lines([("p50", [None, None])], ["a", "b"], about="").svg, "path") == []
    assert shapes(heat([], [], about=""), "rect") == []


def test_the_warmest_cell_is_the_fullest():
    cells = shapes(heat([[0, 4], [2, 1]], [["a", "b"], ["c", "d"]], about="Week"), "rect")
    assert [float(cell.get("fill-opacity")) for cell in cells] == [0.06, 1.0, 0.53, 0.29]


@given(st.text(max_size=40))
def test_a_label_stays_a_label(label):
    text = "".join(one for one in label if one.isprintable())
    for svg in (
        bars([(1,)], [text], about=text, kinds=("sent",)).svg,
        lines([("p50", [1.0])], [text], about=text).svg,
        heat([[1]], [[text]], about=text),
        strip([1, 2], about=text),
    ):
        root = ET.fromstring(svg)
        assert {one.tag for one in root.iter()} <= {"svg", "g", "rect", "path", "title"}
        assert root.get("aria-label") == " ".join(text.split("\n")) or not text.strip()
