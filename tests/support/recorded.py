"""The fake platforms with a record of what they accepted, and from which run of which process."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from typing import Self

from aiohttp import web

from tests.support.arrivals import Arrivals
from tests.support.bot_api import FakeBotApi
from tests.support.bot_api_shapes import Sent
from tests.support.discord_api import DiscordApi, says_json

NONCES_LAST = 180.0  # seconds; Discord says "in the past few minutes"
BUCKET, BUCKET_LASTS = 5, 5.0  # messages to a channel in so many seconds, as Discord's answers have it
DISCORD_TOKEN = "MTAwMDAwMDAwMDAwMDAwMDAw.fake.fake-fake-fake-fake-fake"

_run: ContextVar[str] = ContextVar("run", default="")


class RecordedTelegram(FakeBotApi):
    """Writes down what it accepts; each run has an address of its own."""

    def __init__(self, arrivals: Arrivals) -> None:
        super().__init__(any_chat=True)
        self._arrivals = arrivals

    def variables(self, run: str) -> dict[str, str]:
        """The settings for a run."""
        return {"TELEGRAM_TOKEN": self.token, "TELEGRAM_API_URL": f"{self.url}/{run}"}

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        _run.set(request.match_info.get("run", ""))
        return await super()._serve(request)

    def _record(self, sent: Sent) -> None:
        super()._record(sent)
        self._arrivals.note(f"telegram {sent.chat_id}", sent.text, _run.get())


class RecordedDiscord(DiscordApi):
    """A server of text channels. A nonce that is known is answered with the message that had it, as `enforce_nonce`
    asks for. With `limits`, a channel takes five messages in five seconds.

    https://discord.com/developers/docs/resources/message#create-message
    """

    def __init__(self, arrivals: Arrivals, channels: Iterable[int] = (), *, limits: bool = False) -> None:
        super().__init__(DISCORD_TOKEN)
        self.channels = list(channels)
        self.deduplicated = self.refused = 0
        self._arrivals = arrivals
        self._limits = limits
        self._messages: dict[tuple[str, str], dict[str, object]] = {}  # by channel and id
        self._nonces: dict[tuple[str, str], tuple[float, dict[str, object]]] = {}
        self._buckets: dict[str, tuple[float, int]] = {}

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def until(self, true: Callable[[], object], within: float = 10) -> None:
        """Wait until something is so; fails when it does not become so."""
        async with asyncio.timeout(within):
            while not true():
                await asyncio.sleep(0.005)

    def variables(self, run: str) -> dict[str, str]:
        """The settings for a run."""
        return {
            "DISCORD_TOKEN": self.token,
            "DISCORD_API_URL": f"{self.base}/{run}/api/v10",
            "DISCORD_GATEWAY_URL": f"{self.base.replace('http', 'ws')}/gateway",
        }

    def guilds(self) -> list[dict[str, object]]:
        """One server with all channels."""
        return [guild(self.channels)]

    async def _answer(self, request: web.Request) -> web.Response:
        _run.set(request.match_info.get("run", ""))
        parts = request.match_info["path"].split("/")
        if parts[1] != "channels" or parts[3:4] != ["messages"]:
            return await super()._answer(request)
        if request.headers.get("Authorization") != f"Bot {self.token}":
            return says_json({"message": "401: Unauthorized", "code": 0}, status=401)
        if int(parts[2]) not in self.channels:
            return says_json({"message": "Unknown Channel", "code": 10003}, status=404)
        wait, headers = self._count(f"{request.method} {parts[2]}", time.monotonic())
        if wait:
            self.refused += 1
            body = {"message": "You are being rate limited.", "retry_after": wait, "global": False}
            return says_json(body, status=429, headers=headers | {"Retry-After": str(wait)})
        body = await request.json()
        if request.method == "PATCH":
            return self._change((parts[2], parts[4]), body, headers)
        return says_json(self._post(parts[2], body, time.monotonic()), headers=headers)

    def _post(self, channel: str, body: dict[str, object], now: float) -> dict[str, object]:
        key = (channel, str(body.get("nonce", "")))
        at, known = self._nonces.get(key, (0.0, None))
        if known is not None and body.get("enforce_nonce") and now - at < NONCES_LAST:
            self.deduplicated += 1
            return known
        message = {**self.message(body, channel), "id": str(10**18 + len(self._messages)), "nonce": key[1]}
        message["embeds"] = body.get("embeds") or []
        self._messages[channel, str(message["id"])] = message
        self._nonces[key] = (now, message)
        self._arrivals.note(f"discord {channel}", f"{body.get('content')} {message['embeds']}", _run.get())
        return message

    def _change(self, key: tuple[str, str], body: dict[str, object], headers: dict[str, str]) -> web.Response:
        message = self._messages.get(key)
        if message is None:
            return says_json({"message": "Unknown Message", "code": 10008}, status=404, headers=headers)
        message.update({name: body[name] for name in ("content", "embeds") if body.get(name) is not None})
        return says_json(message, headers=headers)

    def _count(self, bucket: str, now: float) -> tuple[float, dict[str, str]]:
        """How long to wait (0: not at all), and what Discord says of the bucket in its headers."""
        if not self._limits:
            return 0.0, {}
        ends, used = self._buckets.get(bucket, (0.0, 0))
        if ends <= now:
            ends, used = now + BUCKET_LASTS, 0
        wait = round(ends - now, 3) if used >= BUCKET else 0.0
        used = min(used + 1, BUCKET)
        self._buckets[bucket] = (ends, used)
        return wait, {
            "X-RateLimit-Limit": str(BUCKET),
            "X-RateLimit-Remaining": str(BUCKET - used),
            "X-RateLimit-Reset-After": f"{ends - now:.3f}",
            "X-RateLimit-Reset": f"{time.time() + ends - now:.3f}",
            "X-RateLimit-Bucket": "messages",
        }


def guild(channels: Iterable[int]) -> dict[str, object]:
    """A server as GUILD_CREATE has it."""
    number = "100"
    return {
        "id": number,
        "name": "News desk",
        "owner_id": "20",
        "joined_at": "2026-01-01T00:00:00+00:00",
        "large": False,
        "unavailable": False,
        "member_count": 2,
        "preferred_locale": "en-US",
        "features": [],
        "emojis": [],
        "stickers": [],
        "threads": [],
        "members": [],
        "voice_states": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
        "roles": [{"id": number, "name": "@everyone", "permissions": "2251799813685247", "position": 0, "color": 0}],
        "channels": [
            {"id": str(one), "type": 0, "name": f"alerts-{one}", "position": 0, "permission_overwrites": []}
            for one in channels
        ],
    }
