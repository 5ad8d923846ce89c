"""The deliveries of all chats as the admin pages list them, and those that failed made once more."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.model import ChatId, ChatState, DeliveryFilter, DeliveryId, FeedId, FeedRef, Notice, NoticeKind, Platform
from bot.storage import deliverysheets, open_storage
from bot.storage.folding import bind
from bot.storage.tables import deliveries, heads
from tests.storage.conftest import NOW
from tests.support.ledger import Ledger

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOTICE = Notice(kind=NoticeKind.FEED_DEAD, feed=FeedRef(id=FeedId(1), url="https://a.example/", title="A"))
ALL = DeliveryFilter.ALL


@pytest.fixture
def ledger(storage) -> Ledger:
    return Ledger(storage, NOW)


async def listed(storage, only=ALL, limit=50, **more):
    return [line.id for line in await storage.delivery_sheets.delivery_lines(only=only, limit=limit, **more)]


async def row_of(storage, delivery):
    async with storage._database.read() as connection:
        return (await connection.execute(select(deliveries).where(deliveries.c.id == delivery))).one()


async def test_of_nothing_there_are_no_lines(storage):
    for only in DeliveryFilter:
        for platform in (None, Platform.DISCORD):
            assert await listed(storage, only, platform=platform) == []
        assert await listed(storage, only, chat=ChatId(1)) == []


async def test_a_line_tells_all_of_a_delivery(storage, ledger):
    chat = await ledger.chat(title="Desk", chat="-5", thread="7", state="paused")
    item = await ledger.item(await ledger.feed(title="A"), title="Talks", url="https://a.example/1")
    await ledger.delivery(
        chat, item, "talks", "ports", state="held", attempts=2, due_at=NOW + HOUR, finished=None,
        reason="timeout", held_by="quiet",
    )  # fmt: skip
    notice = await ledger.delivery(chat, None, notice=NOTICE, state="failed")
    told, line = await storage.delivery_sheets.delivery_lines(only=ALL, limit=9)
    assert (told.id, told.item, told.keywords, told.finished) == (notice, None, (), NOW)
    assert (line.state, line.attempts, line.created, line.due_at, line.finished) == ("held", 2, NOW, NOW + HOUR, None)
    assert (line.reason, line.held_by, line.keywords) == ("timeout", "quiet", ("talks", "ports"))
    assert (line.chat.title, line.chat.address, line.chat.state) == ("Desk", "-5/7", "paused")
    assert (line.item.id, line.item.title, line.item.url, line.item.feed.title) == (
        item, "Talks", "https://a.example/1", "A",
    )  # fmt: skip


@pytest.fixture
async def some(storage, ledger) -> dict[str, int]:
    """A delivery of each state for a chat on Telegram, then for one on Discord, by the first letter and the state."""
    item, ids = await ledger.item(await ledger.feed()), {}
    for platform in ("telegram", "discord"):
        chat = await ledger.chat(platform=platform)
        for state in ("due", "sent", "failed", "joined", "held", "folded"):
            of = await ledger.item(await ledger.feed()) if state != "due" else item
            ids[f"{platform[0]} {state}"] = await ledger.delivery(chat, of, state=state)
        ids[platform] = chat
    return ids


WAITING = ("d folded", "d held", "d due", "t folded", "t held", "t due")


@pytest.mark.parametrize(
    ("only", "found"),
    [
        (DeliveryFilter.WAITING, WAITING),
        (DeliveryFilter.SENT, ("d sent", "t sent")),
        (DeliveryFilter.FAILED, ("d failed", "t failed")),
    ],
)
async def test_they_are_listed_by_how_far_they_are_the_newest_first(storage, some, only, found):
    ids = [some[name] for name in found]
    half = len(ids) // 2
    assert await listed(storage, only) == ids
    assert await listed(storage, only, limit=half) == ids[:half]
    assert await listed(storage, only, before=DeliveryId(ids[half - 1])) == ids[half:]
    assert await listed(storage, only, platform=Platform.DISCORD) == ids[:half]
    assert await listed(storage, only, platform=Platform.TELEGRAM, limit=1) == ids[half : half + 1]
    assert await listed(storage, only, platform=Platform.CONSOLE) == []
    assert await listed(storage, only, chat=ChatId(some["telegram"])) == ids[half:]
    assert await listed(storage, only, chat=ChatId(some["telegram"]), limit=1) == ids[half : half + 1]
    assert await listed(storage, only, chat=ChatId(some["telegram"]), platform=Platform.DISCORD) == []
    assert await listed(storage, only, chat=ChatId(some["discord"]), before=DeliveryId(ids[0])) == ids[1:half]


async def test_all_of_them_are_listed_too(storage, some):
    ids = sorted((one for name, one in some.items() if " " in name), reverse=True)
    assert await listed(storage) == ids
    assert await listed(storage, before=DeliveryId(ids[3]), limit=4) == ids[4:8]
    assert await listed(storage, platform=Platform.TELEGRAM) == ids[6:]
    assert await listed(storage, chat=ChatId(some["discord"])) == ids[:6]


async def test_those_of_a_platform_are_looked_for_among_the_newest(storage, some, monkeypatch):
    monkeypatch.setattr(deliverysheets, "LOOKED_AT", 7)
    assert await listed(storage, platform=Platform.TELEGRAM) == [some["t folded"]]
    assert await listed(storage, DeliveryFilter.SENT) == [some["d sent"]]
    assert await listed(storage, DeliveryFilter.FAILED, platform=Platform.TELEGRAM) == [some["t failed"]]


# --- once more --------------------------------------------------------------------------------------------


async def failed_alert(storage, world, *chats, name="one") -> list[int]:
    """Each chat was owed an alert, and it failed."""
    await world.follow(chats[0].id)
    await world.poll(name)
    await world.alert(*(chat.id for chat in chats))
    ids = []
    for due in await world.claim_deliveries():
        await storage.outbox.delivery_failed(due, reason="http 400", now=NOW)
        ids.append(due.id)
    return sorted(ids)


async def test_what_failed_goes_out_now_as_if_it_were_new(storage, world):
    [failed] = await failed_alert(storage, world, await world.chat())
    later = NOW + DAY
    key = (await row_of(storage, failed)).key
    assert await world.claim_deliveries(later) == []
    assert await storage.delivery_sheets.retry_delivery(failed, now=later)
    row = await row_of(storage, failed)
    assert (row.state, row.attempts, row.due_at, row.finished, row.reason) == ("due", 0, later, None, "")
    assert await world.claim_deliveries(later - HOUR) == []
    [due] = await world.claim_deliveries(later)
    assert (due.id, due.key, due.attempts) == (failed, key, 0)
    await storage.outbox.delivery_sent(due, message="7", now=later)
    assert (await row_of(storage, failed)).state == "sent"
    assert await world.claim_deliveries(later) == []


async def test_a_second_click_does_nothing(storage, world):
    [failed] = await failed_alert(storage, world, await world.chat())
    assert await storage.delivery_sheets.retry_delivery(failed, now=NOW)
    assert not await storage.delivery_sheets.retry_delivery(failed, now=NOW + HOUR)
    assert (await row_of(storage, failed)).due_at == NOW
    [due] = await world.claim_deliveries()
    assert not await storage.delivery_sheets.retry_delivery(failed, now=NOW)
    await storage.outbox.delivery_sent(due, message="7", now=NOW)
    assert (await row_of(storage, failed)).state == "sent"
    assert not await storage.delivery_sheets.retry_delivery(failed, now=NOW)


async def test_of_clicks_at_the_same_time_one_counts(storage, world, url):
    ids = await failed_alert(storage, world, *[await world.chat(n) for n in range(6)])
    async with open_storage(url) as other:
        sheets = (storage.delivery_sheets, other.delivery_sheets)
        one = await asyncio.gather(*(sheets[n % 2].retry_delivery(DeliveryId(ids[0]), now=NOW) for n in range(6)))
        many = await asyncio.gather(*(sheets[n % 2].retry_failed(since=NOW, limit=9, now=NOW) for n in range(6)))
    assert sum(one) == 1
    assert sum(many) == 5
    assert {due.id for due in await world.claim_deliveries()} == set(ids)


async def test_it_waits_for_its_turn_in_its_chat(storage, world):
    chat = await world.chat()
    [failed] = await failed_alert(storage, world, chat)
    await world.poll("two", now=NOW + HOUR)
    await world.alert(chat.id, now=NOW + HOUR)
    assert await storage.delivery_sheets.retry_delivery(failed, now=NOW + HOUR)
    order = []
    while due := await world.claim_deliveries(NOW + HOUR):
        order += [one.content.item.item.title for one in due]
        await storage.outbox.delivery_sent(due[0], message="7", now=NOW)
    assert order == ["one", "two"]


@pytest.mark.parametrize("state", [ChatState.BLOCKED, ChatState.GONE, ChatState.PAUSED])
async def test_a_chat_that_takes_nothing_is_sent_nothing(storage, world, state):
    chat = await world.chat()
    [failed] = await failed_alert(storage, world, chat)
    await storage.outbox.stop_chat(chat.id, state=state, reason="forbidden", now=NOW)
    assert not await storage.delivery_sheets.retry_delivery(failed, now=NOW)
    assert await storage.delivery_sheets.retry_failed(since=NOW - DAY, limit=9, now=NOW) == 0
    assert (await row_of(storage, failed)).state == "failed"


async def test_nor_is_one_that_was_not_let_in(storage, ledger):
    chat, item = await ledger.chat(admitted=False), await ledger.item(await ledger.feed())
    failed = await ledger.delivery(chat, item, state="failed")
    assert not await storage.delivery_sheets.retry_delivery(DeliveryId(failed), now=NOW)
    assert await storage.delivery_sheets.retry_failed(since=NOW - DAY, limit=9, now=NOW) == 0


async def test_only_what_failed_and_has_something_to_tell_can_go_out(storage, ledger, some):
    for name in ("t due", "t sent", "t joined", "t held", "t folded"):
        assert not await storage.delivery_sheets.retry_delivery(DeliveryId(some[name]), now=NOW)
    nothing = await ledger.delivery(some["telegram"], None, state="failed")
    assert not await storage.delivery_sheets.retry_delivery(DeliveryId(nothing), now=NOW)
    assert not await storage.delivery_sheets.retry_delivery(DeliveryId(99_999), now=NOW)


async def test_a_notice_goes_out_again_too(storage, world, ledger):
    failed = await ledger.delivery((await world.chat()).id, None, notice=NOTICE, state="failed", attempts=9)
    assert await storage.delivery_sheets.retry_delivery(DeliveryId(failed), now=NOW)
    [due] = await world.claim_deliveries()
    assert (due.id, due.content, due.attempts) == (failed, NOTICE, 0)


async def test_what_failed_in_a_digest_goes_out_alone_and_ends(storage, world):
    chat = await world.chat()
    await world.follow(chat.id)
    await world.poll("one", "two")
    await world.alert(chat.id, items=2)
    async with storage._database.write() as connection:
        ids = (await connection.scalars(select(deliveries.c.id).order_by(deliveries.c.id))).all()
        await bind(connection, ids)
    [digest] = await world.claim_deliveries()
    assert len(digest.content.alerts) == 2
    await storage.outbox.delivery_failed(digest, reason="http 400", now=NOW)
    for delivery, name in zip(ids, ("one", "two"), strict=True):
        assert await storage.delivery_sheets.retry_delivery(DeliveryId(delivery), now=NOW)
        [due] = await world.claim_deliveries()
        assert due.content.item.item.title == name
        await storage.outbox.delivery_sent(due, message="7", now=NOW)
        row = await row_of(storage, delivery)
        assert (row.state, row.digest) == ("sent", None)
    assert await world.claim_deliveries(NOW + DAY) == []


async def test_all_that_failed_since_then_go_out_the_oldest_first(storage, ledger):
    feed, chat, blocked = await ledger.feed(), await ledger.chat(), await ledger.chat(state="blocked")
    old = await ledger.delivery(chat, await ledger.item(feed), state="failed", finished=NOW - DAY)
    mine = [await ledger.delivery(chat, await ledger.item(feed), state="failed") for _ in range(3)]
    sent = await ledger.delivery(chat, await ledger.item(feed))
    out = await ledger.delivery(blocked, await ledger.item(feed), state="failed")
    later = NOW + HOUR
    assert await storage.delivery_sheets.retry_failed(since=NOW, limit=2, now=later) == 2
    states = [(await row_of(storage, one)).state for one in (old, *mine, sent, out)]
    assert states == ["failed", "due", "due", "failed", "sent", "failed"]
    async with storage._database.read() as connection:
        [head] = (await connection.execute(select(heads))).all()
    assert (head.chat_id, head.delivery_id, head.due_at) == (chat, mine[0], later)
    assert await storage.delivery_sheets.retry_failed(since=NOW, limit=9, now=later) == 1
    assert await storage.delivery_sheets.retry_failed(since=NOW, limit=9, now=later) == 0
    assert await storage.delivery_sheets.retry_failed(since=NOW - DAY, limit=9, now=later) == 1


async def test_of_very_many_that_failed_the_newest_are_looked_at(storage, ledger, monkeypatch):
    monkeypatch.setattr(deliverysheets, "FAILURES", 1)
    feed, chat = await ledger.feed(), await ledger.chat()
    for _ in range(2):
        last = await ledger.delivery(chat, await ledger.item(feed), state="failed")
    assert await storage.delivery_sheets.retry_failed(since=NOW, limit=9, now=NOW) == 1
    assert (await row_of(storage, last)).state == "due"
