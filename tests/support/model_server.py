"""A language model server on loopback: the chat completions of the OpenAI API, and the ways it goes wrong."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

FORMS = ("json_schema", "json_object", "text")


class ModelServer:
    """Answers with `brief` (or `text`). `forms` are the response formats it takes; others get a 400, as servers do.

    `mode` is `answer`, `hang`, `drop`, `html`, `empty`, `odd`, or an HTTP status as a number.
    """

    def __init__(self) -> None:
        self.brief: dict[str, str] = {}
        self.text: str | None = None
        self.mode: str | int = "answer"
        self.forms: tuple[str, ...] = FORMS
        self.refuses: dict[str, str] = {}
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.url = ""

    def application(self) -> web.Application:
        application = web.Application()
        application.router.add_post("/v1/chat/completions", self._complete)
        return application

    @property
    def asked_forms(self) -> list[str]:
        return [request.get("response_format", {"type": "text"})["type"] for request in self.requests]

    async def _complete(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.requests.append(body)
        self.keys.append(request.headers.get("Authorization", ""))
        if isinstance(self.mode, int):
            return _error(self.mode, "trouble")
        if self.mode != "answer":
            return await self._misbehave(request)
        if complaint := self._complaint(body):
            return _error(400, complaint)
        content = json.dumps(self.brief, ensure_ascii=False) if self.text is None else self.text
        return web.json_response(_completion(body["model"], content))

    def _complaint(self, body: dict[str, Any]) -> str:
        for parameter, complaint in self.refuses.items():
            if parameter in body:
                return complaint
        form = body.get("response_format", {"type": "text"})["type"]
        return "" if form in self.forms else f"response_format {form} is not supported"

    async def _misbehave(self, request: web.Request) -> web.StreamResponse:
        if self.mode == "hang":
            await asyncio.Event().wait()
        if self.mode == "drop" and request.transport is not None:
            request.transport.close()
        answers: dict[str | int, Any] = {"empty": _completion("m", "  "), "odd": {"choices": []}}
        if self.mode in answers:
            return web.json_response(answers[self.mode])
        return web.Response(text="<html>proxy login</html>", content_type="text/html")


def _completion(model: str, content: str) -> dict[str, Any]:
    message = {"role": "assistant", "content": content}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1_770_000_000,
        "model": model,
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 10, "completion_tokens": 10, "total_tokens": 20},
    }


def _error(status: int, message: str) -> web.Response:
    error = {"message": message, "type": "invalid_request_error", "param": None, "code": None}
    # The SDK would otherwise wait before its retry.
    return web.json_response({"error": error}, status=status, headers={"retry-after-ms": "1"})


@asynccontextmanager
async def model_server() -> AsyncIterator[ModelServer]:
    """A running model server."""
    model = ModelServer()
    server = TestServer(model.application())
    server.skip_url_asserts = True
    await server.start_server(shutdown_timeout=0.01)
    model.url = str(server.make_url("/v1"))
    try:
        yield model
    finally:
        await server.close()
