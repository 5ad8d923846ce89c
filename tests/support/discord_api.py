"""A small Discord on loopback: the REST calls and the gateway that the life of a client needs."""

from __future__ import annotations

import asyncio
import inspect
import json
import time
from collections.abc import Awaitable, Callable

from aiohttp import WSMsgType, web

from tests.support.discord_limits import DiscordLimits

USER = {"id": "10", "username": "diting", "discriminator": "0", "avatar": None, "bot": True}
PERSON = {"id": "20", "username": "dee", "discriminator": "0", "avatar": None}
CALLBACK = {"interaction": {"id": "77", "type": 2, "response_message_id": "99"}}
APPLICATION = {
    "id": "11",
    "name": "diting",
    "icon": None,
    "description": "",
    "bot_public": True,
    "bot_require_code_grant": False,
    "verify_key": "",
    "flags": 0,
    "owner": USER,
    "team": None,
}
Trouble = Callable[[web.Request], "web.Response | Awaitable[web.Response | None] | None"]


def says_json(document: object, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """JSON as Discord sends it: discord.py reads it only without a charset in its type."""
    body = json.dumps(document).encode()
    return web.Response(body=body, status=status, headers=headers, content_type="application/json")


class DiscordApi:
    """Answers as Discord does, within its `limits` where they are set. `trouble` may answer a request first;
    `requests` are (method, path, body, token).

    `accepted` are the messages by channel and nonce: a nonce that a channel had is answered with the message it made.
    `taken` are their channels and bodies in order, with the time of each.
    """

    def __init__(self, token: str) -> None:
        self.token = token
        self.requests: list[tuple[str, str, object, str]] = []
        self.trouble: Trouble = lambda _: None
        self.accepted: dict[tuple[str, str], dict[str, object]] = {}
        self.taken: list[tuple[str, dict[str, object], float]] = []
        self.limits: DiscordLimits | None = None
        self.latency = 0.0  # in seconds, there and back
        self.identified = 0
        self.close_code: int | None = None
        self.base = ""
        self._runner: web.AppRunner | None = None
        self._sockets: list[web.WebSocketResponse] = []

    async def start(self) -> None:
        app = web.Application()
        app.router.add_get("/gateway", self._gateway)
        for path in ("/api/v10{path:/.*}", "/{run}/api/v10{path:/.*}"):  # the latter tells who calls
            app.router.add_route("*", path, self._answer)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.base = f"http://{host}:{port}"

    async def stop(self) -> None:
        for socket in self._sockets:
            await socket.close()
        if self._runner is not None:
            await self._runner.cleanup()

    async def drop(self) -> None:
        """Close all gateway connections, as for maintenance."""
        for socket in self._sockets:
            await socket.close(code=1001)

    async def interact(self, command: str) -> None:
        """A person gives a command in a direct message."""
        event = {
            "id": "77",
            "application_id": "11",
            "type": 2,
            "token": "secret",
            "version": 1,
            "attachment_size_limit": 0,
            "data": {"id": "1", "name": command, "type": 1},
            "channel_id": "55",
            "channel": {"id": "55", "type": 1, "recipients": [PERSON]},
            "user": PERSON,
            "locale": "zh-TW",
            "context": 1,
        }
        for socket in self._sockets:
            await socket.send_json({"op": 0, "s": 2, "t": "INTERACTION_CREATE", "d": event})

    def bodies(self, method: str, path: str) -> list[object]:
        return [body for verb, where, body, _ in self.requests if (verb, where) == (method, path)]

    async def _answer(self, request: web.Request) -> web.Response:
        path = request.match_info["path"]
        body = await request.json() if request.can_read_body else None
        await asyncio.sleep(self.latency / 2)
        try:
            return await self._judge(request, path, body)
        finally:
            await asyncio.sleep(self.latency / 2)

    async def _judge(self, request: web.Request, path: str, body: object) -> web.Response:
        self.requests.append((request.method, path, body, request.headers.get("Authorization", "")))
        refusal = self.trouble(request)
        if inspect.isawaitable(refusal):
            refusal = await refusal
        if refusal is not None:
            return refusal
        if request.headers.get("Authorization") != f"Bot {self.token}":
            return says_json({"message": "401: Unauthorized", "code": 0}, status=401)
        status, headers, refused = 200, {}, None
        if self.limits is not None:
            status, headers, refused = self.limits.check(request.method, path, time.monotonic())
        return says_json(refused or self._document(request.method, path, body), status=status, headers=headers)

    def _document(self, method: str, path: str, body: object) -> object:
        fixed = {"/users/@me": USER, f"/users/{USER['id']}": USER, "/oauth2/applications/@me": APPLICATION}
        if path in fixed:
            return fixed[path]
        if path.endswith("/commands"):
            return []
        if path.endswith("/callback"):
            return CALLBACK
        if path == "/users/@me/channels" and isinstance(body, dict):
            person = str(body["recipient_id"])
            return {"id": f"9{person}", "type": 1, "recipients": [{**PERSON, "id": person}]}
        if method in {"GET", "PATCH"} and path.count("/") == 2:
            return _thread(path.split("/")[2], archived=method == "GET")
        return self.accept(path, body if isinstance(body, dict) else {})

    def accept(self, path: str, body: dict[str, object]) -> dict[str, object]:
        """Take a message, or know it by its nonce."""
        channel, nonce = path.split("/")[2], str(body.get("nonce") or len(self.taken))
        if (channel, nonce) not in self.accepted:
            self.accepted[channel, nonce] = self.message(body, channel)
            self.taken.append((channel, body, time.time()))
        return self.accepted[channel, nonce]

    def guilds(self) -> list[dict[str, object]]:
        """The servers that the bot is in, whole."""
        return []

    async def _gateway(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._sockets.append(socket)
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 41250}})
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                await self._hear(socket, message.json()["op"])
        self._sockets.remove(socket)
        return socket

    async def _hear(self, socket: web.WebSocketResponse, op: int) -> None:
        if op == 1:  # one whose heartbeat is not answered hangs up
            await socket.send_json({"op": 11})
        elif op in (2, 6):
            await self._identify(socket, op)

    async def _identify(self, socket: web.WebSocketResponse, op: int) -> None:
        self.identified += 1
        if self.close_code is not None:
            await socket.close(code=self.close_code)
            return
        ready = {
            "v": 10,
            "user": USER,
            "guilds": [{"id": one["id"], "unavailable": True} for one in self.guilds()],
            "session_id": "s",
            "resume_gateway_url": self.base.replace("http", "ws") + "/gateway",
            "application": {"id": "11", "flags": 0},
        }
        event = {"t": "READY", "d": ready} if op == 2 else {"t": "RESUMED", "d": {}}
        await socket.send_json({"op": 0, "s": 1, **event})
        for number, one in enumerate(self.guilds() if op == 2 else [], start=2):
            await socket.send_json({"op": 0, "s": number, "t": "GUILD_CREATE", "d": one})

    def message(self, body: dict[str, object], channel: str) -> dict[str, object]:
        """The message that a body makes."""
        return {
            "id": "99",
            "channel_id": channel,
            "author": USER,
            "content": body.get("content", ""),
            "timestamp": "2026-03-01T12:00:00+00:00",
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [],
            "mention_roles": [],
            "attachments": [],
            "embeds": [],
            "pinned": False,
            "type": 0,
        }


def _thread(number: str, *, archived: bool) -> dict[str, object]:
    state = {
        "archived": archived,
        "locked": False,
        "auto_archive_duration": 60,
        "archive_timestamp": "2026-03-01T12:00:00+00:00",
    }
    return {
        "id": number,
        "type": 11,
        "guild_id": "1",
        "parent_id": "2",
        "owner_id": "10",
        "name": "talks",
        "message_count": 0,
        "member_count": 1,
        "rate_limit_per_user": 0,
        "thread_metadata": state,
    }
