"""Answers of a platform that hold for a short while, so that who asks ten things is looked up once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from time import monotonic
from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")

_MOST = 1000


class Lately(Generic[Key, Value]):
    """Asks by `ask`, and gives the same answer again `within` a time by `clock` (seconds). Errors are not kept."""

    def __init__(
        self,
        ask: Callable[[Key], Awaitable[Value]],
        *,
        within: timedelta = timedelta(seconds=60),
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._ask = ask
        self._within = within.total_seconds()
        self._clock = clock
        self._known: dict[Key, tuple[float, Value]] = {}

    async def __call__(self, key: Key) -> Value:
        """The answer for a key."""
        now = self._clock()
        asked, value = self._known.get(key, (None, None))
        if asked is not None and value is not None and now - asked < self._within:
            return value
        answer = await self._ask(key)
        self._known.pop(key, None)  # the oldest come first
        self._known[key] = (now, answer)
        while len(self._known) > _MOST:
            self._known.pop(next(iter(self._known)))
        return answer
