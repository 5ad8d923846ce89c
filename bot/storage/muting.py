"""Stories that chats want to hear no more of: with a story, what it went on from and what went on from it.

The mark stands in `told`. A story that only carries the mark, and that the chat was never told, loses its row when the
mark is taken away: what comes of it later is news there.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import ChatId, ItemId, SameStory
from bot.storage.among import among, among_given
from bot.storage.batches import slices
from bot.storage.engine import Database
from bot.storage.states import FAILED, HELD
from bot.storage.tables import deliveries, items, likenesses, told
from bot.storage.uninterrupted import uninterrupted

MOST = 200  # stories that go on from one another
MUTED = "muted"
SLICE = 500  # rows

T = TypeVar("T")


@uninterrupted
class MuteStore:
    """Implements StoryMutes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def mute_story(self, chat: ChatId, item: ItemId, *, now: datetime) -> bool:
        """See StoryMutes."""
        async with self._database.write() as connection:
            chain = await _chain(connection, item)
            await _mark(self._database, connection, [(chat, story) for story in sorted(chain)])
            await _call_off(connection, chat, chain, now)
        return bool(chain)

    async def unmute_story(self, chat: ChatId, item: ItemId) -> bool:
        """See StoryMutes."""
        async with self._database.write() as connection:
            chain = await _chain(connection, item)
            marked = (told.c.chat_id == chat, among(told.c.story_id, chain), told.c.muted)
            was = await connection.scalar(select(1).where(*marked).limit(1))
            await connection.execute(delete(told).where(*marked, ~_was_told()))
            await connection.execute(update(told).where(*marked).values(muted=False))
        return was is not None


_MUTED = select(told.c.chat_id).where(among_given(told.c.story_id, "these"), told.c.muted)


async def without_muted(
    database: Database, connection: AsyncConnection, takers: dict[int, T], story: int, same: SameStory | None
) -> dict[int, T]:
    """The takers of an item of a story but for the chats that muted it, or the one that it continues. Those have the
    item's story muted as well, so that what comes of it does not come to them either."""
    known = [story, int(same.story)] if same else [story]
    muted = {chat for chat in await connection.scalars(_MUTED, {"these": known}) if chat in takers}
    if muted:
        await _mark(database, connection, [(chat, story) for chat in sorted(muted)])
    return {chat: what for chat, what in takers.items() if chat not in muted} if muted else takers


async def _mark(database: Database, connection: AsyncConnection, pairs: Collection[tuple[int, int]]) -> None:
    """Mute stories, given as (chat, story)."""
    noted = database.insert(told)
    noted = noted.on_conflict_do_update(index_elements=["story_id", "chat_id"], set_={"muted": True})
    for some in slices(({"chat_id": chat, "story_id": story, "muted": True} for chat, story in pairs), SLICE):
        await connection.execute(noted, some)


async def _chain(connection: AsyncConnection, item: ItemId) -> set[int]:
    """An item's story with all that it went on from, and all that went on from those."""
    story = await connection.scalar(select(items.c.story_id).where(items.c.id == item))
    chain: set[int] = set()
    new = set() if story is None else {story}
    while new and len(chain) < MOST:
        chain |= new
        goes_on = likenesses.join(items, items.c.id == likenesses.c.item_id)
        before = select(likenesses.c.story_id).select_from(goes_on).where(among(items.c.story_id, new))
        after = select(items.c.story_id).select_from(goes_on).where(among(likenesses.c.story_id, new))
        found = {*(await connection.scalars(before)), *(await connection.scalars(after))}
        new = {one for one in found if one is not None} - chain
    return chain


async def _call_off(connection: AsyncConnection, chat: ChatId, chain: Collection[int], now: datetime) -> None:
    """No message of the chat that told the story is edited, and what waits for a digest is left out of it."""
    of_story = deliveries.c.item_id.in_(select(items.c.id).where(among(items.c.story_id, chain)))
    ours = update(deliveries).where(deliveries.c.chat_id == chat, of_story)
    await connection.execute(ours.where(deliveries.c.edit_at.is_not(None)).values(edit_at=None))
    held = ours.where(deliveries.c.state == HELD)
    await connection.execute(held.values(state=FAILED, reason=MUTED, finished=now))


def _was_told() -> ColumnElement[bool]:
    """The condition that the chat has a delivery of a story that it counts as told of."""
    its = select(1).select_from(deliveries.join(items, items.c.id == deliveries.c.item_id))
    its = its.where(deliveries.c.chat_id == told.c.chat_id, items.c.story_id == told.c.story_id)
    return exists(its.correlate(told))
