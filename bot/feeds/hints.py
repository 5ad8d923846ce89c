"""What a feed asks of those who poll it, as its row keeps it for the polls that bring no document."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from bot.feeds.entry import Heading

_HOURS, _WEEKDAYS = range(24), range(7)
_NONE = Heading()


def hints_text(heading: Heading) -> str:
    """Its ttl, skipHours and skipDays; "" for a feed without any."""
    parts = {
        "ttl": f"{heading.ttl.total_seconds():.0f}" if heading.ttl else "",
        "hours": _listed(heading.skip_hours),
        "days": _listed(heading.skip_days),
    }
    return " ".join(f"{name}={value}" for name, value in parts.items() if value)


def read_hints(text: str) -> Heading:
    """A heading with the hints that `hints_text` wrote; what can't be read is no hint."""
    if not text:
        return _NONE
    parts = dict(part.split("=", 1) for part in text.split() if "=" in part)
    ttl = parts.get("ttl", "")
    return Heading(
        ttl=timedelta(seconds=int(ttl)) if ttl.isascii() and ttl.isdigit() else None,
        skip_hours=_within(parts.get("hours", ""), _HOURS),
        skip_days=_within(parts.get("days", ""), _WEEKDAYS),
    )


def _listed(numbers: Iterable[int]) -> str:
    return ",".join(str(number) for number in sorted(numbers))


def _within(listed: str, bounds: range) -> frozenset[int]:
    numbers = (int(part) for part in listed.split(",") if part.isascii() and part.isdigit())
    return frozenset(number for number in numbers if number in bounds)
