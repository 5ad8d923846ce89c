"""Times as people type them, in English and Chinese, are read; and what is written is read as the same again."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.timetable import (
    MOST_TIMES,
    read_cap,
    read_mute,
    read_quiet,
    read_schedule,
    typed_mute,
    typed_quiet,
    typed_schedule,
)
from bot.model import Frequency, Quiet, Schedule

NOW = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
INSTANT, HOURLY, DAILY = Frequency
WORKING = (0, 1, 2, 3, 4)


def schedule(frequency=DAILY, *times: str, days=()) -> Schedule:
    return Schedule(frequency=frequency, times=tuple(time.fromisoformat(each) for each in times), weekdays=days)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("instant", schedule(INSTANT)),
        ("即時", schedule(INSTANT)),
        ("立即", schedule(INSTANT)),
        ("hourly", schedule(HOURLY)),
        ("every hour", schedule(HOURLY)),
        ("每小時", schedule(HOURLY)),
        ("每小时 平日", schedule(HOURLY, days=WORKING)),
        ("daily", schedule()),
        ("每天", schedule()),
        ("morning", schedule(DAILY, "08:00")),
        ("morning and evening", schedule(DAILY, "08:00", "18:00")),
        ("早上和晚上", schedule(DAILY, "08:00", "18:00")),
        ("08:00 18:30 mon-fri", schedule(DAILY, "08:00", "18:30", days=WORKING)),
        ("8, 18:30; Monday – Friday", schedule(DAILY, "08:00", "18:30", days=WORKING)),
        ("8am 6 pm", schedule(DAILY, "08:00", "18:00")),
        ("12am 12pm", schedule(DAILY, "00:00", "12:00")),
        ("24:00", schedule(DAILY, "00:00")),
        ("0800", None),
        ("9 weekend", schedule(DAILY, "09:00", days=(5, 6))),
        ("fri-mon 9", schedule(DAILY, "09:00", days=(0, 4, 5, 6))),
        ("mon wed 9", schedule(DAILY, "09:00", days=(0, 2))),
        ("mon-sun 9", schedule(DAILY, "09:00")),
        ("8點", schedule(DAILY, "08:00")),
        ("早上八點半", schedule(DAILY, "08:30")),
        ("晚上8點15分", schedule(DAILY, "20:15")),
        ("早上8点、下午6点半 周一至周五", schedule(DAILY, "08:00", "18:30", days=WORKING)),
        ("０８：００　星期六", schedule(DAILY, "08:00", days=(5,))),
        ("每天 十二點", schedule(DAILY, "12:00")),
        ("", None),
        ("and", None),
        ("25:00", None),
        ("8:60", None),
        ("13pm", None),
        ("08:00 sometimes", None),
        ("hourly 08:00", None),
        ("monkey 9", None),
        (" ".join(f"{hour}:00" for hour in range(MOST_TIMES + 1)), None),
    ],
)
def test_a_schedule_is_read(typed, expected):
    assert read_schedule(typed, Schedule()) == expected


def test_what_a_schedule_says_besides_stays():
    had = Schedule(cap=3, quiet=Quiet(time(23), time(7)), muted_until=NOW)
    new = read_schedule("hourly", had)
    assert (new.frequency, new.cap, new.quiet, new.muted_until) == (HOURLY, 3, had.quiet, NOW)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("23:00-07:00", (23, 7)),
        ("23-7", (23, 7)),
        ("11pm – 7am", (23, 7)),
        ("from 23 to 7", None),
        ("23 to 7", (23, 7)),
        ("２３：００～０７：００", (23, 7)),
        ("晚上11點到早上7點", (23, 7)),
        ("夜晚十一點至朝早七點", (23, 7)),
        ("13:00 14:00", (13, 14)),
        ("7-7", None),
        ("23", None),
        ("always", None),
        ("", None),
    ],
)
def test_quiet_hours_are_read(typed, expected):
    assert read_quiet(typed) == (Quiet(time(expected[0]), time(expected[1])) if expected else None)


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ("1h", 1),
        ("8", 8),
        ("2 days", 48),
        ("1d", 24),
        ("1w", 168),
        ("90 minutes", 1.5),
        ("1小時", 1),
        ("兩小时", 2),
        ("三天", 72),
        ("30分鐘", 0.5),
        ("1週", 168),
        ("一星期", 168),
        ("until 2026-03-14T20:00Z", 8),
        ("until 2026-03-14T20:00", 8),
        ("until 2026-03-14T11:00Z", None),
        ("until tomorrow", None),
        ("0h", None),
        ("400d", None),
        ("a while", None),
        ("", None),
    ],
)
def test_a_mute_is_read(typed, hours):
    assert read_mute(typed, NOW) == (NOW + timedelta(hours=hours) if hours else None)


@pytest.mark.parametrize(
    ("typed", "cap"),
    [("10", 10), ("10 an hour", 10), ("5/h", 5), ("0", None), ("-3", None), ("1001", None), ("ten", None), ("", None)],
)
def test_a_cap_is_read(typed, cap):
    assert read_cap(typed) == cap


clocks = st.builds(time, st.integers(0, 23), st.integers(0, 59))


@given(
    st.sampled_from(Frequency),
    st.sets(clocks, max_size=MOST_TIMES),
    st.sets(st.integers(0, 6), max_size=6),
    st.none() | st.tuples(clocks, clocks).filter(lambda it: it[0] != it[1]),
    st.datetimes(NOW.replace(tzinfo=None) + timedelta(minutes=1), NOW.replace(tzinfo=None) + timedelta(days=30)),
)
def test_what_is_written_is_read_as_the_same(frequency, times, days, quiet, until):
    chosen = Schedule(
        frequency=frequency,
        times=tuple(sorted(times)) if frequency is DAILY else (),
        weekdays=tuple(sorted(days)) if frequency is not INSTANT else (),
    )
    assert read_schedule(typed_schedule(chosen), Schedule()) == chosen
    hours = Quiet(*quiet) if quiet else None
    assert read_quiet(typed_quiet(hours)) == hours
    until = until.replace(second=0, microsecond=0, tzinfo=UTC)
    assert read_mute(typed_mute(until), NOW) == until


@given(st.text(max_size=60))
def test_any_text_is_read_or_not_without_a_fault(typed):
    read_schedule(typed, Schedule())
    read_quiet(typed)
    read_cap(typed)
    read_mute(typed, NOW)
