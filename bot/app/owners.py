"""Who runs the bot, and how they are told what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Collection

from bot.app.access import owners_of
from bot.app.parts import Core
from bot.model import Platform
from bot.ports import Messenger
from bot.work.loop import Loop
from bot.work.owners import OwnerCalls


def owner_loop(core: Core, messengers: Callable[[], Collection[Messenger]]) -> Loop | None:
    """The loop that tells the owners, if there are any, by the messengers that there are at the time; the clock's tick
    wakes it."""
    owners = owners_of(core.settings)
    if not owners:
        return None
    calls = OwnerCalls(
        owners=owners, messengers=messengers, chats=core.storage.chats, troubles=core.troubles, clock=core.clock
    )
    loop = Loop("owners", calls.step, core.clock)
    core.bells.hang("owners", loop)
    return loop


def platform_checks(core: Core, platforms: Collection[Platform]) -> dict[str, str]:
    """For each platform, and the disk of the database, an empty string or what is wrong with it."""
    refused = [platform for platform in Platform if core.troubles.is_refused(platform)]
    places = {str(platform): core.troubles.now(platform) for platform in dict.fromkeys([*platforms, *refused])}
    return {
        place: "; ".join(f"{one.kind} since {one.since:%Y-%m-%d %H:%M} UTC: {one.reason}" for one in troubles)
        for place, troubles in (places | {"disk": core.troubles.now()}).items()
    }
