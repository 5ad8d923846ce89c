"""What every loop may call: a bell for the others, and a meter."""

from __future__ import annotations

from typing import Protocol


class Bell(Protocol):
    """Wakes a loop before its next tick: `poll`, `alert` or `deliver`."""

    def ring(self, topic: str) -> None:
        """Wake the loop of that name, here and (on PostgreSQL) in the other replicas."""

    def wake(self, topic: str) -> None:
        """Wake the loop of that name here only."""


class Meter(Protocol):
    """Counts what happened, for /metrics."""

    def count(self, event: str, outcome: str, by: int = 1) -> None:
        """`event` (polls, items, alerts, briefs, ways, refusals, model, model_tokens, deliveries, edits, hubs, pushes,
        discord_invalid) ended in `outcome`, `by` times."""
