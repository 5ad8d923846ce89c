"""What is PostgreSQL's own: its engine, and LISTEN/NOTIFY between the processes that share a database."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import Any

import structlog
from sqlalchemy import URL, Engine, event, exc, func, make_url, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

CHANNEL = "diting"
NOTIFY = func.pg_notify
# Any number will do, as long as all versions of the program use it.
UPGRADE_LOCK = 0x646974696E67
CLAIM_LOCK = 0x636C61696D
CONNECT_SECONDS = 10
APPLICATION = "diting"  # what the server's list of sessions calls ours
POOL = 10
RESTED = 0.2  # seconds; no server is restarted sooner
# A process that vanished in a transaction keeps its rows locked until the server gives it up.
ABANDONED_AFTER = "30s"


# Without these a server that vanished (a cut cable) is noticed after a quarter of an hour. libpq's own names and units:
# https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS
SESSION: dict[str, Any] = {
    "application_name": APPLICATION,
    "connect_timeout": CONNECT_SECONDS,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "tcp_user_timeout": 30_000,  # ms
}


def postgres_engine(url: URL) -> AsyncEngine:
    """An engine on the server. Nothing connects yet.

    A pooler in transaction mode gives each transaction another connection, so none is to depend on what an earlier one
    has left there, such as a prepared statement.
    """
    engine = create_async_engine(
        url.set(drivername="postgresql+psycopg"),
        connect_args={**SESSION, "prepare_threshold": None},
        pool_size=POOL,
        max_overflow=POOL,
        hide_parameters=True,
    )
    event.listen(engine.sync_engine, "connect", _limit_idling)
    _ping_rested(engine.sync_engine)
    return engine


def _ping_rested(engine: Engine) -> None:
    """Try a connection that nobody used for a while before it is given out: the server may have been restarted. To try
    all of them would be one of three trips of a short transaction."""

    def used(_connection: object, record: ConnectionPoolEntry) -> None:
        record.info["used"] = monotonic()

    def try_rested(connection: Any, record: ConnectionPoolEntry, _proxy: object) -> None:  # noqa: ANN401 (as below)
        if monotonic() - record.info.get("used", monotonic()) < RESTED:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise exc.InvalidatePoolError from error  # a new one is tried instead, and for all others

    event.listen(engine, "checkin", used)
    event.listen(engine, "checkout", try_rested)


def _limit_idling(connection: Any, _record: object) -> None:  # noqa: ANN401 (the driver's adapted connection)
    # Behind a pooler this reaches one of its connections after the other, and stays there: all are ours, and want it.
    cursor = connection.cursor()
    cursor.execute(f"SET idle_in_transaction_session_timeout = '{ABANDONED_AFTER}'")
    cursor.close()
    connection.commit()


async def other_sessions(connection: AsyncConnection) -> int:
    """How many sessions of this program there are on the database, beside this one."""
    sessions = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND application_name = :name AND pid <> pg_backend_pid()"
    )
    return await connection.scalar(text(sessions), {"name": APPLICATION}) or 0


class PostgresNotices:
    """Short words from process to process, by LISTEN and NOTIFY. They only save waiting: one that is lost while the
    connection is down costs a tick, never an alert."""

    def __init__(self, engine: AsyncEngine, *, listen_url: str = "", pause: float = 2.0) -> None:
        self._engine = engine
        self._url = make_url(listen_url).set(drivername="postgresql+psycopg") if listen_url else engine.url
        self._pause = pause

    async def notify(self, topic: str) -> None:
        """Tell every listening process, this one too. Some of PostgreSQL's kin have no notices: then nobody is told."""
        with suppress(exc.NotSupportedError, exc.ProgrammingError):
            async with self._engine.begin() as connection:
                await connection.execute(select(NOTIFY(CHANNEL, topic)))

    async def listen(self, on_notice: Callable[[str], None]) -> None:
        """Call `on_notice` with each topic, for ever; a lost connection is opened again after `pause` seconds.

        Returns where the database has no notices.
        """
        import psycopg  # SQLite's users need no driver in memory

        while True:
            try:
                await self._hear(on_notice)
            except psycopg.OperationalError:
                await asyncio.sleep(self._pause)
            except (psycopg.NotSupportedError, psycopg.ProgrammingError) as error:
                structlog.get_logger("bot.storage").warning("no notices between replicas", reason=str(error))
                return

    async def _hear(self, on_notice: Callable[[str], None]) -> None:
        import psycopg

        _, options = self._engine.dialect.create_connect_args(self._url)
        connection = await psycopg.AsyncConnection.connect(autocommit=True, **{**options, **SESSION})
        async with connection:
            await connection.execute(f"LISTEN {CHANNEL}")
            async for notice in connection.notifies():
                on_notice(notice.payload)
