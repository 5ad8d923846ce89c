"""The real process, killed without warning at random moments, loses no alert and repeats at most one a kill."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Sequence

from bot.model import ChatAddress, Platform
from bot.storage import open_storage
from tests.support.arrivals import Arrivals, killed_between
from tests.support.bot_process import bot_process, environment
from tests.support.feed_host import FeedHost
from tests.support.ferries import addresses, ask
from tests.support.recorded import RecordedDiscord, RecordedTelegram

ITEMS, CHATS, KILLS = 60, 10, 2  # `make torture` kills 200 times
FEW = 2  # kills on Discord: each start takes two seconds of a core
SOON = 120.0


def publish(feed: FeedHost, items: range) -> None:
    for item in items:
        feed.add(f"ferry-{item}", f"Ferry {item} sails", f"The ferry number {item} sails at dawn.")


async def set_up(url: str, chats: Sequence[ChatAddress], feed: FeedHost) -> None:
    """Have every chat ask for ferries."""
    async with open_storage(url) as storage:
        await storage.upgrade()
        for chat in chats:
            await ask(storage, chat, [feed.url], "ferry")


async def test_kill_9_at_any_moment_loses_no_alert_and_repeats_at_most_one_each_time(tmp_path):
    chance, arrivals, killed = random.Random(20260201), Arrivals(), dict[str, float]()
    url, log = f"sqlite:///{tmp_path}/diting.db", tmp_path / "log.jsonl"
    chats = addresses(Platform.TELEGRAM, CHATS)
    due = {(f"telegram {chat.chat}", item) for chat in chats for item in range(ITEMS)}
    async with RecordedTelegram(arrivals) as api, FeedHost() as feed:
        feed.add("first", "A first entry")
        await set_up(url, chats, feed)
        async with bot_process(environment(url, api.variables("first")), log):
            await api.until(lambda: feed.not_modified, within=SOON)
        for kill in range(KILLS):
            publish(feed, range(kill * ITEMS // KILLS, (kill + 1) * ITEMS // KILLS))
            async with bot_process(environment(url, api.variables(f"run-{kill}")), log) as process:
                before = len(arrivals.log)
                await asyncio.sleep(chance.uniform(0.2, 0.6))
                if chance.random() < 0.8:  # most kills while it sends, some while it starts
                    await api.until(lambda before=before: len(arrivals.log) > before, within=SOON)
                    await asyncio.sleep(chance.uniform(0, 0.4))
                assert process.returncode is None, log.read_text()
                killed[f"run-{kill}"] = time.time()
        async with bot_process(environment(url, api.variables("last")), log):
            await api.until(lambda: arrivals.told.keys() >= due, within=240)
    repeats = Counter(killed_between(killed)(*pair) for pair in arrivals.repeats())
    print(
        f"{len(due)} alerts due, {len(arrivals.told)} arrived; {KILLS} kills, repeats by kill {sorted(repeats.items())}"
    )
    assert arrivals.told.keys() == due
    assert "" not in repeats, "told twice without a kill in between"
    assert max(repeats.values(), default=0) <= 1
    assert arrivals.crossed() == []


async def test_on_discord_kills_repeat_nothing_either(tmp_path):
    chance, arrivals = random.Random(20260201), Arrivals()
    url, log = f"sqlite:///{tmp_path}/diting.db", tmp_path / "log.jsonl"
    chats = addresses(Platform.DISCORD, 4)
    items = 6 * FEW
    due = {(f"discord {chat.chat}", item) for chat in chats for item in range(items)}
    async with RecordedDiscord(arrivals, [int(chat.chat) for chat in chats]) as api, FeedHost() as feed:
        feed.add("first", "A first entry")
        await set_up(url, chats, feed)
        for kill in range(FEW):
            async with bot_process(environment(url, api.variables(f"run-{kill}")), log) as process:
                await api.until(lambda: feed.not_modified, within=SOON)
                publish(feed, range(kill * items // FEW, (kill + 1) * items // FEW))
                seen = len(arrivals.log) + chance.randrange(1, items)
                await api.until(lambda seen=seen: len(arrivals.log) >= min(seen, len(due)), within=SOON)
                assert process.returncode is None, log.read_text()
        async with bot_process(environment(url, api.variables("last")), log):
            await api.until(lambda: arrivals.told.keys() >= due, within=SOON)
    print(f"{len(due)} alerts due; {FEW} kills, {api.deduplicated} repetitions that Discord dropped")
    assert arrivals.told == dict.fromkeys(due, 1)
    assert arrivals.crossed() == []
