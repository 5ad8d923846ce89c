"""What a place's answer means for a delivery."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from bot.errors import ChatGone, DeliveryError, MessageRefused, PlaceDown, RateLimited

USUAL_WAIT = timedelta(minutes=1)
"""Where a place says that it gets too much, and not for how long to wait."""

_AGAIN = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY})


def error_of(status: int, wait: timedelta | None = None) -> DeliveryError:
    """The error that a status other than success is. `wait` is how long the place asked to wait."""
    reason = f"HTTP {status}"
    if status == HTTPStatus.GONE:
        return ChatGone(reason)
    if status == HTTPStatus.TOO_MANY_REQUESTS or (status == HTTPStatus.SERVICE_UNAVAILABLE and wait is not None):
        return RateLimited(USUAL_WAIT if wait is None else wait)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in _AGAIN:
        return PlaceDown(reason)
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return MessageRefused(f"{reason}: redirects are not followed")
    return MessageRefused(reason)


def wait_in(header: str, now: datetime) -> timedelta | None:
    """How long a `Retry-After` asks to wait: seconds or a date; None where it is neither."""
    text = header.strip()
    if text.isascii() and text.isdecimal():
        return timedelta(seconds=min(int(text[:9]), 10**8))
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    return max(timedelta(), (until if until.tzinfo else until.replace(tzinfo=UTC)) - now)
