"""Traces, where OTEL_EXPORTER_OTLP_ENDPOINT asks for them. Where it does not, nothing stands between the parts."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

from bot.briefs.translation.protect import Passage
from bot.briefs.translation.way import Translator
from bot.chat.commands.dispatch import read
from bot.chat.menu.owners import OWNER_MENU
from bot.errors import FeedError, HttpError
from bot.model import Fetched, Language, Message, Offers, Request
from bot.ports import NO_TRACER, CommandHandler, PoliteFetcher, Tracer
from bot.settings import Settings, standard_variables

_OWNERS = frozenset(command.name for command in OWNER_MENU)


@asynccontextmanager
async def tracer_for(settings: Settings) -> AsyncIterator[Tracer]:
    """What watches, as the settings say."""
    if not settings.otel_exporter_otlp_endpoint:
        yield NO_TRACER
        return
    # OpenTelemetry knows nothing of `.env`.
    for name, value in standard_variables().items():
        os.environ.setdefault(name, value)
    from bot.web.tracing import OtlpTracer

    tracer = OtlpTracer(settings.otel_exporter_otlp_endpoint)
    try:
        yield tracer
    finally:
        await tracer.close()


def traced_fetcher(fetcher: PoliteFetcher, tracer: Tracer) -> PoliteFetcher:
    """The fetcher, watched where somebody watches."""
    return fetcher if tracer is NO_TRACER else _TracedFetcher(fetcher, tracer)


def traced_commands(commands: CommandHandler, tracer: Tracer) -> CommandHandler:
    """The commands, watched where somebody watches."""
    return commands if tracer is NO_TRACER else _TracedCommands(commands, tracer)


def traced_translators(translators: Sequence[Translator], tracer: Tracer) -> list[Translator]:
    """The translators, watched where somebody watches."""
    return [*translators] if tracer is NO_TRACER else [_TracedTranslator(one, tracer) for one in translators]


class _TracedFetcher:
    """Each request is a span, which ends before its answer is read."""

    def __init__(self, fetcher: PoliteFetcher, tracer: Tracer) -> None:
        self._fetcher = fetcher
        self._tracer = tracer
        self.rest = fetcher.rest

    async def fetch(
        self,
        url: str,
        *,
        etag: str = "",
        last_modified: str = "",
        then: Callable[[Fetched], Awaitable[None]] | None = None,
    ) -> Fetched:
        """See bot.ports.Fetcher."""
        span = self._tracer.span("GET", method="GET", url=url)

        async def answered(fetched: Fetched) -> None:
            span.note(status=int(fetched.status))
            span.end()
            if then:
                await then(fetched)

        try:
            return await self._fetcher.fetch(url, etag=etag, last_modified=last_modified, then=answered)
        except FeedError as error:
            span.note(error=type(error).__name__, status=error.status if isinstance(error, HttpError) else None)
            raise
        except BaseException as error:
            span.note(error=type(error).__name__)
            raise
        finally:
            span.end()


class _TracedTranslator:
    """Each call is a span."""

    def __init__(self, translator: Translator, tracer: Tracer) -> None:
        self.name = translator.name
        self._translator = translator
        self._tracer = tracer

    async def translate(self, passages: Sequence[Passage], origin: str, target: Language) -> list[str] | None:
        """See Translator."""
        with self._tracer.span(
            "translate", translator=self.name, passages=len(passages), origin=origin, target=target.value
        ) as span:
            made = await self._translator.translate(passages, origin, target)
            span.note(outcome="none" if made is None else "made")
            return made


class _TracedCommands:
    """Each command is a span, by its name and without what people wrote with it."""

    def __init__(self, commands: CommandHandler, tracer: Tracer) -> None:
        self._commands = commands
        self._tracer = tracer
        self.may_change = commands.may_change
        self.complete = commands.complete

    async def handle(self, request: Request) -> Message:
        """See bot.ports.CommandHandler."""
        name, platform = _name_of(request), request.address.platform.value
        with self._tracer.span("command", command=name, platform=platform):
            return await self._commands.handle(request)

    async def look_up(self, request: Request, offset: str) -> Offers:
        """See bot.ports.CommandHandler."""
        with self._tracer.span("command", command="inline search", platform=request.address.platform.value):
            return await self._commands.look_up(request, offset)


def _name_of(request: Request) -> str:
    """A command's name, if it is one of ours: anything else is a text of a person."""
    if asked := read(request.command, request.arguments):
        return asked.path
    name = request.command.strip().lstrip("/").casefold()
    return name if name in _OWNERS else "unknown"
