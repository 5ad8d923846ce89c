"""How long items wait for a poll, and how many polls that takes: our cadence against other rules, on the same past.

    python -m bench.cadence [FOLDER…]

A folder holds feed documents, or snapshots of one feed named by their time (2026-01-31T235959+0000.xml). Each document
with ten dated items or more is replayed over its own span, a week at most. Without a folder a made-up population is.

An item published at t is seen at the first poll from t on. Figures are for one day of all feeds side by side, however
long each was replayed: an item of a feed with 100 a day counts 100 times as much as one of a feed with one a day.
"warm": the first half of the dates is known at the start. "cold": a new subscription, 20 dates at most.

Miniflux's rules, as of its version 2.2: round robin polls every SCHEDULER_ROUND_ROBIN_MIN_INTERVAL (60 min); entry
frequency every week / (items of a week * factor), 5 min to 24 h, the items of a week being reckoned from the mean gap
between those of the last seven days. It takes `ttl` and cache headers as a least interval; they are left out here, for
every rule. "scaled" is the same rule with its interval or factor set so that it polls as often as ours.
"""

from __future__ import annotations

import argparse
import math
import random
import statistics
import sys
import time
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from bot.errors import NotAFeed
from bot.feeds.cadence import Cadence, plan_poll
from bot.feeds.parse import parse
from bot.feeds.rhythm import Rhythm

MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0
SPAN = 7 * DAY
FEWEST = 10
A_DOCUMENT = 20
START = 1_767_571_200.0  # a Monday
OURS = Cadence(longest=timedelta(hours=1))

Dates = list[float]
Feeds = dict[str, Dates]


class Policy(Protocol):
    """Told at each poll the dates of the items that are new; answers the seconds until the next."""

    def wait(self, new: Sequence[float], now: float) -> float: ...


Rule = Callable[[], Policy]


class Ours:
    def __init__(self, cadence: Cadence) -> None:
        self.cadence, self.random = cadence, random.Random(1)
        self.rhythm = Rhythm()
        self.before: datetime | None = None

    def wait(self, new: Sequence[float], now: float) -> float:
        at = datetime.fromtimestamp(now, UTC)
        if new or self.rhythm.empty:
            dates = [datetime.fromtimestamp(date, UTC) for date in new]
            self.rhythm = self.rhythm.learn(dates, now=at, before=self.before)
        self.before = at
        planned = plan_poll(self.rhythm, now=at, cadence=self.cadence, jitter=self.random.random())
        return (planned - at).total_seconds()


@dataclass
class Fixed:
    interval: float

    def wait(self, new: Sequence[float], now: float) -> float:  # noqa: ARG002 - the same for all
        return self.interval


class EntryFrequency:
    def __init__(self, factor: float = 1, *, shortest: float = 5 * MINUTE, longest: float = DAY) -> None:
        self.factor, self.shortest, self.longest = factor, shortest, longest
        self.dates: Dates = []

    def wait(self, new: Sequence[float], now: float) -> float:
        self.dates += new
        week = self.dates[bisect_right(self.dates, now - 7 * DAY) :]
        if len(week) < 2 or week[0] == week[-1]:
            return self.longest
        count = math.ceil(7 * DAY * (len(week) - 1) / (week[-1] - week[0]))
        return min(max(7 * DAY / (count * self.factor), self.shortest), self.longest)


class TenthOfGap:
    """Diting's first rule: a tenth of the median gap of 20 items, one to fifteen minutes, slower in a silence."""

    def __init__(self) -> None:
        self.dates: Dates = []
        self.before, self.random = 3 * MINUTE, random.Random(1)

    def wait(self, new: Sequence[float], now: float) -> float:
        self.dates = (self.dates + list(new))[-20:]
        if len(self.dates) >= 3:
            gaps = [later - earlier for earlier, later in zip(self.dates, self.dates[1:], strict=False)]
            self.before = max(statistics.median(gaps) / 10, (now - self.dates[-1]) / 240)
        self.before = min(max(self.before, MINUTE), 15 * MINUTE)
        return self.before * (1 + 0.1 * self.random.random())


@dataclass(frozen=True)
class Outcome:
    """One feed under one policy. `polls` and `share`, the weight of an item, are for a day."""

    delays: Dates
    polls: float
    share: float


@dataclass(frozen=True)
class Figures:
    """Delays in minutes; `feeds` is the median over feeds of their median delay. Polls for a feed and a day."""

    polls: float
    median: float
    mean: float
    p90: float
    feeds: float


def replay(dates: Dates, first: int, rule: Rule, *, seed: int) -> Outcome:
    """Poll from a moment after item number `first` to the last item, or for a week."""
    policy = rule()
    now = start = dates[first] + random.Random(seed).random() * 10 * MINUTE
    end, seen, polls, delays = min(dates[-1], start + SPAN), bisect_right(dates, now), 1, []
    now += policy.wait(dates[:seen], now)
    while now <= end or (seen < len(dates) and dates[seen] <= end):
        upto = bisect_right(dates, now)
        new = dates[seen:upto]
        delays += [now - date for date in new if date <= end]
        polls += now <= end
        seen = upto
        now += policy.wait(new, now)
    days = max(end - start, 1.0) / DAY
    return Outcome(delays, polls / days, 1 / days)


def first_item(dates: Dates, *, warm: bool) -> int:
    """The item at which a replay starts: the later half of the past, or, cold, nearly all of it."""
    if warm:
        return max(len(dates) // 2, bisect_right(dates, dates[-1] - SPAN))
    return min(A_DOCUMENT, len(dates) // 4)


def usable(dates: Dates) -> bool:
    """Enough items, over enough time, that both replays have some."""
    return len(dates) >= FEWEST and all(
        dates[-1] - dates[first_item(dates, warm=warm)] > 2 * HOUR for warm in (True, False)
    )


def figures(feeds: Feeds, rule: Rule, *, warm: bool) -> Figures:
    outcomes = []
    for seed, dates in enumerate(feeds.values()):
        first = first_item(dates, warm=warm)
        past = dates if warm else dates[max(0, first - A_DOCUMENT) :]
        outcomes.append(replay(past, first - (len(dates) - len(past)), rule, seed=seed))
    weighed = sorted((delay, each.share) for each in outcomes for delay in each.delays)
    whole = sum(share for _, share in weighed)
    return Figures(
        polls=statistics.mean(each.polls for each in outcomes),
        median=quantile(weighed, whole / 2) / MINUTE,
        mean=sum(delay * share for delay, share in weighed) / whole / MINUTE,
        p90=quantile(weighed, whole * 0.9) / MINUTE,
        feeds=statistics.median(statistics.median(each.delays) for each in outcomes if each.delays) / MINUTE,
    )


def quantile(weighed: Sequence[tuple[float, float]], upto: float) -> float:
    for delay, share in weighed:
        upto -= share
        if upto <= 0:
            return delay
    return weighed[-1][0]


def scaled(
    feeds: Feeds, rule: Callable[[float], Rule], polls: float, *, warm: bool, low: float = 0.5, high: float = 300
) -> Figures:
    """The figures of the rule whose parameter, between `low` (fewer polls) and `high`, gives as many polls."""
    for _ in range(9):
        middle = math.sqrt(low * high)
        found = figures(feeds, rule(middle), warm=warm)
        if abs(found.polls / polls - 1) < 0.01:
            break
        low, high = (middle, high) if found.polls < polls else (low, middle)
    return found


def ours(cadence: Cadence) -> Rule:
    return lambda: Ours(cadence)


def by_pace(eagerness: float) -> Rule:
    return ours(replace(OURS, pace=timedelta(hours=1) / eagerness))


def by_factor(shortest: float) -> Callable[[float], Rule]:
    return lambda factor: lambda: EntryFrequency(factor, shortest=shortest)


def compare(feeds: Feeds, *, warm: bool, wholly: bool) -> Iterator[tuple[str, Figures]]:
    """Each policy's figures, by name; `wholly` with those that only set off the others."""
    fixed = figures(feeds, lambda: Fixed(10 * MINUTE), warm=warm)
    own = figures(feeds, ours(OURS), warm=warm)
    yield "fixed 10 min", fixed
    yield "Diting", own
    if wholly:
        yield "Diting, as many polls as fixed 10 min", scaled(feeds, by_pace, fixed.polls, warm=warm, low=1, high=60)
        yield "Diting before, a tenth of the gap", figures(feeds, TenthOfGap, warm=warm)
        yield "Miniflux round robin, 60 min", figures(feeds, lambda: Fixed(60 * MINUTE), warm=warm)
    yield "Miniflux round robin, scaled", figures(feeds, lambda: Fixed(DAY / own.polls), warm=warm)
    if wholly:
        yield "Miniflux entry frequency", figures(feeds, EntryFrequency, warm=warm)
    yield "Miniflux entry frequency, scaled", scaled(feeds, by_factor(5 * MINUTE), own.polls, warm=warm)
    if wholly:
        yield "  and 1 min at the least", scaled(feeds, by_factor(MINUTE), own.polls, warm=warm)


# A made-up population: each kind is several feeds of differing activity.


def moments(source: random.Random, rate: Callable[[float], float], peak: float, days: float) -> Dates:
    """A Poisson process with `rate` items a second, at most `peak`."""
    now, found = START, []
    while (now := now + source.expovariate(peak)) < START + days * DAY:
        if source.random() * peak < rate(now):
            found.append(now)
    return found


def newsroom(source: random.Random, daily: float, days: float = 28, weekend: float = 0.6) -> Dates:
    """Busy by day, at some place on earth, and less so at the weekend."""
    offset = source.choice([-8, -5, 0, 1, 5.5, 8, 9]) * HOUR

    def rate(at: float) -> float:
        hour, day = (at + offset) % DAY / HOUR, (at + offset - START) // DAY % 7
        awake = max(0.0, math.sin((hour - 6) / 17 * math.pi)) if hour >= 6 else 0.0
        return daily / DAY * (0.15 + 1.7 * awake) * (weekend if day >= 5 else 1)

    return moments(source, rate, daily / DAY * 1.85, days)


def on_the_clock(source: random.Random) -> Dates:
    """Written by a job: at the same minute of every hour, or every few, one item or several."""
    every, share, minute = source.choice([1, 1, 2, 3]), source.choice([0.5, 0.8, 1]), source.choice([0, 0, 15, 30])
    times = (START + hour * HOUR + minute * MINUTE for hour in range(0, 28 * 24, every) if source.random() < share)
    return sorted(at + source.uniform(0, 20) for at in times for _ in range(source.choice([1, 1, 2, 4])))


def in_bursts(source: random.Random) -> Dates:
    """Something happens, and four items follow, ten minutes from one to the next."""
    found = []
    for at in newsroom(source, source.choice([2, 5, 10])):
        found.append(at)
        while source.random() < 0.75:
            found.append(found[-1] + source.expovariate(1 / (10 * MINUTE)))
    return sorted(found)


def made_up(seed: int) -> dict[str, Feeds]:
    source = random.Random(seed)
    kinds: dict[str, list[Dates]] = {
        "newsrooms": [newsroom(source, source.choice([40, 80, 120, 200])) for _ in range(5)],
        "weekday agencies": [newsroom(source, source.choice([10, 25, 60]), weekend=0.02) for _ in range(4)],
        "jobs on the clock": [on_the_clock(source) for _ in range(4)],
        "bursts": [in_bursts(source) for _ in range(4)],
        "quiet blogs": [newsroom(source, source.choice([0.15, 0.3, 0.7, 1.5, 3]), days=120) for _ in range(12)],
    }
    return {kind: {f"{kind} {n}": dates for n, dates in enumerate(feeds)} for kind, feeds in kinds.items()}


# Real feeds.


def taken_at(path: Path) -> float | None:
    """When a snapshot was taken, by its name."""
    try:
        return datetime.strptime(path.stem, "%Y-%m-%dT%H%M%S%z").timestamp()
    except ValueError:
        return None


def of_document(path: Path) -> dict[str, float]:
    if path.stat().st_size < 1000:  # room for no ten items
        return {}
    try:
        items = parse(path.read_bytes(), url="https://feed.example/").items
    except NotAFeed:
        return {}
    return {item.guid or item.url: item.published.timestamp() for item in items if item.published}


def of_snapshots(paths: list[Path]) -> Dates:
    """The dates of the items that came within a day of them; others are no measure of when they came."""
    first: dict[str, tuple[float, float]] = {}
    for path in sorted(paths, key=lambda path: taken_at(path) or 0.0):
        for key, date in of_document(path).items():
            first.setdefault(key, (date, taken_at(path) or 0.0))
    return sorted(date for date, taken in first.values() if 0 <= taken - date < DAY)


def real(folders: Sequence[str]) -> dict[str, Feeds]:
    """Histories stand each by itself, the documents of a folder together."""
    sources: dict[str, Feeds] = {}
    for folder in folders:
        documents: Feeds = {}
        snapshots: dict[Path, list[Path]] = {}
        for path in sorted(path for path in Path(folder).rglob("*") if path.is_file()):
            if taken_at(path) is not None:
                snapshots.setdefault(path.parent, []).append(path)
            else:
                documents[str(path)] = sorted(set(of_document(path).values()))
        for parent, paths in snapshots.items():
            sources[parent.name] = {parent.name: of_snapshots(paths)}
        sources[f"documents of {Path(folder).name}"] = documents
    return sources


def report(name: str, feeds: Feeds, *, wholly: bool) -> None:
    for warm in (True, False):
        heading = f"{name}: {len(feeds)} feeds, {'warm' if warm else 'cold'}"
        print(f"\n{heading:42} median    mean     p90  by feed   polls")
        for policy, each in compare(feeds, warm=warm, wholly=wholly):
            row = f"{each.median:7.2f} {each.mean:7.2f} {each.p90:7.2f} {each.feeds:8.2f} {each.polls:7.1f}"
            print(f"  {policy:38} {row}", flush=True)


def main(folders: Sequence[str], seed: int) -> None:
    began = time.perf_counter()
    sources = real(folders) if folders else made_up(seed)
    kept = {name: {key: dates for key, dates in feeds.items() if usable(dates)} for name, feeds in sources.items()}
    kept = {name: feeds for name, feeds in kept.items() if feeds}
    if not kept:
        sys.exit("no feed with ten dated items over some hours")
    print("Minutes from publication to poll; polls are for a feed and a day.")
    for name, feeds in kept.items():
        report(name, feeds, wholly=len(kept) == 1)
    if len(kept) > 1:
        everything = {key: dates for feeds in kept.values() for key, dates in feeds.items()}
        report("all together", everything, wholly=True)
        names = list(everything)
        report("every other feed", {key: everything[key] for key in names[::2]}, wholly=False)
        report("the rest", {key: everything[key] for key in names[1::2]}, wholly=False)
    print(f"\n({time.perf_counter() - began:.0f} s)")


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folders", nargs="*", metavar="FOLDER")
    arguments.add_argument("--seed", type=int, default=1, help="of the made-up population")
    given = arguments.parse_args()
    main(given.folders, given.seed)
