"""The chats' keywords, and the log by which indexes follow them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import and_, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import ChatId, Choice, Keyword, KeywordChange, KeywordId
from bot.storage.aside import let_go
from bot.storage.engine import Database
from bot.storage.rows import AnyRow
from bot.storage.schedules import choice as choice_of
from bot.storage.schedules import choice_values
from bot.storage.tables import keyword_revision, keywords
from bot.storage.uninterrupted import uninterrupted

# A part of the log is made into values at once; between the parts the event loop can do other work.
PART = 5000


@uninterrupted
class KeywordStore:
    """Implements KeywordBook, Removals and KeywordLog."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_keyword(self, chat: ChatId, *, query: str, canonical: str, now: datetime) -> tuple[Keyword, bool]:
        """See KeywordBook. A keyword that was removed comes back in its old row."""
        async with self._database.write() as connection:
            revision = await next_revision(connection)
            values = {"query": query, "live": True, "created": now, "revision": revision}
            added = self._database.insert(keywords).values(
                chat_id=chat, canonical=canonical, canonical_key=canonical, **values
            )
            revived = added.on_conflict_do_update(
                index_elements=["chat_id", "canonical_key"], set_=values, where=keywords.c.live.is_(False)
            )
            row = (await connection.execute(revived.returning(*keywords.c))).one_or_none()
            if row is not None:
                return keyword_of(row), True
            same = select(keywords).where(keywords.c.chat_id == chat, keywords.c.canonical_key == canonical)
            return keyword_of((await connection.execute(same)).one()), False

    async def edit_keyword(self, chat: ChatId, keyword: KeywordId, *, query: str, canonical: str) -> Keyword | None:
        """See KeywordBook."""
        async with self._database.write() as connection:
            revision = await next_revision(connection)
            mine = select(keywords).where(keywords.c.chat_id == chat)
            old = (await connection.execute(mine.where(keywords.c.id == keyword, keywords.c.live))).one_or_none()
            same = (await connection.execute(mine.where(keywords.c.canonical_key == canonical))).one_or_none()
            taken = same is not None and same.live and same.id != keyword
            if old is None or taken:
                return None
            if same is not None and not same.live:
                # A removed keyword's row is in the way. It takes the old form, which is free once this one has the new:
                # deleted it can't be, since who follows the log may not have heard yet that it went.
                await _write(connection, same.id, canonical=f"?{same.id}", canonical_key=f"?{same.id}")
            values = {"canonical": canonical, "canonical_key": canonical, "query": query, "revision": revision}
            await _write(connection, keyword, **values)
            if same is not None and not same.live:
                # It is no more what was removed: by its new revision no way back leads to it.
                form = {"canonical": old.canonical, "canonical_key": old.canonical, "query": old.query}
                await _write(connection, same.id, revision=revision, **form)
            return replace(keyword_of(old), query=query, canonical=canonical)

    async def remove_keyword(self, chat: ChatId, keyword: KeywordId) -> Keyword | None:
        """See KeywordBook."""
        async with self._database.write() as connection:
            gone = (
                update(keywords)
                .where(keywords.c.id == keyword, keywords.c.chat_id == chat, keywords.c.live)
                .values(live=False, revision=await next_revision(connection))
                .returning(*keywords.c)
            )
            row = (await connection.execute(gone)).one_or_none()
        return keyword_of(row) if row else None

    async def remove_keywords(self, chat: ChatId, gone: Collection[KeywordId]) -> tuple[int, list[Keyword]]:
        """See Removals. The number of a removal is the revision that its keywords share."""
        async with self._database.write() as connection:
            revision = await next_revision(connection)
            removed = (
                update(keywords)
                .where(keywords.c.chat_id == chat, keywords.c.id.in_(gone), keywords.c.live)
                .values(live=False, revision=revision)
                .returning(*keywords.c)
            )
            return revision, _in_order((await connection.execute(removed)).all())

    async def removed_keywords(self, chat: ChatId, removal: int | None) -> list[Keyword]:
        """See Removals."""
        dead = select(keywords).where(keywords.c.chat_id == chat, ~keywords.c.live)
        last = select(func.max(keywords.c.revision)).where(keywords.c.chat_id == chat, ~keywords.c.live)
        chosen = keywords.c.revision == (last.scalar_subquery() if removal is None else removal)
        async with self._database.read() as connection:
            return _in_order((await connection.execute(dead.where(chosen))).all())

    async def restore_keywords(self, chat: ChatId, back: Collection[KeywordId]) -> list[Keyword]:
        """See Removals."""
        async with self._database.write() as connection:
            restored = (
                update(keywords)
                .where(keywords.c.chat_id == chat, keywords.c.id.in_(back), ~keywords.c.live)
                .values(live=True, revision=await next_revision(connection))
                .returning(*keywords.c)
            )
            return _in_order((await connection.execute(restored)).all())

    async def keywords(self, chat: ChatId) -> list[Keyword]:
        """See KeywordBook."""
        live = select(keywords).where(keywords.c.chat_id == chat, keywords.c.live)
        async with self._database.read() as connection:
            rows = await connection.execute(live.order_by(keywords.c.created, keywords.c.id))
            return [keyword_of(row) for row in rows]

    async def set_keyword_choice(self, chat: ChatId, keyword: KeywordId, choice: Choice) -> Keyword | None:
        """See KeywordBook."""
        mine = update(keywords).where(keywords.c.id == keyword, keywords.c.chat_id == chat, keywords.c.live)
        chosen = mine.values(choices=choice_values(choice)).returning(*keywords.c)
        async with self._database.write() as connection:
            row = (await connection.execute(chosen)).one_or_none()
            if row is not None and choice.muted_until is None:
                await let_go(connection, chat, query=row.query)
        return keyword_of(row) if row else None

    async def keyword_changes(self, *, after: int) -> tuple[int, list[KeywordChange]]:
        """See KeywordLog."""
        async with self._database.glance() as connection:  # mostly there is nothing new
            if after and await connection.scalar(_REVISION) == after:
                return after, []
        later = keywords.c.revision > after
        if after == 0:
            later = and_(later, keywords.c.live)
        # One statement, so one snapshot: the revision is the one that the changes lead to. Without changes the outer
        # join gives a row of its own.
        log = (
            select(keyword_revision.c.revision, keywords.c.id, keywords.c.canonical, keywords.c.live)
            .select_from(keyword_revision.outerjoin(keywords, later))
            .order_by(keywords.c.revision)
        )
        newest = after
        changes: list[KeywordChange] = []
        async with self._database.read() as connection, connection.stream(log) as rows:
            async for part in rows.partitions(PART):
                newest = part[0].revision
                changes += [
                    KeywordChange(id=KeywordId(row.id), canonical=row.canonical, live=row.live)
                    for row in part
                    if row.id is not None
                ]
        return newest, changes


_REVISION = select(keyword_revision.c.revision)


async def next_revision(connection: AsyncConnection) -> int:
    """A new revision. Other keyword changes wait from here to the end of this transaction."""
    counted = update(keyword_revision).values(revision=keyword_revision.c.revision + 1)
    revision: int = (await connection.execute(counted.returning(keyword_revision.c.revision))).scalar_one()
    return revision


async def _write(connection: AsyncConnection, keyword: int, **values: object) -> None:
    await connection.execute(update(keywords).where(keywords.c.id == keyword).values(values))


def _in_order(rows: Iterable[AnyRow]) -> list[Keyword]:
    return [keyword_of(row) for row in sorted(rows, key=lambda row: (row.created, row.id))]


def keyword_of(row: AnyRow) -> Keyword:
    """From a whole row."""
    return Keyword(
        id=KeywordId(row.id),
        query=row.query,
        canonical=row.canonical,
        created=row.created,
        choice=choice_of(row.choices),
    )
