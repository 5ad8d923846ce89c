"""A chat with many alerts due delays no other: the deliverer on a real database, in a time that is passed in."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.chat.wording import CHARACTERS
from bot.model import ChatAddress, ChatId, ChatKind, Platform
from bot.work.deliver import Deliverer
from bot.work.loop import Loop
from bot.work.pace import Limits, Pacer
from tests.support.backlog import Backlog
from tests.support.deliveries import FakeMessenger
from tests.support.meter import Counts

DUE, SECONDS = 60, 4  # much more than can go out in the time
TELEGRAM = Limits(per_second=30, chat_per_second=1, group_per_minute=20)


@pytest.fixture
def passing(monkeypatch, watch):
    """Who sleeps has the time pass, and wakes at once."""
    now = asyncio.sleep

    async def sleep(seconds, result=None):
        watch.forward(seconds=seconds)
        return await now(0, result)

    monkeypatch.setattr(asyncio, "sleep", sleep)


class Timed(FakeMessenger):
    """Writes down when each chat got its first."""

    def __init__(self, watch):
        super().__init__()
        self._watch = watch
        self.first = {}

    async def send(self, address, message, *, key, reply_to=""):
        self.first.setdefault(address.chat, self._watch())
        return await super().send(address, message, key=key, reply_to=reply_to)


async def test_what_is_due_to_one_channel_goes_out_at_once_where_no_pace_of_the_channel_holds_it_up(storage, watch):
    backlog, messenger = Backlog(storage), FakeMessenger()
    messenger.platform = Platform.DISCORD
    chats = [
        await backlog.chat(ChatAddress(Platform.DISCORD, str(number)), ChatKind.CHANNEL, watch()) for number in (1, 2)
    ]
    await backlog.owe(chats, 5, watch())
    service = Deliverer(
        outbox=storage.outbox,
        messenger=messenger,
        pacer=Pacer(Limits(per_second=50)),
        meter=Counts(),
        clock=watch,
        lease=timedelta(minutes=1),
        patience=timedelta(),
        wording=CHARACTERS,
    )
    loop = Loop("deliver", service.step, watch)
    service.on_more(loop.ring)
    running = asyncio.create_task(loop.run())
    async with asyncio.timeout(30):  # no clock ticks here: else they would wait for it
        while len(messenger.sent) < 10:
            await asyncio.sleep(0.01)
    loop.stop()
    await running
    await service.drain()
    assert sorted(to for to, _ in messenger.sent) == ["1"] * 5 + ["2"] * 5


@pytest.mark.parametrize("kind", [ChatKind.PRIVATE, ChatKind.GROUP])
async def test_one_chat_with_much_due_delays_the_first_of_no_other_by_two_seconds(storage, watch, passing, kind):
    backlog, messenger = Backlog(storage), Timed(watch)

    async def chat(number: int) -> ChatId:
        return await backlog.chat(ChatAddress(Platform.TELEGRAM, str(number)), kind, watch())

    await backlog.owe([await chat(1)], DUE, watch())
    service = Deliverer(
        outbox=storage.outbox,
        messenger=messenger,
        pacer=Pacer(TELEGRAM),
        meter=Counts(),
        clock=watch,
        lease=timedelta(minutes=1),
        patience=timedelta(seconds=0.5),
        wording=CHARACTERS,
    )
    owed = {}
    for second in range(SECONDS):
        chats = range(100 * second, 100 * second + 5)
        await backlog.owe([await chat(-number - 2) for number in chats], 1, watch())
        owed |= {str(-number - 2): watch() for number in chats}
        until = watch() + timedelta(seconds=1)
        while watch() < until:
            pause = await service.step()
            watch.forward(seconds=min(pause.total_seconds(), 0.1) if pause is not None else 0.1)
    await service.drain()
    delays = [messenger.first[number] - when for number, when in owed.items()]
    assert len(delays) == 5 * SECONDS
    assert max(delays) <= timedelta(seconds=2)
    assert sum(to == "1" for to, _ in messenger.sent) >= SECONDS - 1
