"""What the stores of the admin pages share: lines of items and chats, searches by words, figures by the hour.

Nobody gathers statistics of an SQLite database (ANALYZE), so its planner takes any condition on an indexed column for a
good one. Where it is none, the column is asked for in a way that leads into no index.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    DateTime,
    Dialect,
    FromClause,
    bindparam,
    case,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import ChatId, ChatLine, ItemId, ItemLine, Platform
from bot.storage.columns import UtcTime, clean
from bot.storage.rows import FEED, AnyRow, feed_ref, labelled
from bot.storage.states import SENT
from bot.storage.tables import chats, deliveries, items, keywords, subscriptions

HOUR = timedelta(hours=1)

ITEM_LINE = [*FEED, *labelled("item", items, "id", "title", "url", "published", "seen")]
CHAT_LINE = labelled(
    "chat",
    chats,
    *("id", "platform", "chat", "thread", "kind", "title", "state", "admitted", "reason", "created"),
)

# How much a chat has; the index on state, chat and id leads to the last alert.
CHAT_FIGURES = [
    select(func.count())
    .where(subscriptions.c.chat_id == chats.c.id)
    .correlate(chats)
    .scalar_subquery()
    .label("chat_feeds"),
    select(func.count())
    .where(keywords.c.chat_id == chats.c.id, keywords.c.live)
    .correlate(chats)
    .scalar_subquery()
    .label("chat_keywords"),
    select(deliveries.c.finished)
    .where(deliveries.c.state == literal(SENT), deliveries.c.chat_id == chats.c.id)
    .order_by(deliveries.c.id.desc())
    .limit(1)
    .correlate(chats)
    .scalar_subquery()
    .label("chat_last_sent"),
]

# As an address is written: the chat, and the topic in it.
ADDRESS = case((chats.c.thread != "", chats.c.chat + "/" + chats.c.thread), else_=chats.c.chat)


def item_line(row: AnyRow) -> ItemLine:
    """From ITEM_LINE."""
    return ItemLine(
        id=ItemId(row.item_id),
        title=row.item_title,
        url=row.item_url,
        feed=feed_ref(row),
        published=row.item_published,
        seen=row.item_seen,
    )


def chat_line(row: AnyRow, **figures: Any) -> ChatLine:  # noqa: ANN401 (values of any columns)
    """From CHAT_LINE."""
    return ChatLine(
        id=ChatId(row.chat_id),
        platform=Platform(row.chat_platform),
        address=f"{row.chat_chat}/{row.chat_thread}" if row.chat_thread else row.chat_chat,
        kind=row.chat_kind,
        title=row.chat_title,
        state=row.chat_state,
        admitted=row.chat_admitted,
        reason=row.chat_reason,
        created=row.chat_created,
        **figures,
    )


def chat_line_with_figures(row: AnyRow) -> ChatLine:
    """From CHAT_LINE and CHAT_FIGURES."""
    return chat_line(row, feeds=row.chat_feeds, keywords=row.chat_keywords, last_sent=row.chat_last_sent)


def has_any(text: str, *columns: ColumnElement[str]) -> ColumnElement[bool]:
    """The condition that one of the columns has this text, in any case."""
    return or_(*(column.icontains(clean(text), autoescape=True) for column in columns))


def unindexed(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """The column, of which no index knows; it has a value in each row."""
    return func.coalesce(column, "")


class Hours(NamedTuple):
    """Hours as a table to join with: which is which, and from when until when each is."""

    table: FromClause
    begin: ColumnElement[datetime]
    end: ColumnElement[datetime]


def hours_of(dialect: Dialect, starts: Sequence[datetime]) -> Hours:
    """The hours that begin then."""
    ends = [one + HOUR for one in starts]
    if dialect.name == "sqlite":
        as_text = UtcTime().bind_processor(dialect)
        pairs = json.dumps([[as_text(begin), as_text(end)] for begin, end in zip(starts, ends, strict=True)])
        each = func.json_each(pairs).table_valued("value")
        begin, end = (func.json_extract(each.c.value, f"$[{place}]", type_=UtcTime) for place in (0, 1))
        return Hours(each, begin, end)
    arrays = (bindparam(None, list(times), type_=ARRAY(DateTime(timezone=True))) for times in (starts, ends))
    each = func.unnest(*arrays).table_valued("begins", "ends").render_derived()
    return Hours(each, each.c.begins, each.c.ends)


async def items_by_hour(
    connection: AsyncConnection, starts: Sequence[datetime], *those: ColumnElement[bool]
) -> dict[datetime, int]:
    """How many of those items came in each of the hours. Hour by hour an index that has the time counts them, and
    nothing is sorted: it takes a tenth of what grouping them would."""
    hours = hours_of(connection.dialect, starts)
    count = select(func.count()).where(*those, items.c.seen >= hours.begin, items.c.seen < hours.end)
    counts = select(hours.begin, count.correlate(hours.table).scalar_subquery()).select_from(hours.table)
    rows = (await connection.execute(counts)).all()
    return {begin.astimezone(UTC): many for begin, many in rows}


def last_hours(now: datetime, hours: int) -> list[datetime]:
    """When each of the last hours begins, the oldest first; `now` is in the last of them."""
    newest = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    return [newest - HOUR * ago for ago in range(hours - 1, -1, -1)]
