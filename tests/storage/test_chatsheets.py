"""All chats as the admin pages list them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.model import ChatId, ChatState, Platform
from tests.storage.conftest import NOW
from tests.support.ledger import Ledger


@pytest.fixture
def ledger(storage) -> Ledger:
    return Ledger(storage, NOW)


async def lines(storage, search="", platform=None, state=None, offset=0, limit=50):
    sheets = storage.chat_sheets
    return await sheets.chat_lines(search=search, platform=platform, state=state, offset=offset, limit=limit)


async def test_of_no_chats_there_are_no_lines(storage):
    assert await lines(storage) == (0, [])
    assert await lines(storage, "%") == (0, [])
    assert await storage.chat_sheets.chat_line(ChatId(1)) is None


async def test_a_line_tells_what_a_chat_has(storage, ledger):
    chat = await ledger.chat(
        platform="discord", chat="123", thread="45", kind="channel", title="Desk",
        state="blocked", admitted=False, reason="expelled",
    )  # fmt: skip
    feed = await ledger.feed()
    await ledger.subscription(chat, feed)
    await ledger.keyword(chat, "talks")
    await ledger.keyword(chat, "removed", live=False)
    for ago, state in ((3, "sent"), (2, "sent"), (1, "failed")):
        item = await ledger.item(feed)
        await ledger.delivery(chat, item, state=state, finished=NOW - timedelta(hours=ago))
    bare = await ledger.chat()
    line = await storage.chat_sheets.chat_line(ChatId(chat))
    assert (line.id, line.platform, line.address, line.kind, line.title, line.created) == (
        chat, Platform.DISCORD, "123/45", "channel", "Desk", NOW,
    )  # fmt: skip
    assert (line.state, line.admitted, line.reason) == ("blocked", False, "expelled")
    assert (line.feeds, line.keywords, line.last_sent) == (1, 1, NOW - timedelta(hours=2))
    none = await storage.chat_sheets.chat_line(ChatId(bare))
    assert (none.feeds, none.keywords, none.last_sent, none.admitted) == (0, 0, None, True)
    assert await lines(storage) == (2, [none, line])


async def test_the_newest_come_first_page_by_page(storage, ledger):
    ids = [await ledger.chat() for _ in range(5)]
    count, page = await lines(storage, offset=1, limit=2)
    assert (count, [line.id for line in page]) == (5, [ids[3], ids[2]])
    assert await lines(storage, offset=9) == (5, [])


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("новости", ["Новости_1"]),
        ("НОВОСТИ", ["Новости_1"]),
        ("_", ["Новости_1"]),
        (" news room ", ["News room"]),
        ("room news", []),
        ("-100", ["News room"]),
        ("-100/7", ["News room"]),
        ("100%", []),
    ],
)
async def test_titles_and_addresses_are_searched_in_any_case(storage, ledger, search, found):
    await ledger.chat(chat="5", title="Новости_1")
    await ledger.chat(chat="-100", thread="7", title="News room")
    count, page = await lines(storage, search)
    assert (count, [line.title for line in page]) == (len(found), found)


async def test_platform_and_state_narrow_the_list(storage, ledger):
    ids = {
        (platform, state): await ledger.chat(platform=platform, state=state)
        for platform in ("telegram", "discord")
        for state in ("active", "gone")
    }
    _, discord = await lines(storage, platform=Platform.DISCORD)
    assert {line.id for line in discord} == {ids["discord", "active"], ids["discord", "gone"]}
    _, gone = await lines(storage, state=ChatState.GONE)
    assert {line.id for line in gone} == {ids["telegram", "gone"], ids["discord", "gone"]}
    count, both = await lines(storage, platform=Platform.TELEGRAM, state=ChatState.ACTIVE)
    assert (count, [line.id for line in both]) == (1, [ids["telegram", "active"]])
    assert await lines(storage, state=ChatState.PAUSED) == (0, [])
