"""A chat with a daily digest gets one message at its time and none before; a mute is ended by its button."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.app.clock import utc_now
from bot.model import ChatAddress, Platform
from tests.support.sides import open_sides

PERSON = 7
HONG_KONG = ZoneInfo("Asia/Hong_Kong")
NEWS = ("A ferry sails to Macau", "An orchard blooms in the desert", "Parliament votes on kettles")


class Clock:
    """A clock that goes on as clocks do, and is set by hand besides."""

    def __init__(self, at: datetime) -> None:
        self.set(at)

    def set(self, at: datetime) -> None:
        self._ahead: timedelta = at - utc_now()

    def __call__(self) -> datetime:
        return utc_now() + self._ahead


@pytest.fixture
def clock() -> Clock:
    """Three in the morning in Hong Kong."""
    return Clock(datetime(2030, 3, 4, 3, 0, tzinfo=HONG_KONG))


async def ask(api, line: str) -> str:
    """Say a line and answer the reply."""
    before = len(api.sent_to(PERSON))
    api.say(PERSON, line)
    await api.until(lambda: len(api.sent_to(PERSON)) > before)
    return api.sent_to(PERSON)[-1]


async def held(core, clock, count: int) -> None:
    """Until so many alerts are held."""
    async with asyncio.timeout(10):
        while True:
            chat = await core.storage.chats.find_chat(ChatAddress(Platform.TELEGRAM, str(PERSON)))
            if (await core.storage.history.status(chat.id, now=clock())).held == count:
                return
            await asyncio.sleep(0.01)


async def bring(api, feed, *titles: str) -> None:
    """News come in, once the feed was read without them."""
    polls = feed.not_modified
    await api.until(lambda: feed.not_modified > polls)
    for title in titles:
        feed.add(title, title)


def with_news(api) -> list[str]:
    return [text for text in api.sent_to(PERSON) if any(news in text for news in NEWS)]


async def test_a_daily_digest_comes_as_one_message_at_eight_and_not_before(
    api, feed, settings, run_core, run_program, clock
):
    api.place(PERSON)
    async with run_core(settings, clock) as core, open_sides(core) as sides, run_program(core, sides):
        await ask(api, f"/subscribe {feed.url} everything")
        assert "07:00" not in await ask(api, "/settings timezone Asia/Hong_Kong")
        assert "a digest at 08:00" in await ask(api, "/settings schedule 8點")
        await bring(api, feed, *NEWS)
        await held(core, clock, len(NEWS))
        clock.set(datetime(2030, 3, 4, 7, 59, tzinfo=HONG_KONG))
        status = await ask(api, "/status")
        assert "3 alerts wait for the next digest: 08:00" in status
        assert with_news(api) == []
        clock.set(datetime(2030, 3, 4, 8, 0, tzinfo=HONG_KONG))
        await api.until(lambda: with_news(api))
        [digest] = with_news(api)
        assert digest.startswith("Your digest · 08:00")
        assert all(news in digest for news in NEWS)
        await held(core, clock, 0)


async def test_what_waited_for_the_end_of_a_mute_comes_when_it_is_ended_by_its_button(
    api, feed, settings, run_core, run_program, clock
):
    api.place(PERSON)
    async with run_core(settings, clock) as core, open_sides(core) as sides, run_program(core, sides):
        await ask(api, f"/subscribe {feed.url} everything")
        assert "Muted until Mon, Mar 4 03:00 UTC" in await ask(api, "/mute 8h")
        undo = api.sent[-1].reply_markup["inline_keyboard"][0][0]
        await bring(api, feed, *NEWS)
        await held(core, clock, len(NEWS))
        assert with_news(api) == []
        api.press(PERSON, undo["callback_data"])
        await api.until(lambda: with_news(api))
        [digest] = with_news(api)
        assert digest.startswith("While it was muted")
