"""Who is cancelled leaves no half-done transaction behind, and no lock."""

from __future__ import annotations

import asyncio
import random

import pytest

from bot.model import ChatAddress, ChatKind, Locale, Platform
from bot.storage.uninterrupted import uninterrupted

ADDRESSES = [ChatAddress(Platform.CONSOLE, str(number)) for number in range(10)]


async def test_after_a_storm_of_cancellations_anyone_can_write(storage, world):
    chance = random.Random(5)

    async def speak(number: int) -> None:
        await storage.chats.open_chat(
            ADDRESSES[number % 10], kind=ChatKind.PRIVATE, title="x", hint=Locale.EN, now=world.now
        )

    for number in range(60):
        calls = [asyncio.create_task(speak(number + more)) for more in range(3)]
        calls.append(asyncio.create_task(storage.chats.find_chat(ADDRESSES[0])))
        await asyncio.sleep(chance.uniform(0, 0.004))
        for call in calls:
            if chance.random() < 0.7:
                call.cancel()
        ended = await asyncio.gather(*calls, return_exceptions=True)
        assert not [one for one in ended if isinstance(one, Exception)]
    async with asyncio.timeout(5):
        await speak(1)


@uninterrupted
class Works:
    """A store whose work can be watched."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.go_on = asyncio.Event()
        self.done = False

    async def work(self, fault: Exception | None = None) -> str:
        self.begun.set()
        await self.go_on.wait()
        self.done = True
        if fault:
            raise fault
        return "done"


@pytest.mark.parametrize("fault", [None, ValueError("nobody hears of it")])
async def test_what_was_begun_is_ended_before_the_cancellation_goes_on(fault):
    store = Works()
    call = asyncio.create_task(store.work(fault))
    await store.begun.wait()
    call.cancel()
    await asyncio.sleep(0)
    assert not call.done()
    store.go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert store.done


async def test_without_a_cancellation_answers_and_errors_come_through():
    store = Works()
    store.go_on.set()
    assert await store.work() == "done"
    with pytest.raises(ValueError, match="told"):
        await store.work(ValueError("told"))
