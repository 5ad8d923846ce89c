"""What WebSub hubs call: GET /websub/TOKEN to verify a subscription, POST to push what is new.

Answers are the same for all hubs and tell strangers nothing: https://www.w3.org/TR/websub/ (sections 5.3 and 7).
"""

from __future__ import annotations

import asyncio
import re

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.errors import StorageError
from bot.ports import PushReceiver

BODIES_AT_ONCE = 8
READ_WITHIN = 30.0  # seconds
_COME_BACK = {"Retry-After": "60"}
_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,32}")  # anything else is not worth a look into the database
# The challenge is a stranger's text: no browser shall take it for a page.
_INERT = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'"}


def push_routes(receiver: PushReceiver, *, max_bytes: int) -> list[Route]:
    """The callback of every subscription. `max_bytes` caps what a hub may send at once."""
    callback = _Callback(receiver, max_bytes)
    return [
        Route("/websub/{token}", callback.verify, methods=["GET"]),
        Route("/websub/{token}", callback.receive, methods=["POST"]),
    ]


class _Callback:
    """Reads the requests, within bounds; what they mean is for the receiver."""

    def __init__(self, receiver: PushReceiver, max_bytes: int) -> None:
        self._receiver = receiver
        self._max_bytes = max_bytes
        self._reading = 0

    async def verify(self, request: Request) -> Response:
        token = _token(request)
        try:
            challenge = await self._receiver.verify(token, request.query_params) if token else None
        except StorageError:
            return _unavailable()
        if challenge is None:
            return PlainTextResponse("not found", status_code=404)
        return PlainTextResponse(challenge, headers=_INERT)

    async def receive(self, request: Request) -> Response:
        # The answer to a token that nobody has is that to a good one, but its body is left unread.
        accepted = Response(status_code=202)
        token = _token(request)
        try:
            if not token or not await self._receiver.expects(token):
                return accepted
            if self._reading >= BODIES_AT_ONCE:
                return _unavailable()
            body = await self._read(request)
            if body is None:
                return Response(status_code=413)
            headers = request.headers
            await self._receiver.receive(
                token,
                body,
                content_type=headers.get("Content-Type", ""),
                signature=headers.get("X-Hub-Signature", ""),
            )
        except StorageError:
            return _unavailable()
        except (TimeoutError, ClientDisconnect):
            return Response(status_code=408)
        return accepted

    async def _read(self, request: Request) -> bytes | None:
        """The body; None when it is too large."""
        body = bytearray()
        self._reading += 1
        try:
            async with asyncio.timeout(READ_WITHIN):
                async for chunk in request.stream():
                    body += chunk
                    if len(body) > self._max_bytes:
                        return None
        finally:
            self._reading -= 1
        return bytes(body)


def _token(request: Request) -> str:
    """The token in the path, or nothing where it can't be one of ours."""
    token: str = request.path_params["token"]
    return token if _TOKEN.fullmatch(token) else ""


def _unavailable() -> Response:
    """Hubs try again (section 7)."""
    return Response(status_code=503, headers=_COME_BACK)
