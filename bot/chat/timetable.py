"""Reads the times that people type ("08:00 18:30 mon-fri", "23-7", "每小時", "8h"), and writes them for people.

Whatever is written by the `typed_…` functions is read as what it was written from; so undo lines are command lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from bot.chat.chinese_times import chinese_times
from bot.chat.schedule import MORNING
from bot.model import Frequency, Quiet, Schedule

MOST_TIMES = 12
MOST_CAP = 1000
LONGEST_MUTE = timedelta(days=31)  # what waits keeps its items, and nobody reads a month at once
NOON, EVENING = time(12), time(18)
USUAL_MUTES = (
    ("1h", timedelta(hours=1)),
    ("8h", timedelta(hours=8)),
    ("1d", timedelta(days=1)),
    ("7d", timedelta(days=7)),
)
OFF_WORDS = frozenset({"off", "no", "none", "0", "關", "关", "關閉", "关闭", "無", "无"})

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WORKING, _WEEKEND, _ALL = (0, 1, 2, 3, 4), (5, 6), tuple(range(7))
_DAY_WORDS = {
    **dict.fromkeys(("weekdays", "workdays"), _WORKING),
    **dict.fromkeys(("weekend", "weekends"), _WEEKEND),
}
_TIME_WORDS = {"morning": MORNING, "mornings": MORNING, "noon": NOON, "evening": EVENING, "evenings": EVENING}
_INSTANT = frozenset({"instant", "now", "immediately"})
_HOURLY = frozenset({"hourly", "hour"})
_DAILY = frozenset({"daily", "everyday"})
_FILLERS = frozenset({"and", "at", "every", "on", "the", "to", "in", "&"})
_CLOCK = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?h?(am|pm)?")
_RANGE = re.compile(r"\s*(?:-|–|—|~|〜|～|到|至|to)\s*")
_SPAN = re.compile(r"(\d{1,4})\s*(m|min|mins|minutes?|h|hours?|d|days?|w|weeks?)?")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_NOON_HOUR = 12


def read_schedule(typed: str, had: Schedule) -> Schedule | None:
    """The schedule with what was typed of its digests; None where that can't be read."""
    words = [word for word in _words(typed) if word not in _FILLERS]
    times: list[time] = []
    days: list[int] = []
    frequency: Frequency | None = None
    for word in words:
        if word in _INSTANT:
            frequency = Frequency.INSTANT
        elif word in _HOURLY:
            frequency = Frequency.HOURLY
        elif found := _days(word):
            days += found
        elif word in _DAILY:
            continue  # that is what it is without other words
        elif (at := _time(word)) is not None:
            times.append(at)
        else:
            return None
    if not words or (times and frequency) or len(set(times)) > MOST_TIMES:
        return None
    chosen = tuple(sorted(set(days)))
    return replace(
        had,
        frequency=frequency or Frequency.DAILY,
        times=tuple(sorted(set(times))),
        weekdays=() if chosen == _ALL or frequency is Frequency.INSTANT else chosen,
    )


def read_quiet(typed: str) -> Quiet | None:
    """The hours that were typed, such as "23:00-07:00" or "23 7"; None where they can't be read."""
    text = _RANGE.sub(" ", chinese_times(typed).casefold())
    ends = [_time(word) for word in _words(text) if word not in _FILLERS]
    if len(ends) != 2 or None in ends or ends[0] == ends[1]:  # noqa: PLR2004 - a beginning and an end
        return None
    begin, end = ends
    return Quiet(begin, end) if begin is not None and end is not None else None


def read_cap(typed: str) -> int | None:
    """The number of alerts an hour that was typed; None where it can't be read."""
    digits = typed.strip().split("/")[0].split(" ")[0]
    cap = int(digits) if digits.isascii() and digits.isdecimal() and len(digits) <= len(str(MOST_CAP)) else 0
    return cap if 1 <= cap <= MOST_CAP else None


def read_mute(typed: str, now: datetime) -> datetime | None:
    """Until when to mute: for a span such as "8h", "2 days" or "1小時", or "until" a moment as `typed_mute` writes it.
    None where it can't be read, is over or too long."""
    word, _, rest = typed.strip().casefold().partition(" ")
    if word == "until":
        return _within(_moment(rest), now)
    found = _SPAN.fullmatch(chinese_times(typed).casefold().strip())
    if found is None:
        return None
    return _within(now + int(found[1]) * _UNITS[(found[2] or "h")[0]], now)


def typed_schedule(schedule: Schedule) -> str:
    """The digests of a schedule as one would type them."""
    if schedule.frequency is Frequency.INSTANT:
        return "instant"
    times = [clock(each) for each in schedule.times]
    first = ["hourly"] if schedule.frequency is Frequency.HOURLY else times or ["daily"]
    return " ".join((*first, *(f"{_DAYS[a]}-{_DAYS[b]}" if a != b else _DAYS[a] for a, b in runs(schedule.weekdays))))


def typed_quiet(quiet: Quiet | None) -> str:
    """Quiet hours as one would type them."""
    return f"{clock(quiet.begin)}-{clock(quiet.end)}" if quiet else "off"


def typed_mute(until: datetime | None) -> str:
    """A mute as it is typed to have it again."""
    return f"until {until.astimezone(UTC):%Y-%m-%dT%H:%M}Z" if until else "off"


def clock(at: time) -> str:
    """A time of day, as it stands on walls everywhere here."""
    return at.isoformat("minutes")


def runs(days: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Days of the week as runs of days that follow one another: first and last of each."""
    run: list[int] = []
    for day in sorted(days):
        if run and day != run[-1] + 1:
            yield run[0], run[-1]
            run = []
        run.append(day)
    if run:
        yield run[0], run[-1]


def _words(typed: str) -> list[str]:
    text = chinese_times(typed).casefold()
    text = re.sub(r"[,;+/]", " ", text)
    text = re.sub(r"\s*(?:-|–|—)\s*", "-", text)
    return re.sub(r"(\d)\s+(am|pm)\b", r"\1\2", text).split()


def _time(word: str) -> time | None:
    if word in _TIME_WORDS:
        return _TIME_WORDS[word]
    found = _CLOCK.fullmatch(word)
    if found is None:
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if half and not 1 <= hour <= _NOON_HOUR:
        return None
    if half:
        hour = hour % _NOON_HOUR + (_NOON_HOUR if half == "pm" else 0)
    return _valid(hour, minute)


def _valid(hour: int, minute: int) -> time | None:
    try:
        return time(hour % 24 if minute == 0 and hour == 24 else hour, minute)  # noqa: PLR2004 - people say 24:00
    except ValueError:
        return None


def _days(word: str) -> tuple[int, ...]:
    """The days of the week that a word names."""
    if word in _DAY_WORDS:
        return _DAY_WORDS[word]
    first, dash, last = word.partition("-")
    begin, end = _day(first), _day(last)
    if begin is None or (dash and end is None):
        return ()
    if end is None:
        return (begin,)
    return tuple((begin + step) % 7 for step in range((end - begin) % 7 + 1))


def _day(word: str) -> int | None:
    name = word[:3]
    whole = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    if len(name) < 3 or name not in _DAYS or not (whole[_DAYS.index(name)] + "s").startswith(word):  # noqa: PLR2004
        return None
    return _DAYS.index(name)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text.strip().upper())
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _within(until: datetime | None, now: datetime) -> datetime | None:
    return until if until and now < until <= now + LONGEST_MUTE + timedelta(minutes=1) else None
