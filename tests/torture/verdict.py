"""What a run proved, or failed to: lost, repeated, crossed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from tests.support.arrivals import Arrival, Arrivals, by_kill


@dataclass(frozen=True, slots=True)
class Verdict:
    """The figures, and what of them is over a bar."""

    figures: list[tuple[str, object]]
    faults: list[str]


def judge(
    arrivals: Arrivals, due: Collection[tuple[str, int]], blows: Mapping[str, float], *, most: int = 1
) -> Verdict:
    """Nothing lost, nothing repeated on Discord, no more than `most` repeated on Telegram for each run that was dealt a
    blow (killed, at a time), order kept in each chat."""
    missing, crossed = arrivals.missing(due), arrivals.crossed()
    repeats = arrivals.repeats()
    telegram = [pair for pair in repeats if pair[0].chat.startswith("telegram")]
    discord = [pair for pair in repeats if pair[0].chat.startswith("discord")]
    due_to, unexplained = by_kill(telegram, blows)
    faults = [
        *_fault("lost", sorted(missing)),
        *_fault("repeated on Discord", [_pair(one) for one in discord]),
        *_fault("repeated on Telegram without a kill", [_pair(one) for one in unexplained]),
        *_fault("kills with more repeats than one", [one for one in due_to.items() if one[1] > most]),
        *_fault("crossed within their chat", [_one(one) for one in crossed]),
    ]
    worst = Counter(due_to.values())
    figures = [
        ("due", len(due)),
        ("arrived", len(arrivals.told.keys() & set(due))),
        ("lost", len(missing)),
        ("repeated on Telegram", f"{len(telegram)} (by kill: {dict(sorted(worst.items()))})"),
        ("repeated on Discord", len(discord)),
        ("crossed within their chat", len(crossed)),
    ]
    return Verdict(figures, faults)


def _fault(what: str, which: Collection[object]) -> list[str]:
    some = list(which)[:5]
    return [f"{what}: {len(which)}, such as {some}"] if which else []


def _pair(pair: tuple[Arrival, Arrival]) -> str:
    return f"{_one(pair[0])}, again {_one(pair[1])}"


def _one(arrival: Arrival) -> str:
    return f"{arrival.chat} item {arrival.item} by {arrival.run} at {arrival.at:.2f}"
