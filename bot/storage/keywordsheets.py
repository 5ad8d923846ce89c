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

from bot.model import ChatState, KeywordLine, KeywordSheet
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

    async def keyword_sheet(self, *, since: datetime, created_before: datetime, limit: int) -> KeywordSheet:
        """See KeywordSheets. Looked at are the newest `LOOKED_AT` alerts at most, which are looked for among the newest
        `AMONG` deliveries, and the first `SILENT` rows of keywords that brought none of them."""
        async with self._database.read() as connection:
            rows = (await connection.execute(await _newest(connection))).all()
            lately = [row for row in rows if row.finished >= since]
            brought, last = await asyncio.to_thread(_brought, lately)
            before, _ = await asyncio.to_thread(_brought, [row for row in rows if row.finished < since])
            top = sorted(brought, key=lambda query: (-brought[query], query))[:limit]
            quiet = await _silent(connection, {*brought, *before}, created_before)
            oldest = sorted(quiet, key=lambda query: (quiet[query], query))[:limit]
            there = {row.query: row for row in await connection.execute(_standing({*top, *oldest}))}
        return KeywordSheet(
            since=rows[-1].finished if len(rows) == len(lately) == LOOKED_AT else since,
            looked_at=len(lately),
            top=tuple(
                KeywordLine(
                    query=query,
                    chats=there[query].chats if query in there else 0,
                    alerts=brought[query],
                    last=last[query],
                    created=there[query].created if query in there else None,
                )
                for query in top
            ),
            silent=tuple(KeywordLine(query=query, chats=there[query].chats, created=quiet[query]) for query in oldest),
        )


async def _silent(connection: AsyncConnection, brought: Collection[str], before: datetime) -> dict[str, datetime]:
    """Keywords that are older and not among those, and since when they stand."""
    silent = (
        select(keywords.c.query, keywords.c.created)
        .select_from(keywords.join(chats))
        .where(keywords.c.live, keywords.c.created < before, chats.c.state == ChatState.ACTIVE)
        .where(~among(keywords.c.query, brought))
        .order_by(keywords.c.id)
        .limit(SILENT)
    )
    since: dict[str, datetime] = {}
    for query, created in await connection.execute(silent):
        since[query] = min(created, since.get(query, created))
    return since


async def _newest(connection: AsyncConnection) -> AnySelect:
    """The newest alerts that were sent."""
    last = await connection.scalar(select(func.max(deliveries.c.id))) or 0
    return (
        select(type_coerce(deliveries.c.why, Text).label("why"), deliveries.c.finished)
        .where(deliveries.c.id > last - AMONG, unindexed(deliveries.c.state) == SENT)
        .where(deliveries.c.item_id.is_not(None))
        .order_by(deliveries.c.id.desc())
        .limit(LOOKED_AT)
    )


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
