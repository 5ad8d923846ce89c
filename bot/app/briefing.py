"""What makes briefs, translates and knows names, as the settings allow."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
import structlog
from pydantic import SecretStr

from bot.app.clock import utc_now
from bot.briefs.briefer import Briefs
from bot.briefs.budget import Budget, MemoryBook, terms_of
from bot.briefs.cedict import Cedict
from bot.briefs.counterparts import KnownCounterparts
from bot.briefs.faithful import Guard
from bot.briefs.glossary import Glossary, TermKind, load_glossary
from bot.briefs.repeated import RepeatedLines
from bot.briefs.texts import ByMachine, ByModel, TextTranslation, TextWay
from bot.briefs.translation.deepl import DeepL
from bot.briefs.translation.libretranslate import LibreTranslate
from bot.briefs.translation.packages import read_installed
from bot.briefs.translation.way import MachineTranslation, Translator
from bot.briefs.ways import Extract, FeedText, Way
from bot.ports import (
    NO_TRACER,
    Meter,
    PageReader,
    SpendingBook,
    Tracer,
)
from bot.settings import Settings
from bot.stories.index import StoryIndex
from bot.work.loop import Clock

if TYPE_CHECKING:
    from bot.briefs.endpoint import Endpoint


@asynccontextmanager
async def briefs_for(
    settings: Settings,
    meter: Meter,
    *,
    reader: PageReader | None = None,
    repeated: RepeatedLines | None = None,
    glossary: Glossary | None = None,
    budget: Budget | None = None,
    translators: Sequence[Translator] | None = None,
    tracer: Tracer = NO_TRACER,
) -> AsyncIterator[Briefs]:
    """The ways of making briefs that the settings allow, best first. Without a `budget` the model's is counted anew;
    without `translators` those of the settings are opened.

    Raises SettingsError.
    """
    glossary = glossary or glossary_for(settings)
    async with AsyncExitStack() as stack:
        ways: list[Way] = [FeedText()]
        if settings.model_url:
            from bot.briefs.llm import LanguageModel

            ways.append(LanguageModel(await _endpoint(settings, stack, budget, tracer), glossary))
        if translators is None:
            translators = await translators_for(settings, stack)
        ways += [MachineTranslation(one, glossary) for one in translators]
        briefs = Briefs(
            ways,
            extract=Extract(glossary),
            guard=Guard(glossary),
            log=structlog.get_logger("bot.briefs"),
            meter=meter,
            reader=reader,
            repeated=repeated,
            budget=timedelta(seconds=settings.brief_timeout),
            late=timedelta(seconds=settings.brief_late),
            at_once=settings.brief_concurrency,
            tracer=tracer,
        )
        stack.push_async_callback(briefs.close)
        yield briefs


async def translators_for(settings: Settings, stack: AsyncExitStack) -> list[Translator]:
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
    return StoryIndex(names_of(glossary or load_glossary()))


def names_of(glossary: Glossary) -> dict[str, str]:
    """What each form of a name means."""
    # A term proper is a common word: it names nobody, which stories tell by the small letter.
    return {
        form: term.en.lower() if term.kind is TermKind.TERM else term.en
        for term in glossary.terms
        for form in term.forms()
    }


@asynccontextmanager
async def counterparts_for(
    settings: Settings, glossary: Glossary, budget: Budget | None = None, *, tracer: Tracer = NO_TRACER
) -> AsyncIterator[KnownCounterparts]:
    """What words are called in the other language, by all that the settings allow to ask."""
    async with AsyncExitStack() as stack:
        endpoint = await _endpoint(settings, stack, budget, tracer) if settings.model_url else None
        yield KnownCounterparts(glossary, Cedict(), endpoint)


@asynccontextmanager
async def texts_for(
    settings: Settings,
    glossary: Glossary,
    translators: Sequence[Translator],
    budget: Budget | None = None,
    *,
    tracer: Tracer = NO_TRACER,
) -> AsyncIterator[TextTranslation]:
    """What translates the texts that people point at."""
    async with AsyncExitStack() as stack:
        ways: list[TextWay] = [ByMachine(MachineTranslation(one, glossary)) for one in translators]
        if settings.model_url:
            ways.append(ByModel(await _endpoint(settings, stack, budget, tracer)))
        yield TextTranslation(ways)


async def _endpoint(settings: Settings, stack: AsyncExitStack, budget: Budget | None, tracer: Tracer) -> Endpoint:
    from bot.briefs.endpoint import Endpoint

    endpoint = Endpoint(
        settings.model_url,
        settings.model_name,
        api_key=_secret(settings.model_key),
        budget=budget or budget_for(settings, MemoryBook()),
        timeout=timedelta(seconds=max(settings.brief_timeout, settings.brief_late)),
        tracer=tracer,
    )
    stack.push_async_callback(endpoint.close)
    return endpoint


def budget_for(settings: Settings, book: SpendingBook, *, meter: Meter | None = None, clock: Clock = utc_now) -> Budget:
    """What the model may cost a day, counted in `book`."""
    return Budget(book, terms_of(settings), meter=meter, clock=clock)


def _secret(value: SecretStr | None) -> str:
    return value.get_secret_value() if value else ""
