"""A DeepL API on loopback: /v2/translate and /v2/usage, with the statuses that it documents."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

SOURCES = ("EN", "ZH", "FR")


class DeepLServer:
    """Translates by `phrases`; a text it does not have comes back as "[target] text", what is to be ignored as it was.

    `mode` is `answer`, `hang`, `html`, `odd`, or an HTTP status as a number, told with `headers`.
    """

    def __init__(self) -> None:
        self.key = "0000-1111:fx"
        self.phrases: dict[str, str] = {}
        self.mode: str | int = "answer"
        self.headers: dict[str, str] = {}
        self.used, self.limit = 180_118, 500_000
        self.requests: list[dict[str, Any]] = []
        self.url = ""

    def application(self) -> web.Application:
        application = web.Application()
        application.router.add_post("/v2/translate", self._translate)
        application.router.add_get("/v2/usage", self._usage)
        return application

    def _refused(self, request: web.Request) -> bool:
        return request.headers.get("Authorization") != f"DeepL-Auth-Key {self.key}"

    async def _usage(self, request: web.Request) -> web.Response:
        if self._refused(request):
            return web.Response(status=403)
        if self.mode == "odd":
            return web.json_response({"product": "none"})
        return web.json_response({"character_count": self.used, "character_limit": self.limit})

    async def _translate(self, request: web.Request) -> web.Response:
        if self._refused(request):
            return web.json_response({"message": "Authorization failure"}, status=403)
        body = await request.json()
        self.requests.append(body)
        if isinstance(self.mode, int):
            return web.json_response({"message": "Quota Exceeded"}, status=self.mode, headers=self.headers)
        if self.mode == "hang":
            await asyncio.Event().wait()
        if self.mode == "html":
            return web.Response(text="<html>", content_type="text/html")
        if body["source_lang"] not in SOURCES:
            return web.json_response({"message": "Value for 'source_lang' not supported."}, status=400)
        texts = [self._one(text, body) for text in body["text"]]
        if self.mode == "odd":
            texts = texts[:-1]
        return web.json_response({"translations": [{"detected_source_language": "EN", "text": text} for text in texts]})

    def _one(self, text: str, body: dict[str, Any]) -> str:
        if body.get("tag_handling") == "xml":
            assert body["ignore_tags"] == ["keep"]
            bare = re.sub(r"</?keep>", "", text)
            return self.phrases.get(bare, f"[{body['target_lang']}] {text}")
        return self.phrases.get(text, f"[{body['target_lang']}] {text}")


@asynccontextmanager
async def deepl_server() -> AsyncIterator[DeepLServer]:
    """A running DeepL API."""
    deepl = DeepLServer()
    server = TestServer(deepl.application())
    server.skip_url_asserts = True
    await server.start_server(shutdown_timeout=0.01)
    deepl.url = str(server.make_url("")).rstrip("/")
    try:
        yield deepl
    finally:
        await server.close()
