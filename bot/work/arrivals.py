"""Counts what feeds brought, and how old it was when it came."""

from __future__ import annotations

from datetime import datetime

from bot.model import FeedChange
from bot.ports import Meter


def count_arrivals(meter: Meter, change: FeedChange, new: int, now: datetime) -> None:
    """Count the new items of a change that was recorded. What a feed had when it was first read tells nothing of us."""
    meter.count("items", "new", new)
    if new:
        for one in change.items:
            if one.item.published and not one.backlog:
                meter.took("seen", now - one.item.published)
