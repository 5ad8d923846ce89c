"""The platforms' adapters, opened without the posts that say who serves them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from bot.app.parts import Core
from bot.app.platforms import Side, posts_for


@asynccontextmanager
async def open_sides(core: Core) -> AsyncIterator[list[Side]]:
    """Those of the platforms that have a token, connected. Raises TokenRefused."""
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(post.open()) for post in posts_for(core)]
