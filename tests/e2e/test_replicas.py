"""Replicas as processes on one PostgreSQL: what one leaves, by stopping or by dying, another takes up."""

from __future__ import annotations

import asyncio
import re
import signal
import time
from collections import Counter

import pytest

from tests.support.postgres import run_postgres
from tests.support.replicas import Replica, environment, until

CHATS = range(1001, 1004)


@pytest.fixture(scope="module")
def server():
    with run_postgres() as server:
        yield server


@pytest.fixture
def replica(api, server, tmp_path):
    """`replica(name)`, not yet started."""
    url = server.url(server.create())
    return lambda name, **more: Replica(
        tmp_path / f"{name}.jsonl", environment(api, url, TAKEOVER_SECONDS=3, LEASE_SECONDS=5, **more)
    )


def told(api) -> Counter[tuple[int, int]]:
    """How often each chat was told of each item."""
    found = ((sent.chat_id, re.search(r"Ferry (\d+) sails", sent.text)) for sent in api.sent)
    return Counter((chat, int(title[1])) for chat, title in found if title)


async def ask_for_ferries(api, feed) -> None:
    for chat in CHATS:
        api.say(chat, f"/subscribe {feed.url}", user=chat)
        api.say(chat, "/keyword add ferry", user=chat)
    await api.until(lambda: all(len(api.sent_to(chat)) >= 2 for chat in CHATS), within=60)
    polls = feed.not_modified
    await api.until(lambda: feed.not_modified > polls + 1, within=30)


def expected(ferries: int) -> set[tuple[int, int]]:
    return {(chat, number) for chat in CHATS for number in range(ferries)}


class Ferries:
    """News that goes on meanwhile."""

    def __init__(self, feed) -> None:
        self.count = 0
        self._feed = feed

    async def run(self) -> None:
        while True:
            self.add()
            await asyncio.sleep(0.5)

    def add(self) -> None:
        self._feed.add(f"ferry-{self.count}", f"Ferry {self.count} sails", f"The ferry {self.count} sails at dawn.")
        self.count += 1


async def holder(replicas: list[Replica]) -> Replica:
    """The one that serves, taken out of the list."""
    await until(lambda: any(one.serves for one in replicas), within=60)
    (found,) = [one for one in replicas if one.serves]
    replicas.remove(found)
    return found


async def test_a_replica_that_stops_doubles_nothing_and_one_that_is_killed_is_followed(api, feed, replica):
    api.any_chat = True
    ferries = Ferries(feed)
    async with replica("one") as one, replica("two") as two, replica("three") as three:
        standbys = [one, two, three]
        first = await holder(standbys)
        await ask_for_ferries(api, feed)
        await until(lambda: all("standing by" in other.events() for other in standbys))
        news = asyncio.create_task(ferries.run())
        await api.until(lambda: told(api).total() > 0, within=20)
        first.send(signal.SIGTERM)
        assert await first.ended() == 0
        second = await holder(standbys)
        count = ferries.count
        await api.until(lambda: told(api).keys() >= expected(count), within=30)
        assert set(told(api).values()) == {1}
        second.send(signal.SIGKILL)
        killed, sent = time.monotonic(), len(api.sent)
        third = await holder(standbys)
        await api.until(lambda: len(api.sent) > sent, within=30)
        print(f"the standby sent {time.monotonic() - killed:.1f} s after the kill; a post lasts 3 s")
        news.cancel()
        await api.until(lambda: told(api).keys() >= expected(ferries.count), within=30)
        third.send(signal.SIGTERM)
        assert await third.ended() == 0
    assert told(api).keys() == expected(ferries.count)
    assert sum(count - 1 for count in told(api).values()) <= 1  # what was sent and not recorded when it was killed
    assert "left behind" not in str(first.events() + third.events())
