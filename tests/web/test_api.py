"""The API: whatever its description allows is answered as it says, and what it does not is refused."""

from __future__ import annotations

import asyncio

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS

from bot.web.pages.access import FAILURES, WITHIN
from tests.support.house import ADMIN, VIEWER

EXAMPLES = 10  # of each operation, good ones and bad ones


def asking(client, token: str = ADMIN):
    async def ask(method: str, path: str, status: int = 200, **more):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with client.request(method, f"/api/v1{path}", headers=headers, **more) as answer:
            content = await answer.json() if answer.content_type == "application/json" else None
            assert answer.status == status, (path, answer.status, content)
            return content

    return ask


@pytest.fixture
async def ask(house):
    async with house.visitor() as client:
        yield asking(client)


async def test_schemathesis_finds_nothing(house):
    """In a thread of its own, as its client waits; the server runs in this loop."""
    async with house.visitor() as client:
        description = await asking(client)("GET", "/openapi.json")

    def look() -> None:
        operations = [one.ok() for one in schemathesis.openapi.from_dict(description).get_all_operations()]
        assert len(operations) > 14
        for operation in operations:
            for mode in GenerationMode:
                _ask(operation, mode, house.url)

    await asyncio.to_thread(look)


def _ask(operation, mode: GenerationMode, url: str) -> None:
    @settings(max_examples=EXAMPLES, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def call(case) -> None:
        headers = {"Authorization": f"Bearer {ADMIN}"}
        case.call_and_validate(base_url=f"{url}/api/v1", headers=headers, checks=CHECKS.get_all())

    try:
        call()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE  # there is nothing to be wrong about


async def test_a_viewers_token_looks_and_changes_nothing(house):
    async with house.visitor() as client:
        look = asking(client, VIEWER)
        assert (await look("GET", "/feeds"))["count"] == 7
        for method, path in (("POST", "/feeds/1/poll"), ("PATCH", "/feeds/1"), ("POST", "/chats/2/commands")):
            assert await look(method, path, 403, json={}) == {"detail": "this token may only look"}
        await asking(client, "wrong")("GET", "/feeds", 401)
        await asking(client, "")("GET", "/nothing", 401)
        await asking(client, "")("POST", "/chats/2/commands", 401, data=b"{" * 1000)


async def test_it_tells_how_it_goes(ask):
    state = await ask("GET", "/state")
    assert state["ready"]
    assert set(state["parts"].values()) == {""}
    assert state["overview"]["troubled"] == 2
    activity = await ask("GET", "/activity")
    assert len(activity["hours"]) == 24
    assert activity["overall"]["p50"] > 1


async def test_a_feed_is_paused_and_polled(ask):
    assert (await ask("PATCH", "/feeds/1", json={"paused": True}))["line"]["paused"]
    assert [one["feed"]["id"] for one in (await ask("GET", "/feeds?only=paused"))["feeds"]] == [1]
    assert not (await ask("PATCH", "/feeds/1", json={"paused": False}))["line"]["paused"]
    await ask("POST", "/feeds/1/poll", 202)
    await ask("POST", "/feeds/999/poll", 404)
    await ask("PATCH", "/feeds/1", 422, json={"paused": "yes"})
    await ask("PATCH", "/feeds/1", 422, json={"pasued": True})


async def test_a_chat_is_told_what_to_do_as_by_its_admin(ask):
    chat = 2
    assert "added" in (await ask("POST", f"/chats/{chat}/commands", json={"line": "/keyword add 三方會談"}))["text"]
    answer = await ask("POST", f"/chats/{chat}/commands", json={"line": "keyword list", "language": "zh-Hant"})
    assert "三方會談" in answer["text"]
    assert any(action.startswith("/keyword show") for action in answer["actions"])
    await ask("POST", "/chats/999/commands", 404, json={"line": "/help"})
    owners = await ask("POST", f"/chats/{chat}/commands", json={"line": "/admin chats"})
    assert "Stranger" not in owners["text"]


async def test_several_lines_are_as_many_keywords(ask):
    lines = "/keyword add\r\ntrilateral talks\n三方會談"
    assert "2" in (await ask("POST", "/chats/3/commands", json={"line": lines}))["text"]
    listed = (await ask("POST", "/chats/3/commands", json={"line": "/keyword list"}))["text"]
    assert [word in listed for word in ("三方會談", "trilateral talks", "talks 三方")] == [True, True, False]


async def test_nothing_from_here_makes_a_chat_active_that_takes_no_messages(ask, house):
    blocked = f"/chats/{house.rows.blocked}"
    for line in ("/status", "/resume", "/start"):
        problem = await ask("POST", f"{blocked}/commands", 409, json={"line": line})
        assert "bot was kicked" in problem["detail"]
    for paused in (True, False):
        assert (await ask("PATCH", blocked, json={"paused": paused}))["state"] == "blocked"
    assert (await ask("PATCH", "/chats/2", json={"admitted": False}))["reason"] == "expelled"
    await ask("POST", "/chats/2/commands", 409, json={"line": "/start"})
    assert (await ask("PATCH", "/chats/2", json={"paused": False}))["state"] == "blocked"


async def test_after_some_wrong_tokens_an_address_waits_here_and_at_the_login(house):
    async with house.visitor() as client:
        for _ in range(2 * FAILURES):  # an old token in some program is one guess
            await asking(client, "an-old-token")("GET", "/state", 401)
            await asking(client, "")("GET", "/state", 401)
        for number in range(FAILURES - 1):
            await asking(client)("GET", "/state")
            await asking(client, f"guess {number}")("GET", "/state", 401)
        async with client.get("/api/v1/state", headers={"Authorization": f"Bearer {ADMIN}"}) as answer:
            assert answer.status == 429
            assert 0 < int(answer.headers["Retry-After"]) <= WITHIN.total_seconds() + 1
        await asking(client, "")("GET", "/state", 401)
        async with client.post("/admin/login", data={"token": ADMIN}) as answer:
            assert answer.status == 429


async def test_alerts_come_with_their_briefs(ask):
    alerts = await ask("GET", "/chats/2/alerts?limit=3")
    assert len(alerts) == 3
    assert alerts[0]["brief"]["title_zh"]
    await ask("GET", "/chats/999/alerts", 404)


async def test_lists_go_on_where_they_ended(ask):
    first = await ask("GET", "/deliveries?limit=10")
    second = await ask("GET", f"/deliveries?limit=10&before={first[-1]['id']}")
    assert len({one["id"] for one in (*first, *second)}) == 20
    assert await ask("GET", "/deliveries?only=failed&platform=discord") != []
    assert await ask("GET", "/chats?search=%00%ff") == {"count": 0, "chats": []}


async def test_what_failed_is_sent_again_once(ask, house):
    await ask("POST", f"/deliveries/{house.rows.failed}/retry", 202)
    await ask("POST", f"/deliveries/{house.rows.failed}/retry", 404)
