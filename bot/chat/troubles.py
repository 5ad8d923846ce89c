"""Says to whoever runs the bot what is wrong with it, and what to do."""

from __future__ import annotations

from datetime import datetime

from babel.dates import format_timedelta

from bot.chat.blocks import note, one_line, text
from bot.chat.catalogue import Catalogue, catalogue_for, mark
from bot.model import Locale, Message, Platform, Trouble, TroubleKind

_REASON = 120
_PLATFORM_TROUBLES = {
    TroubleKind.TOKEN_REFUSED: mark(
        "⚠ {platform} refuses my token, so nothing is sent there. Put a valid one into the settings and start me again."
    ),
    TroubleKind.SECOND_POLLER: mark(
        "⚠ Another process receives what people write to me on {platform}. Run one only, or give each a token of its"
        " own."
    ),
    TroubleKind.DELIVERY_FAULT: mark("⚠ Alerts for {platform} fail through a fault of mine: the log says more."),
}
_PLACE_REFUSES = mark(
    "⚠ Alerts for a target fail and are not sent again. Look at its address in the settings; the log says more."
)
_DOWN = mark("⚠ {platform} has not answered for {duration}. Alerts for it wait, and go out when it answers.")
_DISK_FULL = mark(
    "⚠ The disk of the database is full. Nothing new is kept before there is room; then I go on by myself."
)


def trouble_message(trouble: Trouble, locale: Locale, *, now: datetime) -> Message:
    """What the owner reads."""
    t = catalogue_for(locale)
    reason = one_line(trouble.reason, _REASON)
    return Message(blocks=(text(_sentence(trouble, t, now)), *([note(reason)] if reason else ())))


def _sentence(trouble: Trouble, t: Catalogue, now: datetime) -> str:
    platform = trouble.platform.title() if trouble.platform else ""
    if trouble.kind is TroubleKind.DISK_FULL:
        return t(_DISK_FULL)
    if trouble.kind is TroubleKind.PLATFORM_DOWN:
        return t(_DOWN, platform=platform, duration=format_timedelta(now - trouble.since, locale=t.babel))
    if trouble.platform is Platform.TARGET and trouble.kind is TroubleKind.DELIVERY_FAULT:
        return t(_PLACE_REFUSES)
    return t(_PLATFORM_TROUBLES[trouble.kind], platform=platform)
