"""The keywords of all chats for those who run the bot: which bring much, and which nothing.

Why an alert came stands in its row as JSON, which no index leads into: the newest ones are looked at.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Text, func, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import ChatState, KeywordLine, KeywordTops
from bot.storage.among import among
from bot.storage.engine import Database
from bot.storage.rows import AnyRow, AnySelect
from bot.storage.sheets import unindexed
from bot.storage.states import SENT
from bot.storage.tables import chats, deliveries, keywords
from bot.storage.uninterrupted import uninterrupted

LOOKED_AT = 5_000  # alerts that were sent
SILENT = 2_000
AMONG = 20_000  # deliveries they are looked for in: of a bot that sends, nearly all are


@uninterrupted
class KeywordSheetStore:
    """Implements KeywordSheets. A keyword is what was typed: in other letters it is another one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def top_keywords(self, *, since: datetime, limit: int) -> KeywordTops:
        """See KeywordSheets. Looked at are the newest `LOOKED_AT` alerts at most, which are looked for among the newest
        `AMONG` deliveries."""
        async with self._database.read() as connection:
            rows = (await connection.execute(await _newest(connection, since))).all()
            brought, last = await asyncio.to_thread(_brought, rows)
            top = sorted(brought, key=lambda query: (-brought[query], query))[:limit]
            there = {row.query: row for row in await connection.execute(_standing(top))}
        return KeywordTops(
            since=rows[-1].finished if len(rows) == LOOKED_AT else since,
            looked_at=len(rows),
            lines=tuple(
                KeywordLine(
                    query=query,
                    chats=there[query].chats if query in there else 0,
                    alerts=brought[query],
                    last=last[query],
                    created=there[query].created if query in there else None,
                )
                for query in top
            ),
        )

    async def silent_keywords(self, *, created_before: datetime, limit: int) -> list[KeywordLine]:
        """See KeywordSheets. The same alerts are looked at, and the first `SILENT` rows that brought none of them."""
        async with self._database.read() as connection:
            rows = (await connection.execute(await _newest(connection))).all()
            brought, _ = await asyncio.to_thread(_brought, rows)
            old = keywords.c.created < created_before
            silent = (
                select(keywords.c.query, keywords.c.created)
                .select_from(keywords.join(chats))
                .where(keywords.c.live, old, chats.c.state == ChatState.ACTIVE, ~among(keywords.c.query, brought))
                .order_by(keywords.c.id)
                .limit(SILENT)
            )
            since: dict[str, datetime] = {}
            for query, created in await connection.execute(silent):
                since[query] = min(created, since.get(query, created))
            oldest = sorted(since, key=lambda query: (since[query], query))[:limit]
            there = {row.query: row for row in await connection.execute(_standing(oldest))}
        return [KeywordLine(query=query, chats=there[query].chats, created=since[query]) for query in oldest]


async def _newest(connection: AsyncConnection, since: datetime | None = None) -> AnySelect:
    """The newest alerts that were sent."""
    last = await connection.scalar(select(func.max(deliveries.c.id))) or 0
    newest = (
        select(type_coerce(deliveries.c.why, Text).label("why"), deliveries.c.finished)
        .where(deliveries.c.id > last - AMONG, unindexed(deliveries.c.state) == SENT)
        .where(deliveries.c.item_id.is_not(None))
        .order_by(deliveries.c.id.desc())
        .limit(LOOKED_AT)
    )
    return newest.where(deliveries.c.finished >= since) if since else newest


def _brought(rows: Sequence[AnyRow]) -> tuple[Counter[str], dict[str, datetime]]:
    """How many of the alerts each keyword brought, and when the last one was sent."""
    brought: Counter[str] = Counter()
    last: dict[str, datetime] = {}
    for why, finished in rows:
        for keyword in {reason[0] for reason in json.loads(why)}:
            brought[keyword] += 1
            last[keyword] = max(finished, last.get(keyword, finished))
    return brought, last


def _standing(queries: Collection[str]) -> AnySelect:
    """In how many chats each of them stands, and since when."""
    return (
        select(keywords.c.query, func.count().label("chats"), func.min(keywords.c.created).label("created"))
        .where(keywords.c.live, among(keywords.c.query, queries))
        .group_by(keywords.c.query)
    )
