"""What the pages show: each view asks the parts, and hands to its template what they answer."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from typing import TypeVar

from starlette.responses import Response

from bot.model import (
    ActiveHour,
    ChatId,
    ChatState,
    DeliveryFilter,
    DeliveryId,
    FeedFilter,
    FeedId,
    Platform,
)
from bot.web.pages import charts
from bot.web.pages.access import storable
from bot.web.pages.desk import HOURS
from bot.web.pages.visit import Visit, not_found

PAGE = 50
SHOWN = 5  # of each kind, on the first page
TOP = 40
STORIES = 40
LOG = 200
SPENDING_DAYS = 30
KEYWORD_DAYS = 7
LEVELS = ("debug", "info", "warning", "error")
_SEARCH = 200  # characters

Word = TypeVar("Word", bound=StrEnum)


async def overview(visit: Visit) -> Response:
    """How it goes: what is wrong, what was sent and how fast, what waits."""
    desk, pulse = visit.desk, visit.house.pulse
    whole, queues, activity, checks, troubled, failed = await asyncio.gather(
        pulse.overview(),
        pulse.queues(),
        pulse.activity(),
        desk.checks(),
        desk.oversight.troubled(offset=0, limit=SHOWN),
        desk.deliveries.delivery_lines(only=DeliveryFilter.FAILED, limit=SHOWN),
    )
    hours, t = activity.hours, desk.speech.sentences(visit.locale)
    names = [f"{hour.start:%H}:00 UTC" for hour in hours]
    alerts = charts.bars(
        [(hour.sent, hour.failed) for hour in hours],
        [f"{name} · {hour.sent} · ✕ {hour.failed}" for name, hour in zip(names, hours, strict=True)],
        about=t("Alerts an hour"),
        kinds=("sent", "failed"),
    )
    delays = charts.lines(
        [("p99", _seconds(hours, "p99")), ("p50", _seconds(hours, "p50"))],
        [f"{name} · {_delay(hour)}" for name, hour in zip(names, hours, strict=True)],
        about=t("From publication to the chat"),
    )
    samples = list(pulse.samples)
    return visit.page(
        "overview.html",
        whole=whole,
        active=sum(count for _, state, count in whole.chats if state is ChatState.ACTIVE),
        due=sum(count for count, _ in queues.deliveries.values()),
        oldest=min((since for _, since in queues.deliveries.values()), default=None),
        queues=queues,
        activity=activity,
        sent=sum(hour.sent for hour in hours),
        failures=sum(hour.failed for hour in hours),
        items=sum(hour.items for hour in hours),
        wrong={part: trouble for part, trouble in checks.items() if trouble},
        parts=len(checks),
        troubled=troubled[1],
        failed=failed,
        log=desk.log.tail(level="warning", limit=SHOWN),
        alerts=alerts,
        delays=delays,
        waiting=charts.lines(
            [("p50", [float(count) for _, count in samples])],
            [f"{when:%H:%M} UTC · {count}" for when, count in samples],
            about=t("Waiting to be sent"),
        ),
        samples=samples,
        hours=hours,
    )


def _seconds(hours: Sequence[ActiveHour], which: str) -> list[float | None]:
    return [getattr(hour.delay, which).total_seconds() if hour.delay else None for hour in hours]


def _delay(hour: ActiveHour) -> str:
    if not hour.delay:
        return "–"
    return f"p50 {hour.delay.p50.total_seconds():.1f} s · p99 {hour.delay.p99.total_seconds():.1f} s"


async def feeds(visit: Visit) -> Response:
    """All feeds, a page of them."""
    only, search, number = _word(visit, "only", FeedFilter.ALL), _search(visit), max(1, visit.number("page", 1))
    count, lines = await visit.desk.feeds.feed_lines(
        search=search, only=only, offset=(number - 1) * PAGE, limit=PAGE, now=visit.now
    )
    return visit.page(
        "feeds.html",
        lines=lines,
        count=count,
        only=only,
        filters=list(FeedFilter),
        search=search,
        **_pages(number, count),
    )


async def feed(visit: Visit) -> Response:
    """One feed: how it is, when it brings items, who takes it."""
    sheet = await visit.desk.feeds.feed_sheet(FeedId(visit.number("feed")), now=visit.now)
    if sheet is None:
        return await not_found(visit)
    t = visit.desk.speech.sentences(visit.locale)
    days = [t("Mon"), t("Tue"), t("Wed"), t("Thu"), t("Fri"), t("Sat"), t("Sun")]
    labels = [
        [f"{day} {hour:02}:00 UTC · {items}" for hour, items in enumerate(row)]
        for day, row in zip(days, sheet.week, strict=True)
    ]
    rhythm = charts.heat(sheet.week, labels, about=t("When it brings items"))
    return visit.page("feed.html", sheet=sheet, line=sheet.line, rhythm=rhythm, days=days)


async def chats(visit: Visit) -> Response:
    """All chats, a page of them."""
    search, number = _search(visit), max(1, visit.number("page", 1))
    platform, state = _choice(visit, "platform", Platform), _choice(visit, "state", ChatState)
    count, lines = await visit.desk.chats.chat_lines(
        search=search, platform=platform, state=state, offset=(number - 1) * PAGE, limit=PAGE
    )
    return visit.page(
        "chats.html",
        lines=lines,
        count=count,
        search=search,
        platform=platform,
        state=state,
        platforms=list(Platform),
        states=list(ChatState),
        **_pages(number, count),
    )


async def chat(visit: Visit) -> Response:
    """One chat: its feeds, its keywords, and what was sent to it."""
    desk, number = visit.desk, ChatId(visit.number("chat"))
    line = await desk.chats.chat_line(number)
    if line is None:
        return await not_found(visit)
    subscriptions, keywords, sent = await asyncio.gather(
        desk.subscriptions.subscriptions(number),
        desk.keyword_book.keywords(number),
        desk.deliveries.delivery_lines(only=DeliveryFilter.ALL, chat=number, limit=TOP),
    )
    return visit.page(
        "chat.html",
        line=line,
        subscriptions=subscriptions,
        keywords=keywords,
        deliveries=sent,
        feed=f"/alerts/{number}/{desk.doorkeeper.feed_key(number)}",
    )


async def keywords(visit: Visit) -> Response:
    """Keywords that bring much, and keywords that bring nothing."""
    since = visit.now - timedelta(days=KEYWORD_DAYS)
    sheet = await visit.desk.keywords.keyword_sheet(since=since, created_before=since, limit=TOP)
    days = max(1.0, (visit.now - sheet.since) / timedelta(days=1))
    most = max((one.alerts for one in sheet.top), default=1)
    return visit.page("keywords.html", sheet=sheet, days=days, most=most)


async def stories(visit: Visit) -> Response:
    """What the feeds told most of today."""
    lines = await visit.desk.stories.stories(hours=HOURS, limit=STORIES, now=visit.now)
    t = visit.desk.speech.sentences(visit.locale)
    strips = {line.id: charts.strip(line.hours, about=t("Reports by the hour")) for line in lines}
    return visit.page("stories.html", lines=lines, strips=strips, hours=HOURS)


async def deliveries(visit: Visit) -> Response:
    """What was sent, what waits, and what failed."""
    only, platform = _word(visit, "only", DeliveryFilter.ALL), _choice(visit, "platform", Platform)
    before = visit.number("before")
    lines = await visit.desk.deliveries.delivery_lines(
        only=only, platform=platform, before=DeliveryId(before) if before else None, limit=PAGE + 1
    )
    return visit.page(
        "deliveries.html",
        lines=lines[:PAGE],
        more=len(lines) > PAGE,
        before=before,
        only=only,
        filters=list(DeliveryFilter),
        platform=platform,
        platforms=list(Platform),
    )


async def models(visit: Visit) -> Response:
    """What makes the briefs, and what it costs."""
    figures = visit.desk.figures
    days = await visit.desk.spending.spending_days(since=visit.now - timedelta(days=SPENDING_DAYS - 1))
    t = visit.desk.speech.sentences(visit.locale)
    by_day = {one.day: one for one in days}
    dates = [(visit.now - timedelta(days=back)).date() for back in reversed(range(SPENDING_DAYS))]
    tokens = charts.bars(
        [(float(by_day[day].tokens) if day in by_day else 0.0,) for day in dates],
        [f"{day} · {by_day[day].tokens if day in by_day else 0}" for day in dates],
        about=t("Tokens a day"),
        kinds=("sent",),
    )
    return visit.page(
        "models.html",
        figures=figures,
        briefs=figures.counts("briefs"),
        refusals=figures.counts("refusals"),
        ways=figures.counts("ways"),
        tokens=tokens,
        days=days,
        dates=dates,
        today=by_day.get(visit.now.date()),
    )


async def log(visit: Visit) -> Response:
    """The end of the log of this process."""
    level = visit.query.get("level", "info")
    level = level if level in LEVELS else "info"
    return visit.page("log.html", lines=visit.desk.log.tail(level=level, limit=LOG), level=level, levels=LEVELS)


def _pages(number: int, count: int) -> dict[str, int]:
    return {"page": number, "pages": max(1, -(-count // PAGE))}


def _search(visit: Visit) -> str:
    return storable(visit.query.get("search", ""))[:_SEARCH]


def _word(visit: Visit, name: str, default: Word) -> Word:
    return _choice(visit, name, type(default)) or default


def _choice(visit: Visit, name: str, words: type[Word]) -> Word | None:
    given = visit.query.get(name, "")
    return next((word for word in words if word.value == given), None)
