"""The parts of the program, made of the settings."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from bot.app.access import PlatformRights
from bot.app.briefing import (
    briefs_for,
    budget_for,
    counterparts_for,
    glossary_for,
    story_index,
    texts_for,
    translators_for,
)
from bot.app.clock import utc_now
from bot.app.commands import commands_for
from bot.app.fetching import fetcher_for, poller_for, reader_for, user_agent_for
from bot.app.pacing import pacers_for
from bot.app.pushes import Pushes, open_pushes
from bot.app.tracing import traced_commands, traced_fetcher, traced_translators, tracer_for
from bot.briefs.repeated import RepeatedLines
from bot.briefs.wording import RegionalWording
from bot.model import Platform
from bot.ports import CommandHandler, Fetcher, Tracer, Wording
from bot.settings import Settings
from bot.storage import Storage, open_storage
from bot.web.metrics import PrometheusMeter
from bot.work.alert import Alerter
from bot.work.bells import Bells
from bot.work.loop import Clock
from bot.work.pace import Pacer
from bot.work.poll import Poller
from bot.work.troubles import Troubles


@dataclass(frozen=True, slots=True, kw_only=True)
class Core:
    """What every role shares, whichever platforms are attached."""

    settings: Settings
    clock: Clock
    storage: Storage
    fetcher: Fetcher
    bells: Bells
    meter: PrometheusMeter
    tracer: Tracer
    commands: CommandHandler
    rights: PlatformRights
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
        tracer = await stack.enter_async_context(
            tracer_for(settings)
        )  # closed last, when all has ended that it watches
        storage = await stack.enter_async_context(
            open_storage(
                settings.database_url,
                listen_url=settings.database_listen_url,
                news_age=timedelta(hours=settings.news_hours),
                closed=settings.access != "open",
            )
        )
        await storage.upgrade()
        fetcher = traced_fetcher(await stack.enter_async_context(fetcher_for(settings)), tracer)
        reader = reader_for(settings, fetcher)
        glossary = glossary_for(settings)
        wording = RegionalWording(glossary)
        meter, bells, rights = PrometheusMeter(), Bells(storage.notify), PlatformRights()
        budget = budget_for(settings, storage.spending, meter=meter, clock=clock)
        counterparts = await stack.enter_async_context(counterparts_for(settings, glossary, budget, tracer=tracer))
        translators = traced_translators(await translators_for(settings, stack), tracer)
        repeated = RepeatedLines()
        briefs = await stack.enter_async_context(
            briefs_for(
                settings,
                meter,
                reader=reader,
                repeated=repeated,
                glossary=glossary,
                budget=budget,
                translators=translators,
                tracer=tracer,
            )
        )
        texts = await stack.enter_async_context(texts_for(settings, glossary, translators, budget, tracer=tracer))
        pushes = await stack.enter_async_context(
            open_pushes(
                settings,
                storage,
                bell=bells,
                meter=meter,
                clock=clock,
                user_agent=user_agent_for(settings),
                tracer=tracer,
            )
        )
        commands = commands_for(
            settings,
            storage,
            fetcher,
            counterparts,
            wording,
            glossary=glossary,
            rights=rights,
            bell=bells,
            clock=clock,
            translation=texts,
        )
        yield Core(
            settings=settings,
            clock=clock,
            storage=storage,
            fetcher=fetcher,
            bells=bells,
            meter=meter,
            tracer=tracer,
            commands=traced_commands(commands, tracer),
            rights=rights,
            wording=wording,
            poller=poller_for(settings, storage, fetcher, clock=clock, bells=bells, meter=meter, tracer=tracer),
            alerter=Alerter(
                store=storage.items,
                keywords=storage.keywords,
                briefer=briefs,
                heed=repeated.heed,
                reader=reader if settings.full_text == "every" else None,
                names=glossary,
                stories=story_index(glossary),
                alone=storage.is_sqlite,
                bell=bells,
                meter=meter,
                clock=clock,
                lease=settings.lease,
                tracer=tracer,
            ),
            troubles=Troubles(clock),
            pacers=pacers_for(settings, clock),
            pushes=pushes,
        )
