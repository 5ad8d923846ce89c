"""What Discord says of places, and of a person and the bot there."""

from __future__ import annotations

import re
from collections.abc import Callable
from time import monotonic

import discord
import structlog

from bot.chat.discord.errors import translated
from bot.chat.discord.places import channel_address, keeps, kind_of, title_of
from bot.chat.lately import Lately
from bot.errors import DeliveryError, PlatformDown
from bot.model import ChatAddress, Role, Standing, Surroundings

_CHANNEL = re.compile(r"(?:<#(\d{1,20})>|(?:https://(?:\w+\.)?discord\.com/channels/\d+/)?(\d{1,20}))/?")
_ROLE = re.compile(r"<@&(\d{1,20})>|(\d{1,20})")
_Place = discord.abc.GuildChannel | discord.Thread
_WRITABLE = (discord.TextChannel, discord.VoiceChannel, discord.StageChannel, discord.Thread)
log = structlog.get_logger("bot.discord")


class DiscordRights:
    """Implements `bot.ports.Rights`. Servers and channels are those of the gateway; members, which it is told nothing
    of, are asked for, and believed for a minute."""

    def __init__(self, client: Callable[[], discord.Client], *, clock: Callable[[], float] = monotonic) -> None:
        self._client = client
        self._members = Lately(self._ask, clock=clock)

    async def standing(self, person: str, address: ChatAddress) -> Standing | None:
        """See `bot.ports.Rights`."""
        try:
            place = await self._place(int(address.chat))
            member = await self._members((place.guild.id, int(person))) if place else None
        except (DeliveryError, ValueError) as error:
            log.info("standing could not be looked up", channel=address.chat, error=type(error).__name__)
            return None
        return _standing(place, member) if place and member else None

    async def find(self, person: str, typed: str, here: ChatAddress) -> Standing | None:
        """See `bot.ports.Rights`. By a name alone, a channel of the same server is meant."""
        found = _CHANNEL.fullmatch(typed.strip())
        channel = int(found[1] or found[2]) if found else await self._by_name(typed, here)
        return await self.standing(person, channel_address(channel)) if channel else None

    async def role(self, address: ChatAddress, typed: str) -> Role | None:
        """See `bot.ports.Rights`."""
        guild = await self._guild(address)
        if guild is None:
            return None
        found = _ROLE.fullmatch(typed.strip())
        wanted = (found[1] or found[2]) if found else typed.strip().removeprefix("@").casefold()
        named = (role for role in guild.roles if wanted in {str(role.id), role.name.casefold()})
        return next((Role(str(role.id), role.name) for role in named if not role.is_default()), None)

    async def surroundings(self, address: ChatAddress) -> Surroundings:
        """See `bot.ports.Rights`. Empty of a direct message."""
        guild = await self._guild(address)
        if guild is None:
            return Surroundings()
        places = (channel_address(place.id) for place in (*guild.channels, *guild.threads))
        return Surroundings(server=str(guild.id), places=tuple(places))

    async def _guild(self, address: ChatAddress) -> discord.Guild | None:
        try:
            place = await self._place(int(address.chat))
        except (DeliveryError, ValueError):
            return None
        return place.guild if place else None

    async def _by_name(self, typed: str, here: ChatAddress) -> int | None:
        guild, wanted = await self._guild(here), typed.strip().removeprefix("#").casefold()
        named = (place.id for place in (*guild.channels, *guild.threads) if place.name == wanted) if guild else iter(())
        return next(named, None)

    async def _place(self, channel: int) -> _Place | None:
        """A channel or thread of a server. Threads that sleep are not told of by the gateway. Raises DeliveryError."""
        client = self._client()
        known = client.get_channel(channel)
        if known is None and client.user is not None and not client.is_closed():
            with translated():
                known = await client.fetch_channel(channel)
        return known if isinstance(known, _Place) else None

    async def _ask(self, key: tuple[int, int]) -> discord.Member:
        guild = self._client().get_guild(key[0])
        if guild is None:
            raise PlatformDown("server not seen")
        with translated():
            return await guild.fetch_member(key[1])


def _standing(place: _Place, member: discord.Member) -> Standing | None:
    """None where the person does not see the place, or its forum is not known."""
    try:
        theirs, ours = place.permissions_for(member), place.permissions_for(place.guild.me)
    except discord.ClientException:
        return None
    if not theirs.view_channel:
        return None
    return Standing(
        address=channel_address(place.id),
        kind=kind_of(place),
        title=title_of(place),
        is_admin=keeps(theirs),
        can_write=_may_send(place, theirs),
        can_post=_may_send(place, ours),
        roles=frozenset(str(role.id) for role in member.roles),
        server=str(place.guild.id),
    )


def _may_send(place: _Place, may: discord.Permissions) -> bool:
    """Whether messages can be sent to a place itself. A forum takes posts alone, which are threads.

    https://docs.discord.com/developers/topics/threads#permissions
    """
    if not (may.view_channel and isinstance(place, _WRITABLE)):
        return False
    return may.send_messages_in_threads if isinstance(place, discord.Thread) else may.send_messages
