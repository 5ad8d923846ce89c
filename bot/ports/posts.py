"""What it takes to hold posts: what only one replica may do at a time."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Protocol

from bot.model import Platform


class PostBook(Protocol):
    """Who holds which post, judged by one clock for all replicas."""

    async def hold(self, names: Collection[str], *, holder: str, lease: timedelta) -> set[str]:
        """Take those of the posts that are free, and prolong those held already; answer which `holder` now has, for
        `lease` from a moment after this was called."""

    async def release(self, names: Collection[str], *, holder: str) -> None:
        """Leave those of the posts that `holder` has, and tell the other replicas."""

    async def inherit(self, platform: Platform) -> None:
        """Set free the deliveries that an earlier holder of the platform's post has claimed. Only for its holder,
        before it claims any: whoever had claimed them is gone, or sends no more."""
