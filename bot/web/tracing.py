"""Spans as OpenTelemetry has them, sent to a collector by OTLP over HTTP. Nothing else imports OpenTelemetry.

    Tracer.span ─▶ its sampler ─▶ a queue ─▶ its thread ─▶ POST /v1/traces

The SDK reads the standard's variables of the environment itself: sampler, headers, time-outs, the name of the service.
Its provider is not made the process's own: what libraries would tell of their requests, tokens in addresses among it,
goes nowhere.
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from datetime import timedelta
from types import TracebackType
from typing import Final, Self
from urllib.parse import urlsplit

import structlog
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Link, SpanContext, SpanKind, Status, StatusCode

from bot import __version__
from bot.ports import About, Trail
from bot.web.metrics import METRICS, OTHER

PATIENCE = timedelta(seconds=1)  # with a collector at the end
PATH = "/v1/traces"
TRAILS = 2_000  # that are kept in mind, the last ones
MOST_IN_ONE = 100  # spans that follow one trail within its trace; further ones only link to it
LONGEST = 200  # characters of a text

# What https://opentelemetry.io/docs/specs/semconv/ has a name for; all else stands under `diting.`
NAMES: Final[Mapping[str, str]] = {
    "error": "error.type",
    "method": "http.request.method",
    "status": "http.response.status_code",
    "operation": "gen_ai.operation.name",
    "provider": "gen_ai.provider.name",
    "model": "gen_ai.request.model",
    "tokens_in": "gen_ai.usage.input_tokens",
    "tokens_out": "gen_ai.usage.output_tokens",
}
OWN = "diting."
KINDS: Final[Mapping[str, SpanKind]] = {
    "GET": SpanKind.CLIENT,
    "chat": SpanKind.CLIENT,
    "send": SpanKind.CLIENT,
    "command": SpanKind.SERVER,
    "alert": SpanKind.CONSUMER,
    "deliver": SpanKind.CONSUMER,
    "push": SpanKind.CONSUMER,
}
_REFUSALS = frozenset(kind for metric in METRICS if metric.event == "refusals" for kind in metric.values)
_PORTS = {"http": 80, "https": 443}
# They would say each few seconds what is told once here, when it begins and when it ends.
_TALKATIVE = ("opentelemetry.exporter.otlp.proto.http.trace_exporter", "opentelemetry.sdk._shared_internal")

Attribute = str | int | float | bool | Sequence[int]


class OtlpSpan:
    """Implements bot.ports.Span."""

    __slots__ = ("_at_work", "_span", "_trails")

    def __init__(self, span: trace.Span, trails: Trails) -> None:
        self._span = span
        self._trails = trails

    def __enter__(self) -> Self:
        self._at_work = self.at_work()
        self._at_work.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        self._at_work.__exit__(None, None, None)
        if error is not None:
            self.note(error=type(error).__name__)
        self.end()

    def at_work(self) -> AbstractContextManager[object]:
        """See Span."""
        # What errors say can hold anything, addresses with tokens in them too: their kinds alone are told.
        return trace.use_span(self._span, record_exception=False, set_status_on_exception=False)

    def note(self, **about: About) -> None:
        """See Span."""
        if self._span.is_recording():
            self._span.set_attributes(attributes_of(about))
            if about.get("error"):
                self._span.set_status(Status(StatusCode.ERROR))

    def leads_to(self, *trail: Hashable) -> None:
        """See Span."""
        self._trails.lay(trail, self._span.get_span_context())

    def end(self) -> None:
        """See Span."""
        if self._span.is_recording():
            self._span.end()


class Trails:
    """Which span leads to what, of the last ones; and how much followed it."""

    def __init__(self) -> None:
        self._spans: OrderedDict[Trail, SpanContext] = OrderedDict()
        self._followers: dict[Trail, int] = {}

    def lay(self, trail: Trail, span: SpanContext) -> None:
        """Keep it in mind."""
        self._spans[trail] = span
        self._followers[trail] = 0
        while len(self._spans) > TRAILS:
            oldest, _ = self._spans.popitem(last=False)
            del self._followers[oldest]

    def followed(self, trails: Sequence[Trail]) -> tuple[SpanContext | None, list[Link]]:
        """What a span that follows these is within, or else linked to: one that follows several is within none, and a
        trace that thousands of chats are in could be shown by nobody."""
        known = [trail for trail in trails if trail in self._spans]
        if len(trails) == 1 and known and self._followers[known[0]] < MOST_IN_ONE:
            self._followers[known[0]] += 1
            return self._spans[known[0]], []
        return None, [Link(self._spans[trail]) for trail in known]


class OtlpTracer:
    """Implements bot.ports.Tracer. `close` it."""

    def __init__(self, endpoint: str) -> None:
        """`endpoint` is the collector's address, without the path for traces."""
        # The variable for traces alone wins over the one for all that is told, as the standard has it.
        self._exporter = Exporter(os.environ.get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") or endpoint.rstrip("/") + PATH)
        # Without a handler at the exit, which would wait for half a minute.
        self._provider = TracerProvider(resource=_resource(), shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(self._exporter))
        self._tracer = self._provider.get_tracer("diting", __version__)
        self._trails = Trails()

    def span(self, name: str, *, follows: Sequence[Trail] = (), **about: About) -> OtlpSpan:
        """See bot.ports.Tracer."""
        within, links = self._trails.followed(follows)
        begun = self._tracer.start_span(
            f"{name} {about['model']}" if "model" in about else name,
            context=trace.set_span_in_context(trace.NonRecordingSpan(within)) if within else None,
            kind=KINDS.get(name, SpanKind.INTERNAL),
            attributes=attributes_of(about),
            links=links,
        )
        return OtlpSpan(begun, self._trails)

    async def close(self) -> None:
        """Send what is left, for a second at most; nobody waits for a collector that did not answer before."""
        loop, done = asyncio.get_running_loop(), asyncio.Event()

        def shut_down() -> None:
            self._provider.shutdown()
            with suppress(RuntimeError):  # nobody waited
                loop.call_soon_threadsafe(done.set)

        # A thread that the process leaves behind when it ends: those of `asyncio.to_thread` would be waited for.
        threading.Thread(target=shut_down, name="last-spans", daemon=True).start()
        with suppress(TimeoutError):
            async with asyncio.timeout(0 if self._exporter.failing else PATIENCE.total_seconds()):
                await done.wait()
        self._exporter.give_up()


class Exporter(SpanExporter):
    """OTLP over HTTP, whose trouble is logged once, when it begins and when it ends."""

    def __init__(self, url: str) -> None:
        self.failing = False
        self._given_up = False
        for name in _TALKATIVE:
            logging.getLogger(name).addFilter(_REASON)
        self._otlp = OTLPSpanExporter(url)
        self._shut_down: Callable[[], object] = self._otlp.shutdown  # which has no types of its own
        self._log = structlog.get_logger("bot.tracing").bind(collector=urlsplit(url).hostname)

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Send them; in the SDK's thread."""
        if self._given_up:
            return SpanExportResult.FAILURE
        result = self._otlp.export(spans)
        failing = result is not SpanExportResult.SUCCESS
        if failing and not self.failing:
            self._log.warning("traces are not taken, and dropped", reason=_REASON.last)
        elif self.failing and not failing:
            self._log.info("traces are taken again")
        self.failing = failing
        return result

    def give_up(self) -> None:
        """Send nothing more, and end a pause between two tries."""
        if not self._given_up:
            self._given_up = True
            self._shut_down()

    def shutdown(self) -> None:
        """All that was left is sent."""
        self.give_up()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:  # noqa: ARG002 - as the SDK has it
        """Nothing is kept here."""
        return True


class Reason(logging.Filter):
    """Lets nothing pass, and keeps the last message that said why."""

    last = ""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether it passes."""
        self.last = record.getMessage()[: 2 * LONGEST]
        return False


_REASON: Final = Reason()  # one for all: of two filters, the second would hear nothing


def attributes_of(about: Mapping[str, About]) -> dict[str, Attribute]:
    """What a span tells, under the names of the conventions or our own."""
    told: dict[str, Attribute] = {}
    for name, value in about.items():
        if value is None:
            continue
        if name == "url":
            told |= address_of(str(value))
        elif name == "refusal":
            told[OWN + name] = value if value in _REFUSALS else OTHER  # some are in the words of somebody's server
        elif name == "server":
            told |= {key: one for key, one in address_of(str(value)).items() if key != "url.full"}
        else:
            told[NAMES.get(name, OWN + name)] = value[:LONGEST] if isinstance(value, str) else value
    return told


def address_of(url: str) -> dict[str, Attribute]:
    """An address without what may be a secret in it: query, fragment, user and password."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        return {}
    place = parts.netloc.rpartition("@")[2]
    return {
        "url.full": f"{parts.scheme}://{place}{parts.path}"[:LONGEST],
        "server.address": host,
        "server.port": port,
    }


def _resource() -> Resource:
    """Who speaks: by the standard's variables, and called diting where they say nothing."""
    told = Resource.create({"service.version": __version__})
    unnamed = str(told.attributes.get("service.name", "")).startswith("unknown_service")
    return told.merge(Resource({"service.name": "diting"})) if unnamed else told
