"""What every loop may call: a bell for the others, and a meter."""

from __future__ import annotations

from datetime import timedelta
from typing import Protocol

from bot.model import Platform


def deliver_on(platform: Platform) -> str:
    """The bell of the deliver loop of one platform alone."""
    return f"deliver on {platform}"


class Bell(Protocol):
    """Wakes a loop before its next tick: `poll`, `alert`, `digest`, `deliver` (all of them) or `deliver_on` one
    platform."""

    def ring(self, topic: str) -> None:
        """Wake the loop of that name, here and (on PostgreSQL) in the other replicas."""

    def wake(self, topic: str) -> None:
        """Wake the loop of that name here only."""


class Meter(Protocol):
    """Counts what happened, and how long it took, for /metrics. `bot.web.metrics` has all events."""

    def count(self, event: str, outcome: str, by: int = 1, *, platform: Platform | None = None) -> None:
        """An event ended in `outcome`, `by` times."""

    def took(self, event: str, time: timedelta, outcome: str = "", *, platform: Platform | None = None) -> None:
        """An event took so long, and ended in `outcome`."""


class Watch(Protocol):
    """Keeps in mind what is wrong, for whoever runs the bot."""

    def ill(self, error: Exception, platform: Platform | None = None) -> None:
        """An error was met, on a platform or, without one, in the database. Says nothing of errors that are no trouble
        of the whole bot's."""

    def well(self, platform: Platform) -> None:
        """The platform answered as it should."""
