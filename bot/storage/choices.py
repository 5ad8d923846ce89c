"""What people chose beyond languages: one JSON column, so that a new choice needs no new tables."""

from __future__ import annotations

from typing import Any

from bot.model import ChatSettings


def choices_of(settings: ChatSettings) -> dict[str, Any]:  # noqa: ARG001 - the first of them is yet to come
    """The choices of a chat that are no columns; what was left as it comes is not among them."""
    return {}


def chosen(plain: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001
    """The fields of ChatSettings that the choices name."""
    return {}
