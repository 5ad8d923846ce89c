"""Builds what WebSub needs, where PUBLIC_URL says that hubs can reach us."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import structlog

from bot.feeds.hub import HubClient
from bot.feeds.parse import read
from bot.ports import NO_TRACER, Bell, Meter, Tracer
from bot.settings import Settings
from bot.storage import Storage
from bot.work.hubs import Subscriber
from bot.work.loop import Clock
from bot.work.push import Receiver


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushes:
    """The two sides of WebSub: what asks hubs, and what hubs call."""

    subscriber: Subscriber
    receiver: Receiver


@asynccontextmanager
async def open_pushes(
    settings: Settings,
    storage: Storage,
    *,
    bell: Bell,
    meter: Meter,
    clock: Clock,
    user_agent: str,
    tracer: Tracer = NO_TRACER,
) -> AsyncIterator[Pushes | None]:
    """Both sides, opened; None where hubs could not call back."""
    if settings.public_url and not settings.web_port:
        structlog.get_logger("bot.app").warning("PUBLIC_URL does nothing while WEB_PORT is 0: hubs could not call")
    if not (settings.public_url and settings.web_port):
        yield None
        return
    client = HubClient(
        user_agent=user_agent,
        allow_hosts=settings.allow_hosts,
        timeout=timedelta(seconds=settings.fetch_timeout),
    )
    async with client as hub:
        yield Pushes(
            subscriber=Subscriber(
                book=storage.pushes, hub=hub, public_url=settings.public_url, meter=meter, clock=clock
            ),
            receiver=Receiver(
                book=storage.pushes,
                queue=storage.feeds,
                read=read,
                bell=bell,
                meter=meter,
                clock=clock,
                lease=settings.lease,
                allow_hosts=settings.allow_hosts,
                tracer=tracer,
            ),
        )
