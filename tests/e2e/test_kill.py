"""The real process, killed without warning at random moments, loses no alert and repeats at most one a kill."""

from __future__ import annotations

import asyncio
import os
import random
import re
import signal
import sys
from bisect import bisect_right
from collections import Counter
from contextlib import asynccontextmanager
from pathlib import Path

from tests.support.bot_api import FakeBotApi
from tests.support.feed_host import FeedHost

ITEMS, CHATS, KILLS = 200, 20, 20
ROOT = Path(__file__).parents[2]


def environment(api: FakeBotApi, folder: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "TELEGRAM_TOKEN": api.token,
        "TELEGRAM_API_URL": api.url,
        "TELEGRAM_PER_SECOND": "1000",
        "TELEGRAM_CHAT_PER_SECOND": "1000",
        "TELEGRAM_GROUP_PER_MINUTE": "60000",
        "DATABASE_URL": f"sqlite:///{folder}/diting.db",
        "ALLOW_HOSTS": "127.0.0.1",
        "POLL_INTERVAL": "0.2",
        "POLL_LONGEST": "0.2",
        "WEB_PORT": "0",
        "LOG_FORMAT": "json",
    }


@asynccontextmanager
async def bot_process(api: FakeBotApi, folder: Path):
    """`python -m bot run`, killed at the end without warning."""
    with (folder / "log.jsonl").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", cwd=ROOT, env=environment(api, folder), stdout=log, stderr=log
        )
        try:
            yield process
        finally:
            if process.returncode is None:
                process.send_signal(signal.SIGKILL)
            await process.wait()


def alerts(api: FakeBotApi) -> Counter[tuple[int, int]]:
    """How often each chat was told of each item."""
    told: Counter[tuple[int, int]] = Counter()
    for sent in api.sent:
        if found := re.search(r"Ferry (\d+) sails", sent.text):
            told[sent.chat_id, int(found[1])] += 1
    return told


def repeats_by_run(api: FakeBotApi, ends: list[int]) -> Counter[int]:
    """Of the alerts that came again, in which run of the process each was accepted without being recorded.

    `ends` are how many messages had been accepted when each run was killed.
    """
    latest: dict[tuple[int, int], int] = {}
    repeats: Counter[int] = Counter()
    for place, sent in enumerate(api.sent):
        if found := re.search(r"Ferry (\d+) sails", sent.text):
            told, run = (sent.chat_id, int(found[1])), bisect_right(ends, place)
            if told in latest:
                assert latest[told] < run, "told twice without a kill in between"
                repeats[latest[told]] += 1
            latest[told] = run
    return repeats


async def set_up(api: FakeBotApi, feed: FeedHost, folder: Path) -> None:
    """Have every chat subscribe and ask for ferries, by commands."""
    chats = range(1001, 1001 + CHATS)
    async with bot_process(api, folder):
        for chat in chats:
            api.say(chat, f"/subscribe {feed.url}", user=chat)
            api.say(chat, "/keyword add ferry", user=chat)
        await api.until(lambda: all(len(api.sent_to(chat)) >= 2 for chat in chats) and feed.not_modified, within=120)


async def test_kill_9_at_any_moment_loses_no_alert_and_repeats_at_most_one_each_time(tmp_path):
    chance = random.Random(20260201)
    expected = {(chat, item) for chat in range(1001, 1001 + CHATS) for item in range(ITEMS)}
    async with FakeBotApi(any_chat=True) as api, FeedHost() as feed:
        feed.add("first", "A first entry")
        await set_up(api, feed, tmp_path)
        ends = []
        for kill in range(KILLS):
            for item in range(kill * ITEMS // KILLS, (kill + 1) * ITEMS // KILLS):
                feed.add(f"ferry-{item}", f"Ferry {item} sails", f"The ferry number {item} sails at dawn.")
            async with bot_process(api, tmp_path) as process:
                before = len(api.sent)
                await asyncio.sleep(chance.uniform(0.2, 0.6))
                if chance.random() < 0.8:  # most kills while it sends, some while it starts
                    await api.until(lambda before=before: len(api.sent) > before, within=120)
                    await asyncio.sleep(chance.uniform(0, 0.4))
                assert process.returncode is None, (tmp_path / "log.jsonl").read_text()
            ends.append(len(api.sent))
        async with bot_process(api, tmp_path):
            await api.until(lambda: alerts(api).keys() >= expected, within=240)
        told, repeats = alerts(api), repeats_by_run(api, ends)
    print(f"{len(expected)} alerts due, {len(told)} arrived; {KILLS} kills, repeats by kill {sorted(repeats.items())}")
    assert told.keys() == expected
    assert max(repeats.values(), default=0) <= 1
