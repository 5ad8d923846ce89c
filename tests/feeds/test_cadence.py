"""Active feeds are polled often, quiet ones seldom, failing ones ever less."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.cadence import Cadence, learned_interval, next_poll, next_try

NOW = datetime(2026, 2, 3, 12, tzinfo=UTC)
CADENCE = Cadence()
MINUTE = timedelta(minutes=1)
FIRST, LAST = (datetime(year, 1, 1) for year in (1990, 2100))  # noqa: DTZ001 - Hypothesis takes bounds without a zone


def every(gap: timedelta, count: int = 10) -> list[datetime]:
    return [NOW - number * gap for number in range(count)]


@pytest.mark.parametrize(
    ("gap", "interval"),
    [(MINUTE, MINUTE), (10 * MINUTE, MINUTE), (60 * MINUTE, 6 * MINUTE), (timedelta(days=7), 15 * MINUTE)],
)
def test_the_interval_follows_the_pace_of_publication(gap, interval):
    assert learned_interval(every(gap), now=NOW, cadence=CADENCE) == interval


def test_a_busy_feed_that_fell_silent_is_asked_less_often():
    silent = [moment - timedelta(days=30) for moment in every(MINUTE)]
    assert learned_interval(silent, now=NOW, cadence=CADENCE) == CADENCE.longest


def test_too_few_dates_keep_the_interval():
    assert learned_interval(every(MINUTE, 2), now=NOW, cadence=CADENCE) == CADENCE.unknown
    assert learned_interval([], now=NOW, cadence=CADENCE, before=7 * MINUTE) == 7 * MINUTE


def test_dates_to_come_tell_nothing():
    ahead = [NOW + moment * MINUTE for moment in range(1, 9)]
    assert learned_interval(ahead, now=NOW, cadence=CADENCE) == CADENCE.unknown


def test_ttl_can_only_shorten():
    assert learned_interval(every(60 * MINUTE), now=NOW, cadence=CADENCE, ttl=2 * MINUTE) == 2 * MINUTE
    assert learned_interval(every(60 * MINUTE), now=NOW, cadence=CADENCE, ttl=600 * MINUTE) == 6 * MINUTE


def test_an_answer_that_stays_fresh_is_not_asked_for_again_but_for_a_bounded_time():
    wait = {
        age: next_poll(MINUTE, now=NOW, cadence=CADENCE, jitter=0, max_age=age and age * MINUTE) - NOW
        for age in (None, 5, 600)
    }
    assert wait == {None: MINUTE, 5: 5 * MINUTE, 600: CADENCE.longest}


def test_failures_back_off_to_an_hour_and_after_a_day_of_them_to_a_day():
    waits = [next_try(n, now=NOW, cadence=CADENCE, jitter=0.5) - NOW for n in (1, 2, 3, 10, 23, 24, 25, 30, 9999)]
    hours = [timedelta(hours=hours) for hours in (1, 1, 1, 2, 24, 24)]
    assert waits == [MINUTE, 2 * MINUTE, 4 * MINUTE, *hours]


def test_retry_after_is_a_floor_with_a_ceiling():
    assert next_try(1, now=NOW, cadence=CADENCE, jitter=0, retry_after=5 * MINUTE) == NOW + 5 * MINUTE
    assert next_try(1, now=NOW, cadence=CADENCE, jitter=0, retry_after=timedelta(days=7)) == NOW + CADENCE.dead


@given(
    st.lists(st.datetimes(min_value=FIRST, max_value=LAST, timezones=st.just(UTC)), max_size=30),
    st.none() | st.timedeltas(timedelta(), timedelta(days=7)),
    st.floats(0, 1, exclude_max=True),
    st.integers(1, 100_000),
)
def test_the_next_poll_is_always_within_the_bounds(published, hint, jitter, failures):
    interval = learned_interval(published, now=NOW, cadence=CADENCE, before=hint, ttl=hint)
    assert CADENCE.shortest <= interval <= CADENCE.longest
    after = next_poll(interval, now=NOW, cadence=CADENCE, jitter=jitter, max_age=hint) - NOW
    assert CADENCE.shortest <= after <= CADENCE.longest * 1.1
    retry = next_try(failures, now=NOW, cadence=CADENCE, jitter=jitter, retry_after=hint) - NOW
    assert 0.75 * CADENCE.shortest <= retry <= 1.25 * CADENCE.dead
