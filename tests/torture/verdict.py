"""What a run proved, or failed to: lost, repeated, crossed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from tests.support.arrivals import Arrival, Arrivals, Cause
from tests.torture.world import say


@dataclass(frozen=True, slots=True)
class Verdict:
    """The figures, and what of them is over a bar."""

    figures: list[tuple[str, object]]
    faults: list[str]


def judge(arrivals: Arrivals, due: Collection[tuple[str, int]], cause: Cause, *, most: int = 1) -> Verdict:
    """Nothing lost, nothing repeated on Discord, no more than `most` repeated on Telegram for each cause, order kept in
    each chat."""
    missing, crossed, repeats = arrivals.missing(due), arrivals.crossed(), arrivals.repeats()
    telegram = [pair for pair in repeats if pair[0].chat.startswith("telegram")]
    discord = [pair for pair in repeats if pair[0].chat.startswith("discord")]
    causes = Counter(cause(*pair) for pair in telegram)
    faults = [
        *_fault("lost", sorted(missing)),
        *_fault("repeated on Discord", [_pair(*one) for one in discord]),
        *_fault("repeated on Telegram for no cause", [_pair(*one) for one in telegram if not cause(*one)]),
        *_fault("causes of too many repeats", [one for one in causes.items() if one[0] and one[1] > most]),
        *_fault("crossed within their chat", [_one(one) for one in crossed]),
    ]
    figures: list[tuple[str, object]] = [
        ("alerts due", len(due)),
        ("arrived", len(arrivals.told.keys() & set(due))),
        ("lost", len(missing)),
        ("repeated on Telegram", len(telegram)),
        ("most repeats by one cause", max(causes.values(), default=0)),
        ("repeated on Discord", len(discord)),
        ("crossed within their chat", len(crossed)),
    ]
    return Verdict(figures, faults)


def conclude(verdict: Verdict) -> int:
    """Print a verdict; answers the exit code, 1 when a bar was missed."""
    width = max(len(name) for name, _ in verdict.figures)
    for name, figure in verdict.figures:
        say(f"  {name:<{width}}  {figure}")
    for fault in verdict.faults:
        say("  MISSED:", fault)
    say("  missed" if verdict.faults else "  all bars held")
    return int(bool(verdict.faults))


def _fault(what: str, which: Collection[object]) -> list[str]:
    return [f"{what}: {len(which)}, such as {list(which)[:5]}"] if which else []


def _pair(first: Arrival, again: Arrival) -> str:
    return f"{_one(first)}, again {_one(again)}"


def _one(arrival: Arrival) -> str:
    return f"{arrival.chat} item {arrival.item} by {arrival.run} at {arrival.at:.2f}"
