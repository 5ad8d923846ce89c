"""A WebSub hub as a process of its own on loopback: takes subscriptions, verifies them, distributes what is published.

`async with run_hub() as hub:` starts one; `hub.url` is what feeds announce. It can also lie: see `Manners`. Started by
hand, `python -m tests.support.hub` prints its port and serves until it is killed. Rules: https://www.w3.org/TR/websub/.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import hmac
import json
import secrets
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, ClientTimeout, web

ROOT = Path(__file__).parents[2]
Json = dict[str, Any]


@dataclass
class Manners:
    """How the hub behaves: `status` answers requests; `verify` is what comes then: truly, deny, wrong-topic, never."""

    status: int = 202
    verify: str = "truly"
    lease: int = 864_000


@dataclass
class Hub:
    """Subscriptions by callback, and what happened, in order."""

    manners: Manners = field(default_factory=Manners)
    subscriptions: dict[str, Json] = field(default_factory=dict)
    events: list[Json] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def application(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/hub", self._request)
        app.router.add_post("/publish", self._publish)
        app.router.add_post("/manners", self._behave)
        app.router.add_get("/state", self._state)
        return app

    async def _request(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.events.append({"event": "request", **form})
        missing = {"hub.callback", "hub.mode", "hub.topic"} - form.keys()
        if missing or len(form.get("hub.secret", "").encode()) >= 200:
            return web.Response(status=400, text="Bad request")
        if self.manners.status < 300 and self.manners.verify != "never":
            task = asyncio.create_task(self._verify(form))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return web.Response(status=self.manners.status)

    async def _verify(self, form: Json) -> None:
        mode, callback, topic = form["hub.mode"], form["hub.callback"], form["hub.topic"]
        if self.manners.verify == "deny":
            await self._call(callback, {"hub.mode": "denied", "hub.topic": topic, "hub.reason": "no such topic here"})
            return
        challenge = secrets.token_urlsafe(24)
        asked = topic + "?another" if self.manners.verify == "wrong-topic" else topic
        query = {"hub.mode": mode, "hub.topic": asked, "hub.challenge": challenge}
        status, answer = await self._call(callback, query | {"hub.lease_seconds": str(self.manners.lease)})
        if not (200 <= status < 300 and answer == challenge):
            return
        if mode == "subscribe":
            self.subscriptions[callback] = {"topic": topic, "secret": form.get("hub.secret", "")}
        else:
            self.subscriptions.pop(callback, None)

    async def _call(self, callback: str, query: Json) -> tuple[int, str]:
        async with ClientSession(timeout=ClientTimeout(10)) as session, session.get(callback, params=query) as answer:
            text = await answer.text()
        self.events.append({"event": "verification", **query, "status": answer.status, "answer": text})
        return answer.status, text

    async def _publish(self, request: web.Request) -> web.Response:
        """Send `body` to all who subscribed to `topic`; `sign` is rightly, wrongly or not."""
        order = await request.json()
        body = order["body"].encode()
        statuses = []
        for callback, one in self.subscriptions.items():
            if one["topic"] != order["topic"]:
                continue
            headers = {"Content-Type": order["content_type"], "Link": f'<{one["topic"]}>; rel="self"'}
            key = "not the secret" if order["sign"] == "wrongly" else one["secret"]
            if key and order["sign"] != "not":
                digest = hmac.new(key.encode(), body, getattr(hashlib, order["algorithm"])).hexdigest()
                headers["X-Hub-Signature"] = f"{order['algorithm']}={digest}"
            async with ClientSession() as session, session.post(callback, data=body, headers=headers) as answer:
                statuses.append(answer.status)
        return web.json_response(statuses)

    async def _behave(self, request: web.Request) -> web.Response:
        self.manners = Manners(**(asdict(self.manners) | await request.json()))
        return web.json_response({})

    async def _state(self, _: web.Request) -> web.Response:
        return web.json_response({"subscriptions": self.subscriptions, "events": self.events})


class HubProcess:
    """The running hub, as a test sees it."""

    def __init__(self, port: int, session: ClientSession) -> None:
        self.url = f"http://127.0.0.1:{port}/hub"
        self._start = f"http://127.0.0.1:{port}"
        self._session = session

    async def behave(self, **manners: object) -> None:
        """Set how it behaves from now on."""
        await self._post("/manners", manners)

    async def publish(
        self,
        topic: str,
        body: str,
        *,
        sign: str = "rightly",
        algorithm: str = "sha256",
        content_type: str = "application/rss+xml",
    ) -> list[int]:
        """Send a document to all subscribers of a topic; answers their statuses."""
        order = {"topic": topic, "body": body, "sign": sign, "algorithm": algorithm, "content_type": content_type}
        return await self._post("/publish", order)

    async def state(self) -> Json:
        """Its subscriptions and events."""
        async with self._session.get(f"{self._start}/state") as answer:
            return await answer.json()

    async def events(self, event: str, mode: str = "") -> list[Json]:
        """What happened of that kind."""
        events = (await self.state())["events"]
        return [one for one in events if one["event"] == event and mode in {"", one["hub.mode"]}]

    async def until(self, true: Callable[[Json], object], within: float = 10) -> Json:
        """Wait until its state is so."""
        async with asyncio.timeout(within):
            while not true(state := await self.state()):
                await asyncio.sleep(0.02)
        return state

    async def _post(self, path: str, order: object) -> Any:
        async with self._session.post(self._start + path, json=order) as answer:
            answer.raise_for_status()
            return await answer.json()


@asynccontextmanager
async def run_hub() -> AsyncIterator[HubProcess]:
    """A hub in a process of its own, killed at the end."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.support.hub"), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout
    try:
        port = int(await asyncio.wait_for(process.stdout.readline(), 30))
        async with ClientSession() as session:
            yield HubProcess(port, session)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def serve(port: int) -> None:
    """Serve until killed; the port goes to standard output."""
    runner = web.AppRunner(Hub().application(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    sys.stdout.write(json.dumps(runner.addresses[0][1]) + "\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    asyncio.run(serve(parser.parse_args().port))
