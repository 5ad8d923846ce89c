"""A LibreTranslate server on loopback: /languages and /translate, with its errors."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer


class LibreTranslateServer:
    """Translates by `phrases`; a text it does not have comes back as "[target] text".

    `mode` is `answer`, `hang`, `html`, `odd`, `large`, or an HTTP status as a number, told with `reason` and `headers`.
    With `key`, requests need it. `targets` are those of each language, where they are not all.
    """

    def __init__(self) -> None:
        self.phrases: dict[str, str] = {}
        self.codes: list[str] = ["en", "zh-Hans", "zh-Hant", "fr"]
        self.mode: str | int = "answer"
        self.languages_mode: str | int = "answer"
        self.reason = "trouble"
        self.headers: dict[str, str] = {}
        self.targets: dict[str, list[str]] = {}
        self.hang_at = 0  # the number of the request that gets no answer; 0: none
        self.key = ""
        self.requests: list[dict[str, Any]] = []
        self.listed = 0
        self.url = ""

    def application(self) -> web.Application:
        application = web.Application()
        application.on_response_prepare.append(_hang_up)
        application.router.add_get("/languages", self._languages)
        application.router.add_post("/translate", self._translate)
        return application

    async def _languages(self, request: web.Request) -> web.Response:
        self.listed += 1
        if self.languages_mode == "odd":
            return web.json_response({"error": "no"})
        if isinstance(self.languages_mode, int):
            return web.json_response({"error": "trouble"}, status=self.languages_mode)
        return web.json_response(
            [{"code": code, "name": code, "targets": self.targets.get(code, self.codes)} for code in self.codes]
        )

    async def _translate(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.requests.append(body)
        if self.key and body.get("api_key") != self.key:
            return web.json_response({"error": "Invalid API key"}, status=403)
        if len(self.requests) == self.hang_at:
            await asyncio.Event().wait()
        if isinstance(self.mode, int):
            return web.json_response({"error": self.reason}, status=self.mode, headers=self.headers)
        if self.mode != "answer":
            return await self._misbehave()
        known = {body["source"], body["target"]} <= set(self.codes)
        if not known:
            return web.json_response({"error": "not supported"}, status=400)
        return web.json_response({"translatedText": [self._one(text, body["target"]) for text in body["q"]]})

    def _one(self, text: str, target: str) -> str:
        return self.phrases.get(text, f"[{target}] {text}")

    async def _misbehave(self) -> web.Response:
        if self.mode == "hang":
            await asyncio.Event().wait()
        if self.mode == "odd":
            return web.json_response({"translatedText": ["only one"] * 7})
        if self.mode == "large":
            return web.json_response({"translatedText": ["x" * 300_000]})
        return web.Response(text="<html>502</html>", content_type="text/html")


@asynccontextmanager
async def libretranslate_server() -> AsyncIterator[LibreTranslateServer]:
    """A running LibreTranslate server."""
    translator = LibreTranslateServer()
    server = TestServer(translator.application())
    server.skip_url_asserts = True
    await server.start_server(shutdown_timeout=0.01)
    translator.url = str(server.make_url("")).rstrip("/")
    try:
        yield translator
    finally:
        await server.close()


async def _hang_up(_request: web.Request, response: web.StreamResponse) -> None:
    """A client that keeps connections has a timer for them, which a Discord backend that runs all timers waits for."""
    response.headers["Connection"] = "close"
    response.force_close()
