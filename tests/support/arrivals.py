"""What arrived at the platforms, in its order and by whom it was sent: what is missing, what came again, what crossed.

The alerts of these tests are of ferries by number: "Ferry 17 sails".
"""

from __future__ import annotations

import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

_FERRY = re.compile(r"Ferry (\d+) sails")


@dataclass(frozen=True, slots=True)
class Arrival:
    """An alert that a platform accepted: the number of its item, the run of a process that sent it, the time (s)."""

    chat: str
    item: int
    run: str
    at: float


@dataclass
class Arrivals:
    """All that platforms accepted. A run is a process from its start to its end."""

    log: list[Arrival] = field(default_factory=list)
    told: Counter[tuple[str, int]] = field(default_factory=Counter)

    def note(self, chat: str, text: str, run: str) -> None:
        """A message was accepted; those of no ferry do not count."""
        if found := _FERRY.search(text):
            one = Arrival(chat, int(found[1]), run, time.time())
            self.log.append(one)
            self.told[one.chat, one.item] += 1

    def missing(self, due: Collection[tuple[str, int]]) -> set[tuple[str, int]]:
        """Of what is due, to which chat and of which item, what did not arrive."""
        return set(due) - self.told.keys()

    def repeats(self) -> list[tuple[Arrival, Arrival]]:
        """Each arrival that came again, with the next one of its kind."""
        latest: dict[tuple[str, int], Arrival] = {}
        repeated = []
        for one in self.log:
            if (one.chat, one.item) in latest:
                repeated.append((latest[one.chat, one.item], one))
            latest[one.chat, one.item] = one
        return repeated

    def crossed(self) -> list[Arrival]:
        """First arrivals that came to their chat after one of a later item."""
        newest: defaultdict[str, int] = defaultdict(lambda: -1)
        late, seen = [], set()
        for one in self.log:
            if (one.chat, one.item) not in seen:
                seen.add((one.chat, one.item))
                if one.item < newest[one.chat]:
                    late.append(one)
                newest[one.chat] = max(newest[one.chat], one.item)
        return late


Cause = Callable[[Arrival, Arrival], str]
"""Names what an arrival came again for, given the next one of its kind; empty when nothing explains it."""


def killed_between(killed: Mapping[str, float]) -> Cause:
    """The run that sent it was killed before it wrote it down. `killed` are the runs and when they were killed."""

    def cause(first: Arrival, again: Arrival) -> str:
        moment = killed.get(first.run)
        # A second for what was on its way, and for the clocks.
        return first.run if moment is not None and first.at - 1 <= moment <= again.at + 1 else ""

    return cause


def struck_meanwhile(spans: Sequence[tuple[float, float]]) -> Cause:
    """The database was away just then. `spans` are from when to when."""

    def cause(first: Arrival, _: Arrival) -> str:
        return next((f"blow {n}" for n, (start, end) in enumerate(spans) if start - 1 <= first.at <= end + 1), "")

    return cause
