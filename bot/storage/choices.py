"""What people chose beyond languages: one JSON column, so that a new choice needs no new tables."""

from __future__ import annotations

from typing import Any

from bot.model import ChatSettings, Managers, Role


def choices_of(settings: ChatSettings) -> dict[str, Any]:
    """The choices of a chat that are no columns; what was left as it comes is not among them."""
    choices: dict[str, Any] = {}
    if settings.managers is not Managers.ADMINS:
        choices["managers"] = settings.managers
    if settings.role:
        choices["role"] = [settings.role.id, settings.role.name]
    return choices


def chosen(plain: dict[str, Any]) -> dict[str, Any]:
    """The fields of ChatSettings that the choices name."""
    fields: dict[str, Any] = {}
    if "managers" in plain:
        fields["managers"] = Managers(plain["managers"])
    if "role" in plain:
        fields["role"] = Role(*plain["role"])
    return fields
