"""Says when a chat gets its alerts: in `/settings`, in `/status` and on digests."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from babel.dates import format_skeleton, format_timedelta

from bot.chat.blocks import code, entry, note
from bot.chat.catalogue import Catalogue
from bot.chat.schedule import digest_times, is_quiet, zone_of
from bot.chat.timetable import clock, runs
from bot.model import Block, ChatSettings, ChatStatus, Fate, Frequency, Hold, Quiet, Schedule

_RUN = 3  # days that are written as from … to …


def schedule_words(schedule: Schedule, t: Catalogue) -> str:
    """How often alerts come."""
    if schedule.frequency is Frequency.INSTANT:
        return t("each at once")
    if schedule.frequency is Frequency.HOURLY:
        said = t("a digest every hour")
    else:
        said = t("a digest at {times}", times=", ".join(map(clock, digest_times(schedule))))
    return f"{said} ({days_words(schedule.weekdays, t)})" if schedule.weekdays else said


def days_words(weekdays: tuple[int, ...], t: Catalogue) -> str:
    """Days of the week, shortly: Mon–Fri, Sun."""
    names = t.babel.days["stand-alone"]["abbreviated"]
    parts: list[str] = []
    for first, last in runs(weekdays):
        if last - first + 1 >= _RUN:
            parts.append(f"{names[first]}–{names[last]}")
        else:
            parts += [names[day] for day in range(first, last + 1)]
    return ", ".join(parts)


def quiet_words(quiet: Quiet | None, t: Catalogue) -> str:
    """The quiet hours."""
    return f"{clock(quiet.begin)}–{clock(quiet.end)}" if quiet else t("none")


def cap_words(cap: int, t: Catalogue) -> str:
    """The most alerts an hour."""
    return t.n("{n} an hour", "{n} an hour", cap) if cap else t("any number")


def mute_words(settings: ChatSettings, t: Catalogue, now: datetime) -> str:
    """Until when the chat is muted; nothing where it is not."""
    until = settings.schedule.muted_until
    return t("until {time}", time=moment_words(until, settings, t, now)) if until and until > now else ""


def moment_words(moment: datetime, settings: ChatSettings, t: Catalogue, now: datetime) -> str:
    """A moment to come by the chat's clock, with the day where that is not today's. Who chose no zone reads that it is
    in UTC."""
    zone = zone_of(settings.timezone)
    local, today = moment.astimezone(zone), now.astimezone(zone).date()
    day = "" if local.date() == today else f"{format_skeleton('MMMEd', local, locale=t.babel)} "
    return f"{day}{local:%H:%M}" + (" UTC" if settings.timezone == "UTC" else "")


def span_words(span: timedelta, t: Catalogue) -> str:
    """How long something lasts."""
    return format_timedelta(span, threshold=1, locale=t.babel)


def place_words(zone: str, t: Catalogue) -> str:
    """The city that a time zone is named for."""
    return t.babel.time_zones.get(zone, {}).get("city") or zone.rpartition("/")[2].replace("_", " ")


def schedule_lines(settings: ChatSettings, t: Catalogue, now: datetime) -> Iterator[tuple[str, str]]:
    """What is set of when alerts come, as names and values; of what is as it comes, only the first."""
    schedule = settings.schedule
    yield t("When alerts come"), schedule_words(schedule, t)
    if schedule.quiet:
        yield t("Quiet hours"), quiet_words(schedule.quiet, t)
    if schedule.cap:
        yield t("Most alerts"), cap_words(schedule.cap, t)
    if muted := mute_words(settings, t, now):
        yield t("Muted"), muted


def status_notes(settings: ChatSettings, figures: ChatStatus, t: Catalogue, now: datetime) -> Iterator[Block]:
    """What `/status` says of alerts that wait for their time, and of why none come now."""
    schedule = settings.schedule
    if figures.held and figures.next_digest:
        time = moment_words(max(figures.next_digest, now), settings, t, now)
        yield entry(
            t.n(
                "{n} alert waits for the next digest: {time}",
                "{n} alerts wait for the next digest: {time}",
                figures.held,
                time=time,
            )
        )
    if muted := mute_words(settings, t, now):
        yield note(t.spans("Muted {until}. {command} ends it.", until=muted, command=code("/mute off")))
    elif is_quiet(schedule.quiet, now.astimezone(zone_of(settings.timezone)).time()):
        yield note(t("These are quiet hours: {hours}.", hours=quiet_words(schedule.quiet, t)))


def digest_title(held_by: Hold, due_at: datetime | None, settings: ChatSettings, t: Catalogue) -> str:
    """What a digest is."""
    if held_by is Hold.DIGEST and due_at:
        return t("Your digest · {time}", time=f"{due_at.astimezone(zone_of(settings.timezone)):%H:%M}")
    titles = {
        Hold.DIGEST: t("Your digest"),
        Hold.QUIET: t("While it was quiet"),
        Hold.CAP: t("More alerts of the last hour"),
    }
    return titles.get(held_by) or t("While it was muted")


def held_words(fate: Fate, settings: ChatSettings, t: Catalogue, now: datetime) -> str:
    """What an alert waits for, for people who ask why it did not come yet; nothing where it does not wait."""
    if fate.held_by is None or fate.due_at is None:
        return ""
    time = moment_words(max(fate.due_at, now), settings, t, now)
    return {
        Hold.DIGEST: t("It comes with the next digest: {time}", time=time),
        Hold.QUIET: t("It came in the quiet hours, and is sent when they end: {time}", time=time),
        Hold.MUTE: t("This chat is muted; it is sent afterwards: {time}", time=time),
        Hold.ASIDE: t("Its keyword or feed is muted; it is sent afterwards: {time}", time=time),
        Hold.CAP: t("This chat had as many as it wants in that hour; it is sent with the rest: {time}", time=time),
    }[fate.held_by]
