"""All feeds for those who run the bot: how they are, and whether they are polled."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Update, and_, case, func, select, true, update

from bot.model import FeedFilter, FeedId, FeedLine, FeedSheet, PushState
from bot.storage.engine import Database
from bot.storage.rows import FEED, AnyRow, feed_ref, is_followed, is_in_trouble, labelled
from bot.storage.sheets import (
    CHAT_FIGURES,
    CHAT_LINE,
    ITEM_LINE,
    chat_line_with_figures,
    has_any,
    item_line,
    items_by_hour,
    last_hours,
)
from bot.storage.tables import chats, feeds, items, pushes, subscriptions
from bot.storage.uninterrupted import uninterrupted

QUIET_DAYS = 30
WEEKS = 4
LATEST = 10
TAKERS = 50
_DAYS, _HOURS = 7, 24

_TAKEN = select(func.count()).where(subscriptions.c.feed_id == feeds.c.id).correlate(feeds).scalar_subquery()
_PUSHED = select(1).where(pushes.c.feed_id == feeds.c.id, pushes.c.state == PushState.LIVE).correlate(feeds).exists()
_LINE = (
    *FEED,
    *labelled("feed", feeds, "polled", "next_poll", "last_item", "failures", "error", "gone", "paused"),
    _TAKEN.label("feed_chats"),
    _PUSHED.label("feed_pushed"),
)


@uninterrupted
class FeedSheetStore:
    """Implements FeedSheets."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def feed_lines(
        self, *, search: str, only: FeedFilter, offset: int, limit: int, now: datetime
    ) -> tuple[int, list[FeedLine]]:
        """See FeedSheets."""
        found = and_(true(), *(has_any(word, feeds.c.title, feeds.c.url) for word in search.split()))
        chosen = (found, _is(only, now))
        trouble = is_in_trouble()
        worst_first = (
            case((trouble, 0), else_=1),
            case((trouble, feeds.c.failures), else_=0).desc(),
            _TAKEN.desc(),
            feeds.c.id,
        )
        page = select(*_LINE).where(*chosen).order_by(*worst_first).offset(offset).limit(limit)
        async with self._database.read() as connection:
            count = await connection.scalar(select(func.count()).select_from(feeds).where(*chosen)) or 0
            return count, [_line(row) for row in await connection.execute(page)]

    async def feed_sheet(self, feed: FeedId, *, now: datetime) -> FeedSheet | None:
        """See FeedSheets."""
        whole = select(*_LINE, feeds.c.created, feeds.c.language).where(feeds.c.id == feed)
        latest = (
            select(*ITEM_LINE)
            .select_from(items.join(feeds))
            .where(items.c.feed_id == feed)
            .order_by(items.c.seen.desc(), items.c.id.desc())
            .limit(LATEST)
        )
        takers = (
            select(*CHAT_LINE, *CHAT_FIGURES)
            .select_from(subscriptions.join(chats))
            .where(subscriptions.c.feed_id == feed)
            .order_by(subscriptions.c.id)
            .limit(TAKERS)
        )
        hours = last_hours(now, WEEKS * _DAYS * _HOURS)
        async with self._database.read() as connection:
            row = (await connection.execute(whole)).one_or_none()
            if row is None:
                return None
            came = await items_by_hour(connection, hours, items.c.feed_id == feed)
            newest = (await connection.execute(latest)).all()
            taking = (await connection.execute(takers)).all()
        return FeedSheet(
            line=_line(row),
            created=row.created,
            language=row.language,
            items=sum(came.values()),
            week=_week(came),
            latest=tuple(map(item_line, newest)),
            takers=tuple(map(chat_line_with_figures, taking)),
        )

    async def poll_now(self, feed: FeedId, *, now: datetime) -> bool:
        """See FeedSheets. It stays known as dead until a poll succeeds, so that nobody is told a second time."""
        polled = update(feeds).where(feeds.c.id == feed)
        failures = case((feeds.c.gone, 0), else_=feeds.c.failures)
        return await self._changed(polled.values(next_poll=now, gone=False, failures=failures))

    async def pause_feed(self, feed: FeedId, *, paused: bool, now: datetime) -> bool:
        """See FeedSheets."""
        changed = update(feeds).where(feeds.c.id == feed).values(paused=paused)
        if not paused:
            changed = changed.values(next_poll=case((feeds.c.paused, now), else_=feeds.c.next_poll))
        return await self._changed(changed)

    async def _changed(self, statement: Update) -> bool:
        async with self._database.write() as connection:
            return bool((await connection.execute(statement)).rowcount)


def _is(only: FeedFilter, now: datetime) -> ColumnElement[bool]:
    """The condition that a feed is among those that are looked at."""
    match only:
        case FeedFilter.ALL:
            return true()
        case FeedFilter.TROUBLED:
            return is_in_trouble()
        case FeedFilter.PAUSED:
            return feeds.c.paused == true()
        case FeedFilter.UNUSED:
            return ~is_followed()
        case FeedFilter.QUIET:
            is_read = and_(feeds.c.polled.is_not(None), feeds.c.failures == 0, ~feeds.c.gone, ~feeds.c.paused)
            since = func.coalesce(feeds.c.last_item, feeds.c.created)
            return and_(is_read, is_followed(), since < now - timedelta(days=QUIET_DAYS))


def _line(row: AnyRow) -> FeedLine:
    return FeedLine(
        feed=feed_ref(row),
        chats=row.feed_chats,
        polled=row.feed_polled,
        next_poll=row.feed_next_poll,
        last_item=row.feed_last_item,
        failures=row.feed_failures,
        error=row.feed_error,
        gone=row.feed_gone,
        paused=row.feed_paused,
        pushed=row.feed_pushed,
    )


def _week(came: Mapping[datetime, int]) -> tuple[tuple[int, ...], ...]:
    """By the day of the week and the hour."""
    week = [[0] * _HOURS for _ in range(_DAYS)]
    for start, count in came.items():
        week[start.weekday()][start.hour] += count
    return tuple(map(tuple, week))
