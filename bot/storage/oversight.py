"""The whole bot in figures and lists, for those who run it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, func, select

from bot.model import ChatFigures, ChatState, Overview, Platform, Queues, TroubledFeed
from bot.storage.engine import Database
from bot.storage.rows import CHAT, FEED, AnyRow, feed_ref, is_followed, is_in_trouble
from bot.storage.rows import chat as chat_of
from bot.storage.states import DUE, NEW
from bot.storage.tables import chats, deliveries, feeds, items, keywords, subscriptions
from bot.storage.uninterrupted import uninterrupted


@uninterrupted
class OversightStore:
    """Implements Oversight."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def overview(self, *, now: datetime) -> Overview:
        """See Oversight."""
        by_place = (
            select(chats.c.platform, chats.c.state, func.count().label("how_many"))
            .where(chats.c.admitted)
            .group_by(chats.c.platform, chats.c.state)
            .order_by(chats.c.platform, chats.c.state)
        )
        outside = select(func.count()).select_from(chats).where(~chats.c.admitted)
        read = select(
            func.count().label("feeds"),
            func.count().filter(is_in_trouble()).label("troubled"),
            func.max(feeds.c.polled).label("last_poll"),
        ).where(is_followed())
        live = select(func.count()).select_from(keywords).where(keywords.c.live)
        due = select(func.count()).where(deliveries.c.state == DUE, deliveries.c.due_at <= now)
        async with self._database.read() as connection:
            places = (await connection.execute(by_place)).all()
            followed = (await connection.execute(read)).one()
            return Overview(
                chats=tuple((Platform(row.platform), ChatState(row.state), row.how_many) for row in places),
                outside=await connection.scalar(outside) or 0,
                feeds=followed.feeds,
                troubled=followed.troubled,
                keywords=await connection.scalar(live) or 0,
                waiting=await connection.scalar(due) or 0,
                last_poll=followed.last_poll,
            )

    async def queues(self, *, now: datetime) -> Queues:
        """See Oversight."""
        due = (
            select(chats.c.platform, func.count().label("how_many"), func.min(deliveries.c.due_at).label("oldest"))
            .select_from(deliveries.join(chats))
            .where(deliveries.c.state == DUE, deliveries.c.due_at <= now)
            .group_by(chats.c.platform)
        )
        new = select(func.count()).where(items.c.state == NEW)
        async with self._database.read() as connection:
            rows = (await connection.execute(due)).all()
            return Queues(
                deliveries={Platform(row.platform): (row.how_many, row.oldest) for row in rows},
                items=await connection.scalar(new) or 0,
            )

    async def chats(self, *, offset: int, limit: int) -> tuple[int, list[ChatFigures]]:
        """See Oversight."""
        taken = select(func.count()).where(subscriptions.c.chat_id == chats.c.id).scalar_subquery()
        live = select(func.count()).where(keywords.c.chat_id == chats.c.id, keywords.c.live).scalar_subquery()
        page = select(*CHAT, taken.label("feeds"), live.label("keywords")).order_by(chats.c.id.desc())
        async with self._database.read() as connection:
            count = await connection.scalar(select(func.count()).select_from(chats)) or 0
            rows = await connection.execute(page.offset(offset).limit(limit))
            return count, [ChatFigures(chat=chat_of(row), feeds=row.feeds, keywords=row.keywords) for row in rows]

    async def troubled(self, *, offset: int, limit: int) -> tuple[int, list[TroubledFeed]]:
        """See Oversight."""
        chosen = and_(is_in_trouble(), is_followed())
        taken = select(func.count()).where(subscriptions.c.feed_id == feeds.c.id).scalar_subquery().label("chats")
        page = select(*FEED, feeds.c.error, feeds.c.polled, taken).where(chosen).order_by(taken.desc(), feeds.c.id)
        async with self._database.read() as connection:
            count = await connection.scalar(select(func.count()).select_from(feeds).where(chosen)) or 0
            rows = await connection.execute(page.offset(offset).limit(limit))
            return count, [_troubled(row) for row in rows]


def _troubled(row: AnyRow) -> TroubledFeed:
    return TroubledFeed(feed=feed_ref(row), error=row.error, polled=row.polled, chats=row.chats)
