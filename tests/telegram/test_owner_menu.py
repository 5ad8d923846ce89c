"""An owner's private chat shows the owners' commands; no other does."""

from __future__ import annotations

from bot.chat.telegram.menus import Menus
from bot.model import Locale


async def menus_of(api, connect, *owners: str) -> Menus:
    async with connect(api.token, api.url) as bot:
        menus = Menus(bot, owners)
        await menus.follow(7, app="en", spoken=Locale.EN)
        await menus.follow(7, app="en", spoken=Locale.EN)
        await menus.follow(8, app="en", spoken=Locale.EN)
        await menus.follow(8, app="en", spoken=Locale.ZH_HANT)
        return menus


async def test_an_owner_gets_a_menu_of_their_own_once(api, connect):
    await menus_of(api, connect, "7")
    first, second = api.called("setMyCommands")
    assert "admin" in str(first["commands"])
    assert "7" in str(first["scope"])
    assert "admin" not in str(second["commands"])


async def test_without_owners_nobody_does(api, connect):
    await menus_of(api, connect)
    assert "admin" not in str(api.called("setMyCommands"))
