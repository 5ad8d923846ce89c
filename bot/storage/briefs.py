"""The briefs that items have, for who looks items up."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import select

from bot.model import Brief, ItemId
from bot.storage.among import among
from bot.storage.engine import Database
from bot.storage.rows import BRIEF, brief
from bot.storage.tables import briefs
from bot.storage.uninterrupted import uninterrupted


@uninterrupted
class BriefStore:
    """Implements BriefBook."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def briefs(self, items: Collection[ItemId]) -> Mapping[ItemId, Brief]:
        """See BriefBook."""
        if not items:
            return {}
        wanted = select(briefs.c.item_id, *BRIEF).where(among(briefs.c.item_id, items))
        async with self._database.read() as connection:
            return {ItemId(row.item_id): brief(row) for row in await connection.execute(wanted)}
