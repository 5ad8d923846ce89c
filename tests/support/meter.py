"""A meter for tests."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Counts:
    """A Meter that can be read."""

    seen: Counter[tuple[str, str]] = field(default_factory=Counter)

    def count(self, event: str, outcome: str, by: int = 1) -> None:
        self.seen[event, outcome] += by
