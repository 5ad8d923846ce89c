"""The posts: rows with a holder and a time until which it holds.

Leases by the database's clock, and no advisory locks: those belong to a session, which a pooler in transaction mode
hands on to others, which some clusters do not have, and which outlives a machine that vanished until TCP notices.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from datetime import timedelta

from sqlalchemy import Interval, delete, func, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Platform
from bot.storage import leases
from bot.storage.engine import Database, storage_errors
from bot.storage.postgres import PostgresNotices
from bot.storage.tables import posts

TOPIC = "posts"  # the bell that wakes who waits for one


class PostStore:
    """Implements PostBook. An SQLite file has one process, which holds every post without asking.

    A call may be cancelled, since who asks for a post can't wait for longer than posts last.
    """

    def __init__(self, database: Database, notices: PostgresNotices | None) -> None:
        self._database = database
        self._notices = notices
        # Each statement for itself: who vanishes between two statements of a transaction leaves it open on the server,
        # and the post locked with it.
        self._engine = database.engine.execution_options(isolation_level="AUTOCOMMIT")

    async def hold(self, names: Collection[str], *, holder: str, lease: timedelta) -> set[str]:
        """See PostBook. Who stands by only reads."""
        if self._database.is_sqlite:
            return set(names)
        now = func.clock_timestamp()
        taken = select(posts.c.name).where(posts.c.name.in_(names), posts.c.holder != holder, posts.c.until > now)
        async with self._at_once() as connection:
            # In one order, or two replicas that take several would wait for each other.
            wanted = sorted(set(names) - set(await connection.scalars(taken)))
            if not wanted:
                return set()
            until = now + literal(lease, Interval)
            new = self._database.insert(posts).values(
                [{"name": name, "holder": holder, "until": until} for name in wanted]
            )
            mine = new.on_conflict_do_update(
                index_elements=["name"],
                set_={"holder": new.excluded.holder, "until": new.excluded.until},
                where=(posts.c.holder == holder) | (posts.c.until <= now),
            )
            return set(await connection.scalars(mine.returning(posts.c.name)))

    async def release(self, names: Collection[str], *, holder: str) -> None:
        """See PostBook."""
        if not self._notices or not names:
            return
        async with self._at_once() as connection:
            await connection.execute(delete(posts).where(posts.c.name.in_(names), posts.c.holder == holder))
        with storage_errors():
            await self._notices.notify(TOPIC)

    @asynccontextmanager
    async def _at_once(self) -> AsyncIterator[AsyncConnection]:
        with storage_errors():
            async with self._engine.connect() as connection:
                yield connection

    async def inherit(self, platform: Platform) -> None:
        """See PostBook. In an SQLite file the sole process has done so at its start."""
        if self._database.is_sqlite:
            return
        async with self._database.write() as connection:
            await leases.release_of(connection, platform)
