"""How long answers take: the quickest lately, and the usual."""

from __future__ import annotations

from collections import deque
from datetime import timedelta
from statistics import median_low

_LATELY = 128  # answers


class Latency:
    """Remembers the last answers. Hanging ones move neither figure."""

    def __init__(self) -> None:
        self._lately: deque[timedelta] = deque(maxlen=_LATELY)
        self.quickest = timedelta()
        self.usual = timedelta()

    def note(self, took: timedelta) -> None:
        """Count an answer. A negative time is that of a clock which was set back, and says nothing."""
        if took < timedelta():
            return
        self._lately.append(took)
        self.quickest = min(self._lately)
        self.usual = median_low(self._lately)
