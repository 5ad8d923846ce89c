"""A collector of traces on loopback: takes OTLP over HTTP and keeps what it was told."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from aiohttp import web
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

Value = str | int | float | bool | list[Any]


@dataclass(frozen=True, slots=True)
class Told:
    """A span as it was exported. `failed` says whether its status is that of an error."""

    name: str
    id: bytes
    trace: bytes
    parent: bytes
    kind: int
    attributes: dict[str, Value]
    links: list[bytes]
    failed: bool


class Collector:
    """`async with Collector() as collector`: its `url` is what OTEL_EXPORTER_OTLP_ENDPOINT names."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.headers: list[Mapping[str, str]] = []
        self.status = 200

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/v1/traces", self._take)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    @property
    def resources(self) -> list[dict[str, Value]]:
        """What each request said of who speaks."""
        return [attributes(one.resource.attributes) for body in self.bodies for one in read(body).resource_spans]

    @property
    def spans(self) -> list[Told]:
        """All there are so far, in the order in which they ended."""
        return [span for body in self.bodies for span in spans_of(body)]

    def named(self, name: str) -> list[Told]:
        """Those of a name."""
        return [span for span in self.spans if span.name == name]

    async def until(self, name: str, *, trace: bytes = b"", **attributes: Value) -> Told:
        """The first span of that name (in a trace) with these attributes, of `diting.` all, when it is there."""
        wanted = {f"diting.{key}": value for key, value in attributes.items()}
        async with asyncio.timeout(20):
            while True:
                for span in self.named(name):
                    if wanted.items() <= span.attributes.items() and trace in (b"", span.trace):
                        return span
                await asyncio.sleep(0.02)

    async def _take(self, request: web.Request) -> web.Response:
        body = await request.read()
        if self.status == 200:
            self.bodies.append(body)
            self.headers.append(request.headers)
        return web.Response(status=self.status)


def read(body: bytes) -> Any:
    """A request, from the bytes that were sent."""
    request = ExportTraceServiceRequest()
    request.ParseFromString(body)
    return request


def spans_of(body: bytes) -> Iterator[Told]:
    """The spans of a request."""
    for resource in read(body).resource_spans:
        for scope in resource.scope_spans:
            for one in scope.spans:
                yield Told(
                    name=one.name,
                    id=one.span_id,
                    trace=one.trace_id,
                    parent=one.parent_span_id,
                    kind=one.kind,
                    attributes=attributes(one.attributes),
                    links=[link.span_id for link in one.links],
                    failed=one.status.code == 2,
                )


def attributes(pairs: Any) -> dict[str, Value]:
    """Attributes as a mapping."""
    return {pair.key: value_of(pair.value) for pair in pairs}


def value_of(value: Any) -> Value:
    """What a value of protobuf holds."""
    kind = value.WhichOneof("value")
    if kind == "array_value":
        return [value_of(one) for one in value.array_value.values]
    found: Value = getattr(value, kind)
    return found
