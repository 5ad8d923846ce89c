"""Group commit: what comes while a write is under way is written by the next one, all at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Generic, TypeVar

from bot.errors import StorageError

One = TypeVar("One")
Result = TypeVar("Result")
Linger = Callable[[], float]


class Batches(Generic[One]):
    """Calls `write` with one or with up to `most` values, in the order they came, and again when that call has ended.
    `write` handles its own errors: what it raises all the same is a bug, which `check` tells.

    `linger` tells how many seconds the first value waits for others, unless there are `most` before.
    """

    def __init__(
        self, write: Callable[[Sequence[One]], Awaitable[None]], *, most: int = 200, linger: Linger | None = None
    ) -> None:
        self._write = write
        self._most = most
        self._linger = linger
        self._enough = asyncio.Event()
        self._waiting: list[One] = []
        self._writer: asyncio.Task[None] | None = None
        self._bug: Exception | None = None

    def add(self, value: One) -> None:
        """Write this as well."""
        self._waiting.append(value)
        if len(self._waiting) >= self._most:
            self._enough.set()
        if self._writer is None:
            self._writer = asyncio.create_task(self._work_off())

    def check(self) -> None:
        """Raise what `write` raised, if it did."""
        if self._bug:
            raise self._bug

    async def drain(self) -> None:
        """Wait until all that was added is written."""
        while self._writer is not None:
            await asyncio.wait({self._writer})

    async def _work_off(self) -> None:
        try:
            while self._waiting:
                await self._gather()
                some, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
                await self._write(some)
        except Exception as error:  # noqa: BLE001 - it is raised again, where somebody hears of it
            self._bug = error
        finally:
            self._writer = None

    async def _gather(self) -> None:
        """Let others come along."""
        pause = self._linger() if self._linger and len(self._waiting) < self._most else 0
        if pause > 0:
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._enough.wait()
        self._enough.clear()


class Together(Generic[One, Result]):
    """Calls `write` as `Batches` does, and gives each caller its own result.

    `write` answers one result for each value, in order; a value of many whose write fails for a fault of its own
    (any error but StorageError) is told apart by writing them one by one.
    """

    def __init__(
        self,
        write: Callable[[Sequence[One]], Awaitable[Sequence[Result]]],
        *,
        most: int = 200,
        linger: Linger | None = None,
    ) -> None:
        self._write = write
        self._batches: Batches[tuple[One, asyncio.Future[Result]]] = Batches(self._write_all, most=most, linger=linger)

    async def __call__(self, value: One) -> Result:
        """Write a value with those that wait as well. Raises what `write` raises."""
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._batches.add((value, future))
        return await future

    async def _write_all(self, some: Sequence[tuple[One, asyncio.Future[Result]]]) -> None:
        wanted = [(value, future) for value, future in some if not future.done()]
        try:
            answers = await self._write([value for value, _ in wanted]) if wanted else ()
            results = list(zip(wanted, answers, strict=True))
        except Exception as error:  # noqa: BLE001 - it is raised again, for each of the callers
            if len(wanted) > 1 and not isinstance(error, StorageError):
                for one in wanted:
                    await self._write_all([one])
                return
            for _, future in wanted:
                if not future.done():
                    future.set_exception(error)
            return
        for (_, future), result in results:
            if not future.done():
                future.set_result(result)
