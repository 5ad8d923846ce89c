"""What it takes to keep a language model within its budget."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from bot.model import Spending


class SpendingBook(Protocol):
    """What was spent on a day (UTC), counted for all replicas together."""

    async def reserve(self, day: date, amount: Spending, limit: Spending) -> bool:
        """Add an amount to the day; False, and nothing added, where the day would then pass the limit."""

    async def correct(self, day: date, by: Spending) -> None:
        """Add the difference between what was reserved and what it came to; it may be negative."""

    async def spent(self, day: date) -> Spending:
        """What was spent on the day, open reservations among it."""
