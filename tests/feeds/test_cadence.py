"""Active feeds are polled often, quiet ones seldom, failing ones ever less."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.cadence import Cadence, is_dead, next_try, plan_poll
from bot.feeds.rhythm import Rhythm

NOW = datetime(2026, 2, 3, 12, tzinfo=UTC)
CADENCE = Cadence()
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
STEADY = [NOW - number * HOUR - number % 60 * MINUTE for number in range(1, 400)]  # no hour, no minute stands out
FIRST, LAST = (datetime(year, 1, 1) for year in (1990, 2100))  # noqa: DTZ001 - Hypothesis takes bounds without a zone


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
    after = plan_poll(rhythm_of(published), now=NOW, cadence=CADENCE, jitter=jitter, max_age=hint, ttl=hint) - NOW
    assert CADENCE.shortest <= after <= CADENCE.longest * 1.1
    retry = next_try(failures, now=NOW, cadence=CADENCE, jitter=jitter, retry_after=hint) - NOW
    assert 0.75 * CADENCE.shortest <= retry <= 1.25 * CADENCE.dead


def rhythm_of(dates: list[datetime], now: datetime = NOW) -> Rhythm:
    return Rhythm().learn(dates, now=now)


def wait(rhythm: Rhythm, *, now: datetime = NOW, cadence: Cadence = CADENCE, jitter: float = 0.0, **hints) -> timedelta:
    return plan_poll(rhythm, now=now, cadence=cadence, jitter=jitter, **hints) - now


def test_a_feed_with_an_item_an_hour_is_polled_at_the_pace():
    assert CADENCE.pace / 1.5 < wait(rhythm_of(STEADY)) < CADENCE.pace * 1.5
    slow = Cadence(longest=HOUR, pace=2 * CADENCE.pace)
    assert wait(rhythm_of(STEADY), cadence=slow) / wait(rhythm_of(STEADY)) == pytest.approx(2, rel=0.2)


def test_more_items_mean_more_polls_but_not_in_proportion():
    times_nine = [moment + part * 6 * MINUTE for moment in STEADY for part in range(9)]
    ratio = wait(rhythm_of(STEADY)) / wait(rhythm_of(times_nine))
    assert 3 < ratio < 9


def test_intervals_are_long_at_night_and_short_in_the_usual_hours():
    day = NOW.replace(hour=0)
    office = [
        day - number * DAY + hour * HOUR + minute * 7 * MINUTE
        for number in range(1, 29)
        for hour in range(8, 16)
        for minute in range(8)
    ]
    rhythm = rhythm_of(office, day)
    night, evening, morning = (wait(rhythm, now=day + hour * HOUR) for hour in (2, 20, 8))
    assert night > 4 * morning
    assert evening > 2 * morning
    assert day + 6 * HOUR + wait(rhythm, now=day + 6 * HOUR) < day + 9 * HOUR


@pytest.mark.parametrize("lag", [0, 2, 5, 12, 25])
def test_a_feed_that_keeps_to_a_minute_is_met_then_even_if_its_document_comes_later_than_its_dates(lag):
    """An item each hour, dated :00. After twelve days most are fetched within two minutes."""
    late = lag * MINUTE
    dates = [NOW + hour * HOUR for hour in range(-20, 14 * 24)]
    now = before = NOW + 30 * MINUTE
    rhythm, ahead, delays = rhythm_of(dates[:20], now), dates[21:], []
    while ahead:
        now = plan_poll(rhythm, now=before, cadence=CADENCE, jitter=0.5)
        new = [date for date in ahead if date + late <= now]
        delays += [now - date - late for date in new]
        rhythm, before, ahead = rhythm.learn(new, now=now, before=before), now, ahead[len(new) :]
    assert sorted(delays[12 * 24 :])[24] <= 2 * MINUTE


def test_a_feed_without_history_is_polled_as_its_ttl_says_and_a_known_one_as_its_items_say():
    assert wait(Rhythm(), ttl=20 * MINUTE) == 20 * MINUTE
    assert wait(Rhythm(), ttl=DAY) == CADENCE.longest
    assert wait(Rhythm(), ttl=timedelta(seconds=1)) == CADENCE.shortest
    assert CADENCE.shortest < wait(Rhythm()) < 30 * MINUTE
    assert wait(rhythm_of(STEADY), ttl=DAY) == wait(rhythm_of(STEADY), ttl=MINUTE) == wait(rhythm_of(STEADY))


def test_a_cache_that_would_give_the_same_answer_is_not_asked_for_a_bounded_time():
    busy = rhythm_of([NOW - number * MINUTE for number in range(100)])
    assert wait(busy) < 3 * MINUTE
    assert wait(busy, max_age=5 * MINUTE) == 5 * MINUTE
    assert wait(busy, max_age=DAY) == CADENCE.fresh
    assert wait(busy, max_age=DAY, cadence=Cadence(longest=4 * MINUTE)) == 4 * MINUTE


def test_jitter_spreads_polls_by_half_a_minute_at_most():
    quiet, busy = Rhythm(), rhythm_of([NOW - number * MINUTE for number in range(100)])
    assert timedelta() < wait(busy, jitter=0.99) - wait(busy) < wait(busy) / 10
    assert wait(quiet, jitter=0.99) - wait(quiet) == timedelta(seconds=30 * 0.99)


def test_hours_and_days_that_a_feed_asks_to_skip_are_skipped():
    assert NOW + wait(Rhythm(), skip_hours={12, 13, 14}) == NOW.replace(hour=15)
    assert NOW + wait(Rhythm(), skip_days={1, 2}) == NOW.replace(hour=0) + 2 * DAY
    assert NOW + wait(Rhythm(), skip_hours={*range(24)} - {3}, skip_days={2}) == NOW.replace(hour=3) + 2 * DAY
    assert wait(Rhythm(), skip_hours={5}, skip_days={6}) == wait(Rhythm())


def test_a_feed_that_asks_to_skip_all_or_the_hours_of_its_own_items_is_polled_all_the_same():
    assert wait(Rhythm(), skip_hours=set(range(24))) == wait(Rhythm())
    noon = rhythm_of([NOW - number * DAY + MINUTE for number in range(1, 29)])
    assert NOW + wait(noon, skip_hours={12}, skip_days={1}) <= NOW + CADENCE.longest


def test_a_feed_is_dead_after_so_many_failures_in_a_row():
    assert [is_dead(failures, Cadence(patience=3)) for failures in (0, 2, 3, 99)] == [False, False, True, True]


@given(
    st.lists(st.datetimes(min_value=FIRST, max_value=LAST, timezones=st.just(UTC)), max_size=30),
    st.datetimes(min_value=FIRST, max_value=LAST, timezones=st.just(UTC)),
    st.none() | st.timedeltas(timedelta(), 7 * DAY),
    st.floats(0, 1, exclude_max=True),
    st.sampled_from([1, 60, 900, 3600, 86_400]),
    st.sampled_from([1, 60, 1800]),
)
def test_a_planned_poll_is_always_within_the_bounds(dates, now, hint, jitter, longest, shortest):
    cadence = Cadence(shortest=timedelta(seconds=shortest), longest=timedelta(seconds=longest))
    for rhythm in (Rhythm(), rhythm_of(dates, now)):
        after = wait(rhythm, now=now, cadence=cadence, jitter=jitter, ttl=hint, max_age=hint)
        assert cadence.shortest <= after <= max(cadence.longest, cadence.shortest) * 1.1


@given(
    st.sets(st.integers(0, 23)),
    st.sets(st.integers(0, 6)),
    st.datetimes(min_value=FIRST, max_value=LAST, timezones=st.just(UTC)),
)
def test_skipped_hours_defer_a_poll_by_a_week_at_most(hours, days, now):
    planned = now + wait(Rhythm(), now=now, skip_hours=hours, skip_days=days)
    assert now < planned < now + 8 * DAY
    if len(hours) < 24 and len(days) < 7:
        assert planned.hour not in hours
        assert planned.weekday() not in days
