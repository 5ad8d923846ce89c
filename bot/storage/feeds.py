"""The feeds as a queue of polls, and what a poll leaves behind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Update, bindparam, exc, false, func, insert, literal_column, null, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import ChatState, FeedChange, FeedDue, FeedHealth, FeedId, FeedTrouble, Notice, NoticeKind
from bot.storage.among import among, among_given
from bot.storage.arrivals import add_items, known_names, link_keys, note_listed, words_of_items
from bot.storage.columns import digest
from bot.storage.engine import Database
from bot.storage.heads import line_up
from bot.storage.leases import FREE, NOW, claim, claimable, is_free, is_free_now, moment, still_held
from bot.storage.rows import FEED, AnyRow, feed_ref, is_followed, is_polled
from bot.storage.states import DUE, delivery_key
from bot.storage.tables import chats, deliveries, feeds, rhythms, subscriptions
from bot.storage.uninterrupted import uninterrupted


@uninterrupted
class FeedStore:
    """Implements FeedQueue."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim_feeds(self, *, now: datetime, limit: int, lease: timedelta) -> list[FeedDue]:
        """See FeedQueue."""
        given = moment(now, lease)
        async with self._database.write() as connection:
            token, rows = await claim(connection, feeds, _CLAIMED, now=now, limit=limit, lease=lease, given=given)
        return [_due(row, token) for row in rows]

    async def next_due(self, *, now: datetime) -> datetime | None:
        """See FeedQueue."""
        async with self._database.glance() as connection:
            due: datetime | None = await connection.scalar(_NEXT_DUE, {"now": now})
        return due

    async def prolong_feeds(self, due: Collection[FeedDue], *, until: datetime) -> None:
        """See FeedQueue."""
        async with self._database.write() as connection:
            await connection.execute(still_held(feeds, due).values(lease_until=until))

    async def release_feeds(self, due: Collection[FeedDue]) -> None:
        """See FeedQueue."""
        async with self._database.write() as connection:
            await connection.execute(still_held(feeds, due).values(FREE))

    async def known_keys(
        self, wanted: Sequence[tuple[FeedId, Collection[str]]], *, now: datetime | None = None
    ) -> list[set[str]]:
        """See FeedQueue."""
        digests = [(feed, {key: digest(key) for key in keys}) for feed, keys in wanted]
        names = [(feed, name) for feed, keys in digests for name in keys.values()]
        async with self._database.glance() as connection:
            known, again = await known_names(connection, names, now)
        if now and again:
            async with self._database.write() as connection:
                await note_listed(connection, again, now)
        return [{key for key, name in keys.items() if (feed, name) in known} for feed, keys in digests]

    async def take_feed(self, feed: FeedId, *, now: datetime, lease: timedelta) -> FeedDue | None:
        """See FeedQueue."""
        free = _DUE.where(feeds.c.id == feed, ~feeds.c.paused, is_followed(), is_free(feeds, now, lease))
        async with self._database.write() as connection:
            token, rows = await claim(connection, feeds, claimable(feeds, free), now=now, limit=1, lease=lease)
        return _due(rows[0], token) if rows else None

    async def record_polls(self, changes: Sequence[FeedChange], *, now: datetime) -> list[int | None]:
        """See FeedQueue."""
        words = await words_of_items(changes)
        async with self._database.write() as connection:
            held = await _held(connection, changes)
            # A change that comes twice finds its lease ended by the first.
            mine = [held.pop(change.id, "") == change.lease != "" for change in changes]
            valid = [change for change, is_ours in zip(changes, mine, strict=True) if is_ours]
            bringing = [change for change in valid if change.items]
            added = await add_items(self._database, connection, bringing, words, now)
            await link_keys(self._database, connection, [change for change in valid if change.known], now)
            await _write_feeds(connection, [_values(change, now) for change in valid])
            await self._write_rhythms(connection, [change for change in valid if change.rhythm])
            notices: list[int] = []
            for change in valid:
                if change.url:
                    await _move(connection, change)
                if change.notice:
                    notices += await _tell_followers(connection, change, now)
            if notices:
                await line_up(self._database, connection, among(deliveries.c.id, notices))
        return [added[change.id] if is_ours else None for change, is_ours in zip(changes, mine, strict=True)]

    async def _write_rhythms(self, connection: AsyncConnection, changes: Sequence[FeedChange]) -> None:
        if changes:
            insert = self._database.insert(rhythms)
            written = insert.on_conflict_do_update(
                index_elements=["feed_id"], set_={"learned": insert.excluded.learned}
            )
            await connection.execute(written, [{"feed_id": one.id, "learned": one.rhythm} for one in changes])

    async def health(self, *, now: datetime) -> FeedHealth:
        """How the followed feeds are, all together. One that is paused is neither in trouble nor late."""
        figures = select(
            func.count().label("followed"),
            func.count().filter(feeds.c.failures > 0, ~feeds.c.paused).label("failing"),
            func.count().filter(feeds.c.dead, ~feeds.c.paused).label("dead"),
            func.min(feeds.c.next_poll).filter(feeds.c.next_poll < now, is_polled()).label("oldest_due"),
            func.max(feeds.c.polled).label("polled"),
            func.min(feeds.c.next_poll).filter(is_polled()).label("next_poll"),
            func.max(feeds.c.last_item).label("last_item"),
        ).where(is_followed())
        async with self._database.read() as connection:
            row = (await connection.execute(figures)).one()
        return FeedHealth(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name

    async def failing(self, *, limit: int) -> list[FeedTrouble]:
        """The followed feeds whose last poll failed, those that failed most often first."""
        followed = select(1).where(subscriptions.c.feed_id == feeds.c.id).exists()
        columns = (feeds.c.error, feeds.c.polled, feeds.c.next_poll, feeds.c.last_item)
        troubled = select(*FEED, *columns).where(feeds.c.error != "", ~feeds.c.paused, followed)
        async with self._database.read() as connection:
            rows = await connection.execute(troubled.order_by(feeds.c.failures.desc(), feeds.c.id).limit(limit))
            return [
                FeedTrouble(
                    feed=feed_ref(row),
                    error=row.error,
                    polled=row.polled,
                    next_poll=row.next_poll,
                    last_item=row.last_item,
                )
                for row in rows
            ]


async def _held(connection: AsyncConnection, changes: Sequence[FeedChange]) -> dict[int, str]:
    """The leases on those feeds, by id. The rows are locked until the transaction ends."""
    return dict((await connection.execute(_HELD, {"these": [change.id for change in changes]})).all())


# In order of id, so that two replicas wait for each other and never deadlock.
_HELD = select(feeds.c.id, feeds.c.lease).where(among_given(feeds.c.id, "these")).order_by(feeds.c.id).with_for_update()


async def _write_feeds(connection: AsyncConnection, rows: Iterable[dict[str, Any]]) -> None:
    """Update the feeds, those with the same columns in one statement."""
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        alike[tuple(row)].append(row)
    for columns, some in alike.items():
        await connection.execute(_writing(columns), some)


@lru_cache(maxsize=64)
def _writing(columns: tuple[str, ...]) -> Update:
    free = {name: value for name, value in _AT_REST.items() if name not in columns}
    return update(feeds).where(feeds.c.id == bindparam("feed")).values(free)


async def _move(connection: AsyncConnection, change: FeedChange) -> None:
    """Give the feed its new address, unless another feed has it: then this one keeps the old."""
    moved = update(feeds).where(feeds.c.id == change.id).values(url=change.url, url_key=change.url)
    try:
        async with connection.begin_nested():
            await connection.execute(moved)
    except exc.IntegrityError:
        return


async def _tell_followers(connection: AsyncConnection, change: FeedChange, now: datetime) -> Sequence[int]:
    """Owe a notice to each chat that takes the feed; answer which deliveries."""
    feed = (await connection.execute(select(*FEED).where(feeds.c.id == change.id))).one()
    takers = (
        select(chats.c.id)
        .join(subscriptions, subscriptions.c.chat_id == chats.c.id)
        .where(subscriptions.c.feed_id == change.id, chats.c.state == ChatState.ACTIVE)
        .order_by(chats.c.id)
    )
    notice = Notice(kind=NoticeKind(change.notice or ""), feed=feed_ref(feed), reason=change.error)
    owed = {"notice": notice, "why": (), "state": DUE, "created": now, "due_at": now}
    rows = [{"chat_id": chat, "key": delivery_key()} | owed for chat in await connection.scalars(takers)]
    if not rows:
        return []
    return (await connection.scalars(insert(deliveries).returning(deliveries.c.id), rows)).all()


# A feed that nobody has in hand and that works, as constants of the statement: binding them for each of thousands of
# rows costs as much as the rest.
_AT_REST: dict[str, Any] = {
    "failures": literal_column("0"),
    "error": literal_column("''"),
    "gone": false(),
    "dead": false(),
    "lease": literal_column("''"),
    "lease_until": null(),
}

_DUE_NAMES = (
    *("id", "url", "created", "title", "site", "language", "etag", "last_modified", "body_hash"),
    *("failures", "polled", "hints", "dead"),
)
_DUE = select(*(feeds.c[name] for name in _DUE_NAMES), rhythms.c.learned).select_from(feeds.outerjoin(rhythms))

_NEXT_DUE = (
    select(feeds.c.next_poll)
    .where(is_polled(), is_followed(), or_(feeds.c.lease_until.is_(None), feeds.c.lease_until <= NOW))
    .order_by(feeds.c.next_poll)
    .limit(1)
)
_CLAIMED = claimable(
    feeds,
    _DUE.where(feeds.c.next_poll <= NOW, is_polled(), is_followed(), is_free_now(feeds)).order_by(
        feeds.c.next_poll, feeds.c.id
    ),
)


def _values(change: FeedChange, now: datetime) -> dict[str, Any]:
    """The feed's new columns. Empty texts of the change leave what was."""
    texts = ("title", "site", "language", "etag", "last_modified", "body_hash")
    values: dict[str, Any] = {"feed": change.id}
    values |= {name: new for name in texts if (new := getattr(change, name))}
    values["next_poll"] = change.next_poll
    if change.hints is not None:
        values["hints"] = change.hints
    if change.hub is not None:
        values |= {"hub": change.hub, "topic": change.topic or ""}
    if change.succeeded:
        values["polled"] = now
    else:
        values |= {"failures": change.failures, "error": change.error, "gone": change.gone, "dead": change.dead}
    return values


def _due(row: AnyRow, lease: str) -> FeedDue:
    *values, rhythm = row
    return FeedDue(lease=lease, rhythm=rhythm or b"", **dict(zip(_DUE_NAMES, values, strict=True)))
