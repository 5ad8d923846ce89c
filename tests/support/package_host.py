"""A host of Argos packages on loopback: an index, and files with ETag, Range and If-Range, or with trouble."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer


class PackageHost:
    """Serves `files` by name, and `index` as JSON.

    `mode` is `answer`, `break` (the connection ends half way, each time), `odd-range` (another part than was asked
    for), `no-range`, `weak` (an ETag that proves nothing), or an HTTP status as a number. `breaks` is how often it
    breaks off before it goes on.
    """

    def __init__(self) -> None:
        self.index: Any = []
        self.files: dict[str, bytes] = {}
        self.mode: str | int = "answer"
        self.breaks = 0
        self.requests: list[dict[str, str]] = []
        self.url = ""

    def offer(self, name: str, content: bytes, pair: tuple[str, str] = ("en", "zt"), version: str = "1.9") -> str:
        """Serve a package and list it in the index."""
        self.files[name] = content
        link = f"{self.url}/v1/{name}"
        entry = {"from_code": pair[0], "to_code": pair[1], "package_version": version, "argos_version": "1.9.0"}
        self.index.append(entry | {"links": ["ipfs://Qm0000", link], "code": f"translate-{pair[0]}_{pair[1]}"})
        return link

    def application(self) -> web.Application:
        application = web.Application()
        application.router.add_get("/index.json", self._index)
        application.router.add_get("/v1/{name}", self._file)
        return application

    async def _index(self, request: web.Request) -> web.Response:
        if isinstance(self.index, str):
            return web.Response(text=self.index)
        return web.json_response(self.index)

    async def _file(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(dict(request.headers))
        content = self.files.get(request.match_info["name"])
        if isinstance(self.mode, int) or content is None:
            return web.Response(status=self.mode if isinstance(self.mode, int) else 404)
        etag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
        start = self._start(request, etag)
        if start > len(content) or (start == len(content) and start):
            return web.Response(status=416)
        body = content[start:]
        headers = {"ETag": f"W/{etag}" if self.mode == "weak" else etag, "Content-Length": str(len(body))}
        if start:
            first = start + 1 if self.mode == "odd-range" else start
            headers["Content-Range"] = f"bytes {first}-{len(content) - 1}/{len(content)}"
        response = web.StreamResponse(status=206 if start else 200, headers=headers)
        await response.prepare(request)
        await self._send(request, response, body)
        return response

    def _start(self, request: web.Request, etag: str) -> int:
        asked = request.headers.get("Range", "")
        if not asked or self.mode == "no-range" or request.headers.get("If-Range") != etag:
            return 0
        return int(asked.removeprefix("bytes=").removesuffix("-"))

    async def _send(self, request: web.Request, response: web.StreamResponse, body: bytes) -> None:
        if self.mode == "break" or self.breaks > 0:
            self.breaks -= 1
            await response.write(body[: max(1, len(body) // 2)])
            await asyncio.sleep(0)
            assert request.transport is not None
            request.transport.close()
            return
        await response.write(body)
        await response.write_eof()


@asynccontextmanager
async def package_host() -> AsyncIterator[PackageHost]:
    """A running host of packages."""
    host = PackageHost()
    server = TestServer(host.application())
    server.skip_url_asserts = True
    await server.start_server(shutdown_timeout=0.01)
    host.url = str(server.make_url("")).rstrip("/")
    try:
        yield host
    finally:
        await server.close()
