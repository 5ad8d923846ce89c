"""Schedules, and the choices for keywords and feeds, as the plain values of a JSON column."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from bot.model import Choice, Frequency, Quiet, Schedule, Urgency


def schedule_values(schedule: Schedule) -> dict[str, Any]:
    """What was chosen; empty where all is as it comes."""
    values = {
        "frequency": None if schedule.frequency is Frequency.INSTANT else schedule.frequency.value,
        "times": [_clock(each) for each in schedule.times],
        "weekdays": list(schedule.weekdays),
        "quiet": [_clock(schedule.quiet.begin), _clock(schedule.quiet.end)] if schedule.quiet else None,
        "cap": schedule.cap,
        "muted_until": _text(schedule.muted_until),
    }
    return {name: value for name, value in values.items() if value}


def schedule(plain: dict[str, Any]) -> Schedule:
    """From `schedule_values`."""
    quiet = plain.get("quiet")
    return Schedule(
        frequency=Frequency(plain.get("frequency", Frequency.INSTANT)),
        times=tuple(map(time.fromisoformat, plain.get("times", ()))),
        weekdays=tuple(plain.get("weekdays", ())),
        quiet=Quiet(*map(time.fromisoformat, quiet)) if quiet else None,
        cap=plain.get("cap", 0),
        muted_until=_moment(plain.get("muted_until")),
    )


def choice_values(choice: Choice) -> dict[str, Any]:
    """What was chosen; empty where all is as usual."""
    urgency = None if choice.urgency is Urgency.USUAL else choice.urgency.value
    values = {"urgency": urgency, "muted_until": _text(choice.muted_until)}
    return {name: value for name, value in values.items() if value}


def choice(plain: dict[str, Any]) -> Choice:
    """From `choice_values`."""
    return Choice(urgency=Urgency(plain.get("urgency", Urgency.USUAL)), muted_until=_moment(plain.get("muted_until")))


def _clock(moment: time) -> str:
    return moment.isoformat("minutes")


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
