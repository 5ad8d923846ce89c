"""How long what waits takes to be sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from babel.dates import format_timedelta

from bot.chat.catalogue import Catalogue
from bot.model import Chat, ChatKind, ChatStatus, Platform

WORTH_SAYING = timedelta(seconds=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """How fast a platform is sent to, in messages a second: in all, to a chat, to a group or channel. None: as fast as
    in all."""

    overall: float
    chat: float | None = None
    group: float | None = None


Rates = Mapping[Platform, Rate]


def own(chat: Chat, rate: Rate) -> float:
    """Messages a second that one chat gets at most."""
    limits = [rate.overall, rate.chat, rate.group if chat.kind is not ChatKind.PRIVATE else None]
    return min(limit for limit in limits if limit)


def estimate(chat: Chat, figures: ChatStatus, rate: Rate) -> tuple[timedelta, timedelta]:
    """How long all that waits on the platform takes; and how long what waits for the chat would take alone."""
    return (
        timedelta(seconds=max(figures.ahead, figures.waiting) / rate.overall),
        timedelta(seconds=figures.waiting / own(chat, rate)),
    )


def waiting_words(chat: Chat, figures: ChatStatus, rate: Rate, t: Catalogue) -> str:
    """What is said of the wait, where there is one to speak of; else nothing."""
    everybody, alone = estimate(chat, figures, rate)
    if not figures.waiting or max(everybody, alone) < WORTH_SAYING:
        return ""
    if everybody >= alone:
        return t(
            "{n} messages wait on {platform}, yours among them: about {time} at {rate} a second.",
            n=t.number(max(figures.ahead, figures.waiting)),
            platform=chat.address.platform.title(),
            time=format_timedelta(everybody, threshold=1.5, locale=t.babel),
            rate=t.number(rate.overall),
        )
    return t(
        "{platform} takes {rate} messages a minute for one chat: yours take about {time}.",
        rate=t.number(own(chat, rate) * 60),
        platform=chat.address.platform.title(),
        time=format_timedelta(alone, threshold=1.5, locale=t.babel),
    )
