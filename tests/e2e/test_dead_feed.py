"""A feed that ends is told of once, in every chat that takes it, with a way out."""

from __future__ import annotations

import pytest

from tests.support.sides import open_sides

ONE, OTHER = 7, 8


@pytest.fixture
async def bot(settings, run_core, run_program):
    async with run_core(settings) as core, open_sides(core) as sides, run_program(core, sides):
        yield core


async def ask(api, chat: int, line: str) -> str:
    before = len(api.sent_to(chat))
    api.say(chat, line)
    await api.until(lambda: len(api.sent_to(chat)) > before)
    return api.sent_to(chat)[-1]


async def test_the_end_of_a_feed_is_told_once_and_its_return_too(api, feed, bot):
    for chat in (ONE, OTHER):
        assert "Wire" in await ask(api, chat, f"/subscribe {feed.url}")
        await ask(api, chat, "/keyword add ferry")
    await api.until(lambda: feed.not_modified > 0)
    feed.status = 410

    def told(chat: int, words: str) -> list[str]:
        return [text for text in api.sent_to(chat) if words in text]

    await api.until(lambda: told(ONE, "can't be read any more") and told(OTHER, "can't be read any more"))
    (notice,) = [one for one in api.sent if "can't be read any more" in one.text and one.chat_id == ONE]
    assert "it has ended" in notice.text
    assert "/unsubscribe" in str(notice.reply_markup)
    assert "it has ended and is read no more" in await ask(api, ONE, "/feeds")
    feed.status = 200
    feed.add("ferry", "A ferry sails", "At dawn.")
    await ask(api, OTHER, f"/subscribe {feed.url}")
    await api.until(lambda: told(ONE, "can be read again") and told(ONE, "A ferry sails"))
    for chat in (ONE, OTHER):
        assert len(told(chat, "can't be read any more")) == 1
    assert "newest " in await ask(api, ONE, "/feeds")
