"""What people chose beyond languages: one JSON column, so that a new choice needs no new tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.model import ChatSettings, Managers, Pictures, Role
from bot.storage.schedules import schedule, schedule_values

_PICTURES = ChatSettings().pictures


def choices_of(settings: ChatSettings) -> dict[str, Any]:
    """The choices of a chat that are no columns; what was left as it comes is not among them."""
    values = {
        "schedule": schedule_values(settings.schedule),
        "managers": "" if settings.managers is Managers.ADMINS else settings.managers.value,
        "role": [settings.role.id, settings.role.name] if settings.role else [],
        "pictures": "" if settings.pictures is _PICTURES else settings.pictures.value,
    }
    return {name: value for name, value in values.items() if value}


def chosen(plain: dict[str, Any]) -> dict[str, Any]:
    """The fields of ChatSettings that the choices name."""
    fields: dict[str, Callable[[Any], Any]] = {
        "schedule": schedule,
        "managers": Managers,
        "role": lambda role: Role(*role),
        "pictures": Pictures,
    }
    return {name: read(plain[name]) for name, read in fields.items() if name in plain}
