"""What a feed's past tells of when its next items come: by hour, weekday, minute and the last hours.

    from_bytes ─▶ Rhythm ─▶ learn(new items) ─▶ Rhythm ─▶ to_bytes
                    └────▶ forecast(now) ─▶ Forecast.rate, Forecast.minutes

All counts decay with age. A poll that brought nothing changes no count, yet tells something: the same counts are then
spread over more time.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

MINUTE, HOUR, DAY = 60, 3600, 86_400

_VERSION = 3
_MEMORY = 14 * DAY / math.log(2)  # mean life in seconds of what was learned: half of it is gone in two weeks
_ANCHOR_MOVES = DAY  # until then new items weigh more instead, so that rounding can't eat the decay
_OLDEST = 100 * DAY  # older dates would weigh less than a hundredth
_PINNED = 0.15  # of a document's oldest dates are not counted: pinned and pruned items would feign a long calm
_MOST_LATE = 10  # items of one poll with no usable date; a feed that renames all its items is no burst

_FIRST_GUESS = 1 / (3 * HOUR)  # items a second of a feed without history
_FIRST_WATCH = 1.5 * HOUR  # what that guess weighs: half an item
# Items to be expected before an hour of the day, a weekday or a minute is believed half of how it differs.
_LEAST_TRUST, _MOST_TRUST = 2.0, 50.0  # of the hours
_CHANCE = 0.75  # the variance of smoothed hours is 3/8 of their mean by chance, and more as items come in runs
_DAY_TRUST = 10.0
_MINUTE_TRUST = 40.0  # in all minutes together
_BURST_MEMORY = 2 * HOUR
_BURST_HOUR = math.exp(-HOUR / _BURST_MEMORY)  # what an hour leaves of it
_BURST_TRUST = 2.0  # items
_BURST_LOOKS_BACK = 6  # hours
_EXACT = 10 * MINUTE  # between two polls so close even an item without a date has its minute, more or less
# Of an item's weight in its own minute, and in the next ones: documents lag behind the dates of their items, and jobs
# run late. A poll that comes too early is so followed by another before long.
_TAIL = (0.5, 0.15, 0.1, 0.08, 0.06, 0.05, 0.03, 0.03)

_SOME = 0.5  # decayed items: one within the last two weeks
_SMALL, _LARGE = 1e-12, 1e11  # items a second; stored numbers

# As they are stored: the version, the times, the recent and the total count, and the shape, which plans are made of;
# then the counts by hour, weekday and minute, which only what is new changes.
_HEAD = struct.Struct("<B5d91e")
_COUNTS = struct.Struct("<91f")
_SIZE = _HEAD.size + _COUNTS.size
_NO_COUNTS = bytes(_COUNTS.size)
_SHAPE = 6  # where it begins
_HOURS, _DAYS, _MINUTES = slice(24), slice(24, 31), slice(31, 91)
_HIGHEST = 60_000.0  # of what two bytes hold


class Shape(NamedTuple):
    """The factors by which UTC hours, weekdays and minutes differ from the mean, as far as that can be believed."""

    hours: tuple[float, ...] = (1.0,) * 24
    days: tuple[float, ...] = (1.0,) * 7
    minutes: tuple[float, ...] = (1.0,) * 60


_EVEN = Shape()


class Forecast(NamedTuple):
    """The items to expect: `mean` a second, times the last hours' burst or calm, times the factors of the shape."""

    mean: float
    shape: Shape

    def rate(self, at: float) -> float:
        """Items a second expected in the hour of the Unix time `at`, seen from the time of the forecast."""
        return max(self.mean * self.shape.hours[int(at // HOUR) % 24] * self.shape.days[_weekday(at)], _SMALL)

    @property
    def minutes(self) -> tuple[float, ...]:
        """The factors of the minutes of an hour."""
        return self.shape.minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """Decayed counts of a feed's items by UTC hour, weekday (0 is Monday) and minute, in Unix seconds.

    Watched from `since` on. The counts and their `total` are weighed as of `anchor`, `recent` as of `last`, the newest
    item. `since` 0 means that nothing was learned yet. `shape` is what follows from the counts, which are kept packed:
    polls are planned a hundred times as often as something new is learned.
    """

    since: float = 0.0
    anchor: float = 0.0
    last: float = 0.0
    recent: float = 0.0
    total: float = 0.0
    shape: Shape = _EVEN
    counts: bytes = _NO_COUNTS

    @property
    def empty(self) -> bool:
        """Whether nothing was learned yet: then `learn` wants all dates of the document, not only the new items'."""
        return not self.since

    @property
    def hours(self) -> tuple[float, ...]:
        """The counts by UTC hour."""
        return _COUNTS.unpack(self.counts)[_HOURS]

    @property
    def days(self) -> tuple[float, ...]:
        """The counts by weekday."""
        return _COUNTS.unpack(self.counts)[_DAYS]

    @property
    def minutes(self) -> tuple[float, ...]:
        """The counts by minute."""
        return _COUNTS.unpack(self.counts)[_MINUTES]

    @classmethod
    def from_bytes(cls, stored: bytes) -> Rhythm:
        """Read what `to_bytes` wrote; anything else is an empty rhythm."""
        if len(stored) != _SIZE:
            return cls()
        numbers = _HEAD.unpack_from(stored)
        version, since, anchor, last, recent, total = numbers[:_SHAPE]
        # What is no number makes no sum.
        if version != _VERSION or not (0 < since <= anchor <= last and abs(sum(numbers)) < _LARGE):
            return cls()
        shape = numbers[_SHAPE:]
        return cls(
            since=since,
            anchor=anchor,
            last=last,
            recent=recent,
            total=total,
            shape=Shape(shape[_HOURS], shape[_DAYS], shape[_MINUTES]),
            counts=stored[_HEAD.size :],
        )

    def to_bytes(self) -> bytes:
        """587 bytes; none for an empty rhythm."""
        if self.empty:
            return b""
        numbers = (self.since, self.anchor, self.last, self.recent, self.total)
        return _HEAD.pack(_VERSION, *numbers, *self.shape.hours, *self.shape.days, *self.shape.minutes) + self.counts

    def learn(self, published: Collection[datetime | None], *, now: datetime, before: datetime | None = None) -> Rhythm:
        """The rhythm after a poll at `now` that brought items with these dates (None for no date).

        An empty rhythm is seeded with the dates of the whole document. Later only new items count, as they arrived: an
        item dated outside of (`before`, `now`], `before` being the poll before this one, arrived somewhere within.
        """
        if not published and not self.empty:
            return self
        end = now.timestamp()
        dates = [moment.timestamp() if moment else None for moment in published]
        if self.empty or self.last > end + DAY:  # that clock was wrong
            return _shaped(_seeded([date for date in dates if date is not None and date <= end], end), end)
        start = min(before.timestamp() if before else self.last, end)
        exact = sorted(date for date in dates if date is not None and start < date <= end)
        late = min(len(dates) - len(exact), _MOST_LATE)
        middle = (start + end) / 2
        learned = _add(self, [middle] * late, exact=end - start <= _EXACT)
        return _shaped(_add(learned, exact, exact=True), end)

    def forecast(self, now: datetime) -> Forecast:
        """What to expect from `now` on."""
        if self.empty:
            return Forecast(_FIRST_GUESS, self.shape)
        at = max(now.timestamp(), self.last, self.since + 1)  # clocks may be set back
        mean = self._mean(at, self._watched(at))
        return Forecast(mean * self._burst(at, mean), self.shape)

    def active_at(self, hour: int, *, now: datetime) -> bool:
        """Whether items do come in this UTC hour of the day."""
        return self.hours[hour] * self._fade(now.timestamp()) >= _SOME

    def active_on(self, weekday: int, *, now: datetime) -> bool:
        """Whether items do come on this UTC weekday (0 is Monday)."""
        return self.days[weekday] * self._fade(now.timestamp()) >= _SOME

    def _fade(self, at: float) -> float:
        """What the counts are to be multiplied by, for their age. Clocks may be set back."""
        return math.exp(min(self.anchor - at, 0.0) / _MEMORY)

    def _watched(self, at: float) -> float:
        """Seconds, those of long ago weighed as little as what they brought."""
        return _MEMORY * -math.expm1((self.since - at) / _MEMORY)

    def _mean(self, at: float, watched: float) -> float:
        return (self.total * self._fade(at) + _FIRST_GUESS * _FIRST_WATCH) / (watched + _FIRST_WATCH)

    def _hour_factors(self, at: float, watched: float, fade: float, mean: float) -> list[float]:
        """By the hour of the day, each smoothed with its neighbours."""
        first, newest = int(self.since // HOUR), int(at // HOUR)
        scale = watched / (newest - first + 1) * mean
        expected = [scale * turn for turn in _smooth(_turns(first, newest, 24))]
        came = [fade * count for count in _smooth(self.hours)]
        trust = _trust(came, expected)
        return [(count + trust) / (usual + trust) for count, usual in zip(came, expected, strict=True)]

    def _day_factors(self, at: float, watched: float, fade: float, mean: float) -> list[float]:
        first, newest = int(self.since // DAY) + 3, int(at // DAY) + 3  # 1970 began on a Thursday
        share = watched / (newest - first + 1) * mean
        return [
            (count * fade + _DAY_TRUST) / (share * turn + _DAY_TRUST)
            for count, turn in zip(self.days, _turns(first, newest, 7), strict=True)
        ]

    def _burst(self, at: float, mean: float) -> float:
        """How many times the usual came in the last hours."""
        hours, days = self.shape.hours, self.shape.days
        came = self.recent * math.exp((self.last - at) / _BURST_MEMORY)
        expected, weight = 0.0, 1.0
        newest = int(at // HOUR)
        before = math.exp((newest * HOUR - at) / _BURST_MEMORY)
        for hour in range(newest, newest - _BURST_LOOKS_BACK, -1):
            unwatched = hour * HOUR <= self.since
            if unwatched:
                before = math.exp((self.since - at) / _BURST_MEMORY)
            expected += hours[hour % 24] * days[(hour // 24 + 3) % 7] * (weight - before)
            if unwatched:
                break
            weight = before
            before *= _BURST_HOUR
        return (_BURST_TRUST + came) / (_BURST_TRUST + expected * mean * _BURST_MEMORY)


def _seeded(dates: Iterable[float], now: float) -> Rhythm:
    """A document's dates, watched from the oldest one that is probably not pinned."""
    moments = sorted(dates)
    if not moments:
        return Rhythm(since=now, anchor=now, last=now)
    skipped = max(1, int(len(moments) * _PINNED))
    since = max(moments[skipped - 1], now - _OLDEST)
    counted = [moment for moment in moments[skipped:] if moment > since]
    start = Rhythm(since=since, anchor=max(counted[-1] if counted else since, since), last=since)
    return _add(start, counted, exact=True)


def _shaped(rhythm: Rhythm, now: float) -> Rhythm:
    """With the shape that follows from the counts at that time."""
    at = max(now, rhythm.last, rhythm.since + 1)
    fade, watched = rhythm._fade(at), rhythm._watched(at)  # noqa: SLF001 - the same module
    mean = rhythm._mean(at, watched)  # noqa: SLF001
    factors = (
        rhythm._hour_factors(at, watched, fade, mean),  # noqa: SLF001
        rhythm._day_factors(at, watched, fade, mean),  # noqa: SLF001
        _minute_factors(rhythm.minutes, fade),
    )
    return replace(rhythm, shape=Shape(*(tuple(min(one, _HIGHEST) for one in some) for some in factors)))


def _add(rhythm: Rhythm, moments: Sequence[float], *, exact: bool) -> Rhythm:
    """Count items that came at these sorted times; only `exact` ones have a minute."""
    if not moments:
        return rhythm
    moved = _anchored(rhythm, moments[-1])
    hours, days, minutes = list(moved.hours), list(moved.days), list(moved.minutes)
    for moment in moments:
        weight = math.exp((moment - moved.anchor) / _MEMORY)
        hours[int(moment // HOUR) % 24] += weight
        days[_weekday(moment)] += weight
        if exact:
            for later, part in enumerate(_TAIL):
                minutes[(int(moment // MINUTE) + later) % 60] += weight * part
    last = max(rhythm.last, moments[-1])
    recent = rhythm.recent * math.exp((rhythm.last - last) / _BURST_MEMORY)
    recent += sum(math.exp((moment - last) / _BURST_MEMORY) for moment in moments)
    counts = _COUNTS.pack(*hours, *days, *minutes)
    return replace(moved, last=last, recent=recent, total=sum(hours), counts=counts)


def _anchored(rhythm: Rhythm, at: float) -> Rhythm:
    if at - rhythm.anchor < _ANCHOR_MOVES:
        return rhythm
    fade = math.exp((rhythm.anchor - at) / _MEMORY)
    counts = _COUNTS.pack(*(count * fade for count in _COUNTS.unpack(rhythm.counts)))
    return replace(rhythm, anchor=at, total=rhythm.total * fade, counts=counts)


def _weekday(at: float) -> int:
    return (int(at // DAY) + 3) % 7


def _turns(first: int, last: int, period: int) -> list[int]:
    """How many numbers from `first` to `last` are 0, 1, … modulo `period`."""
    whole, rest = divmod(last - first + 1, period)
    return [whole + ((place - first) % period < rest) for place in range(period)]


def _smooth(ring: Sequence[float]) -> list[float]:
    """The 24 hours, each averaged with its neighbours, which count half."""
    return [(ring[hour - 1] + 2 * ring[hour] + ring[hour - 23]) / 4 for hour in range(24)]


def _trust(came: Sequence[float], expected: Sequence[float]) -> float:
    """How many items it takes to believe an hour half, by how much more the hours differ than chance would have it.

    The method of moments for rates with a gamma distribution; chance alone gives a variance as large as the mean.
    """
    excess = sum((count - usual) ** 2 for count, usual in zip(came, expected, strict=True)) - _CHANCE * sum(expected)
    if excess <= 0:
        return _MOST_TRUST
    return min(max(sum(usual * usual for usual in expected) / excess, _LEAST_TRUST), _MOST_TRUST)


def _minute_factors(counts: Sequence[float], fade: float) -> list[float]:
    whole = sum(counts) * fade + _MINUTE_TRUST
    scale, guess = 60 * fade / whole, _MINUTE_TRUST / whole
    return [count * scale + guess for count in counts]
