"""What was, for people who look back."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from sqlalchemy import ScalarSelect, func, or_, select

from bot.model import Alert, ChatId, ChatState, ChatStatus, DeliveryId, FeedId, ItemId, StoredItem
from bot.storage.among import among
from bot.storage.engine import Database
from bot.storage.rows import BRIEF, FEED, ITEM, AnyRow, AnySelect, brief, stored_item
from bot.storage.states import DUE, FOLDED, HELD, SENT, WAITING
from bot.storage.subscriptions import feeds_of
from bot.storage.tables import briefs, chats, deliveries, feeds, items, keywords, subscriptions
from bot.storage.uninterrupted import uninterrupted

DAY = timedelta(days=1)
MOST_AHEAD = 200_000  # counting takes time, and more than that is said as well by "hours"


@uninterrupted
class HistoryStore:
    """Implements History."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def recent_items(
        self, chat: ChatId, *, since: datetime, limit: int, of: Collection[FeedId] | None = None
    ) -> list[StoredItem]:
        """See History."""
        recent = (
            select(*FEED, *ITEM)
            .select_from(items.join(feeds))
            .where(items.c.seen >= since)
            .order_by(items.c.seen.desc(), items.c.id.desc())
            .limit(limit)
        )
        async with self._database.read() as connection:
            ours = await feeds_of(connection, chat) if of is None else of
            recent = recent.where(among(items.c.feed_id, ours))
            return [stored_item(row) for row in await connection.execute(recent)]

    async def latest_alerts(
        self, chat: ChatId, *, limit: int, before: ItemId | None = None, after: ItemId | None = None
    ) -> list[Alert]:
        """See History. Those that wait to be sent are among them, those that failed, and reports that
        joined an earlier alert, are not."""
        told = _told(chat)
        if before is not None:
            told = told.where(deliveries.c.id < _place(chat, before))
        if after is not None:
            told = told.where(deliveries.c.id > _place(chat, after)).order_by(None).order_by(deliveries.c.id)
        async with self._database.read() as connection:
            alerts = _alerts(await connection.execute(told.limit(limit)))
        return alerts[::-1] if after is not None else alerts

    async def told_together(
        self, chat: ChatId, *, delivery: DeliveryId | None = None, message: str = ""
    ) -> list[Alert]:
        """See History."""
        of_message = select(func.max(deliveries.c.digest)).where(
            deliveries.c.chat_id == chat, deliveries.c.state == SENT, deliveries.c.message == message
        )
        async with self._database.read() as connection:
            digest = await connection.scalar(of_message) if delivery is None else delivery
            if not digest:
                return []
            return _alerts(await connection.execute(_told(chat).where(deliveries.c.digest == digest)))

    async def status(self, chat: ChatId, *, now: datetime) -> ChatStatus:
        """See History."""
        async with self._database.read() as connection:
            followed = (await connection.execute(_feeds(chat))).one()
            sent = (await connection.execute(_sent(chat, now))).one()
            live = select(func.count()).where(keywords.c.chat_id == chat, keywords.c.live)
            ready = deliveries.c.state.in_([DUE, FOLDED])
            waiting = select(func.count()).where(deliveries.c.chat_id == chat, ready)
            held = (await connection.execute(_held(chat))).one()
            mine = await connection.scalar(waiting) or 0
            return ChatStatus(
                feeds=followed.feeds,
                failing=followed.failing,
                keywords=await connection.scalar(live) or 0,
                items_day=await connection.scalar(_items_day(chat, now)) or 0,
                sent_day=sent.day,
                waiting=mine,
                ahead=await connection.scalar(_ahead(chat, now)) or 0 if mine else 0,
                last_poll=followed.last_poll,
                last_sent=sent.last,
                held=held.alerts,
                next_digest=held.next,
            )


def _told(chat: ChatId) -> AnySelect:
    return (
        select(*FEED, *ITEM, *BRIEF, deliveries.c.why)
        .select_from(deliveries.join(items).join(feeds).join(briefs))
        .where(deliveries.c.chat_id == chat, deliveries.c.state.in_([*WAITING, SENT]))
        .order_by(deliveries.c.id.desc())
    )


def _place(chat: ChatId, item: ItemId) -> ScalarSelect[int | None]:
    """The delivery that brought an item; a comparison with none is true of nothing."""
    there = (deliveries.c.chat_id == chat, deliveries.c.item_id == item)
    return select(func.min(deliveries.c.id)).where(*there).scalar_subquery()


def _alerts(rows: Iterable[AnyRow]) -> list[Alert]:
    return [Alert(item=stored_item(row), brief=brief(row), why=row.why) for row in rows]


def _feeds(chat: ChatId) -> AnySelect:
    failing = func.count().filter(or_(feeds.c.failures > 0, feeds.c.gone))
    return (
        select(func.count().label("feeds"), failing.label("failing"), func.max(feeds.c.polled).label("last_poll"))
        .select_from(subscriptions.join(feeds))
        .where(subscriptions.c.chat_id == chat)
    )


def _sent(chat: ChatId, now: datetime) -> AnySelect:
    lately = func.count().filter(deliveries.c.finished > now - DAY)
    return select(lately.label("day"), func.max(deliveries.c.finished).label("last")).where(
        deliveries.c.chat_id == chat, deliveries.c.state == SENT
    )


def _held(chat: ChatId) -> AnySelect:
    """What waits for a digest, and for the next one."""
    columns = (func.count().label("alerts"), func.min(deliveries.c.due_at).label("next"))
    return select(*columns).where(deliveries.c.chat_id == chat, deliveries.c.state == HELD)


def _ahead(chat: ChatId, now: datetime) -> AnySelect:
    """What is due now on the chat's platform."""
    platform = select(chats.c.platform).where(chats.c.id == chat).scalar_subquery()
    due = (
        select(deliveries.c.id)
        .select_from(deliveries.join(chats))
        .where(deliveries.c.state == DUE, deliveries.c.due_at <= now, chats.c.platform == platform)
        .where(chats.c.state == ChatState.ACTIVE)
        .limit(MOST_AHEAD)
        .subquery()
    )
    return select(func.count()).select_from(due)


def _items_day(chat: ChatId, now: datetime) -> AnySelect:
    return (
        select(func.count())
        .select_from(items.join(subscriptions, subscriptions.c.feed_id == items.c.feed_id))
        .where(subscriptions.c.chat_id == chat, items.c.seen > now - DAY)
    )
