"""When a chat wants its alerts, and what its keywords and feeds want besides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum


class Frequency(StrEnum):
    """How often a chat gets its alerts."""

    INSTANT = "instant"  # each at once
    HOURLY = "hourly"  # a digest each full hour
    DAILY = "daily"  # a digest at each of the schedule's times


class Urgency(StrEnum):
    """When the alerts of a keyword or feed come."""

    USUAL = "default"  # as those of the chat
    INSTANT = "instant"
    DIGEST = "digest"


class Hold(StrEnum):
    """What an alert waits for."""

    DIGEST = "digest"  # its time
    QUIET = "quiet"  # the end of the quiet hours
    MUTE = "mute"  # the end of the chat's mute
    ASIDE = "aside"  # the end of the mute of its keyword or feed
    CAP = "cap"  # the next hour: in this one the chat had as many as it wants


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours in which nothing comes, local times; `end` may be on the next day."""

    begin: time
    end: time


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When a chat wants its alerts.

    `times` are those of the daily digests (local, to the minute; none chosen: in the morning) and `weekdays` the days
    of digests (Monday is 0; none chosen: all of them). `cap` is the most alerts in an hour, 0 for any number.
    """

    frequency: Frequency = Frequency.INSTANT
    times: tuple[time, ...] = ()
    weekdays: tuple[int, ...] = ()
    quiet: Quiet | None = None
    cap: int = 0
    muted_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What was chosen for one keyword or feed: when its alerts come, and until when they wait (UTC)."""

    urgency: Urgency = Urgency.USUAL
    muted_until: datetime | None = None


AT_ONCE = Schedule()
AS_USUAL = Choice()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """All that says when an alert of a feed is due in a chat: `keywords` are the choices for those of its queries (as
    typed) that are not as usual, and `timezone` is where the local times of the schedule are."""

    schedule: Schedule = AT_ONCE
    timezone: str = "UTC"
    feed: Choice = AS_USUAL
    keywords: tuple[tuple[str, Choice], ...] = ()


@dataclass(frozen=True, slots=True)
class Cap:
    """The most alerts that a chat gets from `since` on; what is more is held until `later`."""

    most: int
    since: datetime
    later: datetime
