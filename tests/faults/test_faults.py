"""The whole way of deliveries, from rows to the platforms, while things go wrong."""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from bot.model import ChatAddress, ChatKind, Locale, Platform
from bot.storage import open_storage
from tests.support.bot_api import FakeBotApi
from tests.support.fakes import NOW
from tests.support.fault_plan import DISCORD, TELEGRAM
from tests.support.fault_run import Run, fault_run

ROOT = Path(__file__).parents[2]
QUICK = Run(
    deliveries=200,
    share=0.3,
    per_second=400,
    chats=50,
    seed=4,
    pace=50,
    patience=timedelta(milliseconds=20),
    answer=timedelta(seconds=1),
)


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr("bot.work.outcomes.FIRST_BACKOFF", timedelta(milliseconds=20))
    monkeypatch.setattr("bot.work.outcomes.DOWN_PAUSE", timedelta(milliseconds=20))


async def test_whatever_goes_wrong_every_delivery_ends_in_sent_or_in_a_reason(impatient, tmp_path):
    async with asyncio.timeout(120):
        outcome = await fault_run(QUICK, tmp_path)
    assert outcome.ends["sent"] + outcome.ends["failed"] == outcome.ends.total()
    assert (outcome.unexplained, outcome.lost, outcome.discord_repeats) == (0, 0, 0)
    assert outcome.ends["sent"] > QUICK.deliveries / 2
    # Twice came only what was taken and not answered for.
    unanswered = outcome.faults["reset after it was taken"] + outcome.faults["answer too late"]
    assert outcome.telegram_repeats <= unanswered
    assert len(outcome.faults) > (len(TELEGRAM) + len(DISCORD)) / 3


async def test_without_file_descriptors_nothing_is_lost_and_with_them_it_goes_on(tmp_path):
    url = f"sqlite:///{tmp_path}/diting.db"
    async with FakeBotApi(any_chat=True) as api, open_storage(url) as storage:
        await storage.upgrade()
        address = ChatAddress(Platform.TELEGRAM, "900")
        owner = await storage.chats.open_chat(address, kind=ChatKind.PRIVATE, title="", hint=Locale.EN, now=NOW)
        await storage.outbox.warn_managers(owner, [address], reason="x", now=NOW)
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.support.scarce_files", url, api.token, api.url),
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
        )
        written, _ = await child.communicate()
    met = json.loads(written)
    assert "unable to open database file" in met["database"]
    assert met["put off for"]
    assert "unexpected fault" not in met["put off for"]
    assert met["afterwards"] == ""
    assert len(api.sent_to(900)) == 1
