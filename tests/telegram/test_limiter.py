"""Alerts and answers to people keep Telegram's limits together, and people come first."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.chat.blocks import text
from bot.chat.telegram import TelegramMessenger
from bot.errors import RateLimited
from bot.model import ChatAddress, Message, Platform
from tests.support.bot_api import FakeBotApi
from tests.support.bot_api_shapes import FloodControl

HELLO = Message(blocks=(text("hello"),))
NOW = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)


def at(chat: int) -> ChatAddress:
    return ChatAddress(Platform.TELEGRAM, str(chat))


class Queue:
    """Gives turns at once, or after the wait that is set."""

    def __init__(self) -> None:
        self.wait = timedelta()
        self.reserved: list[tuple[str, bool]] = []
        self.answered: list[datetime] = []

    def reserve(self, address, now, *, private):
        self.reserved.append((address.chat, private))
        return self.wait, self.answered.append


@pytest.fixture
def queue() -> Queue:
    return Queue()


@pytest.fixture
async def messenger(api, connect, queue):
    async with connect(api.token, api.url, queue=queue, clock=lambda: NOW) as bot:
        yield TelegramMessenger(bot)


async def test_a_delivery_had_its_turn_and_an_answer_to_a_person_gets_one(api, messenger, queue):
    api.place(7), api.place(-5)
    number = await messenger.send(at(7), HELLO, key="k")
    await messenger.edit(at(7), number, Message(blocks=(text("more"),)))
    assert queue.reserved == []
    await messenger.send(at(7), HELLO, key="")
    await messenger.send(at(-5), HELLO, key="")
    assert queue.reserved == [("7", True), ("-5", False)]
    assert queue.answered == [NOW, NOW]


async def test_a_delivery_that_is_tried_again_without_markup_takes_a_second_turn(api, messenger, queue):
    api.place(7)
    api.fail_next(status=400, description="Bad Request: can't parse entities: x")
    await messenger.send(at(7), HELLO, key="k")
    assert queue.reserved == [("7", True)]


async def test_an_answer_waits_for_its_turn_and_one_that_would_come_too_late_is_not_sent(api, messenger, queue):
    api.place(7)
    queue.wait = timedelta(milliseconds=20)
    await messenger.send(at(7), HELLO, key="")
    assert len(api.sent) == 1
    queue.wait = timedelta(seconds=61)
    with pytest.raises(RateLimited) as caught:
        await messenger.send(at(7), HELLO, key="")
    assert (len(api.sent), caught.value.retry_after) == (1, queue.wait)
    assert len(queue.answered) == 2


async def test_the_turn_of_an_answer_that_is_given_up_is_given_back(api, messenger, queue):
    api.place(7)
    queue.wait = timedelta(seconds=30)
    waiting = asyncio.create_task(messenger.send(at(7), HELLO, key=""))
    await api.until(lambda: queue.reserved)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    assert queue.answered == [NOW]


async def test_deliveries_are_paid_for_where_that_is_set_and_answers_never(api, connect):
    api.place(7)
    async with connect(api.token, api.url) as bot:
        for paid in (False, True):
            messenger = TelegramMessenger(bot, paid=paid)
            await messenger.send(at(7), HELLO, key="k")
            await messenger.send(at(7), HELLO, key="")
    assert [call.get("allow_paid_broadcast") for call in api.called("sendMessage")] == [None, None, "true", None]


async def test_an_edit_counts_as_a_message(connect):
    async with FakeBotApi(flood_control=FloodControl()) as api, connect(api.token, api.url) as bot:
        api.place(7)
        messenger = TelegramMessenger(bot)
        number = await messenger.send(at(7), HELLO, key="k")
        with pytest.raises(RateLimited):
            await messenger.edit(at(7), number, Message(blocks=(text("more"),)))
