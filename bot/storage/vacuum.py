"""Gives the room that clean-up freed back to the disk, in small steps.

Only SQLite needs it done: PostgreSQL's autovacuum runs by itself. A file of an earlier version, which was made without
`auto_vacuum`, uses its free pages again and so stays as large as it ever was; it is written anew by `db compact` and by
`db restore`, and never unasked, since that takes as much room again and keeps all others waiting.
https://sqlite.org/pragma.html#pragma_auto_vacuum
"""

from __future__ import annotations

import time

from sqlalchemy import text

from bot.storage.engine import Database
from bot.storage.housekeeping import Steps

INCREMENTAL = 2
PAGES = "pages"
# Of all pages so many stay free: those of one day are needed on the next, and a file that shrinks and grows every day
# is scattered over the disk.
SPARE = 1 / 8


async def give_back(database: Database, steps: Steps | None = None) -> int:
    """Take what is free beyond the spare pages off the file; answer how many pages. Raises StorageError."""
    if not database.is_sqlite or await _pragma(database, "auto_vacuum") != INCREMENTAL:
        return 0
    pages, free = await _pragma(database, "page_count"), await _pragma(database, "freelist_count")
    left = too_many = max(free - int(pages * SPARE), 0)
    steps = steps or Steps()
    while left > 0:
        size = min(steps.size(PAGES), left)
        begun = time.monotonic()
        await database.free_pages(size)
        steps.took(PAGES, time.monotonic() - begun)
        left -= size
    return too_many


async def _pragma(database: Database, name: str) -> int:
    async with database.read() as connection:
        return await connection.scalar(text(f"PRAGMA {name}")) or 0
