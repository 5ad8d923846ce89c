"""When an alert is due in a chat, and what it waits for until then.

    now ─▶ muted? its end ─▶ digest? its next time ─▶ quiet? the end of that ─▶ Due
                                                     at once ─▶ Cap: how many more may come in this hour

All times of day are those of walls in the chat's zone. One that a change of the clock leaves out comes as much later as
the clock was put forward, and one that comes twice counts the first time (RFC 5545, 3.3.5).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.model import Cap, Choice, Frequency, Hold, NewDelivery, Quiet, Schedule, Urgency, Wishes
from bot.model.schedule import AS_USUAL

MORNING = time(8)
HOUR = timedelta(hours=1)
_DAYS = 15  # within which there is a day of any week, whatever a zone leaves out


@dataclass(frozen=True, slots=True)
class Due:
    """When an alert is to be sent, and what has it wait until then."""

    at: datetime
    held_by: Hold | None = None


def planned(delivery: NewDelivery, wishes: Wishes | None, now: datetime) -> NewDelivery:
    """The delivery of an alert that is made now, due as the chat wants it."""
    if wishes is None:
        return delivery
    due = due_of(wishes, (reason.keyword for reason in delivery.why), now)
    if due.held_by is None:
        return replace(delivery, cap=_cap(wishes.schedule, zone_of(wishes.timezone), now))
    return replace(delivery, due_at=due.at, held_by=due.held_by)


def due_of(wishes: Wishes, keywords: Iterable[str], now: datetime) -> Due:
    """When an alert of these keywords (as typed) is due: of several, the one that has it first decides."""
    chosen = dict(wishes.keywords)
    choices = {chosen.get(keyword, AS_USUAL) for keyword in keywords} or {AS_USUAL}
    return min((_by(choice, wishes, now) for choice in choices), key=lambda due: (due.at, due.held_by or ""))


def next_digest(schedule: Schedule, timezone: str, moment: datetime) -> datetime:
    """The first digest at that moment or after it. Where the chat gets alerts at once, it is that of keywords and feeds
    which want one; quiet hours put it off."""
    zone = zone_of(timezone)
    return _after_quiet(_digest(schedule, zone, moment), schedule, zone)


def digest_times(schedule: Schedule) -> tuple[time, ...]:
    """The times of day of the daily digests."""
    return schedule.times or ((schedule.quiet.end,) if schedule.quiet else (MORNING,))


def is_quiet(quiet: Quiet | None, at: time) -> bool:
    """Whether the time of day lies in the quiet hours."""
    if quiet is None:
        return False
    if quiet.begin <= quiet.end:
        return quiet.begin <= at < quiet.end
    return at >= quiet.begin or at < quiet.end


def zone_of(name: str) -> ZoneInfo:
    """The time zone of that name; UTC for one that this machine does not know (any more)."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def _by(choice: Choice, wishes: Wishes, now: datetime) -> Due:
    """When it is due by one keyword, or by the feed alone."""
    schedule, zone = wishes.schedule, zone_of(wishes.timezone)
    ready = _unmuted(choice, wishes, now)
    if _wants_digest(choice, wishes):
        ready = Due(_digest(schedule, zone, ready.at), Hold.DIGEST)
    at = _after_quiet(ready.at, schedule, zone)
    return Due(at, ready.held_by or (Hold.QUIET if at > now else None))


def _unmuted(choice: Choice, wishes: Wishes, now: datetime) -> Due:
    ends = [
        (wishes.schedule.muted_until, Hold.MUTE),
        (wishes.feed.muted_until, Hold.ASIDE),
        (choice.muted_until, Hold.ASIDE),
    ]
    return max((Due(end, hold) for end, hold in ends if end and end > now), key=lambda due: due.at, default=Due(now))


def _wants_digest(choice: Choice, wishes: Wishes) -> bool:
    own = choice.urgency if choice.urgency is not Urgency.USUAL else wishes.feed.urgency
    if own is Urgency.USUAL:
        return wishes.schedule.frequency is not Frequency.INSTANT
    return own is Urgency.DIGEST


def _digest(schedule: Schedule, zone: ZoneInfo, moment: datetime) -> datetime:
    today = moment.astimezone(zone).date()
    for day in (today + timedelta(days=n) for n in range(_DAYS)):
        if not schedule.weekdays or day.weekday() in schedule.weekdays:
            coming = [at for at in _of_day(schedule, zone, day, moment) if at >= moment]
            if coming:
                return min(coming)
    raise AssertionError(f"no digest in {_DAYS} days: {schedule}")


def _of_day(schedule: Schedule, zone: ZoneInfo, day: date, moment: datetime) -> Iterator[datetime]:
    """The digests of a day; of hourly ones the first from that moment on."""
    if schedule.frequency is Frequency.HOURLY:
        found = [_full_hour(max(moment, _instant(day, time(), zone)), zone)]
    else:
        found = [_instant(day, each, zone) for each in digest_times(schedule)]
    yield from (at for at in found if at.astimezone(zone).date() == day)  # a zone may leave out the rest of a day


def _instant(day: date, at: time, zone: ZoneInfo, fold: int = 0) -> datetime:
    return datetime.combine(day, at.replace(fold=fold), tzinfo=zone).astimezone(UTC)


def _hour_of(moment: datetime, zone: ZoneInfo) -> datetime:
    """When the hour began, by the clocks there: they need not show full hours when London's do."""
    local = moment.astimezone(zone)
    return moment - timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)


def _full_hour(moment: datetime, zone: ZoneInfo) -> datetime:
    """The first full hour at that moment or after it."""
    begun = _hour_of(moment, zone)
    return moment if begun == moment else begun + HOUR


def _after_quiet(moment: datetime, schedule: Schedule, zone: ZoneInfo) -> datetime:
    """The moment itself, or the end of the quiet hours that it lies in."""
    quiet = schedule.quiet
    local = moment.astimezone(zone)
    if quiet is None or not is_quiet(quiet, local.time()):
        return moment
    days = (local.date() + timedelta(days=n) for n in range(3))
    ends = (_instant(day, quiet.end, zone, fold) for day in days for fold in (0, 1))
    # Of a time that comes twice or not at all, one of the two may be in the quiet hours again.
    return min(end for end in ends if end > moment and not is_quiet(quiet, end.astimezone(zone).time()))


def _cap(schedule: Schedule, zone: ZoneInfo, now: datetime) -> Cap | None:
    if not schedule.cap:
        return None
    since = _hour_of(now, zone)
    return Cap(schedule.cap, since, _after_quiet(since + HOUR, schedule, zone))
