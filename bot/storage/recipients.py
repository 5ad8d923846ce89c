"""Who an item may go to: the chats that take its feed, with what they asked for and when they want it."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Text, func, null, select, type_coerce, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import ChatId, ChatState, FeedId, Mode, Recipient, Wishes
from bot.model.schedule import AS_USUAL, AT_ONCE
from bot.storage.batches import batches
from bot.storage.rows import AnyRow
from bot.storage.schedules import choice, schedule
from bot.storage.tables import chats, keywords, subscriptions

_NOTHING = "{}"


async def recipients(connection: AsyncConnection, feed: FeedId, queries: Collection[str]) -> list[Recipient]:
    """See `bot.ports.AlertStore.recipients`."""
    found: dict[int, _Found] = {}
    for some in batches(queries) if queries else [[]]:
        for row in await connection.execute(_takers(feed, some)):
            one = found.get(row.chat_id)
            if one is None:
                one = found[row.chat_id] = _Found(row)
            if row.canonical is not None:
                one.queries[row.canonical] = row.query
                if row.keyword_choices:
                    one.keywords[row.query] = row.keyword_choices
    return [one.recipient() for _, one in sorted(found.items())]


@dataclass(slots=True)
class _Found:
    """A chat as the rows tell of it."""

    row: AnyRow
    queries: dict[str, str] = field(default_factory=dict)
    keywords: dict[str, str] = field(default_factory=dict)

    def recipient(self) -> Recipient:
        row = self.row
        return Recipient(
            chat=ChatId(row.chat_id),
            mode=Mode(row.mode),
            subscribed=row.created,
            queries=tuple(self.queries.items()),
            wishes=self._wishes() if row.chat_choices or row.feed_choices or self.keywords else None,
        )

    def _wishes(self) -> Wishes | None:
        row = self.row
        plain = json.loads(row.chat_choices or _NOTHING).get("schedule")
        wishes = Wishes(
            schedule=schedule(plain) if plain else AT_ONCE,
            timezone=row.timezone,
            feed=choice(json.loads(row.feed_choices)) if row.feed_choices else AS_USUAL,
            keywords=tuple((query, choice(json.loads(plain))) for query, plain in self.keywords.items()),
        )
        return None if wishes == Wishes(timezone=row.timezone) else wishes


def _chosen(column: ColumnElement[Any], name: str) -> ColumnElement[str]:
    """The choices as they are stored, or nothing: a feed may have fifty thousand takers, most of whom chose nothing."""
    return func.nullif(type_coerce(column, Text), _NOTHING).label(name)


def _takers(feed: FeedId, queries: list[str]) -> CompoundSelect[*tuple[Any, ...]]:
    """Those who take everything, and those with one of the queries, a row for each query."""
    # Found first, on their own: by themselves both planners look up every query for every subscriber of the feed.
    asked = (
        select(
            *(keywords.c.chat_id, keywords.c.canonical, keywords.c.query),
            _chosen(keywords.c.choices, "choices"),
        )
        .where(keywords.c.live, keywords.c.canonical_key.in_(queries))
        .cte("asked")
        .prefix_with("MATERIALIZED")
    )
    subscribed = subscriptions.join(chats, chats.c.id == subscriptions.c.chat_id)
    columns = (
        *(subscriptions.c.chat_id, subscriptions.c.mode, subscriptions.c.created, chats.c.timezone),
        _chosen(chats.c.choices, "chat_choices"),
        _chosen(subscriptions.c.choices, "feed_choices"),
    )
    here = (subscriptions.c.feed_id == feed, chats.c.state == ChatState.ACTIVE)
    return union_all(
        select(*columns, *(null().label(name) for name in ("canonical", "query", "keyword_choices")))
        .select_from(subscribed)
        .where(*here, subscriptions.c.mode == Mode.EVERYTHING),
        select(*columns, asked.c.canonical, asked.c.query, asked.c.choices)
        .select_from(subscribed.join(asked, asked.c.chat_id == subscriptions.c.chat_id))
        .where(*here),
    )
