"""Alerts that waited until they were no news go out together, once bound for good, and none of them is lost."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, select, update

from bot.model import (
    Alert,
    ChatAddress,
    ChatState,
    DeliveryState,
    Digest,
    Notice,
    NoticeKind,
    Platform,
    StoryKind,
)
from bot.storage import open_storage
from bot.storage.folding import set_free
from bot.storage.heads import move_up
from bot.storage.tables import deliveries
from tests.storage.conftest import World
from tests.storage.test_retold import Newsroom
from tests.support.polls import record_poll

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def storage(url):
    """A storage for which news is a day old at most."""
    async with open_storage(url, news_age=DAY) as opened:
        yield opened


@pytest.fixture
def world(storage) -> World:
    return World(storage)


@pytest.fixture
def late(world):
    """A day and more after the first alerts."""
    return world.now + 30 * HOUR


async def owe(world, *chats, names="abc", now=None):
    now = now or world.now
    await world.follow(chats[0].id)
    await world.poll(*names, now=now)
    await world.alert(*(chat.id for chat in chats), items=len(names), now=now)


def titles(due) -> list[str]:
    alerts = due.content.alerts if isinstance(due.content, Digest) else [due.content]
    return [alert.item.item.title for alert in alerts]


async def rows(storage, *names) -> list[tuple]:
    columns = select(*(deliveries.c[name] for name in names)).order_by(deliveries.c.id)
    async with storage._database.read() as connection:
        return [tuple(row) for row in await connection.execute(columns)]


async def states(storage) -> list[str]:
    return [state for (state,) in await rows(storage, "state")]


async def send(storage, world, now) -> list[list[str]]:
    """All that is due, in the order of its sending."""
    sent = []
    while due := await world.claim_deliveries(now):
        for one in due:
            sent.append(titles(one))
            await storage.outbox.delivery_sent(one, message=f"m{one.id}", now=now)
    return sent


async def test_what_is_too_old_comes_as_one_digest_before_the_newer_alerts(storage, world, late):
    chat = await world.chat()
    await owe(world, chat)
    await owe(world, chat, names="xy", now=late)
    assert await send(storage, world, late) == [["a", "b", "c"], ["x"], ["y"]]


async def test_what_is_news_still_comes_one_by_one(storage, world):
    await owe(world, await world.chat())
    assert await send(storage, world, world.now + DAY) == [["a"], ["b"], ["c"]]


async def test_each_chat_has_a_digest_of_its_own(storage, world, late):
    one, two, third = [await world.chat(number) for number in (1, 2, 3)]
    await owe(world, one, two)
    await owe(world, third, names="x", now=late)
    due = await world.claim_deliveries(late)
    assert sorted((each.chat.id, titles(each)) for each in due) == [
        (one.id, ["a", "b", "c"]),
        (two.id, ["a", "b", "c"]),
        (third.id, ["x"]),
    ]
    assert len({each.key for each in due}) == 3


async def test_an_alert_in_a_digest_is_all_that_it_would_be_by_itself(storage, world, late):
    await owe(world, await world.chat())
    [due] = await world.claim_deliveries(late)
    assert isinstance(due.content, Digest)
    assert due.content.delivery == due.id
    first, second, _ = due.content.alerts
    assert isinstance(first, Alert)
    assert (second.brief, second.why[0].keyword) == (world.brief, "trilateral talks")
    assert (second.item.item.url, second.item.feed.title) == ("https://a.example/b", "A")


async def test_a_lone_old_alert_is_sent_as_it_is_and_stays_alone(storage, world, late):
    chat = await world.chat()
    await owe(world, chat, names="a")
    await owe(world, chat, names="b", now=world.now + 10 * HOUR)
    [due] = await world.claim_deliveries(late)
    assert titles(due) == ["a"]
    [again] = await world.claim_deliveries(world.now + 40 * HOUR)
    assert (titles(again), again.key) == (["a"], due.key)
    assert isinstance(again.content, Alert)


async def test_a_repetition_has_the_same_key_and_the_same_alerts_whatever_grew_old_meanwhile(storage, world, late):
    chat = await world.chat()
    await owe(world, chat)
    before = await rows(storage, "key")
    await owe(world, chat, names="x", now=world.now + 10 * HOUR)
    [first] = await world.claim_deliveries(late)
    await storage.release_leases()
    [second] = await world.claim_deliveries(world.now + 40 * HOUR)
    await storage.outbox.delivery_retry(second, at=late, reason="503")
    [third] = await world.claim_deliveries(world.now + 41 * HOUR)
    assert first.key == second.key == third.key
    assert (first.key,) not in before
    assert titles(first) == titles(second) == titles(third) == ["a", "b", "c"]


async def test_what_was_tried_by_itself_is_told_by_itself(storage, world, late):
    await owe(world, await world.chat())
    [due] = await world.claim_deliveries()
    await storage.outbox.delivery_retry(due, at=world.now, reason="timeout")
    assert await send(storage, world, late) == [["a"], ["b", "c"]]


async def test_of_very_many_alerts_as_many_go_together_as_one_message_can_answer_for(storage, world, late, monkeypatch):
    monkeypatch.setattr("bot.storage.folding.MOST", 3)
    await owe(world, await world.chat(), names="abcdefg")
    assert await send(storage, world, late) == [["a", "b", "c"], ["d", "e", "f"], ["g"]]


async def test_notices_are_no_part_of_a_digest(storage, world, late):
    chat = await world.chat()
    await owe(world, chat, names="ab")
    feed = await world.follow(chat.id)
    due = await storage.feeds.take_feed(feed, now=world.now, lease=world.lease)
    await record_poll(storage.feeds, world.change(due, notice=NoticeKind.FEED_BACK), now=world.now)
    kinds = []
    while due := await world.claim_deliveries(late):
        kinds.append(type(due[0].content))
        await storage.outbox.delivery_sent(due[0], message="1", now=late)
    assert kinds == [Digest, Notice]


async def test_a_digest_that_was_sent_is_all_sent_and_found_by_its_message(storage, world, late):
    chat, other = await world.chat(1), await world.chat(2)
    await owe(world, chat)
    [due] = await world.claim_deliveries(late)
    status = await storage.history.status(chat.id, now=late)
    assert (status.waiting, status.sent_day) == (3, 0)
    assert len(await storage.history.latest_alerts(chat.id, limit=9)) == 3
    await storage.outbox.delivery_sent(due, message="77", now=late)
    assert await rows(storage, "state", "message", "finished", "lease") == [("sent", "77", late, "")] * 3
    status = await storage.history.status(chat.id, now=late)
    assert (status.waiting, status.sent_day) == (0, 3)
    by_message = await storage.history.told_together(chat.id, message="77")
    by_delivery = await storage.history.told_together(chat.id, delivery=due.id)
    assert [alert.item.item.title for alert in by_message] == ["c", "b", "a"]
    assert by_delivery == by_message
    assert await storage.history.told_together(other.id, message="77") == []
    assert await storage.history.told_together(other.id, delivery=due.id) == []
    assert await storage.history.told_together(chat.id, message="78") == []
    item = await storage.trails.find_message(chat.id, "77")
    assert (await storage.trails.trail(chat.id, item)).fate.state is DeliveryState.SENT


async def test_the_message_of_one_alert_is_no_digest(storage, world):
    chat = await world.chat()
    await owe(world, chat, names="a")
    await send(storage, world, world.now)
    assert await storage.history.told_together(chat.id, message="m1") == []
    assert await storage.history.told_together(chat.id, message="") == []


async def test_what_waits_in_a_digest_is_said_to_wait(storage, world, late):
    chat = await world.chat()
    await owe(world, chat)
    [due] = await world.claim_deliveries(late)
    trail = await storage.trails.trail(chat.id, due.content.alerts[2].item.id)
    assert trail.fate.state is DeliveryState.FOLDED


async def test_a_digest_that_fails_fails_as_a_whole_and_with_the_reason(storage, world, late):
    await owe(world, await world.chat())
    [due] = await world.claim_deliveries(late)
    await storage.outbox.delivery_failed(due, reason="gave up", now=late)
    assert await rows(storage, "state", "reason", "finished") == [("failed", "gave up", late)] * 3
    assert await world.claim_deliveries(late) == []


async def test_a_chat_that_is_stopped_ends_what_waits_in_its_digest(storage, world, late):
    chat = await world.chat()
    await owe(world, chat)
    await world.claim_deliveries(late)
    await storage.outbox.stop_chat(chat.id, state=ChatState.BLOCKED, reason="blocked", now=late)
    assert await rows(storage, "state", "reason") == [("failed", "blocked")] * 3


async def test_a_refused_digest_is_halved_until_the_alert_that_is_refused_stands_alone(storage, world, late):
    await owe(world, await world.chat(), names="abcdefgh")
    tried, keys = [], []
    while due := await world.claim_deliveries(late):
        tried.append("".join(titles(due[0])))
        keys.append(due[0].key)
        if "f" not in titles(due[0]):
            await storage.outbox.delivery_sent(due[0], message="1", now=late)
        elif isinstance(due[0].content, Digest):
            await storage.outbox.digest_refused(due[0], reason="bad entity", now=late)
        else:
            await storage.outbox.delivery_failed(due[0], reason="bad entity", now=late)
    assert tried == ["abcdefgh", "abcd", "efgh", "ef", "e", "f", "gh"]
    assert len(set(keys)) == len(keys)
    assert await states(storage) == ["sent"] * 5 + ["failed"] + ["sent"] * 2


async def test_without_its_lease_a_digest_is_neither_failed_nor_taken_apart(storage, world, late):
    await owe(world, await world.chat())
    [slow] = await world.claim_deliveries(late)
    await world.claim_deliveries(late + world.lease)
    await storage.outbox.delivery_failed(slow, reason="x", now=late)
    await storage.outbox.digest_refused(slow, reason="x", now=late)
    assert await states(storage) == ["due", "folded", "folded"]


async def test_one_sent_by_itself_and_recorded_late_takes_nothing_from_the_digest_it_was_bound_into(
    storage, world, late
):
    await owe(world, await world.chat())
    [slow] = await world.claim_deliveries()
    [due] = await world.claim_deliveries(late)
    assert titles(due) == ["a", "b", "c"]
    await storage.outbox.delivery_sent(slow, message="1", now=late)
    await storage.release_leases()
    assert await send(storage, world, late) == [["a", "b", "c"]]
    assert await states(storage) == ["sent"] * 3


async def test_two_workers_at_once_bind_every_alert_once(storage, world, url, late):
    chats = [await world.chat(number) for number in range(8)]
    await owe(world, *chats)
    async with open_storage(url, news_age=DAY) as other:
        claims = (
            one.outbox.claim_deliveries(platforms=tuple(Platform), now=late, limit=2, lease=world.lease)
            for one in (storage, other) * 3
        )
        parts = await asyncio.gather(*claims)
    due = [one for part in parts for one in part] + await world.claim_deliveries(late)
    told = Counter((one.chat.id, title) for one in due for title in titles(one))
    assert (len(told), set(told.values())) == (24, {1})
    assert len(due) == 8


async def test_a_paused_chat_gets_what_waited_as_a_digest_when_it_goes_on(storage, world, late):
    chat = await world.chat()
    await owe(world, chat)
    await storage.chats.set_paused(chat.id, paused=True)
    assert await world.claim_deliveries(late) == []
    assert (await storage.history.status(chat.id, now=late)).waiting == 3
    await storage.chats.set_paused(chat.id, paused=False)
    assert await send(storage, world, late) == [["a", "b", "c"]]


async def test_a_digest_goes_with_its_chat_to_a_new_address(storage, world, late):
    chat = await world.chat()
    await owe(world, chat)
    [due] = await world.claim_deliveries(late)
    await storage.outbox.move_chat(chat.address, to="-100")
    await storage.outbox.delivery_retry(due, at=late, reason="moved", counted=False)
    [again] = await world.claim_deliveries(late)
    assert (again.chat.address.chat, again.key, titles(again)) == ("-100", due.key, ["a", "b", "c"])


async def test_where_two_chats_become_one_what_waited_together_is_bound_anew(storage, world, late):
    old, new = await world.chat(1), await world.chat(2)
    await owe(world, old)
    await world.follow(new.id)
    await owe(world, old, new, names="x")
    [due] = [one for one in await world.claim_deliveries(late) if one.chat.id == old.id]
    assert titles(due) == ["a", "b", "c", "x"]
    await storage.release_leases()
    await storage.outbox.move_chat(old.address, to=new.address.chat)
    there = ChatAddress(Platform.TELEGRAM, new.address.chat)
    told = Counter()
    while due := await world.claim_deliveries(late):
        for one in due:
            assert one.chat.address == there
            told.update(titles(one))
            await storage.outbox.delivery_sent(one, message="1", now=late)
    assert told == {"a": 1, "b": 1, "c": 1, "x": 1}
    assert set(await states(storage)) == {"sent"}


async def test_a_digest_is_not_edited_when_its_stories_are_told_by_others_too(storage, world, late):
    newsroom = Newsroom(storage, world)
    [chat] = await newsroom.begin(send=False)
    await owe(world, chat, names="b")
    [due] = await world.claim_deliveries(late)
    assert len(titles(due)) == 2
    await storage.outbox.delivery_sent(due, message="77", now=late)
    assert await newsroom.report(chat, now=late) == 0
    assert await newsroom.edits(after=31 * 3600) == []
    assert await rows(storage, "edit_at") == [(None,)] * 3


async def test_a_report_that_joined_before_is_counted_in_the_digest(storage, world, late):
    newsroom = Newsroom(storage, world)
    [chat] = await newsroom.begin(send=False)
    await owe(world, chat, names="b")
    await newsroom.report(chat)
    [due] = await world.claim_deliveries(late)
    assert [len(alert.also) for alert in due.content.alerts] == [1, 0]


async def test_a_report_that_joined_an_alert_of_a_failed_digest_is_told_instead(storage, world, late):
    newsroom = Newsroom(storage, world)
    chat = await world.chat(1)
    await owe(world, chat, names="0")
    await newsroom.begin(send=False)
    await newsroom.report(chat, name="again")
    [due] = await world.claim_deliveries(late)
    assert titles(due) == ["0", "told"]
    await storage.outbox.delivery_failed(due, reason="gave up", now=late)
    assert await send(storage, world, late) == [["again"]]


async def test_an_update_replies_to_the_digest_that_told_its_story(storage, world, late):
    newsroom = Newsroom(storage, world)
    chat = await world.chat(1)
    await owe(world, chat, names="0")
    await newsroom.begin(send=False)
    await send(storage, world, late)
    await newsroom.report(chat, name="next", kind=StoryKind.DEVELOPMENT, now=late)
    [due] = await world.claim_deliveries(late)
    assert (titles(due), due.reply_to) == (["next"], "m1")


async def test_what_waits_in_a_digest_keeps_its_item(storage, world, late):
    await owe(world, await world.chat())
    await world.claim_deliveries(late)
    assert await storage.purge(world.now + 8 * DAY, 7 * DAY) == 0
    assert await states(storage) == ["due", "folded", "folded"]


async def test_what_waited_with_one_that_ended_alone_is_bound_anew(storage, world, late):
    await owe(world, await world.chat())
    [due] = await world.claim_deliveries(late)
    async with storage._database.write() as connection:
        ended = update(deliveries).where(deliveries.c.id == due.id)
        await connection.execute(ended.values(state="failed", reason="expired"))
        await set_free(connection, [due.id])
        await move_up(connection, due.id)
    assert await send(storage, world, late) == [["b", "c"]]


async def publish(storage, world, *names, published, now, late=True):
    """Items of a feed that was not read since they were published."""
    due = await world.claim_feed(now)
    new = [replace(world.new_item(name, published=published), late=late) for name in names]
    await record_poll(storage.feeds, world.change(due, *new, next_poll=now), now=now)


async def test_what_came_out_while_the_bot_was_off_is_gathered_for_a_minute_into_one_digest(storage, world, late):
    chat = await world.chat()
    await world.follow(chat.id)
    await publish(storage, world, "a", "b", published=world.now, now=late)
    await world.alert(chat.id, now=late)
    assert await world.claim_deliveries(late) == []
    await world.alert(chat.id, now=late + MINUTE / 2)
    await publish(storage, world, "live", published=late, now=late + MINUTE / 2)
    await world.alert(chat.id, now=late + MINUTE / 2)
    assert await world.claim_deliveries(late + MINUTE / 2) == []
    assert await send(storage, world, late + MINUTE) == [["a", "b"], ["live"]]


async def test_what_its_feed_lists_late_is_alerted_as_ever(storage, world, late):
    chat = await world.chat()
    await world.follow(chat.id)
    await publish(storage, world, "a", "b", published=world.now, now=late, late=False)
    await world.alert(chat.id, items=2, now=late)
    assert await send(storage, world, late) == [["a"], ["b"]]


async def test_what_came_out_lately_is_alerted_as_ever(storage, world, late):
    chat = await world.chat()
    await world.follow(chat.id)
    await publish(storage, world, "a", "b", published=late - 2 * HOUR, now=late)
    await world.alert(chat.id, items=2, now=late)
    assert await send(storage, world, late) == [["a"], ["b"]]


async def test_where_all_is_news_a_claim_asks_the_database_nothing_more(storage, world, url):
    chat = await world.chat()
    await owe(world, chat)
    asked = []
    event.listen(storage._database.engine.sync_engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    assert len(await world.claim_deliveries()) == 1
    assert not any("digest IS NULL" in statement for statement in asked)
    with_folding = len(asked)
    async with open_storage(url) as plain:
        await plain.release_leases()
        event.listen(plain._database.engine.sync_engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
        asked.clear()
        await World(plain).claim_deliveries()
    assert len(asked) == with_folding
