"""New items as a queue, and what an item leads to: its story, brief and deliveries."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import ReturningUpdate

from bot.errors import LeaseLost, StorageError
from bot.model import (
    AlertDecision,
    Brief,
    FeedId,
    ItemId,
    Owed,
    Recipient,
    SameStory,
    StoredItem,
    StoryId,
    StoryMember,
)
from bot.ports.alert import NOTHING_KNOWN
from bot.storage.among import among, among_given
from bot.storage.engine import Database, Insert, insert_for
from bot.storage.folding import due_from
from bot.storage.leases import FREE, NOW, claim, claimable, is_free_now, moment, new_token
from bot.storage.owing import have_shown_anew, owe
from bot.storage.postgres import CLAIM_LOCK
from bot.storage.recipients import recipients
from bot.storage.rows import BRIEF, FEED, ITEM, AnyRow, AnySelect, stored_item
from bot.storage.rows import brief as brief_of
from bot.storage.states import DONE, NEW
from bot.storage.tables import briefs, feeds, items, likenesses, stories
from bot.storage.uninterrupted import uninterrupted

OWNER = 8  # characters


@uninterrupted
class ItemStore:
    """Implements AlertStore. Alerts older than `news_age` wait for others of their kind (None: none is too old)."""

    def __init__(self, database: Database, news_age: timedelta | None = None) -> None:
        self._database = database
        self._news_age = news_age
        self._owner = secrets.token_urlsafe(OWNER)[:OWNER]  # begins all leases of this process
        self._unsure: set[str] = set()  # of claims whose end we did not hear: they may be committed

    async def claim_items(self, *, now: datetime, limit: int, lease: timedelta) -> list[StoredItem]:
        """See AlertStore. A feed of which another process has items in hand is left to it, even when it died, until its
        leases run out: chats would hear the later items first."""
        token = self._owner + new_token()
        try:
            async with self._database.write() as connection:
                await self._before_claim(connection)
                new = _claimable(is_sqlite=self._database.is_sqlite)
                given = moment(now, lease) | ({} if self._database.is_sqlite else {"owner": self._owner})
                _, rows = await claim(
                    connection, items, new, now=now, limit=limit, lease=lease, token=token, given=given
                )
        except StorageError:
            self._unsure.add(token)
            raise
        self._unsure.clear()
        return [stored_item(row, lease=token) for row in rows]

    async def _before_claim(self, connection: AsyncConnection) -> None:
        if not self._database.is_sqlite:  # which has one writer at a time anyway
            # One claim at a time, or each would miss what the other is about to lease.
            await connection.execute(select(func.pg_advisory_xact_lock(CLAIM_LOCK)))
        if self._unsure:
            nobodys = update(items).where(items.c.state == NEW, among(items.c.lease, self._unsure))
            await connection.execute(nobodys.values(FREE))

    async def recipients(self, feed: FeedId, queries: Collection[str]) -> list[Recipient]:
        """See AlertStore."""
        async with self._database.glance() as connection:
            return await recipients(connection, feed, queries)

    async def recent_stories(
        self, *, since: datetime, known: Mapping[ItemId, datetime] = NOTHING_KNOWN
    ) -> list[StoryMember]:
        """See AlertStore."""
        async with self._database.glance() as connection:
            if not known:
                return await _members(connection, _ALL_MEMBERS, since=since)
            # Of most, the time alone is read: who asks again and again knows them already.
            told = await connection.execute(_TOLD, {"since": since})
            new = [item for item, at in told if known.get(ItemId(item)) != at]
            return await _members(connection, _THESE_MEMBERS, since=since, these=new) if new else []

    async def commit_alerts(self, decision: AlertDecision, *, now: datetime) -> Owed:
        """See AlertStore. An item that nobody asked for begins no story. Raises ValueError for deliveries without a
        brief: they could never be sent."""
        if decision.deliveries and decision.brief is None:
            raise ValueError(f"item {decision.item}: deliveries without a brief")
        async with self._database.write() as connection:
            if decision.story is None and decision.brief is None:
                await self._finish(connection, decision, now, story=None)
                return Owed()
            story = decision.story or await _begin_story(connection, now)
            item = await self._finish(connection, decision, now, story)
            due_at = due_from(late=item.late, published=item.published, now=now, news_age=self._news_age)
            if decision.brief is not None:
                await self._save_brief(connection, decision.item, decision.brief)
            if decision.same is not None:
                await self._save_likeness(connection, decision.item, decision.same)
            begun = decision.story is None
            return await owe(self._database, connection, decision, story, now, due_at=due_at, begun=begun)

    async def improve_alerts(self, decision: AlertDecision, *, now: datetime) -> Owed:
        """See AlertStore. Raises ValueError without a brief."""
        if decision.brief is None:
            raise ValueError(f"item {decision.item}: no brief to show")
        async with self._database.write() as connection:
            story = await connection.scalar(select(items.c.story_id).where(items.c.id == decision.item))
            if story is None:
                return Owed()  # cleaned away
            await self._save_brief(connection, decision.item, decision.brief)
            # So that all replicas compare later items with the new brief.
            await connection.execute(update(items).where(items.c.id == decision.item).values(told=now))
            await have_shown_anew(connection, decision.item, now)
            return await owe(self._database, connection, decision, story, now)

    async def _finish(
        self, connection: AsyncConnection, decision: AlertDecision, now: datetime, story: StoryId | None
    ) -> AnyRow:
        """Finish the item, with its story; answer when it was published, and whether it is late."""
        given: dict[str, Any] = {"item": decision.item, "token": decision.lease, "now": now}
        given |= {} if self._database.is_sqlite else {"owner": decision.lease[:OWNER]}
        given |= {"of_story": story, "told_at": now if story else None}
        finishing = _finishing(is_sqlite=self._database.is_sqlite)
        done = (await connection.execute(finishing, given)).one_or_none() if decision.lease else None
        if done is None:
            raise LeaseLost(f"item {decision.item}")
        return done

    async def _save_brief(self, connection: AsyncConnection, item: ItemId, brief: Brief) -> None:
        await connection.execute(_saving_brief(is_sqlite=self._database.is_sqlite), {"item_id": item, **asdict(brief)})

    async def _save_likeness(self, connection: AsyncConnection, item: ItemId, same: SameStory) -> None:
        values = {name: getattr(same, name) for name in ("kind", "score", "reasons", "new")}
        values |= {"story_id": same.story, "like_id": same.item}
        # What it was like may be gone by now, and that is no reason to hold up an alert.
        there = select(items.c.id).where(items.c.id == same.item, items.c.story_id == same.story)
        if await connection.scalar(there) is not None:
            await connection.execute(insert(likenesses).values(item_id=item, **values))


@cache
def _claimable(*, is_sqlite: bool) -> AnySelect:
    new = select(items.c.id, *FEED, *ITEM).select_from(items.join(feeds)).order_by(items.c.id)
    new = new.where(items.c.state == NEW, is_free_now(items))
    # An SQLite file has one process.
    return claimable(items, new if is_sqlite else new.where(items.c.feed_id.not_in(_in_other_hands())))


def _in_other_hands() -> Select[tuple[int]]:
    """The feeds of which another process has items."""
    theirs = (~is_free_now(items), func.left(items.c.lease, OWNER) != bindparam("owner"))
    # No index has the leases, but few items are new.
    return select(items.c.feed_id).where(items.c.state == NEW, *theirs)


@cache
def _finishing(*, is_sqlite: bool) -> ReturningUpdate[*tuple[Any, ...]]:
    done = update(items).where(
        items.c.id == bindparam("item"), items.c.state == NEW, items.c.lease == bindparam("token")
    )
    values = {"state": DONE, "story_id": bindparam("of_story"), "told": bindparam("told_at"), **FREE}
    done = (done if is_sqlite else done.where(~_overtakes())).values(values)
    return done.returning(items.c.late, items.c.published)


def _overtakes() -> ColumnElement[bool]:
    """Whether an earlier item of the feed is in nobody's hands, or in another's than the owner's: its leases ran out,
    and that item was taken while its successors were not yet."""
    earlier = items.alias()
    until = earlier.c.lease_until
    elsewhere = or_(until.is_(None), until <= NOW, func.left(earlier.c.lease, OWNER) != bindparam("owner"))
    before = (earlier.c.feed_id == items.c.feed_id, earlier.c.id < items.c.id)
    return select(earlier.c.id).where(earlier.c.state == NEW, elsewhere, *before).exists()


_BEGINNING = insert(stories).values(created=NOW).returning(stories.c.id)


@cache
def _saving_brief(*, is_sqlite: bool) -> Insert:
    saved = insert_for(briefs, is_sqlite=is_sqlite)
    values = {column.name: saved.excluded[column.name] for column in briefs.c if not column.primary_key}
    return saved.on_conflict_do_update(index_elements=["item_id"], set_=values)


_SINCE = (items.c.told >= bindparam("since"), items.c.story_id.is_not(None))
_TOLD = select(items.c.id, items.c.told).where(*_SINCE)
_ALL_MEMBERS = (
    select(*(items.c[name] for name in ("id", "url", "title", "text", "language", "seen", "story_id", "told")), *BRIEF)
    .select_from(items.outerjoin(briefs))
    .where(*_SINCE)
    .order_by(items.c.told.desc(), items.c.id.desc())
)
_THESE_MEMBERS = _ALL_MEMBERS.where(among_given(items.c.id, "these"))


async def _members(connection: AsyncConnection, recent: AnySelect, **given: object) -> list[StoryMember]:
    return [
        StoryMember(
            story=StoryId(row.story_id),
            item=ItemId(row.id),
            url=row.url,
            title=row.title,
            text=row.text,
            language=row.language,
            seen=row.seen,
            brief=brief_of(row) if row.brief_made_by else None,
            told=row.told,
        )
        for row in await connection.execute(recent, given)
    ]


async def _begin_story(connection: AsyncConnection, now: datetime) -> StoryId:
    return StoryId((await connection.execute(_BEGINNING, {"now": now})).scalar_one())
