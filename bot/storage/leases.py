"""Claiming rows: a lease is a token and a time, and a row whose lease ran out is free again."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Protocol

from sqlalchemy import BindParameter, ColumnElement, FromClause, Integer, Table, Update, bindparam, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Platform
from bot.storage.among import among, among_given
from bot.storage.columns import UtcTime
from bot.storage.rows import AnyRow, AnySelect
from bot.storage.states import DUE
from bot.storage.tables import chats, deliveries, feeds, items

NOW: BindParameter[Any] = bindparam("now", type_=UtcTime)
FAR = timedelta(hours=1)  # more than the leases of two replicas differ by, whatever their settings
NOTHING_GIVEN: Mapping[str, object] = {}
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
        free.append(table.c.lease_until > _far(now, lease))
    return or_(*free)


def is_free_now(table: FromClause) -> ColumnElement[bool]:
    """The same for a statement that is built once, and executed with `moment`."""
    until = table.c.lease_until
    return or_(until.is_(None), until <= NOW, until > bindparam("far", type_=UtcTime))


def moment(now: datetime, lease: timedelta) -> dict[str, datetime]:
    """What `NOW` and `is_free_now` are given."""
    return {"now": now, "far": _far(now, lease)}


def _far(now: datetime, lease: timedelta) -> datetime:
    return now + 2 * lease + FAR


def new_token() -> str:
    """A token that no other claim has."""
    return secrets.token_urlsafe(12)


def claimable(table: Table, wanted: AnySelect) -> AnySelect:
    """A selection for `claim`. Its first column is the id in `table`.

    On PostgreSQL rows that another worker is claiming at this moment are left out (SKIP LOCKED); SQLite has one writer
    at a time, and its dialect leaves the clause out.
    """
    return wanted.limit(bindparam("most", type_=Integer)).with_for_update(of=table, skip_locked=True)


async def claim(
    connection: AsyncConnection,
    table: Table,
    wanted: AnySelect,
    *,
    now: datetime,
    limit: int,
    lease: timedelta,
    token: str = "",
    given: Mapping[str, object] = NOTHING_GIVEN,
) -> tuple[str, list[AnyRow]]:
    """Lease up to `limit` of the rows that `wanted`, made by `claimable`, selects by what is `given`; answer the token
    of the lease and what was selected."""
    token = token or new_token()
    rows = list((await connection.execute(wanted, {"most": limit, **given})).all())
    if rows:
        held = {"these": [row[0] for row in rows], "token": token, "until": now + lease}
        await connection.execute(_leasing(table), held)
    return token, rows


@cache
def _leasing(table: Table) -> Update:
    leased = update(table).where(among_given(table.c.id, "these"))
    return leased.values(lease=bindparam("token"), lease_until=bindparam("until"))


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
