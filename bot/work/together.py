"""Group commit: what comes while a write is under way is written by the next one, all at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Generic, TypeVar

from bot.errors import StorageError

One = TypeVar("One")
Result = TypeVar("Result")


class Together(Generic[One, Result]):
    """Calls `write` with one or with up to `most` values at a time, and gives each caller its own result.

    `write` answers one result for each value, in order; a value of many whose write fails for a fault of its own
    (any error but StorageError) is told apart by writing them one by one.
    """

    def __init__(
        self, write: Callable[[Sequence[One]], Awaitable[Sequence[Result]]], *, most: int = 200, linger: float = 0.0
    ) -> None:
        """`linger` is how many seconds the first value waits for others, unless there are `most` before."""
        self._write = write
        self._most = most
        self._linger = linger
        self._enough = asyncio.Event()
        self._waiting: list[tuple[One, asyncio.Future[Result]]] = []
        self._writer: asyncio.Task[None] | None = None

    async def __call__(self, value: One) -> Result:
        """Write a value with those that wait as well. Raises what `write` raises."""
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((value, future))
        if len(self._waiting) >= self._most:
            self._enough.set()
        if self._writer is None:
            self._writer = asyncio.create_task(self._work_off())
        return await future

    async def _work_off(self) -> None:
        try:
            while self._waiting:
                await self._gather()
                some, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
                await self._write_all([(value, future) for value, future in some if not future.done()])
        finally:
            self._writer = None

    async def _gather(self) -> None:
        """Let others come along."""
        if len(self._waiting) < self._most and self._linger:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._linger):
                    await self._enough.wait()
        self._enough.clear()

    async def _write_all(self, some: Sequence[tuple[One, asyncio.Future[Result]]]) -> None:
        try:
            results = await self._write([value for value, _ in some]) if some else ()
        except Exception as error:  # noqa: BLE001 - it is raised again, for each of the callers
            if len(some) > 1 and not isinstance(error, StorageError):
                for one in some:
                    await self._write_all([one])
                return
            for _, future in some:
                if not future.done():
                    future.set_exception(error)
            return
        for (_, future), result in zip(some, results, strict=True):
            if not future.done():
                future.set_result(result)
