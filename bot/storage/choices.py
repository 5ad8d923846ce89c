"""What people chose beyond languages: one JSON column, so that a new choice needs no new tables."""

from __future__ import annotations

from typing import Any

from bot.model import ChatSettings
from bot.storage.schedules import schedule, schedule_values


def choices_of(settings: ChatSettings) -> dict[str, Any]:
    """The choices of a chat that are no columns; what was left as it comes is not among them."""
    values = {
        "schedule": schedule_values(settings.schedule),
    }
    return {name: value for name, value in values.items() if value}


def chosen(plain: dict[str, Any]) -> dict[str, Any]:
    """The fields of ChatSettings that the choices name."""
    fields = {
        "schedule": schedule,
    }
    return {name: read(plain[name]) for name, read in fields.items() if name in plain}
