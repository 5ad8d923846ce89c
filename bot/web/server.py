"""The HTTP server: alive (/healthz), fit for work (/readyz), and what happened (/metrics)."""

from __future__ import annotations

import socket
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager, nullcontext

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.web.metrics import Figures, PrometheusMeter

Checks = Callable[[], Awaitable[dict[str, str]]]
Standing = Callable[[], dict[str, str]]
ReadFigures = Callable[[], Awaitable[Figures]]


async def _no_gauges() -> Figures:
    return {}


def web_app(
    meter: PrometheusMeter,
    checks: Checks,
    more: Sequence[BaseRoute] = (),
    *,
    standing: Standing = dict,
    gauges: ReadFigures = _no_gauges,
) -> Starlette:
    """The pages, and `more` of them. `checks` answers, for each part, an empty string when it is well, else what is
    wrong; `standing` what else there is to say of parts that are well; `gauges` what is counted when /metrics asks."""

    async def healthz(_request: Request) -> Response:
        return PlainTextResponse("ok")

    async def readyz(_request: Request) -> Response:
        results = await checks()
        status = 503 if any(results.values()) else 200
        parts = {part: trouble or "ok" for part, trouble in results.items()}
        parts |= {part: results.get(part) or text for part, text in standing().items()}
        return JSONResponse(parts, status_code=status)

    async def metrics(_request: Request) -> Response:
        return Response(meter.page(await gauges()), media_type=CONTENT_TYPE_LATEST)

    return Starlette(routes=[Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics), *more])


class _Server(uvicorn.Server):
    """uvicorn that leaves the signals to the program."""

    def capture_signals(self) -> AbstractContextManager[None]:  # type: ignore[override]  # narrower: no generator
        return nullcontext()


class WebServer:
    """uvicorn as one task of the program."""

    def __init__(self, app: Starlette, *, host: str, port: int) -> None:
        """Bind the address at once. Raises OSError when it can't be had."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        made = socket.create_server((host, port), family=family)
        # asyncio answers without delay (TCP_NODELAY) only where the protocol is named: else each page waits 40 ms for
        # the acknowledgement of its head.
        self._socket = socket.socket(made.family, made.type, socket.IPPROTO_TCP, fileno=made.detach())
        config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=2)
        self._server = _Server(config)

    @property
    def port(self) -> int:
        """The port it serves on."""
        port: int = self._socket.getsockname()[1]
        return port

    async def run(self) -> None:
        """Serve until stopped."""
        with self._socket:
            await self._server.serve(sockets=[self._socket])

    def stop(self) -> None:
        """Let `run` return."""
        self._server.should_exit = True
