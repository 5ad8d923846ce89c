"""The index of keywords follows the database, a few at a time: a million come at the start, and others wait."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Sequence

from bot.matching.index import KeywordIndex
from bot.model import KeywordChange

SLICE = 500  # keywords, before others have their turn
MANY = 20_000


async def follow(index: KeywordIndex, changes: Sequence[KeywordChange]) -> None:
    """Take in the keywords that came, and forget those that went."""
    for place, change in enumerate(changes, start=1):
        if change.live:
            index.add(change.id, change.canonical)
        else:
            index.remove(change.id)
        if place % SLICE == 0:
            await asyncio.sleep(0)
        if place % MANY == 0:
            # What is in the index stays. The garbage collector would go through all of it again and again, and halt
            # everything for a third of a second each time.
            gc.freeze()
