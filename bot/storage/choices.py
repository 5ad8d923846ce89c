"""What people chose beyond languages: one JSON column, so that a new choice needs no new tables."""

from __future__ import annotations

from typing import Any

from bot.model import ChatSettings, Pictures

_PICTURES = ChatSettings().pictures


def choices_of(settings: ChatSettings) -> dict[str, Any]:
    """The choices of a chat that are no columns; what was left as it comes is not among them."""
    choices: dict[str, Any] = {}
    if settings.pictures is not _PICTURES:
        choices["pictures"] = settings.pictures.value
    return choices


def chosen(plain: dict[str, Any]) -> dict[str, Any]:
    """The fields of ChatSettings that the choices name."""
    fields: dict[str, Any] = {}
    if "pictures" in plain:
        fields["pictures"] = Pictures(plain["pictures"])
    return fields
