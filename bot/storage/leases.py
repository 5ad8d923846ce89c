"""Claiming rows: a lease is a token and a time, and a row whose lease ran out is free again."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Select, Table, Update, or_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.rows import AnyRow
from bot.storage.tables import deliveries, feeds, items

FREE: dict[str, Any] = {"lease": "", "lease_until": None}


class Claimed(Protocol):
    """A row as it was claimed."""

    @property
    def id(self) -> int:
        """The row's."""

    @property
    def lease(self) -> str:
        """The token of the claim."""


def is_free(table: Table, now: datetime) -> ColumnElement[bool]:
    """The condition that nobody holds the row."""
    return or_(table.c.lease_until.is_(None), table.c.lease_until <= now)


async def claim(
    connection: AsyncConnection,
    table: Table,
    wanted: Select[int],
    *,
    now: datetime,
    limit: int,
    lease: timedelta,
    columns: Sequence[ColumnElement[Any]] = (),
) -> list[AnyRow]:
    """Lease up to `limit` of the rows whose ids `wanted` selects; answer, in its order, their id, lease and `columns`.

    On PostgreSQL rows that another worker is claiming at this moment are left out (SKIP LOCKED); SQLite has one writer
    at a time, and its dialect leaves the clause out.
    """
    ids = (await connection.scalars(wanted.limit(limit).with_for_update(of=table, skip_locked=True))).all()
    if not ids:
        return []
    held = update(table).where(table.c.id.in_(ids)).values(lease=secrets.token_urlsafe(12), lease_until=now + lease)
    rows = {row.id: row for row in await connection.execute(held.returning(table.c.id, table.c.lease, *columns))}
    return [rows[each] for each in ids if each in rows]


def still_held(table: Table, claimed: Collection[Claimed]) -> Update:
    """An UPDATE of those of the rows that nobody else took meanwhile: no two claims have the same token."""
    ids, tokens = [one.id for one in claimed], {one.lease for one in claimed if one.lease}
    return update(table).where(table.c.id.in_(ids), table.c.lease.in_(tokens))


async def release_all(connection: AsyncConnection) -> None:
    """Set every lease free."""
    for table in (feeds, items, deliveries):
        await connection.execute(update(table).where(table.c.lease_until.is_not(None)).values(FREE))
