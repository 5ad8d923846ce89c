"""When to poll a feed again: as soon as enough items are to be expected of it, and ever later while it fails.

Many feeds share the polls that there are. Items wait least on the mean when a feed is polled in proportion to the
square root of its rate (Cho and Garcia-Molina, "Effective page refresh policies for Web crawlers", 2003); a somewhat
steeper power serves the median item better, at little cost to the mean. The rate changes by the hour, and even by the
minute, so the interval is not set beforehand: a poll is due as soon as the items expected since the last one are as
many as that hour's rate would bring in that hour's interval.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from bot.feeds.rhythm import HOUR, MINUTE, Forecast, Rhythm

GONE = timedelta(days=3650)  # a feed that said it ended; resubscribing makes it due

_SPREAD = 0.1  # feeds subscribed together drift apart
_MOST_SPREAD = 30  # seconds; more would miss the minute that a feed keeps to
_STEEPNESS = 0.6  # of the polls by the rate; 1/2 is best for the mean (`python -m bench.cadence` tells)
_HOT = 2.5  # times the usual: the items of such a minute are fetched when it is over
_WEEK = 7 * 24  # hours


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadence:
    """The bounds. `shortest` to `longest` for feeds that work; failing ones grow to `failing`, then to `dead`.

    `pace` is the time between two polls of a feed with one item an hour; three items an hour halve it. `fresh` is the
    longest that a cache's lifetime holds a poll back. `patience` is after how many failures in a row a feed counts as
    dead rather than as ill.
    """

    shortest: timedelta = timedelta(seconds=60)
    pace: timedelta = timedelta(seconds=460)
    longest: timedelta = timedelta(hours=1)
    fresh: timedelta = timedelta(minutes=15)
    failing: timedelta = timedelta(hours=1)
    dead: timedelta = timedelta(hours=24)
    patience: int = 24


def next_try(
    failures: int, *, now: datetime, cadence: Cadence, jitter: float, retry_after: timedelta | None = None
) -> datetime:
    """When to poll a feed that failed `failures` times in a row (1 or more), not before `retry_after`.

    Exponential backoff to `failing`; from `patience` on, to `dead`. `jitter` in [0, 1) spreads it by half.
    """
    step, limit, start = failures - 1, cadence.failing, cadence.shortest
    if failures >= cadence.patience:
        step, limit, start = failures - cadence.patience, cadence.dead, cadence.failing
    wait = min(start * (1 << min(step, 20)), limit) * (0.75 + 0.5 * jitter)
    asked = min(retry_after or timedelta(), cadence.dead)
    return now + max(wait, asked)


def is_dead(failures: int, cadence: Cadence) -> bool:
    """Whether a feed failed so often in a row that its chats should hear of it."""
    return failures >= cadence.patience


def plan_poll(
    rhythm: Rhythm,
    *,
    now: datetime,
    cadence: Cadence,
    jitter: float,
    ttl: timedelta | None = None,
    max_age: timedelta | None = None,
    skip_hours: AbstractSet[int] = frozenset(),
    skip_days: AbstractSet[int] = frozenset(),
) -> datetime:
    """When to poll a feed that works.

    `max_age` is how long a cache would give the same answer. `ttl`, what the feed says of itself, is believed only
    while its rhythm is empty: what feeds state is mostly their software's default. `skip_hours` (0 to 23) and
    `skip_days` (0 is Monday), both UTC, are kept unless items do come in them; they alone can defer a poll beyond
    `longest`. `jitter` is in [0, 1).
    """
    shortest = cadence.shortest.total_seconds()
    longest = max(cadence.longest.total_seconds(), shortest)
    if rhythm.empty and ttl:
        wait = ttl.total_seconds()
    else:
        pace = cadence.pace.total_seconds()
        wait = _worthwhile(rhythm.forecast(now), now.timestamp(), pace=pace, shortest=shortest, longest=longest)
    if max_age:
        wait = max(wait, min(max_age, cadence.fresh).total_seconds())
    wait = min(max(wait, shortest), longest)
    wait += jitter * min(wait * _SPREAD, _MOST_SPREAD)
    planned = now + timedelta(seconds=wait)
    return _outside(planned, rhythm, now, skip_hours, skip_days) if skip_hours or skip_days else planned


def _worthwhile(forecast: Forecast, start: float, *, pace: float, shortest: float, longest: float) -> float:
    """Seconds from `start` until enough items are to be expected for a poll to be worth its while."""
    at, end, came = start, start + longest, 0.0
    while at < end:
        until = min((at // HOUR + 1) * HOUR, end)
        rate = forecast.rate(at)
        lacking = pace / HOUR * (rate * HOUR) ** (1 - _STEEPNESS) - came
        come = rate * _weighed(forecast.minutes, at, until)
        if come >= lacking and until >= start + shortest:
            return max(_moment(forecast.minutes, at, until, lacking / rate) - start, shortest)
        at, came = until, came + come
    return longest


def _weighed(minutes: Sequence[float], at: float, until: float) -> float:
    """The seconds from `at` to `until`, which lie in one hour, each counted as often as its minute's factor says."""
    first, last = int(at // MINUTE), math.ceil(until / MINUTE)
    place, end = first % 60, first % 60 + last - first
    spare = (at - first * MINUTE) * minutes[place] + (last * MINUTE - until) * minutes[end - 1]
    return sum(minutes[place:end]) * MINUTE - spare


def _moment(minutes: Sequence[float], at: float, until: float, lacking: float) -> float:
    """When, from `at` to `until` in one hour, the weighed seconds reach `lacking`; after a minute that is hot."""
    first = int(at // MINUTE)
    place = first % 60
    # Counted from the start of the first minute, as its factor and all others' are.
    wanted = max(lacking, 0.0) / MINUTE + (at / MINUTE - first) * minutes[place]
    sums = list(accumulate(minutes[place:]))
    after = bisect_left(sums, wanted)
    if after == len(sums):
        return until
    factor = minutes[place + after]
    minute = first + after
    if factor > _HOT:
        return min((minute + 1) * MINUTE, until)
    before = sums[after - 1] if after else 0.0
    return min((minute + (wanted - before) / factor) * MINUTE, until)


def _outside(
    planned: datetime, rhythm: Rhythm, now: datetime, skip_hours: AbstractSet[int], skip_days: AbstractSet[int]
) -> datetime:
    """The first time from `planned` on that the feed does not ask to skip; `planned` if it asks to skip all."""
    hours = {hour for hour in skip_hours if not rhythm.active_at(hour, now=now)}
    days = {day for day in skip_days if not rhythm.active_on(day, now=now)}
    moment = planned.astimezone(UTC)
    for _ in range(_WEEK):
        if moment.hour not in hours and moment.weekday() not in days:
            return moment
        moment = moment.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return planned
