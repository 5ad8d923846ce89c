"""What fetches feeds and pages, and what polls."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from urllib.parse import urlsplit

from bot import __version__
from bot.briefs.article import article_text
from bot.feeds.cadence import Cadence
from bot.feeds.fetch import HttpFetcher
from bot.feeds.parse import read
from bot.feeds.robots import Robots
from bot.ports import (
    NO_TRACER,
    Fetcher,
    Meter,
    PoliteFetcher,
    Tracer,
)
from bot.settings import Settings
from bot.storage import Storage
from bot.web.metrics import PrometheusMeter
from bot.work.bells import Bells
from bot.work.loop import Clock
from bot.work.poll import Poller
from bot.work.reader import Reader

READING = 0.4  # of the time that a brief may take
IN_HAND = 25  # claimed feeds for each one that is fetched: many may wait for the turn of one host


def user_agent_for(settings: Settings) -> str:
    """Who we say we are to the hosts of feeds and hubs."""
    contact = f"; +{settings.user_agent_contact}" if settings.user_agent_contact else ""
    return f"Diting/{__version__} (news alerts{contact})"


def allowed_hosts(settings: Settings) -> tuple[str, ...]:
    """Hosts on private networks that may be fetched: those of the settings, and the RSSHub."""
    rsshub = urlsplit(settings.rsshub_url).netloc.lower()
    return (*settings.allow_hosts, *([rsshub] if rsshub else []))


def fetcher_for(settings: Settings, *, also_allow: Collection[str] = ()) -> HttpFetcher:
    """The HTTP client for feeds and pages. `also_allow`: hosts on private networks that may be fetched as well."""
    return HttpFetcher(
        user_agent=user_agent_for(settings),
        allow_hosts=(*allowed_hosts(settings), *also_allow),
        timeout=timedelta(seconds=settings.fetch_timeout),
        max_bytes=settings.fetch_max_bytes,
        concurrency=settings.poll_concurrency,
    )


def reader_for(settings: Settings, fetcher: Fetcher) -> Reader | None:
    """Who reads the pages of items with teasers. It leaves most of a brief's time to the ways that follow."""
    if settings.full_text == "off":
        return None
    patience = timedelta(seconds=settings.brief_timeout * READING)
    return Reader(fetcher=fetcher, robots=Robots(fetcher, "Diting"), extract=article_text, patience=patience)


def poller_for(
    settings: Settings,
    storage: Storage,
    fetcher: PoliteFetcher,
    *,
    clock: Clock,
    bells: Bells | None = None,
    meter: Meter | None = None,
    tracer: Tracer = NO_TRACER,
) -> Poller:
    """The poll service."""
    return Poller(
        queue=storage.feeds,
        fetcher=fetcher,
        read=read,
        cadence=cadence_for(settings),
        bell=bells or Bells(),
        meter=meter or PrometheusMeter(),
        clock=clock,
        lease=settings.lease,
        at_once=settings.poll_concurrency,
        in_hand=IN_HAND * settings.poll_concurrency,
        tracer=tracer,
    )


def cadence_for(settings: Settings) -> Cadence:
    """How often to poll."""
    return Cadence(
        shortest=timedelta(seconds=settings.poll_interval),
        pace=timedelta(seconds=settings.poll_pace),
        longest=timedelta(seconds=settings.poll_longest),
    )
