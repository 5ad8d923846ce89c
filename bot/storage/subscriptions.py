"""Which feeds a chat takes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import case, delete, func, null, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import ChatId, Choice, FeedId, FoundFeed, Mode, Subscription
from bot.storage.aside import let_go
from bot.storage.engine import Database
from bot.storage.rows import FEED, AnyRow, feed_ref, is_followed
from bot.storage.schedules import choice as choice_of
from bot.storage.schedules import choice_values
from bot.storage.tables import feeds, subscriptions
from bot.storage.uninterrupted import uninterrupted


@uninterrupted
class SubscriptionStore:
    """Implements SubscriptionBook."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def subscribe(
        self, chat: ChatId, found: FoundFeed, *, mode: Mode, now: datetime
    ) -> tuple[Subscription, bool]:
        """See SubscriptionBook."""
        async with self._database.write() as connection:
            feed = await self._open_feed(connection, found, now)
            added = (
                self._database.insert(subscriptions)
                .values(chat_id=chat, feed_id=feed, mode=mode, created=now)
                .on_conflict_do_nothing(index_elements=["chat_id", "feed_id"])
                .returning(subscriptions.c.id)
            )
            new = (await connection.execute(added)).one_or_none() is not None
            ours = (subscriptions.c.chat_id == chat, subscriptions.c.feed_id == feed)
            if not new:
                await connection.execute(update(subscriptions).where(*ours).values(mode=mode))
            return _subscription((await connection.execute(_SUBSCRIPTIONS.where(*ours))).one()), new

    async def unsubscribe(self, chat: ChatId, feed: FeedId) -> bool:
        """See SubscriptionBook. A feed that nobody takes any more is polled no more."""
        ours = delete(subscriptions).where(subscriptions.c.chat_id == chat, subscriptions.c.feed_id == feed)
        async with self._database.write() as connection:
            return (await connection.execute(ours)).rowcount > 0

    async def subscriptions(self, chat: ChatId) -> list[Subscription]:
        """See SubscriptionBook."""
        ours = _SUBSCRIPTIONS.where(subscriptions.c.chat_id == chat).order_by(subscriptions.c.id)
        async with self._database.read() as connection:
            return [_subscription(row) for row in await connection.execute(ours)]

    async def set_feed_choice(self, chat: ChatId, feed: FeedId, choice: Choice) -> Subscription | None:
        """See SubscriptionBook."""
        ours = (subscriptions.c.chat_id == chat, subscriptions.c.feed_id == feed)
        async with self._database.write() as connection:
            await connection.execute(update(subscriptions).where(*ours).values(choices=choice_values(choice)))
            if choice.muted_until is None:
                await let_go(connection, chat, feed=feed)
            row = (await connection.execute(_SUBSCRIPTIONS.where(*ours))).one_or_none()
        return _subscription(row) if row else None

    async def _open_feed(self, connection: AsyncConnection, found: FoundFeed, now: datetime) -> int:
        """The feed's id, made if need be. Who subscribes has just seen that it works: a feed that was given up or
        waits after failures is polled at once. What nobody took lately was not polled either, and begins anew: what
        it brought meanwhile is older than the subscription."""
        made = self._database.insert(feeds).values(
            url=found.url,
            url_key=found.url,
            title=found.title,
            site=found.site,
            language=found.language,
            created=now,
            next_poll=now,
        )
        followed = is_followed()
        waits = or_(feeds.c.polled.is_(None), feeds.c.gone, feeds.c.failures > 0, ~followed)
        opened = made.on_conflict_do_update(
            index_elements=["url_key"],
            set_={
                "title": func.coalesce(func.nullif(feeds.c.title, ""), made.excluded.title),
                "gone": False,
                "created": case((followed, feeds.c.created), else_=made.excluded.created),
                "polled": case((followed, feeds.c.polled), else_=null()),
                "next_poll": case((waits, made.excluded.next_poll), else_=feeds.c.next_poll),
            },
        )
        feed: int = (await connection.execute(opened.returning(feeds.c.id))).scalar_one()
        return feed


_SUBSCRIPTIONS = select(
    *FEED,
    *(subscriptions.c.mode, subscriptions.c.created, subscriptions.c.choices),
    *(feeds.c.polled, feeds.c.next_poll, feeds.c.last_item, feeds.c.error),
).select_from(subscriptions.join(feeds))


def _subscription(row: AnyRow) -> Subscription:
    return Subscription(
        feed=feed_ref(row),
        mode=Mode(row.mode),
        created=row.created,
        polled=row.polled,
        next_poll=row.next_poll,
        last_item=row.last_item,
        error=row.error,
        choice=choice_of(row.choices),
    )


async def feeds_of(connection: AsyncConnection, chat: ChatId) -> Sequence[int]:
    """The feeds of a chat. As a list, and not as a query within one that looks for their items: PostgreSQL guesses that
    every chat has about as many, and reads all items for those that have more."""
    return (await connection.scalars(select(subscriptions.c.feed_id).where(subscriptions.c.chat_id == chat))).all()
