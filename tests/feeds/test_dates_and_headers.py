"""Dates of feeds, and HTTP's words for when to come again."""

from datetime import UTC, datetime, timedelta
from time import struct_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.dates import from_struct, read_date
from bot.feeds.headers import max_age, retry_after

MOMENT = datetime(2026, 2, 3, 8, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "Tue, 03 Feb 2026 08:15:00 GMT",
        "Tue, 3 Feb 2026 08:15 +0000",
        "03 Feb 26 16:15 HKT",
        "Tue, 03 Feb 2026 16:15:00 GMT+0800",
        "Tue, 03 Feb 2026 16:15:00 +08:00",
        "Tue, 03 Feb 2026 16:15:00 +0800 (HKT)",
        "Tue Feb  3 08:15:00 2026",
        "2026-02-03T08:15:00Z",
        "2026-02-03T16:15:00.123456+08:00",
        "2026-02-03 16:15:00 +0800",
        "2026-02-03 16:15:00 +0800 CST",
        "2026-02-03T08:15Z",
        "2026/02/03 08:15",
        "20260203T081500Z",
        "1770106500",
        "1770106500123",
    ],
)
def test_dates_are_read_to_utc(text):
    assert read_date(text) == MOMENT


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-02-03 16:15:00", MOMENT),
        ("2026年2月3日 16时15分", MOMENT),
        ("2026年02月03日", datetime(2026, 2, 3, tzinfo=UTC)),
        ("Tue, 03 Feb 2026 16:15:00 CST", MOMENT),
        ("Tue, 03 Feb 2026 16:15:00", MOMENT),
        ("2026-02-03T08:15:00Z", MOMENT),
    ],
)
def test_chinese_feeds_mean_china_when_they_name_no_zone(text, moment):
    assert read_date(text, chinese=True) == moment


@pytest.mark.parametrize(
    "text",
    ["", "soon", "0001-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 GMT", "2026-13-45", "9999-12-31T23:59:59-12:00",
     "Tue, 31 Feb 2026 08:00:00 GMT", "2026-02-03T08:15:00+99:99x", "9" * 99],
)  # fmt: skip
def test_missing_and_absurd_dates_are_none(text):
    assert read_date(text) is None


@given(st.text(max_size=60))
def test_any_text_is_a_sane_date_or_none(text):
    moment = read_date(text)
    assert moment is None or (moment.tzinfo == UTC and 1990 <= moment.year <= 2100)


def test_what_feedparser_read_is_taken_within_bounds():
    assert from_struct(struct_time((2026, 2, 3, 8, 15, 0, 1, 34, 0))) == MOMENT
    assert from_struct(struct_time((2026, 2, 31, 8, 15, 0, 1, 34, 0))) is None
    assert from_struct(None) is None


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Retry-After": "120"}, timedelta(minutes=2)),
        ({"Retry-After": "1.5"}, timedelta(seconds=1)),
        ({"Retry-After": "999999999"}, timedelta(days=7)),
        (
            {"Retry-After": "Tue, 03 Feb 2026 08:20:00 GMT", "Date": "Tue, 03 Feb 2026 08:15:00 GMT"},
            timedelta(minutes=5),
        ),
        ({"Retry-After": "Tue, 03 Feb 2026 08:10:00 GMT", "Date": "Tue, 03 Feb 2026 08:15:00 GMT"}, timedelta()),
        ({"Retry-After": "Tue, 03 Feb 2026 08:20:00 GMT"}, None),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "a while"}, None),
        ({}, None),
    ],
)
def test_retry_after(headers, wait):
    assert retry_after(headers) == wait


@pytest.mark.parametrize(
    ("headers", "age"),
    [
        ({"Cache-Control": "public, max-age=300"}, timedelta(minutes=5)),
        ({"Cache-Control": "max-age=300", "Age": "100"}, timedelta(seconds=200)),
        ({"Cache-Control": "max-age=300", "Age": "900"}, timedelta()),
        ({"Cache-Control": "s-maxage=300"}, None),
        ({"Cache-Control": "no-cache, max-age=300"}, None),
        ({"Cache-Control": "max-age=soon"}, None),
        ({}, None),
    ],
)
def test_max_age(headers, age):
    assert max_age(headers) == age
