"""A meter for tests."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import timedelta

from bot.model import Platform


@dataclass
class Counts:
    """A Meter that can be read: `seen` by event and outcome, and `times` by event; what took time counts as seen."""

    seen: Counter[tuple[str, str]] = field(default_factory=Counter)
    times: defaultdict[str, list[timedelta]] = field(default_factory=lambda: defaultdict(list))

    def count(self, event: str, outcome: str, by: int = 1, *, platform: Platform | None = None) -> None:
        self.seen[event, outcome] += by

    def took(self, event: str, time: timedelta, outcome: str = "", *, platform: Platform | None = None) -> None:
        self.seen[event, outcome] += 1
        self.times[event].append(time)
