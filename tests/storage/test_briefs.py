"""The briefs of items are found by the items."""

from __future__ import annotations

from bot.model import ItemId


async def test_items_that_were_told_have_briefs_and_others_have_none(world) -> None:
    chat = await world.chat()
    await world.follow(chat.id)
    await world.poll("a", "b", "c")
    told = [decision.item for decision in await world.alert(chat.id, items=2)]
    every = [item.id for item in await world.storage.history.recent_items(chat.id, since=world.now, limit=9)]
    assert await world.storage.briefs.briefs([*every, ItemId(999)]) == dict.fromkeys(told, world.brief)
    assert await world.storage.briefs.briefs([]) == {}
