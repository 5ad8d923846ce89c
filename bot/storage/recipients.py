"""Who an item may go to: the chats that take its feed, with what they asked for and when they want it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Text, bindparam, func, null, select, type_coerce, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import ChatId, ChatState, Choice, FeedId, Mode, Recipient, Schedule, Wishes
from bot.model.schedule import AS_USUAL, AT_ONCE
from bot.storage.batches import batches
from bot.storage.schedules import choice as choice_of
from bot.storage.schedules import schedule as schedule_of
from bot.storage.tables import chats, keywords, subscriptions

_NOTHING = "{}"


async def recipients(connection: AsyncConnection, feed: FeedId, queries: Collection[str]) -> list[Recipient]:
    """See `bot.ports.AlertStore.recipients`."""
    found: dict[int, tuple[str, datetime]] = {}
    why: defaultdict[int, dict[str, str]] = defaultdict(dict)
    chosen: dict[int, _Chosen] = {}
    for some in batches(queries) if queries else [[]]:
        rows = await connection.execute(_TAKERS, {"feed": feed, "queries": some})
        for chat, mode, created, zone, of_chat, of_feed, canonical, query, of_keyword in rows:
            found[chat] = (mode, created)
            if canonical is not None:
                why[chat][canonical] = query
            if of_chat or of_feed or of_keyword:  # as for few
                one = chosen.setdefault(chat, _Chosen(zone, of_chat, of_feed))
                if of_keyword:
                    one.keywords[query] = of_keyword
    read = _Reader()
    return [
        Recipient(
            chat=ChatId(chat),
            mode=Mode(mode),
            subscribed=created,
            queries=tuple(why[chat].items()),
            wishes=read.wishes(chosen[chat]) if chat in chosen else None,
        )
        for chat, (mode, created) in sorted(found.items())
    ]


@dataclass(slots=True)
class _Chosen:
    """What was chosen for a chat, its feed, and its keywords by their queries, as it is stored."""

    zone: str
    chat: str | None
    feed: str | None
    keywords: dict[str, str] = field(default_factory=dict)


class _Reader:
    """Reads what was chosen. Most chats choose from the same few buttons, so each text is read once."""

    def __init__(self) -> None:
        self._schedules: dict[str | None, Schedule] = {None: AT_ONCE}
        self._choices: dict[str | None, Choice] = {None: AS_USUAL}

    def wishes(self, chosen: _Chosen) -> Wishes | None:
        """When the chat wants it; None is at once."""
        schedule, feed = self._schedule(chosen.chat), self._choice(chosen.feed)
        keywords = tuple((query, self._choice(text)) for query, text in chosen.keywords.items())
        if schedule is AT_ONCE and feed is AS_USUAL and not keywords:
            return None
        return Wishes(schedule=schedule, timezone=chosen.zone, feed=feed, keywords=keywords)

    def _schedule(self, text: str | None) -> Schedule:
        if text not in self._schedules:
            plain = json.loads(text or _NOTHING).get("schedule")
            self._schedules[text] = schedule_of(plain) if plain else AT_ONCE
        return self._schedules[text]

    def _choice(self, text: str | None) -> Choice:
        if text not in self._choices:
            self._choices[text] = choice_of(json.loads(text or _NOTHING))
        return self._choices[text]


def _chosen(column: ColumnElement[Any], name: str) -> ColumnElement[str]:
    """The choices as they are stored, or nothing: a feed may have fifty thousand takers, most of whom chose nothing."""
    return func.nullif(type_coerce(column, Text), _NOTHING).label(name)


def _takers() -> CompoundSelect[*tuple[Any, ...]]:
    """Those who take everything, and those with one of the queries, a row for each query."""
    # Found first, on their own: by themselves both planners look up every query for every subscriber of the feed.
    asked = (
        select(
            *(keywords.c.chat_id, keywords.c.canonical, keywords.c.query),
            _chosen(keywords.c.choices, "choices"),
        )
        .where(keywords.c.live, keywords.c.canonical_key.in_(bindparam("queries", expanding=True)))
        .cte("asked")
        .prefix_with("MATERIALIZED")
    )
    subscribed = subscriptions.join(chats, chats.c.id == subscriptions.c.chat_id)
    columns = (
        *(subscriptions.c.chat_id, subscriptions.c.mode, subscriptions.c.created, chats.c.timezone),
        _chosen(chats.c.choices, "chat_choices"),
        _chosen(subscriptions.c.choices, "feed_choices"),
    )
    here = (subscriptions.c.feed_id == bindparam("feed"), chats.c.state == ChatState.ACTIVE)
    return union_all(
        select(*columns, *(null().label(name) for name in ("canonical", "query", "keyword_choices")))
        .select_from(subscribed)
        .where(*here, subscriptions.c.mode == Mode.EVERYTHING),
        select(*columns, asked.c.canonical, asked.c.query, asked.c.choices)
        .select_from(subscribed.join(asked, asked.c.chat_id == subscriptions.c.chat_id))
        .where(*here),
    )


_TAKERS = _takers()
