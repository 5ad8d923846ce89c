"""A real HTTP server on loopback that answers as the test says."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import pytest
from aiohttp import web

from bot.feeds.fetch import HttpFetcher

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Host:
    """Paths with their answers, and the requests that came."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.requests: list[web.Request] = []
        self.url = ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(request)
        answer = self.answers.get(request.path)
        return await answer(request) if answer else web.Response(status=404)

    def give(self, path: str, body: bytes | str = b"", status: int = 200, **headers: str) -> str:
        """Answer a path with a document; the answer is its address."""
        content = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}

        async def answer(_: web.Request) -> web.StreamResponse:
            return web.Response(body=content, status=status, headers=named)

        return self.serve(path, answer)

    def serve(self, path: str, answer: Answer) -> str:
        self.answers[path] = answer
        return self.url + path

    def paths(self) -> list[str]:
        return [request.path for request in self.requests]


@pytest.fixture
async def host() -> AsyncIterator[Host]:
    made = Host()
    runner = web.ServerRunner(web.Server(made.handle), shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield made
    await runner.cleanup()


@pytest.fixture
async def fetcher() -> AsyncIterator[HttpFetcher]:
    async with HttpFetcher(
        user_agent="Diting/0.1 (+https://contact.example)",
        allow_hosts={"127.0.0.1"},
        timeout=timedelta(seconds=5),
        max_bytes=100_000,
    ) as made:
        yield made
