"""What is PostgreSQL's own: its engine, and LISTEN/NOTIFY between the processes that share a database."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import psycopg
from sqlalchemy import URL, func, select
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

CHANNEL = "diting"
# Any number will do, as long as all versions of the program use it.
UPGRADE_LOCK = 0x646974696E67
CLAIM_LOCK = 0x636C61696D
CONNECT_SECONDS = 10
POOL = 10


def postgres_engine(url: URL) -> AsyncEngine:
    """An engine on the server. Nothing connects yet."""
    return create_async_engine(
        url.set(drivername="postgresql+psycopg"),
        connect_args={"connect_timeout": CONNECT_SECONDS},
        pool_size=POOL,
        max_overflow=POOL,
        pool_pre_ping=True,
        hide_parameters=True,
    )


class PostgresNotices:
    """Short words from process to process, by LISTEN and NOTIFY. They only save waiting: one that is lost while the
    connection is down costs a tick, never an alert."""

    def __init__(self, engine: AsyncEngine, *, pause: float = 2.0) -> None:
        self._engine = engine
        self._pause = pause

    async def notify(self, topic: str) -> None:
        """Tell every listening process, this one too."""
        async with self._engine.begin() as connection:
            await connection.execute(select(func.pg_notify(CHANNEL, topic)))

    async def listen(self, on_notice: Callable[[str], None]) -> None:
        """Call `on_notice` with each topic, for ever; a lost connection is opened again after `pause` seconds."""
        while True:
            try:
                await self._hear(on_notice)
            except psycopg.OperationalError:
                await asyncio.sleep(self._pause)

    async def _hear(self, on_notice: Callable[[str], None]) -> None:
        _, options = self._engine.dialect.create_connect_args(self._engine.url)
        # Without keepalives a peer that vanished is never noticed: nothing is sent on this connection.
        alive: dict[str, Any] = {"connect_timeout": CONNECT_SECONDS, "keepalives_idle": 30, "keepalives_interval": 10}
        connection = await psycopg.AsyncConnection.connect(autocommit=True, **{**options, **alive})
        async with connection:
            await connection.execute(f"LISTEN {CHANNEL}")
            async for notice in connection.notifies():
                on_notice(notice.payload)
