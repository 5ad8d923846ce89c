"""Heavy computation beside the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class Aside:
    """Runs functions in threads, one at a time: several would only take the interpreter from each other, and the event
    loop would have to wait for all of them in turn."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()

    async def __call__(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """What `work` returns or raises."""
        async with self._turn:
            return await asyncio.to_thread(work, *args, **kwargs)
