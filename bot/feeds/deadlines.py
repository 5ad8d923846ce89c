"""Deadlines of many requests by one timer, which looks at all of them a few times in the time that they have.

`asyncio.timeout` sets a timer of its own each time, to the millisecond. A fetch doesn't need that, and among the things
that a poll does for an answer of a few bytes it is one of the dearest.
"""

from __future__ import annotations

import asyncio
from typing import Self

_LOOKS = 20  # in the longest time that a deadline may be away
_AT_LEAST_EVERY = 1.0  # seconds


class Deadlines:
    """`with deadlines.within(seconds):` raises TimeoutError when its block takes longer, and up to a look longer still.

    `longest` is the most seconds that are asked for. To be used in tasks of one event loop.
    """

    def __init__(self, longest: float) -> None:
        self._pause = min(longest / _LOOKS, _AT_LEAST_EVERY)
        self._open: set[Deadline] = set()
        self._timer: asyncio.TimerHandle | None = None

    def within(self, seconds: float) -> Deadline:
        """A context manager for one block of code."""
        return Deadline(self, seconds)

    def add(self, deadline: Deadline) -> None:
        """Look after it."""
        self._open.add(deadline)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._pause, self._look)

    def remove(self, deadline: Deadline) -> None:
        """Look after it no more."""
        self._open.discard(deadline)

    def _look(self) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        for deadline in [each for each in self._open if each.at <= now]:
            self._open.discard(deadline)
            deadline.pass_by()
        self._timer = loop.call_later(self._pause, self._look) if self._open else None


class Deadline:
    """What `within` gives."""

    __slots__ = ("_all", "_cancelling", "_passed", "_seconds", "_task", "at")

    def __init__(self, deadlines: Deadlines, seconds: float) -> None:
        self._all = deadlines
        self._seconds = seconds
        self._passed = False

    def __enter__(self) -> Self:
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a deadline is for a task")
        self._task = task
        self._cancelling = task.cancelling()
        self.at = asyncio.get_running_loop().time() + self._seconds
        self._all.add(self)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _trace: object) -> None:
        self._all.remove(self)
        # Somebody else may have cancelled the task as well: that goes before.
        if self._passed and self._task.uncancel() <= self._cancelling and kind is asyncio.CancelledError:
            raise TimeoutError from error

    def left(self) -> float:
        """The seconds that are left; none, or less, when it is over."""
        return self.at - asyncio.get_running_loop().time()

    def pass_by(self) -> None:
        """Interrupt the block."""
        self._passed = True
        self._task.cancel()
