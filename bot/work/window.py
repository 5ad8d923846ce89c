"""A sliding window: at most so many messages arrive at a server in any span of time.

    begun ──▶ on its way ──▶ answered ──▶ its place is free
              (flying)       (landed)     span after it arrived at the latest

The server counts when a message arrives, and we know only when it was begun and when it was answered. The quickest
answer lately tells the time of the way; what an answer took longer, the message may have come later. So a place is
free again a span after its answer, less the quickest answer's time. Where answers are as quick as ever, that is a
span after the message was begun. Pure bookkeeping: time is passed in, and must not go back.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from datetime import datetime, timedelta
from heapq import merge
from itertools import islice

# Clocks of two machines differ, and two ways to one server in their length.
MARGIN = 1.01
_SOON = timedelta(milliseconds=10)  # until it is looked again whether a late answer is there


class Window:
    """`rate` messages in each `span`.

    `burst` is the share of a span's messages that may go at once; the others go evenly spread. A message without an
    answer keeps its place for at most `late` longer.
    """

    def __init__(self, rate: float, span: timedelta, *, burst: float = 1, late: timedelta | None = None) -> None:
        self._most = max(int(rate), 1)
        self._span = span * (self._most / rate) * MARGIN
        self._step = self._span / self._most
        self._tolerance = self._step * max(int(self._most * burst) - 1, 0)
        self._late = late
        self._flying: list[datetime] = []
        self._landed: list[datetime] = []
        self._spread: datetime | None = None

    def begin(self, at: datetime) -> None:
        """Count a message that is begun then (now or later)."""
        insort(self._flying, at)
        self._spread = max(self._spread or at, at) + self._step

    def land(self, begun: datetime, now: datetime) -> None:
        """The message begun then is answered, or given up."""
        place = bisect_left(self._flying, begun)
        if self._flying[place : place + 1] == [begun]:
            del self._flying[place]
            insort(self._landed, now)

    def recall(self, arrived: datetime) -> None:
        """Count a message that arrived then, of an earlier run."""
        insort(self._landed, arrived)

    def free_at(self, now: datetime, quickest: timedelta, *, spread: bool = True) -> datetime:
        """When the next message may be begun; `spread` says whether evenly."""
        self._forget(now, quickest)
        earliest = self._spread - self._tolerance if spread and self._spread else now
        over = len(self._flying) + len(self._landed) - self._most
        if over >= 0:
            landed = (max(answered - quickest + self._span, now) for answered in self._landed)
            flying = (max(begun + self._span, now + _SOON) for begun in self._flying)
            earliest = max(earliest, next(islice(merge(landed, flying), over, None)))
        return max(earliest, now)

    def is_idle(self, now: datetime, quickest: timedelta) -> bool:
        """Whether it may as well be forgotten."""
        self._forget(now, quickest)
        return not self._flying and not self._landed and (self._spread is None or self._spread <= now)

    def _forget(self, now: datetime, quickest: timedelta) -> None:
        over = now - self._span
        del self._landed[: bisect_left(self._landed, over + quickest + timedelta.resolution)]
        if self._late is not None:
            del self._flying[: bisect_left(self._flying, over - self._late + timedelta.resolution)]
