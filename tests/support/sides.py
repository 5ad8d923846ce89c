"""The platforms' adapters, opened without the posts that say who serves them, and the program over them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from bot.app.parts import Core
from bot.app.platforms import Side, posts_for
from bot.app.program import Program


@asynccontextmanager
async def open_sides(core: Core) -> AsyncIterator[list[Side]]:
    """Those of the platforms that have a token, connected. Raises TokenRefused."""
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(post.open()) for post in posts_for(core)]


@asynccontextmanager
async def running(core: Core, sides: Sequence[Side]) -> AsyncIterator[Program]:
    """The program, stopped cleanly at the end."""
    stop = asyncio.Event()
    program = Program(core, sides)
    task = asyncio.create_task(program.run(stop))
    try:
        yield program
    finally:
        stop.set()
        await asyncio.wait_for(task, 15)
