"""A language model server on loopback: the chat completions of the OpenAI API, and the ways it goes wrong."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

FORMS = ("json_schema", "json_object", "text")


class ModelServer:
    """Answers with `brief` (or `text`, or what `reply` makes of the request). `forms` are the response formats that it
    takes; others get a 400, as servers do. With a `gate` no answer comes before it is open.

    `mode` is `answer`, `hang`, `drip`, `drop`, `html`, `empty`, `odd`, or an HTTP status as a number, which `error`
    (fields of the error) and `headers` go with. `message`, `choice` and `more` are fields put over those of the answer.
    """

    def __init__(self) -> None:
        self.brief: dict[str, str] = {}
        self.text: str | None = None
        self.reply: Callable[[dict[str, Any]], str] | None = None
        self.mode: str | int = "answer"
        self.gate: asyncio.Event | None = None
        self.forms: tuple[str, ...] = FORMS
        self.refuses: dict[str, str] = {}
        self.error: dict[str, Any] = {}
        self.headers: dict[str, str] = {}
        self.message: dict[str, Any] = {}
        self.choice: dict[str, Any] = {}
        self.more: dict[str, Any] = {}
        self.content_type = "application/json"
        self.prefix = ""
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
        if self.gate:
            await self.gate.wait()
        if isinstance(self.mode, int):
            return _error(self.mode, {"message": "trouble"} | self.error, self.headers)
        if self.mode != "answer":
            return await self._misbehave(request)
        if complaint := self._complaint(body):
            return _error(400, {"message": complaint}, {})
        answer = json.dumps(self._completion(body), ensure_ascii=False)
        return web.Response(body=(self.prefix + answer).encode(), content_type=self.content_type, charset="utf-8")

    def _completion(self, body: dict[str, Any]) -> dict[str, Any]:
        content = json.dumps(self.brief, ensure_ascii=False) if self.text is None else self.text
        completion = _completion(body["model"], self.reply(body) if self.reply else content)
        choice = completion["choices"][0]
        choice["message"] |= self.message
        choice |= self.choice
        return completion | self.more

    def _complaint(self, body: dict[str, Any]) -> str:
        for parameter, complaint in self.refuses.items():
            if parameter in body:
                return complaint
        form = body.get("response_format", {"type": "text"})["type"]
        return "" if form in self.forms else f"response_format {form} is not supported"

    async def _misbehave(self, request: web.Request) -> web.StreamResponse:
        if self.mode == "hang":
            await asyncio.Event().wait()
        if self.mode == "drip":
            return await _drip(request)
        if self.mode == "drop" and request.transport is not None:
            request.transport.close()
        answers: dict[str | int, Any] = {"empty": _completion("m", "  "), "odd": {"choices": []}}
        if self.mode in answers:
            return web.json_response(answers[self.mode])
        return web.Response(text="<html>proxy login</html>", content_type="text/html")


async def _drip(request: web.Request) -> web.StreamResponse:
    """A byte now and then, for ever: no single wait is long."""
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    while True:
        await response.write(b" ")
        await asyncio.sleep(0.005)


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


def _error(status: int, fields: dict[str, Any], headers: dict[str, str]) -> web.Response:
    error = {"type": "invalid_request_error", "param": None, "code": None} | fields
    return web.json_response({"error": error}, status=status, headers=headers)


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
