"""When alerts are due: at once, in a digest, after quiet hours or a mute; by the clocks on the walls of any zone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.schedule import Due, due_of, is_quiet, next_digest, planned, zone_of
from bot.model import (
    Cap,
    ChatId,
    Choice,
    Frequency,
    Hold,
    NewDelivery,
    Quiet,
    Schedule,
    Urgency,
    Why,
    Wishes,
)

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
# Half and three quarter hours, clocks that change in both halves of the world, by half an hour, and at midnight.
ZONES = [
    "UTC",
    "Asia/Hong_Kong",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "America/New_York",
    "America/St_Johns",
    "America/Havana",
    "Africa/Cairo",
    "Asia/Beirut",
    "Europe/London",
    "No/Such_Place",
]


def local(text: str, zone: str = "Asia/Hong_Kong", fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


def due(now: str, zone: str = "Asia/Hong_Kong", **schedule: object) -> tuple[str, Hold | None]:
    """When it is due by the chat's clock."""
    found = due_of(Wishes(schedule=Schedule(**schedule), timezone=zone), (), local(now, zone))
    return f"{found.at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}", found.held_by


DAILY = {"frequency": Frequency.DAILY}
NIGHT = Quiet(time(23), time(7))


@pytest.mark.parametrize(
    ("now", "schedule", "expected"),
    [
        ("2026-03-02 12:34", {}, ("2026-03-02 12:34", None)),
        ("2026-03-02 07:59", DAILY, ("2026-03-02 08:00", Hold.DIGEST)),
        ("2026-03-02 08:01", DAILY, ("2026-03-03 08:00", Hold.DIGEST)),
        ("2026-03-02 08:01", DAILY | {"times": (time(8), time(18, 30))}, ("2026-03-02 18:30", Hold.DIGEST)),
        ("2026-03-06 19:00", DAILY | {"weekdays": (0, 1, 2, 3, 4)}, ("2026-03-09 08:00", Hold.DIGEST)),
        ("2026-03-02 08:01", DAILY | {"weekdays": (0,)}, ("2026-03-09 08:00", Hold.DIGEST)),
        ("2026-03-02 12:34", {"frequency": Frequency.HOURLY}, ("2026-03-02 13:00", Hold.DIGEST)),
        ("2026-03-02 13:00", {"frequency": Frequency.HOURLY}, ("2026-03-02 13:00", Hold.DIGEST)),
        ("2026-03-06 23:34", {"frequency": Frequency.HOURLY, "weekdays": (0,)}, ("2026-03-09 00:00", Hold.DIGEST)),
        ("2026-03-02 22:59", {"quiet": NIGHT}, ("2026-03-02 22:59", None)),
        ("2026-03-02 23:00", {"quiet": NIGHT}, ("2026-03-03 07:00", Hold.QUIET)),
        ("2026-03-02 06:59", {"quiet": NIGHT}, ("2026-03-02 07:00", Hold.QUIET)),
        ("2026-03-02 07:00", {"quiet": NIGHT}, ("2026-03-02 07:00", None)),
        ("2026-03-02 13:30", {"quiet": Quiet(time(13), time(14))}, ("2026-03-02 14:00", Hold.QUIET)),
        ("2026-03-02 23:30", {"frequency": Frequency.HOURLY, "quiet": NIGHT}, ("2026-03-03 07:00", Hold.DIGEST)),
        ("2026-03-02 09:00", DAILY | {"times": (time(6),), "quiet": NIGHT}, ("2026-03-03 07:00", Hold.DIGEST)),
        ("2026-03-02 09:00", DAILY | {"quiet": NIGHT}, ("2026-03-03 07:00", Hold.DIGEST)),  # its end is the morning
        ("2026-03-02 09:00", {"muted_until": local("2026-03-02 17:00")}, ("2026-03-02 17:00", Hold.MUTE)),
        ("2026-03-02 17:01", {"muted_until": local("2026-03-02 17:00")}, ("2026-03-02 17:01", None)),
        ("2026-03-02 07:00", DAILY | {"muted_until": local("2026-03-02 17:00")}, ("2026-03-03 08:00", Hold.DIGEST)),
        (
            "2026-03-02 09:00",
            {"muted_until": local("2026-03-03 01:00"), "quiet": NIGHT},
            ("2026-03-03 07:00", Hold.MUTE),
        ),
    ],
)
def test_an_alert_is_due(now, schedule, expected):
    assert due(now, **schedule) == expected


@pytest.mark.parametrize(
    ("now", "zone", "schedule", "expected"),
    [
        # 02:30 is left out in New York on 8 March 2026: it comes an hour later.
        ("2026-03-08 00:30", "America/New_York", DAILY | {"times": (time(2, 30),)}, "2026-03-08 03:30"),
        # 01:30 comes twice in London on 25 October 2026: it counts the first time.
        ("2026-10-25 00:30", "Europe/London", DAILY | {"times": (time(1, 30),)}, "2026-10-25 01:30"),
        ("2026-10-25 03:30", "Europe/London", DAILY | {"times": (time(1, 30),)}, "2026-10-26 01:30"),
        ("2026-03-28 23:30", "Europe/London", {"quiet": Quiet(time(23), time(7))}, "2026-03-29 07:00"),
        # The end is left out: the quiet hours last as much longer.
        ("2026-03-29 00:30", "Europe/London", {"quiet": Quiet(time(23), time(1, 30))}, "2026-03-29 02:30"),
        ("2026-03-02 12:20", "Asia/Kathmandu", {"frequency": Frequency.HOURLY}, "2026-03-02 13:00"),
        ("2026-03-02 12:20", "Asia/Kolkata", {"frequency": Frequency.HOURLY}, "2026-03-02 13:00"),
        # A Monday's morning on the other side of the date line.
        ("2026-03-01 23:00", "Pacific/Kiritimati", DAILY | {"weekdays": (0,)}, "2026-03-02 08:00"),
        ("2026-03-02 07:00", "Pacific/Pago_Pago", DAILY | {"weekdays": (0,)}, "2026-03-02 08:00"),
    ],
)
def test_clocks_that_change_and_zones_between_full_hours_are_right(now, zone, schedule, expected):
    assert due(now, zone, **schedule)[0] == expected


def test_a_time_that_comes_twice_is_one_digest():
    daily = Schedule(frequency=Frequency.DAILY, times=(time(1, 30),))
    first = next_digest(daily, "Europe/London", local("2026-10-25 00:00", "Europe/London"))
    assert next_digest(daily, "Europe/London", first + timedelta(minutes=1)) - first == DAY + HOUR


NOON = local("2026-03-02 12:00")
DIGEST, INSTANT = Choice(urgency=Urgency.DIGEST), Choice(urgency=Urgency.INSTANT)
MUTED = Choice(muted_until=NOON + 3 * HOUR)
MORNING = local("2026-03-03 08:00")


def of(keywords, *, feed=None, asked=("a",), **schedule):
    wishes = Wishes(
        schedule=Schedule(**schedule),
        timezone="Asia/Hong_Kong",
        feed=feed or Choice(),
        keywords=tuple(keywords.items()),
    )
    return due_of(wishes, asked, NOON)


def test_a_keyword_has_its_own_way():
    assert of({"a": DIGEST}) == Due(MORNING, Hold.DIGEST)
    assert of({"a": INSTANT}, **DAILY) == Due(NOON)
    assert of({"a": MUTED}) == Due(NOON + 3 * HOUR, Hold.ASIDE)
    assert of({"a": INSTANT}, quiet=Quiet(time(12), time(13))) == Due(NOON + HOUR, Hold.QUIET)


def test_of_several_keywords_the_most_immediate_decides():
    assert of({"a": DIGEST}, asked=("a", "b")) == Due(NOON)
    assert of({"a": DIGEST, "b": MUTED}, asked=("a", "b")) == Due(NOON + 3 * HOUR, Hold.ASIDE)


def test_a_feed_has_its_own_way_unless_the_keyword_has_another():
    assert of({}, feed=DIGEST) == Due(MORNING, Hold.DIGEST)
    assert of({}, feed=INSTANT, asked=(), **DAILY) == Due(NOON)
    assert of({"a": INSTANT}, feed=DIGEST) == Due(NOON)
    assert of({"a": INSTANT}, feed=MUTED) == Due(NOON + 3 * HOUR, Hold.ASIDE)


def test_an_alert_that_is_due_at_once_counts_toward_the_cap_of_its_hour():
    now = local("2026-03-02 22:20")
    wishes = Wishes(schedule=Schedule(cap=3, quiet=NIGHT), timezone="Asia/Hong_Kong")
    assert planned(NewDelivery(chat=ChatId(1)), wishes, now).cap == Cap(
        3, local("2026-03-02 22:00"), local("2026-03-03 07:00")
    )
    night = planned(NewDelivery(chat=ChatId(1)), wishes, local("2026-03-02 23:20"))
    assert (night.held_by, night.cap) == (Hold.QUIET, None)


def test_who_wished_nothing_gets_all_at_once():
    delivery = NewDelivery(chat=ChatId(1), why=(Why(keyword="a", matched=()),))
    assert planned(delivery, None, NOON) is delivery


moments = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)).map(lambda it: it.replace(tzinfo=UTC))  # noqa: DTZ001
clocks = st.builds(time, st.integers(0, 23), st.integers(0, 59))
choices = st.builds(Choice, urgency=st.sampled_from(Urgency))
schedules = st.builds(
    Schedule,
    frequency=st.sampled_from(Frequency),
    times=st.lists(clocks, max_size=4, unique=True).map(tuple),
    weekdays=st.lists(st.integers(0, 6), max_size=7, unique=True).map(tuple),
    quiet=st.none() | st.builds(Quiet, clocks, clocks),
    cap=st.integers(0, 20),
)
wishes_of = st.builds(Wishes, schedule=schedules, timezone=st.sampled_from(ZONES), feed=choices)


@given(wishes_of, moments)
def test_whatever_was_chosen_nothing_comes_in_quiet_hours_or_too_late_or_before_it_was_made(wishes, now):
    found = due_of(wishes, (), now)
    schedule = wishes.schedule
    assert found.at >= now
    assert not is_quiet(schedule.quiet, found.at.astimezone(zone_of(wishes.timezone)).time())
    # A day of 25 hours, and the quiet hours after it.
    bound = (7 * DAY if schedule.weekdays else DAY) + HOUR + (DAY + HOUR if schedule.quiet else timedelta())
    assert found.at - now <= bound
    assert found.held_by or found.at == now


@given(schedules, st.sampled_from(ZONES[:-1]), moments)
def test_each_time_of_a_daily_digest_comes_once_a_day(schedule, zone, now):
    schedule = replace(schedule, frequency=Frequency.DAILY, quiet=None)
    found, moment = [], now
    while moment < now + 8 * DAY:
        moment = next_digest(schedule, zone, moment)
        found.append(moment.astimezone(ZoneInfo(zone)))
        moment += timedelta(microseconds=1)
    times = schedule.times or (time(8),)
    by_day = {}
    for each in found:
        by_day.setdefault(each.date(), []).append(each)
    for day in sorted(by_day)[1:-1]:
        assert not schedule.weekdays or day.weekday() in schedule.weekdays
        # Two of them can become one where the clock is put forward.
        assert len(by_day[day]) <= len(times)
        assert {each.time() for each in by_day[day]} <= set(times) or each_moved(day, zone)
    if not any(each_moved(day, zone) for day in by_day):
        assert all(len(by_day[day]) == len(times) for day in sorted(by_day)[1:-1])


def each_moved(day, zone: str) -> bool:
    """Whether the clock is put forward or back on that day."""
    at = [datetime.combine(day + timedelta(days=n), time(), tzinfo=ZoneInfo(zone)).utcoffset() for n in (0, 1)]
    return at[0] != at[1]


@given(schedules, st.sampled_from(ZONES), moments)
def test_hourly_digests_come_at_full_hours(schedule, zone, now):
    schedule = replace(schedule, frequency=Frequency.HOURLY, quiet=None)
    found = next_digest(schedule, zone, now)
    assert found.astimezone(zone_of(zone)).minute == 0
