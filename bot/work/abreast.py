"""How many messages are on their way side by side: one while few are due, as many as the pace takes in a flood."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from datetime import timedelta
from math import ceil
from statistics import median_low

SLOWER = 1.5  # than usual an answer may be, and the pace is still kept
KNOWN = 8  # messages tell what is usual: the first ones after a start say more of the start


def abreast(claimed: int, *, batch: int, per_second: float, usual: timedelta, answered: int = KNOWN) -> int:
    """How many messages may be on their way at once, by what is due and how long one usually takes.

    A full batch, a second's worth, is a flood: so many that the platform's pace is reached. Fewer go one by one, and a
    crash can repeat one of them: at a tenth of a second each they are through in three seconds. Until it is known how
    long one takes, a flood has one more on its way than were `answered`.
    """
    if claimed < batch:
        return 1
    most = ceil(per_second * usual.total_seconds() * SLOWER) + 1
    return most if answered >= KNOWN else min(most, answered + 1)


class Sends:
    """The sends that are not recorded yet. Hanging ones do not move what is `usual`.

    Whoever takes longer than `patience` is not waited for any more, so that one slow chat holds up no other.
    """

    def __init__(self, patience: timedelta) -> None:
        self._patience = patience.total_seconds()
        self._begun: dict[asyncio.Task[None], float] = {}
        self._lately: deque[float] = deque(maxlen=32)

    def __len__(self) -> int:
        return len(self._begun)

    @property
    def usual(self) -> timedelta:
        """How long a message usually takes until it is recorded; until that is known, at the least."""
        usual = median_low if len(self._lately) >= KNOWN else min
        return timedelta(seconds=usual(self._lately) if self._lately else 0)

    @property
    def answered(self) -> int:
        """How many lately ended."""
        return len(self._lately)

    def add(self, task: asyncio.Task[None], done: Callable[[asyncio.Task[None]], object]) -> None:
        """Watch a send that was begun now."""
        self._begun[task] = asyncio.get_running_loop().time()
        task.add_done_callback(self._end)
        task.add_done_callback(done)

    async def fewer_than(self, most: int) -> None:
        """Wait until fewer than `most` are on their way, apart from those that take too long."""
        while len(prompt := self._prompt()) >= most:
            timeout = min(prompt.values()) + self._patience - asyncio.get_running_loop().time()
            await asyncio.wait(prompt, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)

    def _prompt(self) -> dict[asyncio.Task[None], float]:
        since = asyncio.get_running_loop().time() - self._patience
        return {task: begun for task, begun in self._begun.items() if begun > since}

    async def any_done(self, within: timedelta) -> None:
        """Wait until one ends."""
        if self._begun:
            await asyncio.wait(list(self._begun), timeout=within.total_seconds(), return_when=asyncio.FIRST_COMPLETED)

    async def all_done(self) -> None:
        """Wait until all are recorded."""
        if self._begun:
            await asyncio.wait(list(self._begun))

    def _end(self, task: asyncio.Task[None]) -> None:
        self._lately.append(asyncio.get_running_loop().time() - self._begun.pop(task))
