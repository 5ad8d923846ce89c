"""How long the quickest answer took lately."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

_LATELY = 128  # answers
# Libraries close connections after some seconds in which nothing is sent. What goes over a new one is later, and were
# all that is known such messages, the next would come too soon after them.
_IDLE = timedelta(seconds=5)
_ENOUGH = 5


class Latency:
    """Remembers the last answers. `quickest` is zero until enough is known, which is on the safe side."""

    def __init__(self) -> None:
        self._lately: deque[timedelta] = deque(maxlen=_LATELY)
        self._last: datetime | None = None
        self.quickest = timedelta()

    def note(self, took: timedelta, now: datetime) -> None:
        """Count an answer that came now."""
        if self._last and now - self._last > _IDLE:
            self._lately.clear()
        self._last = now
        self._lately.append(max(took, timedelta()))
        self.quickest = min(self._lately) if len(self._lately) >= _ENOUGH else timedelta()
