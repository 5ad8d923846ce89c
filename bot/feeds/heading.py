"""What a feed says of itself and of when to ask it again, from feedparser's fields and the document's head."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from bot.feeds.entry import Heading
from bot.feeds.fields import join, list_of, text_of

MAX_TTL = timedelta(days=7)
MAX_HUBS = 5

_UPDATES = {"hourly": 60, "daily": 1440, "weekly": 10080, "monthly": 43200, "yearly": 525600}  # minutes
_DAYS = {"monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5, "sunday": 6}
_NEAR = 2_000  # characters; 24 hours take 600
_HOUR = re.compile(r"<hour>\s*(\d{1,2})\s*</hour>", re.ASCII)
_DAY = re.compile(r"<day>\s*([A-Za-z]{6,9})\s*</day>")


def heading_of(feed: dict[str, Any], *, url: str, text: str) -> Heading:
    """The heading of the feed at the address `url`, whose prepared document is `text`.

    RSS's `skipHours` and `skipDays` are read from the document, for feedparser keeps but one hour and one day.
    """
    hours, days = _skipped(text)
    return Heading(
        title=text_of(feed, "title"),
        site=text_of(feed, "link") or next(_web_links(url, _links(feed, "alternate")), ""),
        language=text_of(feed, "language"),
        ttl=_ttl(feed),
        skip_hours=hours,
        skip_days=days,
        hubs=absolute_hubs(url, _links(feed, "hub")),
        self_url=next(_web_links(url, _links(feed, "self")), ""),
    )


def absolute_hubs(url: str, links: Iterator[str]) -> tuple[str, ...]:
    """The addresses of the WebSub hubs that a feed at `url` names, each once."""
    return tuple(dict.fromkeys(_web_links(url, links)))[:MAX_HUBS]


def _web_links(url: str, links: Iterator[str]) -> Iterator[str]:
    joined = (join(url, link) for link in links if link)
    return (link for link in joined if link.startswith(("http://", "https://")))


def _links(feed: dict[str, Any], wanted: str) -> Iterator[str]:
    for link in list_of(feed, "links"):
        if isinstance(link, dict) and wanted in text_of(link, "rel").split():
            yield text_of(link, "href")


def _ttl(feed: dict[str, Any]) -> timedelta | None:
    """RSS's `ttl` in minutes, or the syndication module's period and frequency."""
    ttl, period, frequency = (text_of(feed, name) for name in ("ttl", "sy_updateperiod", "sy_updatefrequency"))
    minutes = int(ttl[:9]) if ttl.isascii() and ttl.isdigit() else 0
    if not minutes and period in _UPDATES:
        times = int(frequency[:9]) if frequency.isascii() and frequency.isdigit() else 1
        minutes = _UPDATES[period] // max(times, 1)
    return min(timedelta(minutes=minutes), MAX_TTL) if minutes else None


def _skipped(text: str) -> tuple[frozenset[int], frozenset[int]]:
    """The hours (UTC; RSS 0.91 writes midnight as 24) and days (Monday is 0) in which a feed wants no visit."""
    hours = (int(hour) % 24 for hour in _HOUR.findall(_inside(text, "skipHours")) if int(hour) <= 24)  # noqa: PLR2004
    days = (_DAYS.get(day.lower()) for day in _DAY.findall(_inside(text, "skipDays")))
    return frozenset(hours), frozenset(day for day in days if day is not None)


def _inside(text: str, name: str) -> str:
    """What stands in a channel's element, which is near the start or near the end: not in an item's text."""
    start = text.find(f"<{name}>", 0, _before_items(text))
    if start < 0:
        start = text.find(f"<{name}>", _after_items(text))
    return text[start : start + _NEAR].partition(f"</{name}>")[0] if start >= 0 else ""


def _before_items(text: str) -> int:
    first = text.find("<item")
    return first if first >= 0 else len(text)


def _after_items(text: str) -> int:
    last = text.rfind("</item>")
    return last if last >= 0 else len(text)
