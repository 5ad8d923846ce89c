"""Keeps a cancellation out of the middle of a transaction.

A statement that is cut short leaves its cursor open; until that is collected, SQLite keeps the lock of its transaction,
and nobody else can write. So the work goes on in a task of its own, and who is cancelled waits for its end.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import wraps
from inspect import iscoroutinefunction
from typing import ParamSpec, TypeVar

Store = TypeVar("Store")
Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


def uninterrupted(store: type[Store]) -> type[Store]:
    """A class whose public coroutine methods end what they began, even when their caller is cancelled."""
    for name, method in list(vars(store).items()):
        if not name.startswith("_") and iscoroutinefunction(method):
            setattr(store, name, _to_its_end(method))
    return store


def _to_its_end(method: Callable[Parameters, Awaitable[Result]]) -> Callable[Parameters, Awaitable[Result]]:
    @wraps(method)
    async def whole(*arguments: Parameters.args, **named: Parameters.kwargs) -> Result:
        work = asyncio.ensure_future(method(*arguments, **named))
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            if not work.done():
                await asyncio.wait({work})
            if not work.cancelled():
                work.exception()  # nobody is left to be told of it
            raise

    return whole
