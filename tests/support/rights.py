"""Places that a test makes up, and how people and the bot stand there."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from bot.model import ChatAddress, ChatKind, Platform, Role, Standing, Surroundings


@dataclass
class FakeRights:
    """Rights of what the test puts in: places by address, and who is what there."""

    places: dict[ChatAddress, Standing] = field(default_factory=dict)
    names: dict[str, ChatAddress] = field(default_factory=dict)
    admins: set[tuple[str, ChatAddress]] = field(default_factory=set)
    roles: dict[str, Role] = field(default_factory=dict)
    has: dict[str, frozenset[str]] = field(default_factory=dict)
    around: Surroundings = field(default_factory=Surroundings)

    def put(self, name: str, address: ChatAddress, *admins: str, kind: ChatKind = ChatKind.CHANNEL, **more: object):
        """A place under a name, with its admins, where everybody may write who is in a group."""
        given = {"can_write": kind is ChatKind.GROUP, "can_post": True, "is_admin": False} | more
        self.places[address] = Standing(address=address, kind=kind, title=name.strip("@#"), **given)
        self.names[name] = address
        self.admins |= {(person, address) for person in admins}
        return address

    async def standing(self, person: str, address: ChatAddress) -> Standing | None:
        place = self.places.get(address)
        if place is None:
            return None
        is_admin, roles = (person, address) in self.admins, self.has.get(person, frozenset())
        return replace(place, is_admin=is_admin, can_write=place.can_write or is_admin, roles=roles)

    async def find(self, person: str, typed: str, here: ChatAddress) -> Standing | None:
        address = self.names.get(typed)
        return await self.standing(person, address) if address and address.platform is here.platform else None

    async def role(self, address: ChatAddress, typed: str) -> Role | None:
        return self.roles.get(typed) if address.platform is Platform.DISCORD else None

    async def surroundings(self, address: ChatAddress) -> Surroundings:
        return self.around
