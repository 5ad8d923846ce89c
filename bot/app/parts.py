"""Builds the parts out of the settings."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import aiohttp
import structlog
from pydantic import SecretStr

from bot import __version__
from bot.briefs.briefer import Briefs
from bot.briefs.faithful import Guard
from bot.briefs.glossary import Glossary, load_glossary
from bot.briefs.translate import LibreTranslate
from bot.briefs.ways import Extract, FeedText, Way
from bot.chat.commands import Commands, Limits
from bot.feeds.cadence import Cadence
from bot.feeds.catalogue import load_catalogue
from bot.feeds.discover import Finder
from bot.feeds.fetch import HttpFetcher
from bot.feeds.parse import parse
from bot.ports import Fetcher, Meter
from bot.settings import Settings
from bot.storage import Storage, open_storage
from bot.web.metrics import PrometheusMeter
from bot.work.alert import Alerter
from bot.work.bells import Bells
from bot.work.loop import Clock
from bot.work.poll import Poller
from bot.work.preview import PreviewService


def utc_now() -> datetime:
    """The time, aware, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Core:
    """What every role shares, whichever platforms are attached."""

    settings: Settings
    clock: Clock
    storage: Storage
    bells: Bells
    meter: PrometheusMeter
    commands: Commands
    poller: Poller
    alerter: Alerter


@asynccontextmanager
async def open_core(settings: Settings, clock: Clock = utc_now) -> AsyncIterator[Core]:
    """The parts, opened; the database is brought to this version's tables. Raises StorageError, SettingsError."""
    async with AsyncExitStack() as stack:
        storage = await stack.enter_async_context(open_storage(settings.database_url))
        await storage.upgrade()
        fetcher = await stack.enter_async_context(fetcher_for(settings))
        briefs = await stack.enter_async_context(briefs_for(settings))
        meter, bells = PrometheusMeter(), Bells(storage.notify)
        yield Core(
            settings=settings,
            clock=clock,
            storage=storage,
            bells=bells,
            meter=meter,
            commands=commands_for(settings, storage, fetcher, bells, clock),
            poller=poller_for(settings, storage, fetcher, clock=clock, bells=bells, meter=meter),
            alerter=Alerter(
                store=storage.items,
                keywords=storage.keywords,
                briefer=briefs,
                bell=bells,
                meter=meter,
                clock=clock,
                lease=settings.lease,
            ),
        )


def fetcher_for(settings: Settings, *, also_allow: Collection[str] = ()) -> HttpFetcher:
    """The HTTP client for feeds and pages. `also_allow`: hosts on private networks that may be fetched as well."""
    contact = f"; +{settings.user_agent_contact}" if settings.user_agent_contact else ""
    return HttpFetcher(
        user_agent=f"Diting/{__version__} (news alerts{contact})",
        allow_hosts=(*settings.allow_hosts, *also_allow),
        timeout=timedelta(seconds=settings.fetch_timeout),
        max_bytes=settings.fetch_max_bytes,
    )


def poller_for(
    settings: Settings,
    storage: Storage,
    fetcher: Fetcher,
    *,
    clock: Clock,
    bells: Bells | None = None,
    meter: Meter | None = None,
) -> Poller:
    """The poll service."""
    return Poller(
        queue=storage.feeds,
        fetcher=fetcher,
        parse=parse,
        cadence=cadence_for(settings),
        bell=bells or Bells(),
        meter=meter or PrometheusMeter(),
        clock=clock,
        lease=settings.lease,
        concurrency=settings.poll_concurrency,
    )


@asynccontextmanager
async def briefs_for(settings: Settings) -> AsyncIterator[Briefs]:
    """The ways of making briefs that the settings allow, best first."""
    glossary = load_glossary()
    async with AsyncExitStack() as stack:
        ways: list[Way] = [FeedText()]
        if settings.model_url:
            ways.append(await _model(settings, glossary, stack))
        if settings.libretranslate_url:
            session = await stack.enter_async_context(aiohttp.ClientSession())
            ways.append(
                LibreTranslate(session, settings.libretranslate_url, api_key=_secret(settings.libretranslate_key))
            )
        yield Briefs(
            ways,
            extract=Extract(glossary),
            guard=Guard(glossary),
            log=structlog.get_logger("bot.briefs"),
            budget=timedelta(seconds=settings.brief_timeout),
        )


async def _model(settings: Settings, glossary: Glossary, stack: AsyncExitStack) -> Way:
    from bot.briefs.endpoint import Endpoint
    from bot.briefs.llm import LanguageModel

    endpoint = Endpoint(settings.model_url, settings.model_name, api_key=_secret(settings.model_key))
    stack.push_async_callback(endpoint.close)
    return LanguageModel(endpoint, glossary)


def _secret(value: SecretStr | None) -> str:
    return value.get_secret_value() if value else ""


def cadence_for(settings: Settings) -> Cadence:
    """How often to poll. A feed whose rhythm is not known yet is taken for a busy one."""
    shortest = timedelta(seconds=settings.poll_interval)
    return Cadence(shortest=shortest, unknown=shortest, longest=timedelta(seconds=settings.poll_longest))


def commands_for(settings: Settings, storage: Storage, fetcher: Fetcher, bells: Bells, clock: Clock) -> Commands:
    """The slash commands."""
    return Commands(
        chats=storage.chats,
        subscriptions=storage.subscriptions,
        keywords=storage.keywords,
        history=storage.history,
        finder=Finder(fetcher, load_catalogue()),
        preview=PreviewService(storage.history),
        bell=bells,
        clock=clock,
        limits=Limits(feeds=settings.max_feeds, keywords=settings.max_keywords),
    )
