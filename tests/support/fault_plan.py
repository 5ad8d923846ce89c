"""Faults for the fake platforms: a share of the messages sent to them goes wrong, in every way that the real ones know.

    plan = FaultPlan(share=0.2, seed=1)
    api.interfere = TelegramFaults(plan, api).interfere
    discord.trouble = DiscordFaults(plan, discord).trouble

Same seed, same faults for the same order of calls. A fault that lasts (the bot is blocked, a chat is gone) lasts until
`heal`. `plan.hit` are the chats that met any fault; `plan.done` counts the faults by name.
"""

from __future__ import annotations

import asyncio
import itertools
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from tests.support.bot_api import FakeBotApi
from tests.support.bot_api_shapes import ApiFault, Json
from tests.support.discord_api import DiscordApi, says_json

# Those that pass come oftener than those that last, or soon no chat would be left.
PASSING, LASTING = 4, 1
FLOOD_SECONDS = 1
TELEGRAM = {
    "unreadable markup": PASSING,
    "flood": PASSING,
    "server error": PASSING,
    "proxy's page": PASSING,
    "unauthorized once": PASSING,
    "reset before it was taken": PASSING,
    "reset after it was taken": PASSING,
    "answer too late": PASSING,
    "blocked": LASTING,
    "kicked": LASTING,
    "chat gone": LASTING,
    "rights missing": LASTING,
    "topic closed": LASTING,
    "topic deleted": LASTING,
    "migrated": LASTING,
}
DISCORD = {
    "invalid form": PASSING,
    "flood": PASSING,
    "server error": PASSING,
    "guard's page": PASSING,
    "unauthorized once": PASSING,
    "reset before it was taken": PASSING,
    "reset after it was taken": PASSING,
    "answer too late": PASSING,
    "direct messages closed": LASTING,
    "rights missing": LASTING,
    "channel gone": LASTING,
    "thread archived": LASTING,
}


class FaultPlan:
    """Which message meets which fault."""

    def __init__(self, share: float, seed: int, *, late: float = 2.0) -> None:
        self.late = late
        self.done: Counter[str] = Counter()
        self.hit: set[str] = set()
        self.messages = 0
        self._share = share
        self._random = random.Random(seed)

    def fault(self, chat: str, kinds: dict[str, int]) -> str:
        """The fault that a message to the chat meets; empty for none."""
        self.messages += 1
        if self._random.random() >= self._share:
            return ""
        self.hit.add(chat)
        return self._random.choices([*kinds], [*kinds.values()])[0]


class TelegramFaults:
    """The faults of a Bot API server. `chat` is what the plan knows a chat as, whatever its id is by then."""

    def __init__(self, plan: FaultPlan, api: FakeBotApi, *, chat: Callable[[int], str] = str) -> None:
        self._plan = plan
        self._api = api
        self._chat = chat
        self._new_ids = itertools.count(-1_009_000_000_000, -1)
        self.moved: dict[int, int] = {}

    async def interfere(
        self, request: web.Request, method: str, params: Json, proceed: Callable[[], Awaitable[Any]]
    ) -> Any:
        """See `bot_api.Interference`."""
        if method != "sendMessage":
            return await proceed()
        chat, thread = int(params["chat_id"]), params.get("message_thread_id")
        fault = self._plan.fault(self._chat(chat), TELEGRAM)
        if self._api.place(chat).fault or not self._fits(fault, chat, params):
            fault = ""
        self._plan.done.update([fault] if fault else [])
        self._cause(fault, chat, int(thread) if thread else 0)
        if fault == "reset before it was taken":
            _cut(request)
            raise ApiFault(500, "nobody hears")
        answer = await proceed()
        if fault == "reset after it was taken":
            _cut(request)
        if fault == "answer too late":
            await asyncio.sleep(self._plan.late)
        return answer

    def heal(self, chat: int) -> None:
        """Its people take back what they did."""
        place = self._api.place(chat)
        place.fault = None
        place.topics = dict.fromkeys(place.topics, True)

    def _fits(self, fault: str, chat: int, params: Json) -> bool:
        if fault == "unreadable markup":
            return bool(params.get("parse_mode"))
        if fault in {"kicked", "rights missing", "migrated"}:
            return chat < 0
        return bool(params.get("message_thread_id")) if fault.startswith("topic") else True

    def _cause(self, fault: str, chat: int, thread: int) -> None:
        if fault in _REFUSALS:
            raise _REFUSALS[fault]
        if fault == "flood":
            wait = FLOOD_SECONDS
            raise ApiFault(429, f"Too Many Requests: retry after {wait}", {"retry_after": wait})
        place = self._api.place(chat)
        match fault:
            case "blocked" | "kicked":
                self._api.block(chat, announce=False)
            case "chat gone":
                place.fault = ApiFault(400, "Bad Request: chat not found")
            case "rights missing":
                self._api.mute(chat)
            case "topic closed":
                self._api.close_topic(chat, thread)
            case "topic deleted":
                place.fault = ApiFault(400, "Bad Request: message thread not found")
            case "migrated":
                new = self.moved[chat] = next(self._new_ids)
                self._api.place(new, topics=tuple(place.topics)).admins.update(place.admins)
                self._api.migrate(chat, new, announce=False)


_REFUSALS = {
    "unreadable markup": ApiFault(400, "Bad Request: can't parse entities: Unsupported start tag"),
    "server error": ApiFault(500, "Internal Server Error"),
    "proxy's page": ApiFault(502, "Bad Gateway", html=True),
    "unauthorized once": ApiFault(401, "Unauthorized"),
}


class DiscordFaults:
    """The faults of Discord's REST calls."""

    def __init__(self, plan: FaultPlan, api: DiscordApi) -> None:
        self._plan = plan
        self._api = api
        self._lasting: dict[str, tuple[int, Json]] = {}

    async def trouble(self, request: web.Request) -> web.Response | None:
        """See `DiscordApi.trouble`."""
        path = request.match_info["path"]
        if request.method == "PATCH":  # of the archived thread: it is open again
            self.heal(path.split("/")[2])
        if request.method != "POST" or not path.endswith("/messages"):
            return None
        channel, body = path.split("/")[2], await request.json()
        if channel in self._lasting:
            return self._answer(channel)
        fault = self._plan.fault(channel, DISCORD)
        if fault == "invalid form" and not body.get("embeds"):
            fault = ""
        self._plan.done.update([fault] if fault else [])
        if lasting := _LASTING.get(fault):
            self._lasting[channel] = lasting
            return self._answer(channel)
        if fault == "reset before it was taken":
            _cut(request)
            return says_json({}, status=500)
        if fault in {"reset after it was taken", "answer too late"}:
            self._api.accept(path, body)
            if fault == "reset after it was taken":
                _cut(request)
            await asyncio.sleep(self._plan.late)
        return _passing(fault)

    def heal(self, channel: str) -> None:
        """Its people take back what they did."""
        self._lasting.pop(channel, None)

    def _answer(self, channel: str) -> web.Response:
        status, document = self._lasting[channel]
        return says_json(document, status=status)


_LASTING: dict[str, tuple[int, Json]] = {
    "direct messages closed": (403, {"message": "Cannot send messages to this user", "code": 50007}),
    "rights missing": (403, {"message": "Missing Permissions", "code": 50013}),
    "channel gone": (404, {"message": "Unknown Channel", "code": 10003}),
    "thread archived": (400, {"message": "Thread is archived", "code": 50083}),
}


def _passing(fault: str) -> web.Response | None:
    match fault:
        case "invalid form":
            return says_json({"message": "Invalid Form Body", "code": 50035, "errors": {}}, status=400)
        case "flood":
            limit = {"message": "You are being rate limited.", "retry_after": 0.3, "global": False}
            return says_json(limit, status=429, headers={"Via": "1.1 google"})
        case "server error":
            return says_json({"message": "Service unavailable", "code": 0}, status=503)
        case "guard's page":
            return web.Response(text="<html>Access denied</html>", status=403, content_type="text/html")
        case "unauthorized once":
            return says_json({"message": "401: Unauthorized", "code": 0}, status=401)
    return None


def _cut(request: web.Request) -> None:
    """Reset the connection: whatever is answered then, nobody hears."""
    if request.transport:
        request.transport.abort()
