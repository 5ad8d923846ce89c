"""How a person and the bot stand in a place, as its platform says."""

from __future__ import annotations

from dataclasses import dataclass

from bot.model.chats import ChatAddress, ChatKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A place, and what a person and the bot may do there.

    `is_admin` and `can_write` are of the person, `roles` their roles (Discord); `can_post` is of the bot. `server` is
    the Discord server that it is in.
    """

    address: ChatAddress
    kind: ChatKind
    title: str
    is_admin: bool
    can_write: bool
    can_post: bool
    roles: frozenset[str] = frozenset()
    server: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What else is where a place is: the Discord server it is in, and the places of that server."""

    server: str = ""
    places: tuple[ChatAddress, ...] = ()
