"""The ways of items to chats, for people who ask why."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, FromClause, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import (
    ChatId,
    DeliveryState,
    Fate,
    Hold,
    ItemId,
    ItemState,
    LinkTrace,
    Mode,
    SameStory,
    StoryId,
    StoryItem,
    StoryKind,
    Trail,
)
from bot.storage.engine import Database
from bot.storage.rows import BRIEF, FEED, ITEM, AnyRow, brief, feed_ref, labelled, stored_item
from bot.storage.states import SENT
from bot.storage.tables import briefs, deliveries, feeds, item_keys, items, likenesses, subscriptions, told
from bot.storage.uninterrupted import uninterrupted

MOST_OTHERS = 20
_DELIVERY = labelled(
    "delivery", deliveries, "state", "why", "created", "finished", "attempts", "reason", "held_by", "due_at"
)
_SAME = labelled("same", likenesses, "story_id", "like_id", "kind", "score", "reasons", "new")


@uninterrupted
class TrailStore:
    """Implements Trails."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def trail(self, chat: ChatId, item: ItemId) -> Trail | None:
        """See Trails."""
        wanted = _seen_by(chat).outerjoin(briefs, briefs.c.item_id == items.c.id)
        wanted = wanted.outerjoin(likenesses, likenesses.c.item_id == items.c.id)
        columns = (*FEED, *ITEM, *BRIEF, *_DELIVERY, *_SAME, items.c.state, items.c.story_id, subscriptions.c.mode)
        found = select(*columns, subscriptions.c.created).select_from(wanted).where(items.c.id == item, _is_seen())
        async with self._database.read() as connection:
            row = (await connection.execute(found)).one_or_none()
            if row is None:
                return None
            others, known = await _story(connection, chat, row.story_id, item)
        return Trail(
            item=stored_item(row),
            state=ItemState(row.state),
            mode=Mode(row.mode) if row.mode else None,
            subscribed=row.created,
            brief=brief(row) if row.brief_made_by else None,
            fate=_fate(row),
            same=_same(row),
            others=others,
            told=known is not None,
            muted=bool(known),
        )

    async def find_link(self, chat: ChatId, url: str, *, key: str, public: Collection[str]) -> LinkTrace:
        """See Trails. Alerts are found by the very link they showed, too: one that several items share is no key."""
        ours = select(subscriptions.c.feed_id).where(subscriptions.c.chat_id == chat)
        known = select(feeds.c.id).where(feeds.c.url_key.in_(public))
        named = (
            select(*FEED, item_keys.c.item_id, feeds.c.id.in_(ours).label("ours"))
            .select_from(item_keys.join(feeds))
            .where(item_keys.c.key == key, item_keys.c.feed_id.in_(ours.union(known)))
        )
        shown = select(items.c.id).select_from(deliveries.join(items)).where(*_alerts_of(chat), items.c.url == url)
        async with self._database.read() as connection:
            rows = (await connection.execute(named)).all()
            alerts = (await connection.scalars(shown)).all()
        own = [row for row in rows if row.ours]
        return LinkTrace(
            items=tuple(dict.fromkeys(ItemId(item) for item in (*(row.item_id for row in own), *alerts) if item)),
            removed=tuple(feed_ref(row) for row in own if row.item_id is None),
            elsewhere=tuple(feed_ref(row) for row in rows if not row.ours),
        )

    async def find_message(self, chat: ChatId, message: str) -> ItemId | None:
        """See Trails. The newest: a group that was moved begins to number its messages anew."""
        of_chat = (deliveries.c.chat_id == chat, deliveries.c.state == SENT)
        sent = select(deliveries.c.item_id).where(*of_chat, deliveries.c.message == message)
        async with self._database.read() as connection:
            item = await connection.scalar(sent.order_by(deliveries.c.id.desc()).limit(1))
        return None if item is None else ItemId(item)


def _alerts_of(chat: ChatId) -> tuple[ColumnElement[bool], ...]:
    """The deliveries that stand for alerts of the chat."""
    return deliveries.c.chat_id == chat, deliveries.c.state.in_(list(DeliveryState))


def _seen_by(chat: ChatId) -> FromClause:
    """Items with their feeds, beside what the chat has of them: its subscription, its alert."""
    subscribed = and_(subscriptions.c.feed_id == items.c.feed_id, subscriptions.c.chat_id == chat)
    alerted = and_(deliveries.c.item_id == items.c.id, *_alerts_of(chat))
    return items.join(feeds).outerjoin(subscriptions, subscribed).outerjoin(deliveries, alerted)


def _is_seen() -> ColumnElement[bool]:
    """The condition that it has either."""
    return or_(subscriptions.c.id.is_not(None), deliveries.c.id.is_not(None))


async def _story(
    connection: AsyncConnection, chat: ChatId, story: int | None, item: ItemId
) -> tuple[tuple[StoryItem, ...], bool | None]:
    """The other items of a story that the chat may know of, in the order they came, and whether it muted the story
    (None: it was not told of it)."""
    if story is None:
        return (), None
    others = (
        select(*FEED, *ITEM, *_DELIVERY)
        .select_from(_seen_by(chat))
        .where(items.c.story_id == story, items.c.id != item, _is_seen())
        .order_by(items.c.id)
        .limit(MOST_OTHERS)
    )
    known = select(told.c.muted).where(told.c.story_id == story, told.c.chat_id == chat)
    rows = (await connection.execute(others)).all()
    return tuple(map(_story_item, rows)), await connection.scalar(known)


def _story_item(row: AnyRow) -> StoryItem:
    fate = _fate(row)
    return StoryItem(
        item=stored_item(row),
        state=fate.state if fate else None,
        at=(fate.finished or fate.created) if fate else None,
    )


def _same(row: AnyRow) -> SameStory | None:
    if row.same_kind is None:
        return None
    return SameStory(
        story=StoryId(row.same_story_id),
        item=ItemId(row.same_like_id),
        kind=StoryKind(row.same_kind),
        score=row.same_score,
        reasons=row.same_reasons,
        new=row.same_new,
    )


def _fate(row: AnyRow) -> Fate | None:
    if row.delivery_state is None:
        return None
    return Fate(
        state=DeliveryState(row.delivery_state),
        why=row.delivery_why,
        created=row.delivery_created,
        finished=row.delivery_finished,
        attempts=row.delivery_attempts,
        reason=row.delivery_reason,
        held_by=Hold(row.delivery_held_by) if row.delivery_held_by else None,
        due_at=row.delivery_due_at,
    )
