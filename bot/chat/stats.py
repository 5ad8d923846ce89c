"""Counts the alerts of a chat by day, keyword, source and hour, and says it in a chart and in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton, get_day_names

from bot.chat.blocks import bold, entry, harmless, one_line, text, title
from bot.chat.catalogue import Catalogue
from bot.model import Block, Chart, HeatMap, Ranked, Sent, Stacked

DAYS = 30
_KEYWORDS = 6
_SOURCES = 8
_NAME = 60
_HOURS_APART = 3


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of alerts: a day for each of DAYS, `by_keyword` and `by_feed` with the most first, and by weekday
    (Monday is 0) and hour of the chat's zone. An alert of several keywords counts for the first."""

    days: tuple[date, ...]
    by_keyword: tuple[tuple[str, tuple[int, ...]], ...]
    by_feed: tuple[tuple[str, int], ...]
    by_hour: tuple[tuple[int, ...], ...]
    total: int


def count(sent: Sequence[Sent], *, now: datetime, zone: ZoneInfo) -> Figures:
    """The figures of the last DAYS days, today included. Alerts without keywords stand under the empty one."""
    today = now.astimezone(zone).date()
    days = tuple(today - timedelta(days=back) for back in range(DAYS - 1, -1, -1))
    local = [(each.at.astimezone(zone), each) for each in sent]
    within = [(at, each) for at, each in local if at.date() >= days[0]]
    daily = Counter((_keyword(each), at.date()) for at, each in within)
    totals = Counter(_keyword(each) for _, each in within)
    hourly = Counter((at.weekday(), at.hour) for at, _ in within)
    return Figures(
        days=days,
        by_keyword=tuple((name, tuple(daily[name, day] for day in days)) for name, _ in totals.most_common()),
        by_feed=tuple(Counter(each.feed for _, each in within).most_common()),
        by_hour=tuple(tuple(hourly[weekday, hour] for hour in range(24)) for weekday in range(7)),
        total=len(within),
    )


def _keyword(sent: Sent) -> str:
    return sent.keywords[0] if sent.keywords else ""


def chart_of(figures: Figures, t: Catalogue, *, heading: str, zone: str) -> Chart:
    """The figures as a picture."""
    return Chart(
        title=heading,
        panels=(
            Stacked(t("Alerts a day, by keyword"), _day_labels(figures, t), _series(figures, t)),
            Ranked(t("Sources"), tuple((_name(feed), value) for feed, value in figures.by_feed[:_SOURCES])),
            HeatMap(t("Hours of the week"), _weekdays(t), _hour_labels(), figures.by_hour),
        ),
        note=t("Times in {zone}", zone=zone),
    )


def _day_labels(figures: Figures, t: Catalogue) -> tuple[str, ...]:
    return tuple(format_skeleton("MMMd", day, locale=t.babel) for day in figures.days)


def _series(figures: Figures, t: Catalogue) -> tuple[tuple[str, tuple[int, ...]], ...]:
    shown = tuple((_name(name) or t("Everything"), values) for name, values in figures.by_keyword[:_KEYWORDS])
    others = [values for _, values in figures.by_keyword[_KEYWORDS:]]
    if not others:
        return shown
    return (*shown, (t("Other keywords"), tuple(map(sum, zip(*others, strict=True)))))


def _name(text: str) -> str:
    return one_line(harmless(text), _NAME)


def _weekdays(t: Catalogue) -> tuple[str, ...]:
    names = get_day_names("abbreviated", "stand-alone", locale=t.babel)
    return tuple(names[weekday] for weekday in range(7))


def _hour_labels() -> tuple[str, ...]:
    return tuple(f"{hour:02}" if hour % _HOURS_APART == 0 else "" for hour in range(24))


def caption(figures: Figures, t: Catalogue, *, heading: str) -> tuple[Block, ...]:
    """The same in words."""
    lines: list[Block] = [title(heading)]
    total, rate = figures.total, f"{figures.total / DAYS:.1f}"
    lines.append(text(t.n("{n} alert, about {rate} a day.", "{n} alerts, about {rate} a day.", total, rate=rate)))
    name, values = figures.by_keyword[0]
    if len(figures.by_keyword) > 1:
        most = bold(_name(name) or t("Everything"))
        lines.append(entry(t.spans("Most by keyword {keyword}: {n}", keyword=most, n=str(sum(values)))))
    feed, value = figures.by_feed[0]
    lines.append(entry(t.spans("Most from {feed}: {n}", feed=bold(_name(feed)), n=str(value))))
    lines.append(entry(_busiest(figures, t)))
    return tuple(lines)


def _busiest(figures: Figures, t: Catalogue) -> str:
    values = {(day, hour): count for day, row in enumerate(figures.by_hour) for hour, count in enumerate(row)}
    (weekday, hour), _ = max(values.items(), key=lambda each: each[1])
    name, end = get_day_names("wide", locale=t.babel)[weekday], (hour + 1) % 24
    return t("Busiest: {weekday}, {begin}:00 to {end}:00", weekday=name, begin=f"{hour:02}", end=f"{end:02}")
