"""Who is let in, who runs the bot, and who knows what people may do where."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bot.chat.commands import Access, Gate, Office, Places, Policy
from bot.model import ChatAddress, Owner, Platform, Role, Standing, Surroundings
from bot.ports import Rights
from bot.settings import Settings
from bot.storage import Storage


def owners_of(settings: Settings) -> list[Owner]:
    """The owners of the setting OWNERS, which checked them."""
    parts = (owner.partition(":") for owner in settings.owners)
    return [Owner(Platform(platform), person) for platform, _, person in parts]


def owners_on(platform: Platform, settings: Settings) -> frozenset[str]:
    """The ids of those owners who are on a platform."""
    return frozenset(owner.person for owner in owners_of(settings) if owner.platform is platform)


class PlatformRights:
    """Implements `bot.ports.Rights` by the platforms that are open at the time: those are opened later than the
    commands are made, and on another replica when their post goes there."""

    def __init__(self) -> None:
        self._by: dict[Platform, Rights] = {}

    @contextmanager
    def known_by(self, platform: Platform, rights: Rights) -> Iterator[None]:
        """Ask these of the platform for as long as it is open."""
        self._by[platform] = rights
        try:
            yield
        finally:
            if self._by.get(platform) is rights:
                del self._by[platform]

    async def standing(self, person: str, address: ChatAddress) -> Standing | None:
        """See `bot.ports.Rights`."""
        rights = self._by.get(address.platform)
        return await rights.standing(person, address) if rights else None

    async def find(self, person: str, typed: str, here: ChatAddress) -> Standing | None:
        """See `bot.ports.Rights`."""
        rights = self._by.get(here.platform)
        return await rights.find(person, typed, here) if rights else None

    async def role(self, address: ChatAddress, typed: str) -> Role | None:
        """See `bot.ports.Rights`."""
        rights = self._by.get(address.platform)
        return await rights.role(address, typed) if rights else None

    async def surroundings(self, address: ChatAddress) -> Surroundings:
        """See `bot.ports.Rights`."""
        rights = self._by.get(address.platform)
        return await rights.surroundings(address) if rights else Surroundings()


def policy_of(settings: Settings) -> Policy:
    """Who is let in."""
    return Policy(
        access=Access(settings.access),
        code=settings.invite_code.get_secret_value() if settings.invite_code else "",
        allowed=frozenset(settings.allowed_chats),
        owners=frozenset(owners_of(settings)),
    )


def places_for(storage: Storage, rights: Rights) -> Places:
    """What commands know of other chats."""
    return Places(rights=rights, book=storage.places)


def gate_for(settings: Settings, places: Places) -> Gate:
    """Who lets calls pass."""
    return Gate(policy_of(settings), places)


def office_for(settings: Settings, storage: Storage) -> Office:
    """What the owners' commands work with."""
    return Office(owners=frozenset(owners_of(settings)), oversight=storage.oversight, broadcasts=storage.broadcasts)
