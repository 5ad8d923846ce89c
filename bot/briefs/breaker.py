"""A circuit breaker: a server that failed several times in a row is left alone for a while."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

FAILURES = 3
REST = timedelta(seconds=60)


class Breaker:
    """Counts failures in a row. `clock` gives seconds that only grow, as `time.monotonic` does."""

    def __init__(self, clock: Callable[[], float], *, failures: int = FAILURES, rest: timedelta = REST) -> None:
        self._clock = clock
        self._most = failures
        self._rest = rest.total_seconds()
        self._failures = 0
        self._closed_again = 0.0

    @property
    def resting(self) -> bool:
        """Whether it is too early to try again. After the rest, one more failure is enough for another."""
        return self._failures >= self._most and self._clock() < self._closed_again

    def failed(self, rest: timedelta | None = None) -> None:
        """The server did not answer, or answered that it can't, or not for as long as `rest`."""
        self._failures = self._most if rest else self._failures + 1
        self._closed_again = self._clock() + (rest.total_seconds() if rest else self._rest)

    def answered(self) -> None:
        """The server answered."""
        self._failures = 0
