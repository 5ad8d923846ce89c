"""The outcome of one poll, recorded."""

from __future__ import annotations

from datetime import datetime

from bot.errors import LeaseLost
from bot.model import FeedChange
from bot.ports import FeedQueue


async def record_poll(queue: FeedQueue, change: FeedChange, *, now: datetime) -> int:
    """How many items were new. Raises LeaseLost."""
    (new,) = await queue.record_polls([change], now=now)
    if new is None:
        raise LeaseLost(f"feed {change.id}")
    return new
