"""HTTP headers that say when to come again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST_WAIT = timedelta(days=7)  # nobody means more, and hostile values overflow

_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
_NOT_STORED = re.compile(r"\bno-(?:cache|store)\b", re.IGNORECASE)
_SECONDS = re.compile(r"\d{1,9}(?:\.\d+)?")


def retry_after(headers: Mapping[str, str]) -> timedelta | None:
    """How long the host asks to wait (RFC 9110 section 10.2.3): seconds, or a date, read by the host's own clock."""
    value = headers.get("Retry-After", "").strip()
    if _SECONDS.fullmatch(value):
        return min(timedelta(seconds=int(float(value))), LONGEST_WAIT)
    until, now = _http_date(value), _http_date(headers.get("Date", ""))
    if until is None or now is None:
        return None
    return min(max(until - now, timedelta()), LONGEST_WAIT)


def max_age(headers: Mapping[str, str]) -> timedelta | None:
    """How long the answer stays fresh (RFC 9111 section 5.2.2.1), less the time it spent in caches."""
    control = headers.get("Cache-Control", "")
    match = _MAX_AGE.search(control)
    if match is None or _NOT_STORED.search(control):
        return None
    age = headers.get("Age", "").strip()
    seconds = int(match[1]) - (int(age[:9]) if age.isascii() and age.isdigit() else 0)
    return min(timedelta(seconds=max(seconds, 0)), LONGEST_WAIT)


def _http_date(value: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(value)
        return date.astimezone(UTC) if date.tzinfo else date.replace(tzinfo=UTC)
    except (TypeError, ValueError, OverflowError):
        return None
