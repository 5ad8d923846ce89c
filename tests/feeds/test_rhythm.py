"""A rhythm tells from a feed's past when its next items come, and is never worse for few or absurd dates."""

import math
import struct
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.cadence import Cadence, plan_poll
from bot.feeds.rhythm import Rhythm

NOW = datetime(2026, 2, 4, 12, tzinfo=UTC)  # a Wednesday
MINUTE, HOUR, DAY, WEEK = (timedelta(**{unit: 1}) for unit in ("minutes", "hours", "days", "weeks"))
MOMENTS = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001 - the zone is beside


CLOCK = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the same


def hourly(rhythm: Rhythm, at: datetime, *, now: datetime = NOW) -> float:
    return rhythm.forecast(now).rate(at.timestamp()) * 3600


def seeded(dates: list[datetime], now: datetime = NOW) -> Rhythm:
    return Rhythm().learn(dates, now=now)


def every(gap: timedelta, count: int, until: datetime = NOW) -> list[datetime]:
    return [until - number * gap for number in range(count)]


@pytest.mark.parametrize("gap", [5 * MINUTE, HOUR, 6 * HOUR])
def test_a_steady_feed_is_expected_at_its_pace(gap):
    rhythm = seeded(every(gap, 100))
    daily = sum(hourly(rhythm, NOW + hour * HOUR) for hour in range(24))
    assert daily == pytest.approx(DAY / gap, rel=0.4)


def test_a_feed_of_which_nothing_is_known_gets_a_cautious_guess():
    assert Rhythm().empty
    assert 0.05 < hourly(Rhythm(), NOW) < 2
    assert 0.05 < hourly(seeded([]), NOW) < 2


def test_silence_lowers_what_is_expected():
    rhythm = seeded(every(10 * MINUTE, 50))
    after = [hourly(rhythm, NOW + gap, now=NOW + gap) for gap in (MINUTE, 3 * HOUR, 2 * DAY, 8 * WEEK)]
    assert after == sorted(after, reverse=True)
    assert after[0] > 2.5 * after[1]
    assert after[-1] < 0.2


def test_a_burst_raises_what_is_expected_for_some_hours():
    calm = seeded(every(6 * HOUR, 60))
    burst = calm.learn(every(MINUTE, 8, NOW + 8 * MINUTE), now=NOW + 8 * MINUTE, before=NOW)
    soon, later = NOW + 10 * MINUTE, NOW + 10 * HOUR
    assert hourly(burst, soon, now=soon) > 3 * hourly(calm, soon, now=soon)
    assert hourly(burst, later, now=later) < 2 * hourly(calm, later, now=later)


def test_the_usual_hours_and_weekdays_are_known():
    mornings = [
        NOW - day * DAY - 4 * HOUR + minute * 7 * MINUTE
        for day in range(28)
        for minute in range(6)
        if (NOW - day * DAY).weekday() < 5
    ]
    rhythm = seeded(mornings)
    tomorrow = NOW + DAY
    morning, night = tomorrow.replace(hour=8), tomorrow.replace(hour=22)
    saturday = morning + 2 * DAY
    assert hourly(rhythm, morning) > 5 * hourly(rhythm, night)
    assert hourly(rhythm, morning) > 1.8 * hourly(rhythm, saturday)


def test_a_day_of_watching_does_not_condemn_the_hours_that_were_not_watched():
    rhythm = seeded(every(10 * MINUTE, 20))  # since 9 o'clock today
    assert hourly(rhythm, NOW + 9 * HOUR) == pytest.approx(hourly(rhythm, NOW), rel=0.5)


def test_a_feed_that_keeps_to_a_minute_is_known_for_it():
    minutes = seeded([moment.replace(minute=30) for moment in every(HOUR, 200)]).forecast(NOW).minutes
    assert minutes[30] > 20
    assert max(minutes[:30]) < 1
    assert sum(minutes) / 60 == pytest.approx(1)


def test_old_habits_fade():
    once = seeded(every(10 * MINUTE, 100, NOW - 8 * WEEK), NOW - 8 * WEEK)
    now_rare = once.learn(every(WEEK, 8)[:-1], now=NOW, before=NOW - 8 * WEEK)
    assert hourly(now_rare, NOW + DAY, now=NOW + DAY) < 0.3


def test_pinned_items_do_not_feign_a_calm():
    busy = every(10 * MINUTE, 40)
    pinned = [NOW - 90 * DAY, NOW - 60 * DAY, NOW - 30 * DAY]
    assert hourly(seeded(busy + pinned), NOW) == pytest.approx(hourly(seeded(busy), NOW), rel=0.2)


def test_dates_to_come_tell_nothing():
    dates = every(HOUR, 30)
    assert seeded(dates + [NOW + number * HOUR for number in range(1, 99)]) == seeded(dates)


def test_items_dated_outside_of_the_time_between_two_polls_came_within_it():
    rhythm, before = seeded(every(6 * HOUR, 20, NOW - HOUR), NOW - HOUR), NOW - HOUR
    middle = rhythm.learn([None], now=NOW, before=before)
    assert middle.last == (NOW - HOUR / 2).timestamp()
    for date in (NOW - 9 * DAY, NOW + 9 * DAY, datetime(1, 1, 1, tzinfo=UTC), before):
        assert rhythm.learn([date], now=NOW, before=before) == middle
    assert middle.minutes == rhythm.minutes  # nobody knows the minute


def test_an_item_without_a_date_has_its_minute_if_the_last_poll_was_just_before():
    rhythm = seeded([])
    learned = rhythm.learn([None], now=NOW + 2 * MINUTE, before=NOW)
    assert max(learned.minutes) == learned.minutes[1] == pytest.approx(0.5, rel=0.01)
    assert sum(learned.minutes) == pytest.approx(1, rel=0.01)


def test_without_the_last_poll_the_newest_item_bounds_the_time():
    rhythm = seeded(every(HOUR, 9))
    assert rhythm.learn([None], now=NOW + HOUR).last == (NOW + HOUR / 2).timestamp()


def test_a_feed_that_renames_all_its_items_is_no_burst():
    rhythm = seeded(every(HOUR, 30))
    now = NOW + 10 * MINUTE
    renamed = rhythm.learn(every(DAY, 500, NOW - DAY), now=now, before=NOW)
    assert sum(renamed.hours) - sum(rhythm.hours) == pytest.approx(10, rel=0.01)


def test_a_poll_that_brought_nothing_leaves_the_rhythm_as_it_is():
    rhythm = seeded(every(HOUR, 9))
    assert rhythm.learn([], now=NOW + HOUR, before=NOW) == rhythm


def test_a_busy_feeds_counts_settle_though_each_poll_rounds_them():
    rhythm, before = seeded(every(5 * MINUTE, 50)), NOW
    for _ in range(28 * 24):
        now = before + HOUR
        dates = [before + minute * MINUTE for minute in range(5, 61, 5)]
        rhythm = Rhythm.from_bytes(rhythm.learn(dates, now=now, before=before).to_bytes())
        before = now
    assert hourly(rhythm, before, now=before) == pytest.approx(12, rel=0.1)


def test_what_was_learned_by_a_clock_far_ahead_is_learned_anew():
    ahead = seeded(every(HOUR, 30, NOW + 400 * DAY), NOW + 400 * DAY)
    assert hourly(ahead, NOW) > 0
    assert ahead.active_at(12, now=NOW - 90 * 365 * DAY)
    assert ahead.learn(every(DAY, 9), now=NOW, before=None) == seeded(every(DAY, 9))


def test_hours_and_days_with_items_are_told_from_those_without():
    rhythm = seeded([NOW - number * WEEK for number in range(6)])
    assert [hour for hour in range(24) if rhythm.active_at(hour, now=NOW)] == [12]
    assert [day for day in range(7) if rhythm.active_on(day, now=NOW)] == [2]
    assert not rhythm.active_at(12, now=NOW + 30 * WEEK)


LAYOUT = struct.Struct("<B5d91e91f")  # version; times, recent and total count; shape; counts
VERSION = 3
TIMES = [1e9, 1.5e9, 1.6e9]
NUMBERS = [*TIMES, *[1.0] * 184]
READABLE = LAYOUT.pack(VERSION, *NUMBERS)


def with_number(place: int, number: float) -> bytes:
    return LAYOUT.pack(VERSION, *NUMBERS[:place], number, *NUMBERS[place + 1 :])


@pytest.mark.parametrize(
    "stored",
    [
        *(b"", b"3", b"2 1 2 3", READABLE[:-1], READABLE + b"\0", b"\xff" * LAYOUT.size, bytes(LAYOUT.size)),
        *(LAYOUT.pack(version, *NUMBERS) for version in (0, 2, 4)),
    ],
)
def test_what_cannot_be_read_is_an_empty_rhythm(stored):
    assert not Rhythm.from_bytes(READABLE).empty
    assert Rhythm.from_bytes(stored) == Rhythm()


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("place", [0, 1, 2, 3, 4, 5, 60, 95])
def test_what_is_no_number_in_what_plans_are_made_of_is_an_empty_rhythm(place, number):
    assert Rhythm.from_bytes(with_number(place, number)) == Rhythm()


@pytest.mark.parametrize(("place", "number"), [(0, 0.0), (0, -1.0), (0, 1.7e9), (2, 1e9), (3, 1e300), (4, 1e300)])
def test_times_in_disorder_or_huge_numbers_are_an_empty_rhythm(place, number):
    assert Rhythm.from_bytes(with_number(place, number)) == Rhythm()


@given(st.binary(max_size=700))
def test_no_bytes_are_an_error(stored):
    assert isinstance(Rhythm.from_bytes(stored), Rhythm)


ANY_COUNT = st.floats(-9e8, 9e8, width=32) | st.sampled_from([math.nan, math.inf, -math.inf])


@given(
    st.lists(st.floats(1, 9e9), min_size=3, max_size=3).map(sorted),
    st.lists(st.floats(-9e8, 9e8), min_size=2, max_size=2),
    st.lists(st.floats(-60_000, 60_000, width=16), min_size=91, max_size=91),
    st.lists(ANY_COUNT, min_size=91, max_size=91),
    CLOCK,
)
def test_nothing_that_can_be_read_breaks_a_plan(times, totals, shape, counts, now):
    rhythm = Rhythm.from_bytes(LAYOUT.pack(VERSION, *times, *totals, *shape, *counts))
    assert rhythm.last == times[2]
    learned = rhythm.learn([now, None], now=now, before=now - DAY)
    for one in (rhythm, Rhythm.from_bytes(learned.to_bytes())):
        assert 0 < one.forecast(now).rate(now.timestamp()) < math.inf
        after = plan_poll(one, now=now, cadence=Cadence(), jitter=0.5) - now
        assert Cadence().shortest <= after <= Cadence().longest + MINUTE


@given(st.lists(st.none() | MOMENTS, max_size=40), st.lists(st.none() | MOMENTS, max_size=9), CLOCK, CLOCK)
def test_any_dates_give_a_finite_rate_and_what_is_stored_reads_back(first, later, before, now):
    rhythm = Rhythm().learn(first, now=before).learn(later, now=now, before=before)
    stored = rhythm.to_bytes()
    assert len(stored) == LAYOUT.size
    assert Rhythm.from_bytes(stored).to_bytes() == stored
    assert 0 < rhythm.forecast(now).rate(now.timestamp()) < math.inf
