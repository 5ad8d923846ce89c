"""When to poll a feed again: soon for active ones, later for quiet ones, ever later for failing ones."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

GONE = timedelta(days=3650)  # a feed that said it ended; resubscribing makes it due

_POLLS_A_GAP = 10  # an item is then seen, on average, after a twentieth of the usual time between two
_POLLS_A_SILENCE = 240  # two and a half days of silence slow a busy feed down to a quarter of an hour
_NEWEST = 20  # items that tell the pace
_FEWEST = 3
_SPREAD = 0.1  # feeds subscribed together drift apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadence:
    """The bounds. `shortest` to `longest` for feeds that work; failing ones grow to `failing`, then to `dead`.

    `patience` is after how many failures in a row a feed counts as dead rather than as ill.
    """

    shortest: timedelta = timedelta(seconds=60)
    unknown: timedelta = timedelta(minutes=3)
    longest: timedelta = timedelta(minutes=15)
    failing: timedelta = timedelta(hours=1)
    dead: timedelta = timedelta(hours=24)
    patience: int = 24


def learned_interval(
    published: Collection[datetime],
    *,
    now: datetime,
    cadence: Cadence,
    before: timedelta | None = None,
    ttl: timedelta | None = None,
) -> timedelta:
    """The time between two polls that a feed's own pace asks for.

    `published` are the dates of its items (those in the future tell nothing), `before` the interval so far, kept while
    there are too few dates. `ttl` can only shorten it: most feeds state an hour that their editors never thought of.
    """
    newest = sorted((moment for moment in published if moment <= now), reverse=True)[:_NEWEST]
    if len(newest) < _FEWEST:
        wanted = before or cadence.unknown
    else:
        gaps = [(later - earlier).total_seconds() for later, earlier in pairwise(newest)]
        pace = timedelta(seconds=median(gaps)) / _POLLS_A_GAP
        wanted = max(pace, (now - newest[0]) / _POLLS_A_SILENCE)
    if ttl is not None:
        wanted = min(wanted, ttl)
    return min(max(wanted, cadence.shortest), max(cadence.longest, cadence.shortest))


def next_poll(
    interval: timedelta, *, now: datetime, cadence: Cadence, jitter: float, max_age: timedelta | None = None
) -> datetime:
    """When to poll a feed that works. `max_age` is how long a cache would give the same answer; `jitter` in [0, 1)."""
    fresh = min(max_age or timedelta(), max(cadence.longest, cadence.shortest))
    return now + max(interval, fresh) * (1 + _SPREAD * jitter)


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
