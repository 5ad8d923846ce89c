"""What is agreed with the WebSub hubs of feeds: who is to be asked when, and whom a hub's call is about.

feed offers a hub ─▶ wanted ─▶ asked ─▶ live ─▶ (renewed before its lease ends)
                                   └─▶ denied ─▶ asked again after days
feed has another hub, or no followers ─▶ leaving ─▶ gone
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import FeedId, Push, PushState
from bot.storage.engine import Database
from bot.storage.leases import is_free
from bot.storage.rows import AnyRow, is_followed, is_polled
from bot.storage.tables import feeds, pushes
from bot.storage.uninterrupted import uninterrupted

TOKEN_BYTES = 20  # 27 characters
SECRET_BYTES = 32  # 43 characters; hubs take up to 199 (WebSub, section 5.1)


@uninterrupted
class PushStore:
    """Implements PushBook."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim_pushes(self, *, now: datetime, limit: int, hold: timedelta) -> list[Push]:
        """See PushBook. A row that another replica is claiming at this moment is left out."""
        due = select(pushes.c.feed_id).where(pushes.c.due <= now).order_by(pushes.c.due, pushes.c.feed_id).limit(limit)
        async with self._database.write() as connection:
            await self._welcome(connection, now, limit)
            await _part(connection, now, limit)
            ids = (await connection.scalars(due.with_for_update(skip_locked=True))).all()
            if not ids:
                return []
            before_asking = pushes.c.state.in_((PushState.WANTED, PushState.DENIED))
            state = case((before_asking, PushState.ASKED), else_=pushes.c.state)
            held = update(pushes).where(pushes.c.feed_id.in_(ids)).values(due=now + hold, state=state)
            rows = await connection.execute(held.returning(*pushes.c))
            return sorted((_push(row) for row in rows), key=lambda push: ids.index(push.feed))

    async def postpone(self, push: Push, *, due: datetime, reason: str = "") -> None:
        """See PushBook. Whatever the hub says by calling back moves `due`, by which its word is told from silence."""
        silent = update(pushes).where(*_this(push), pushes.c.due == push.due, pushes.c.state == push.state)
        async with self._database.write() as connection:
            await connection.execute(silent.values(due=due, reason=reason, failures=pushes.c.failures + 1))

    async def find_push(self, token: str) -> Push | None:
        """See PushBook."""
        async with self._database.read() as connection:
            row = (await connection.execute(select(pushes).where(pushes.c.token == token))).one_or_none()
            return _push(row) if row else None

    async def confirm(self, push: Push, *, expires: datetime, due: datetime) -> None:
        """See PushBook."""
        wanted = update(pushes).where(*_this(push), pushes.c.state != PushState.LEAVING)
        values = {"state": PushState.LIVE, "expires": expires, "due": due, "failures": 0, "reason": ""}
        async with self._database.write() as connection:
            await connection.execute(wanted.values(values))

    async def deny(self, push: Push, *, reason: str, due: datetime) -> None:
        """See PushBook."""
        denied = update(pushes).where(*_this(push))
        values = {"state": PushState.DENIED, "expires": None, "due": due, "failures": 0, "reason": reason}
        async with self._database.write() as connection:
            await connection.execute(denied.values(values))

    async def forget(self, push: Push) -> None:
        """See PushBook."""
        async with self._database.write() as connection:
            await connection.execute(delete(pushes).where(*_this(push)))

    async def hasten(self, feed: FeedId, *, at: datetime, now: datetime) -> bool:
        """See PushBook."""
        sooner = case((feeds.c.next_poll > at, at), else_=feeds.c.next_poll)
        free = update(feeds).where(feeds.c.id == feed, is_free(feeds, now)).values(next_poll=sooner)
        async with self._database.write() as connection:
            return (await connection.execute(free)).rowcount > 0

    async def _welcome(self, connection: AsyncConnection, now: datetime, limit: int) -> None:
        """Make rows for feeds that came to offer a hub."""
        known = select(1).where(pushes.c.feed_id == feeds.c.id).exists()
        new = select(feeds.c.id, feeds.c.hub, feeds.c.topic).where(_offers(), is_followed(), ~known)
        rows = [
            {"feed_id": row.id, "hub": row.hub, "topic": row.topic, "state": PushState.WANTED, "due": now}
            | {"token": secrets.token_urlsafe(TOKEN_BYTES), "secret": secrets.token_urlsafe(SECRET_BYTES)}
            for row in await connection.execute(new.order_by(feeds.c.id).limit(limit))
        ]
        if rows:
            insert = self._database.insert(pushes).on_conflict_do_nothing(index_elements=["feed_id"])
            await connection.execute(insert, rows)


async def _part(connection: AsyncConnection, now: datetime, limit: int) -> None:
    """Set out to end what is no longer wanted; where the hub never agreed there is nothing to end."""
    same = (feeds.c.id == pushes.c.feed_id, _offers(), feeds.c.hub == pushes.c.hub, feeds.c.topic == pushes.c.topic)
    wanted = select(1).select_from(feeds).where(*same, is_followed()).correlate(pushes).exists()
    unwanted = select(pushes.c.feed_id).where(pushes.c.state != PushState.LEAVING, ~wanted)
    in_order = unwanted.order_by(pushes.c.feed_id).limit(limit)
    ids = (await connection.scalars(in_order.with_for_update(of=pushes, skip_locked=True))).all()
    if ids:
        these, agreed = pushes.c.feed_id.in_(ids), pushes.c.state.in_((PushState.ASKED, PushState.LIVE))
        await connection.execute(delete(pushes).where(these, ~agreed))
        await connection.execute(update(pushes).where(these).values(state=PushState.LEAVING, due=now, failures=0))


def _offers() -> ColumnElement[bool]:
    """The condition that a feed can be had by push, has not ended and is not paused."""
    return and_(feeds.c.hub != "", feeds.c.topic != "", is_polled())


def _this(push: Push) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The row, unless it was made anew meanwhile."""
    return pushes.c.feed_id == push.feed, pushes.c.token == push.token


def _push(row: AnyRow) -> Push:
    return Push(
        feed=FeedId(row.feed_id),
        hub=row.hub,
        topic=row.topic,
        token=row.token,
        secret=row.secret,
        state=PushState(row.state),
        due=row.due,
        expires=row.expires,
        failures=row.failures,
    )
