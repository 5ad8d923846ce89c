"""An address is not banned for invalid requests: well before that, nothing is sent for a while."""

from __future__ import annotations

from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.chat.discord.guard import FEW, MOST, SPAN, InvalidRequests
from bot.errors import ChatBlocked, RateLimited
from bot.model import ChatAddress, Platform
from tests.support.discord_api import says_json
from tests.support.discord_messages import NOW, says
from tests.support.meter import Counts

SECOND = timedelta(seconds=1)
ADDRESS = ChatAddress(Platform.DISCORD, "55")


def noted(count: int, status: int = 403, scope: str = "", now=NOW, requests=None) -> tuple[InvalidRequests, list[bool]]:
    requests = requests or InvalidRequests()
    return requests, [requests.note(status, scope, now) for _ in range(count)]


@pytest.mark.parametrize(
    ("status", "scope", "counts"),
    [
        (401, "", True),
        (403, "", True),
        (429, "global", True),
        (429, "user", True),
        (429, "shared", False),
        (404, "", False),
        (200, "", False),
        (502, "", False),
    ],
)
def test_what_discord_counts_as_invalid_is_counted(status, scope, counts):
    requests, closed = noted(MOST, status, scope)
    assert closed == [False] * (MOST - 1) + [counts]
    assert requests.wait(NOW) == (SPAN if counts else timedelta())


def test_it_opens_again_when_there_is_room_and_not_for_one_request_at_a_time():
    requests, _ = noted(MOST - FEW)
    _, closed = noted(FEW, now=NOW + SECOND, requests=requests)
    assert closed[-1]
    assert requests.wait(NOW + SECOND) == SPAN - SECOND
    assert requests.wait(NOW + SPAN) == timedelta()
    assert not any(noted(MOST - FEW - 1, now=NOW + SPAN, requests=requests)[1])
    assert noted(1, now=NOW + SPAN, requests=requests)[1] == [True]


def test_requests_spread_over_a_longer_time_close_nothing():
    requests = InvalidRequests()
    step = SPAN / (MOST - 2)
    assert not any(requests.note(403, "", NOW + number * step) for number in range(3 * MOST))


async def test_all_answers_count_and_while_it_is_closed_discord_is_not_asked(api, make_bot, monkeypatch):
    monkeypatch.setattr("bot.chat.discord.guard.MOST", 4)
    monkeypatch.setattr("bot.chat.discord.guard.FEW", 2)
    meter = Counts()
    async with make_bot(token=api.token, meter=meter) as bot:
        api.trouble = lambda _: says_json({"message": "Missing Access", "code": 50001}, status=403)
        with capture_logs() as logs:
            for _ in range(2):  # as an embed, and as text: two requests each
                with pytest.raises(ChatBlocked):
                    await bot.messenger.send(ADDRESS, says("hi", buttons=()), key="k")
            while not bot._guard.wait():
                with pytest.raises(ChatBlocked):
                    await bot.messenger.send(ADDRESS, says("hi"), key="k")
        asked = len(api.requests)
        for call in (bot.messenger.send(ADDRESS, says("hi"), key="k"), bot.messenger.edit(ADDRESS, "9", says("hi"))):
            with pytest.raises(RateLimited) as caught:
                await call
            assert (caught.value.everywhere, caught.value.retry_after) == (True, SPAN)
        assert len(api.requests) == asked
    assert meter.seen["discord_invalid", "403"] == 4
    assert [one["log_level"] for one in logs] == ["error"]
