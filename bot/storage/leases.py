"""Claiming rows: a lease is a token and a time, and a row whose lease ran out is free again."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import ColumnElement, FromClause, Table, Update, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Platform
from bot.storage.among import among
from bot.storage.rows import AnyRow, AnySelect
from bot.storage.states import DUE
from bot.storage.tables import chats, deliveries, feeds, items

FAR = timedelta(hours=1)  # more than the leases of two replicas differ by, whatever their settings
FREE: dict[str, Any] = {"lease": "", "lease_until": None}


class Claimed(Protocol):
    """A row as it was claimed."""

    @property
    def id(self) -> int:
        """The row's."""

    @property
    def lease(self) -> str:
        """The token of the claim."""


def is_free(table: FromClause, now: datetime, lease: timedelta | None = None) -> ColumnElement[bool]:
    """The condition that nobody holds the row. A lease that goes on for hours, where `lease` is how long one lasts, was
    given by a clock that has been set back since: it would hold the row for as much longer."""
    free = [table.c.lease_until.is_(None), table.c.lease_until <= now]
    if lease:
        free.append(table.c.lease_until > now + 2 * lease + FAR)
    return or_(*free)


def new_token() -> str:
    """A token that no other claim has."""
    return secrets.token_urlsafe(12)


async def claim(
    connection: AsyncConnection,
    table: Table,
    wanted: AnySelect,
    *,
    now: datetime,
    limit: int,
    lease: timedelta,
    token: str = "",
) -> tuple[str, list[AnyRow]]:
    """Lease up to `limit` of the rows that `wanted` selects; answer the token of the lease and what was selected.

    The first column of `wanted` is the id in `table`. On PostgreSQL rows that another worker is claiming at this moment
    are left out (SKIP LOCKED); SQLite has one writer at a time, and its dialect leaves the clause out.
    """
    token = token or new_token()
    found = await connection.execute(wanted.limit(limit).with_for_update(of=table, skip_locked=True))
    rows = list(found.all())
    if rows:
        held = update(table).where(among(table.c.id, [row[0] for row in rows]))
        await connection.execute(held.values(lease=token, lease_until=now + lease))
    return token, rows


def still_held(table: Table, claimed: Collection[Claimed]) -> Update:
    """An UPDATE of those of the rows that nobody else took meanwhile: no two claims have the same token."""
    ids, tokens = [one.id for one in claimed], {one.lease for one in claimed if one.lease}
    return update(table).where(among(table.c.id, ids), among(table.c.lease, tokens))


async def release_all(connection: AsyncConnection) -> None:
    """Set every lease free."""
    for table in (feeds, items, deliveries):
        await connection.execute(update(table).where(table.c.lease_until.is_not(None)).values(FREE))


async def release_of(connection: AsyncConnection, platform: Platform) -> None:
    """Set the leases of a platform's deliveries free, but for rows that a transaction left open by a vanished process
    has locked: these run out."""
    its_chats = select(chats.c.id).where(chats.c.platform == platform)
    leased = select(deliveries.c.id).where(
        deliveries.c.lease_until.is_not(None),
        or_(deliveries.c.state == DUE, deliveries.c.edit_at.is_not(None)),  # what else can be leased, by index
        deliveries.c.chat_id.in_(its_chats),
    )
    ids = list(await connection.scalars(leased.with_for_update(skip_locked=True)))
    await connection.execute(update(deliveries).where(among(deliveries.c.id, ids)).values(FREE))
