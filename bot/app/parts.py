"""Builds the parts out of the settings."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import aiohttp
import structlog
from pydantic import SecretStr

from bot import __version__
from bot.app.pacing import pacers_for, rates_for
from bot.app.pushes import Pushes, open_pushes
from bot.briefs.article import article_text
from bot.briefs.briefer import Briefs
from bot.briefs.budget import Budget, MemoryBook, terms_of
from bot.briefs.cedict import Cedict
from bot.briefs.counterparts import KnownCounterparts
from bot.briefs.faithful import Guard
from bot.briefs.glossary import Glossary, TermKind, load_glossary
from bot.briefs.translation.deepl import DeepL
from bot.briefs.translation.libretranslate import LibreTranslate
from bot.briefs.translation.packages import read_installed
from bot.briefs.translation.way import MachineTranslation, Translator
from bot.briefs.ways import Extract, FeedText, Way
from bot.briefs.wording import RegionalWording
from bot.chat.commands import Commands, Limits
from bot.feeds.cadence import Cadence
from bot.feeds.catalogue import load_catalogue
from bot.feeds.discover import Finder
from bot.feeds.fetch import HttpFetcher
from bot.feeds.parse import read
from bot.feeds.robots import Robots
from bot.model import Platform
from bot.ports import Counterparts, Fetcher, Meter, PageReader, PoliteFetcher, SpendingBook, SubscriptionBook, Wording
from bot.settings import Settings
from bot.storage import Storage, open_storage
from bot.stories.index import StoryIndex
from bot.web.metrics import PrometheusMeter
from bot.work.alert import Alerter
from bot.work.bells import Bells
from bot.work.inquiry import InquiryService
from bot.work.lists import FeedListService
from bot.work.loop import Clock
from bot.work.pace import Pacer
from bot.work.poll import Poller
from bot.work.preview import PreviewService
from bot.work.reader import Reader
from bot.work.troubles import Troubles

if TYPE_CHECKING:
    from bot.briefs.endpoint import Endpoint

READING = 0.4  # of the time that a brief may take
IN_HAND = 25  # claimed feeds for each one that is fetched: many may wait for the turn of one host


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
    wording: Wording
    poller: Poller
    alerter: Alerter
    troubles: Troubles
    pacers: Mapping[Platform, Pacer]
    pushes: Pushes | None = None  # where hubs can call back


@asynccontextmanager
async def open_core(settings: Settings, clock: Clock = utc_now) -> AsyncIterator[Core]:
    """The parts, opened; the database is brought to this version's tables. Raises StorageError, SettingsError."""
    async with AsyncExitStack() as stack:
        storage = await stack.enter_async_context(
            open_storage(
                settings.database_url,
                listen_url=settings.database_listen_url,
                news_age=timedelta(hours=settings.news_hours),
            )
        )
        await storage.upgrade()
        fetcher = await stack.enter_async_context(fetcher_for(settings))
        reader = reader_for(settings, fetcher)
        glossary = glossary_for(settings)
        wording = RegionalWording(glossary)
        meter, bells = PrometheusMeter(), Bells(storage.notify)
        budget = budget_for(settings, storage.spending, meter=meter, clock=clock)
        counterparts = await stack.enter_async_context(counterparts_for(settings, glossary, budget))
        briefs = await stack.enter_async_context(
            briefs_for(settings, meter, reader=reader, glossary=glossary, budget=budget)
        )
        pushes = await stack.enter_async_context(
            open_pushes(settings, storage, bell=bells, meter=meter, clock=clock, user_agent=user_agent_for(settings))
        )
        yield Core(
            settings=settings,
            clock=clock,
            storage=storage,
            bells=bells,
            meter=meter,
            commands=commands_for(settings, storage, fetcher, counterparts, wording, bell=bells, clock=clock),
            wording=wording,
            poller=poller_for(settings, storage, fetcher, clock=clock, bells=bells, meter=meter),
            alerter=Alerter(
                store=storage.items,
                keywords=storage.keywords,
                briefer=briefs,
                reader=reader if settings.full_text == "every" else None,
                names=glossary,
                stories=story_index(glossary),
                bell=bells,
                meter=meter,
                clock=clock,
                lease=settings.lease,
            ),
            troubles=Troubles(clock),
            pacers=pacers_for(settings, clock),
            pushes=pushes,
        )


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
    )


@asynccontextmanager
async def briefs_for(
    settings: Settings,
    meter: Meter,
    *,
    reader: PageReader | None = None,
    glossary: Glossary | None = None,
    budget: Budget | None = None,
) -> AsyncIterator[Briefs]:
    """The ways of making briefs that the settings allow, best first. Without a `budget` the model's is counted anew.

    Raises SettingsError.
    """
    glossary = glossary or glossary_for(settings)
    async with AsyncExitStack() as stack:
        ways: list[Way] = [FeedText()]
        if settings.model_url:
            from bot.briefs.llm import LanguageModel

            ways.append(LanguageModel(await _endpoint(settings, stack, budget), glossary))
        ways += [MachineTranslation(one, glossary) for one in await _translators(settings, stack)]
        briefs = Briefs(
            ways,
            extract=Extract(glossary),
            guard=Guard(glossary),
            log=structlog.get_logger("bot.briefs"),
            meter=meter,
            reader=reader,
            budget=timedelta(seconds=settings.brief_timeout),
            late=timedelta(seconds=settings.brief_late),
            at_once=settings.brief_concurrency,
        )
        stack.push_async_callback(briefs.close)
        yield briefs


async def _translators(settings: Settings, stack: AsyncExitStack) -> list[Translator]:
    """All that are set up, best first: a service trained on more than anybody's server, a server, a small model."""
    translators: list[Translator] = []
    if settings.deepl_key or settings.libretranslate_url:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        if settings.deepl_key:
            translators.append(DeepL(session, _secret(settings.deepl_key), url=settings.deepl_url))
        if settings.libretranslate_url:
            key = _secret(settings.libretranslate_key)
            translators.append(LibreTranslate(session, settings.libretranslate_url, api_key=key))
    packages, _ = read_installed(settings.models_dir)
    if packages:
        from bot.briefs.translation.argos import Argos

        argos = Argos(packages)
        stack.push_async_callback(argos.close)
        translators.append(argos)
    return translators


def glossary_for(settings: Settings) -> Glossary:
    """The names that come with Diting, and those of the settings' file. Raises SettingsError."""
    return load_glossary(Path(settings.glossary_file) if settings.glossary_file else None)


def story_index(glossary: Glossary | None = None) -> StoryIndex:
    """An empty index of stories that knows the names of a glossary, too, or of the one that comes along."""
    terms = (glossary or load_glossary()).terms
    # A term proper is a common word: it names nobody, which stories tell by the small letter.
    return StoryIndex(
        {form: term.en.lower() if term.kind is TermKind.TERM else term.en for term in terms for form in term.forms()}
    )


@asynccontextmanager
async def counterparts_for(
    settings: Settings, glossary: Glossary, budget: Budget | None = None
) -> AsyncIterator[KnownCounterparts]:
    """What words are called in the other language, by all that the settings allow to ask."""
    async with AsyncExitStack() as stack:
        endpoint = await _endpoint(settings, stack, budget) if settings.model_url else None
        yield KnownCounterparts(glossary, Cedict(), endpoint)


async def _endpoint(settings: Settings, stack: AsyncExitStack, budget: Budget | None) -> Endpoint:
    from bot.briefs.endpoint import Endpoint

    endpoint = Endpoint(
        settings.model_url,
        settings.model_name,
        api_key=_secret(settings.model_key),
        budget=budget or budget_for(settings, MemoryBook()),
        timeout=timedelta(seconds=max(settings.brief_timeout, settings.brief_late)),
    )
    stack.push_async_callback(endpoint.close)
    return endpoint


def budget_for(settings: Settings, book: SpendingBook, *, meter: Meter | None = None, clock: Clock = utc_now) -> Budget:
    """What the model may cost a day, counted in `book`."""
    return Budget(book, terms_of(settings), meter=meter, clock=clock)


def _secret(value: SecretStr | None) -> str:
    return value.get_secret_value() if value else ""


def cadence_for(settings: Settings) -> Cadence:
    """How often to poll."""
    return Cadence(
        shortest=timedelta(seconds=settings.poll_interval),
        pace=timedelta(seconds=settings.poll_pace),
        longest=timedelta(seconds=settings.poll_longest),
    )


def lists_for(settings: Settings, subscriptions: SubscriptionBook) -> FeedListService:
    """Chats' feeds as files."""
    return FeedListService(
        subscriptions, limit=settings.max_feeds, allow_hosts=allowed_hosts(settings), rsshub=settings.rsshub_url
    )


def commands_for(
    settings: Settings,
    storage: Storage,
    fetcher: Fetcher,
    counterparts: Counterparts,
    wording: Wording,
    *,
    bell: Bells,
    clock: Clock,
) -> Commands:
    """The slash commands."""
    catalogue = load_catalogue()
    return Commands(
        chats=storage.chats,
        subscriptions=storage.subscriptions,
        keywords=storage.keywords,
        history=storage.history,
        finder=Finder(fetcher, catalogue, rsshub=settings.rsshub_url),
        lists=lists_for(settings, storage.subscriptions),
        preview=PreviewService(storage.history),
        counterparts=counterparts,
        inquiry=InquiryService(
            trails=storage.trails,
            subscriptions=storage.subscriptions,
            keywords=storage.keywords,
            catalogue=catalogue,
            paged=settings.full_text == "every",
        ),
        mutes=storage.mutes,
        bell=bell,
        clock=clock,
        wording=wording,
        limits=Limits(feeds=settings.max_feeds, keywords=settings.max_keywords, regexes=settings.max_regexes),
        rates=rates_for(settings),
    )
