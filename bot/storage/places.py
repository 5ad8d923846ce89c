"""Chats seen from another one: which are admitted, which is managed from where, and keywords that move between them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Update, case, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import EXPELLED, Chat, ChatId, ChatKind, ChatState, FeedRef, Keyword, KeywordId, Mode, Platform
from bot.storage.among import among
from bot.storage.engine import Database
from bot.storage.keywords import keyword_of, next_revision
from bot.storage.leases import FREE
from bot.storage.rows import CHAT, FEED, feed_ref
from bot.storage.rows import chat as chat_of
from bot.storage.states import FAILED, WAITING
from bot.storage.tables import chats, deliveries, feeds, heads, keywords, subscriptions
from bot.storage.uninterrupted import uninterrupted


@uninterrupted
class PlaceStore:
    """Implements PlaceBook."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def chat(self, chat: ChatId) -> Chat | None:
        """See PlaceBook."""
        async with self._database.read() as connection:
            row = (await connection.execute(select(*CHAT).where(chats.c.id == chat))).one_or_none()
        return chat_of(row) if row else None

    async def manage(self, chat: ChatId, other: ChatId | None) -> None:
        """See PlaceBook."""
        async with self._database.write() as connection:
            await connection.execute(update(chats).where(chats.c.id == chat).values(managing=other))

    async def known(self, platform: Platform, *, limit: int) -> list[Chat]:
        """See PlaceBook."""
        open_places = (
            select(*CHAT)
            .where(chats.c.platform == platform, chats.c.kind != ChatKind.PRIVATE, chats.c.admitted)
            .where(chats.c.state.in_([ChatState.ACTIVE, ChatState.PAUSED]))
            .order_by(chats.c.id.desc())
            .limit(limit)
        )
        async with self._database.read() as connection:
            return [chat_of(row) for row in await connection.execute(open_places)]

    async def admit(self, chat: ChatId) -> bool:
        """See PlaceBook."""
        was_expelled = chats.c.reason == EXPELLED
        return await self._changed(
            update(chats)
            .where(chats.c.id == chat, ~chats.c.admitted)
            .values(
                admitted=True,
                state=case((was_expelled, ChatState.ACTIVE.value), else_=chats.c.state),
                reason=case((was_expelled, ""), else_=chats.c.reason),
            )
        )

    async def expel(self, chat: ChatId, *, now: datetime) -> bool:
        """See PlaceBook."""
        out = update(chats).where(chats.c.id == chat, chats.c.admitted)
        waiting = update(deliveries).where(deliveries.c.chat_id == chat, deliveries.c.state.in_(WAITING))
        async with self._database.write() as connection:
            gone = await connection.execute(out.values(admitted=False, state=ChatState.BLOCKED, reason=EXPELLED))
            if gone.rowcount:
                await connection.execute(waiting.values(state=FAILED, reason=EXPELLED, finished=now, **FREE))
                await connection.execute(delete(heads).where(heads.c.chat_id == chat))
        return bool(gone.rowcount)

    async def admitted_among(self, platform: Platform, among_these: Collection[str]) -> bool:
        """See PlaceBook."""
        there = select(chats.c.id).where(chats.c.platform == platform, among(chats.c.chat, among_these))
        async with self._database.read() as connection:
            return await connection.scalar(there.where(chats.c.admitted).limit(1)) is not None

    async def move_keyword(
        self, chat: ChatId, keyword: KeywordId, *, to: ChatId, most_feeds: int, now: datetime
    ) -> tuple[Keyword, list[FeedRef]] | None:
        """See PlaceBook."""
        async with self._database.write() as connection:
            moved = await self._moved(connection, chat, keyword, to, now)
            return (moved, await _share_feeds(connection, chat, to, most_feeds, now)) if moved else None

    async def _moved(
        self, connection: AsyncConnection, chat: ChatId, keyword: KeywordId, to: ChatId, now: datetime
    ) -> Keyword | None:
        """The keyword in its new chat; a row that it had there once comes back."""
        revision = await next_revision(connection)
        mine = select(keywords).where(keywords.c.id == keyword, keywords.c.chat_id == chat, keywords.c.live)
        old = (await connection.execute(mine)).one_or_none()
        if old is None:
            return None
        values: dict[str, Any] = {
            "query": old.query,
            "live": True,
            "created": now,
            "revision": revision,
            "choices": old.choices,
        }
        added = self._database.insert(keywords).values(
            chat_id=to, canonical=old.canonical, canonical_key=old.canonical, **values
        )
        revived = added.on_conflict_do_update(
            index_elements=["chat_id", "canonical_key"], set_=values, where=keywords.c.live.is_(False)
        )
        new = (await connection.execute(revived.returning(*keywords.c))).one_or_none()
        if new is None:
            return None
        await connection.execute(update(keywords).where(keywords.c.id == keyword).values(live=False, revision=revision))
        return keyword_of(new)

    async def _changed(self, statement: Update) -> bool:
        async with self._database.write() as connection:
            return bool((await connection.execute(statement)).rowcount)


async def _share_feeds(
    connection: AsyncConnection, chat: ChatId, to: ChatId, most: int, now: datetime
) -> list[FeedRef]:
    """Subscribe a chat to what another takes, as long as it has fewer than `most` feeds."""
    own = (await connection.scalars(select(subscriptions.c.feed_id).where(subscriptions.c.chat_id == to))).all()
    taken = (
        select(*FEED)
        .select_from(subscriptions.join(feeds))
        .where(subscriptions.c.chat_id == chat, ~among(feeds.c.id, own))
        .order_by(subscriptions.c.id)
        .limit(max(most - len(own), 0))
    )
    lacking = [feed_ref(row) for row in await connection.execute(taken)]
    if lacking:
        rows = [{"chat_id": to, "feed_id": one.id, "mode": Mode.MATCHING, "created": now} for one in lacking]
        await connection.execute(subscriptions.insert(), rows)
    return lacking
