"""A bot that comes back after more than a day tells what waited in one message, and then the news as ever."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta

import pytest

from bot.app.clock import utc_now
from bot.model import (
    AlertDecision,
    Brief,
    Chat,
    ChatAddress,
    ChatKind,
    Locale,
    MadeBy,
    Mode,
    NewDelivery,
    Platform,
    StoredItem,
)
from tests.storage.conftest import World
from tests.support.sides import open_sides

PERSON, OTHER = 7, 8
ALERTS = 120
AWAY = timedelta(hours=30)
WAITED = re.compile(r"(\d+) alerts were waiting")


@pytest.fixture
async def left(settings, run_core, feed, api):
    """Two chats that are owed alerts since the bot went off."""
    api.place(PERSON)
    api.place(OTHER)
    then = utc_now() - AWAY
    async with run_core(settings) as core:
        world = World(core.storage)
        chats = [
            await core.storage.chats.open_chat(
                ChatAddress(Platform.TELEGRAM, str(number)), kind=ChatKind.PRIVATE, title="", hint=Locale.EN, now=then
            )
            for number in (PERSON, OTHER)
        ]
        for chat in chats:
            await world.follow(chat.id, feed.url, mode=Mode.EVERYTHING, now=then)
        await world.poll(*(f"Old news {n}" for n in range(ALERTS)), now=then)
        items = await core.storage.items.claim_items(now=then, limit=ALERTS, lease=world.lease)
        for number, item in enumerate(items):
            await core.storage.items.commit_alerts(decision(item, *chats[: 1 + (number == ALERTS - 1)]), now=then)
    return then


def decision(item: StoredItem, *chats: Chat) -> AlertDecision:
    title = item.item.title
    brief = Brief(title_zh="", title_en=title, summary_zh="", summary_en="", made_by=MadeBy.FEED)
    deliveries = tuple(NewDelivery(chat=chat.id) for chat in chats)
    return AlertDecision(item=item.id, lease=item.lease, brief=brief, deliveries=deliveries)


def old_news(text: str) -> list[str]:
    return re.findall(r"Old news \d+", text)


async def told(core, api, feed, chat: int, *, live: str):
    """Until a new item of the feed reached the chat."""
    polls = feed.not_modified
    await api.until(lambda: feed.not_modified > polls)
    feed.add(live, live)
    await api.until(lambda: any(live in text for text in api.sent_to(chat)))


async def sent_states(core, chat: int) -> tuple[int, int]:
    """How many alerts of a chat wait, and how many were sent."""
    place = await core.storage.chats.find_chat(ChatAddress(Platform.TELEGRAM, str(chat)))
    status = await core.storage.history.status(place.id, now=utc_now())
    return status.waiting, status.sent_day


async def test_after_thirty_hours_off_one_digest_comes_and_then_live_alerts(
    api, feed, settings, left, run_core, run_program
):
    async with run_core(settings) as core, open_sides(core) as sides, run_program(core, sides):
        await told(core, api, feed, PERSON, live="A ferry sails")
        first, *rest = api.sent_to(PERSON)
        assert WAITED.match(first)[1] == str(ALERTS)
        assert not any(old_news(text) for text in rest)
        await api.until(lambda: len(api.sent_to(OTHER)) >= 2)
        assert f"Old news {ALERTS - 1}" in api.sent_to(OTHER)[0]
        assert not WAITED.search(api.sent_to(OTHER)[0])
        async with asyncio.timeout(5):
            while (await sent_states(core, PERSON))[0]:
                await asyncio.sleep(0.01)
        (digest,) = [sent for sent in api.sent if WAITED.match(sent.text)]
        ((button,),) = digest.reply_markup["inline_keyboard"]
        before = len(api.sent_to(PERSON))
        api.press(PERSON, button["callback_data"])
        await api.until(lambda: len(api.sent_to(PERSON)) > before)
        assert f"Old news {ALERTS - 1}" in api.sent_to(PERSON)[-1]


async def test_a_crash_between_sending_and_record_repeats_the_digest_once_and_loses_nothing(
    api, feed, settings, left, run_core, run_program, monkeypatch
):
    async def crash(*_, **__):
        await asyncio.Event().wait()

    with monkeypatch.context() as killed:
        killed.setattr("bot.app.program.STOP_WITHIN", timedelta())
        async with run_core(settings) as core, open_sides(core) as sides:
            killed.setattr(core.storage.outbox, "delivery_sent", crash)
            async with run_program(core, sides):
                await api.until(lambda: api.sent_to(PERSON))
    async with run_core(settings) as core, open_sides(core) as sides, run_program(core, sides):
        await told(core, api, feed, PERSON, live="A ferry sails")
        async with asyncio.timeout(5):
            while (await sent_states(core, PERSON))[0]:
                await asyncio.sleep(0.01)
        waiting, sent = await sent_states(core, PERSON)
    digests = [text for text in api.sent_to(PERSON) if WAITED.match(text)]
    assert len(digests) == 2
    assert old_news(digests[0]) == old_news(digests[1]) != []
    assert (waiting, sent >= ALERTS) == (0, True)
