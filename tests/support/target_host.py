"""Places that only receive, on loopback: a server that takes messages as ntfy does, and webhooks beside it."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web


@dataclass(frozen=True)
class Call:
    """What came: to which path, with which headers and body."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.body)

    def is_signed_with(self, secret: str) -> bool:
        """As the documentation has receivers check it."""
        expected = "sha256=" + hmac.new(secret.encode(), self.body, hashlib.sha256).hexdigest()
        return hmac.compare_digest(expected, self.headers.get("X-Diting-Signature", ""))


@dataclass
class TargetHost:
    """`calls` are those that came, whatever they were answered; `answers` are for the next ones: a status, and headers.
    While `slow` is set, nothing is answered."""

    calls: list[Call] = field(default_factory=list)
    answers: deque[tuple[int, dict[str, str]]] = field(default_factory=deque)
    slow: bool = False
    port: int = 0
    runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._serve)
        self.runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self.runner.setup()
        site = web.TCPSite(self.runner, "127.0.0.1", 0)
        await site.start()
        self.port = self.runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self.runner
        await self.runner.cleanup()

    @property
    def ntfy(self) -> str:
        """An address of Apprise's; the topic is a secret."""
        return f"ntfy://127.0.0.1:{self.port}/secret-topic-9"

    @property
    def hook(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook/secret-path-7"

    def hooked(self) -> list[Call]:
        return [call for call in self.calls if call.path.startswith("/hook")]

    def noted(self) -> list[dict[str, Any]]:
        """What came as to ntfy."""
        return [call.json for call in self.calls if call.path == "/"]

    async def until(self, true: Callable[[], object], within: float = 10) -> None:
        async with asyncio.timeout(within):
            while not true():
                await asyncio.sleep(0.02)

    async def _serve(self, request: web.Request) -> web.Response:
        self.calls.append(Call(request.path, dict(request.headers), await request.read()))
        while self.slow:
            await asyncio.sleep(0.02)
        status, headers = self.answers.popleft() if self.answers else (200, {})
        return web.json_response({"id": "1"}, status=status, headers=headers)
