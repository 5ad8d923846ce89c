"""On PostgreSQL several replicas share the work, wake each other, and wait for a server that restarts."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from tests.support.postgres import run_postgres
from tests.support.sides import open_sides

ITEMS = 30


@pytest.fixture(scope="module")
def postgres():
    with run_postgres() as server:
        yield server


@pytest.fixture
def postgres_url(postgres):
    return postgres.url(postgres.create())


async def watch(api, feed):
    """Have a person ask for ferries; what comes from now on is news."""
    for line in (f"/subscribe {feed.url}", "/keyword add ferry"):
        before = len(api.sent)
        api.say(7, line)
        await api.until(lambda before=before: len(api.sent) > before)
    polls = feed.not_modified
    await api.until(lambda: feed.not_modified > polls)


async def test_two_replicas_share_the_work_and_every_alert_arrives_once(
    api, feed, settings, postgres_url, run_core, run_program
):
    settings = settings.model_copy(update={"database_url": postgres_url})
    async with (
        run_core(settings) as core,
        run_core(settings) as other,
        open_sides(core) as sides,
        run_program(core, sides),
        run_program(other, []),  # polls and matches, but sends nothing
    ):
        await watch(api, feed)
        for number in range(ITEMS):
            feed.add(f"ferry-{number}", f"Ferry {number} sails")
        await api.until(lambda: told(api).total() >= ITEMS, within=20)
        polls = feed.not_modified
        await api.until(lambda: feed.not_modified > polls + 2)
    assert told(api) == dict.fromkeys(range(ITEMS), 1)


async def test_a_restart_of_the_server_is_waited_out_and_every_alert_arrives_once(
    api, feed, settings, postgres, postgres_url, run_core, run_program
):
    settings = settings.model_copy(update={"database_url": postgres_url})
    async with run_core(settings) as core, open_sides(core) as sides, run_program(core, sides):
        await watch(api, feed)
        for number in range(ITEMS):
            feed.add(f"ferry-{number}", f"Ferry {number} sails")
        await api.until(lambda: told(api).total() >= ITEMS // 4, within=20)
        await asyncio.to_thread(postgres.stop)
        await asyncio.to_thread(postgres.start)
        await api.until(lambda: told(api).keys() >= set(range(ITEMS)), within=20)
        polls = feed.not_modified
        await api.until(lambda: feed.not_modified > polls + 2)
    assert told(api) == dict.fromkeys(range(ITEMS), 1)


def told(api) -> Counter[int]:
    return Counter(int(sent.text.split()[1]) for sent in api.sent if sent.text.startswith("Ferry"))
