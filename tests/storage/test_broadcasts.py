"""What those who run the bot say to all its chats, and what they see of it."""

from __future__ import annotations

from datetime import timedelta

from bot.model import (
    Announcement,
    BroadcastState,
    ChatAddress,
    ChatKind,
    ChatState,
    Platform,
)
from tests.support.polls import record_poll

OWNER = ChatAddress(Platform.TELEGRAM, "7")


async def begun(storage, now):
    draft = await storage.broadcasts.draft("Back at noon.\nSorry!", author=OWNER, now=now)
    assert await storage.broadcasts.begin(draft.id)
    return draft.id


async def test_a_draft_goes_to_nobody_and_can_be_dropped(storage, world):
    await world.chat()
    draft = await storage.broadcasts.draft("Hello", author=OWNER, now=world.now)
    assert (draft.state, draft.text) == (BroadcastState.DRAFT, "Hello")
    assert await storage.broadcasts.owe_more(most=9, now=world.now) == 0
    assert await storage.broadcasts.latest() is None
    assert await storage.broadcasts.drop(draft.id)
    assert not await storage.broadcasts.drop(draft.id)
    assert not await storage.broadcasts.begin(draft.id)
    assert await storage.broadcasts.broadcast(draft.id) is None


async def test_a_broadcast_reaches_every_active_chat_once_and_no_other(storage, world):
    chats = [(await world.chat(number)).id for number in range(1, 6)]
    await storage.chats.set_paused(chats[1], paused=True)
    await storage.places.expel(chats[2], now=world.now)
    await world.chat(9, platform=Platform.CONSOLE)
    assert await storage.broadcasts.reach() == 3
    broadcast = await begun(storage, world.now)
    assert await storage.broadcasts.owe_more(most=9, now=world.now) == 3
    assert await storage.broadcasts.owe_more(most=9, now=world.now) == 0
    due = await world.claim_deliveries()
    assert {one.chat.id for one in due} == {chats[0], chats[3], chats[4]}
    assert {one.content for one in due} == {Announcement(text="Back at noon.\nSorry!")}
    for one in due:
        await storage.outbox.delivery_sent(one, message="1", now=world.now)
    done = await storage.broadcasts.broadcast(broadcast)
    assert (done.state, done.sent, done.failed, done.left) == (BroadcastState.DONE, 3, 0, 0)
    assert await storage.broadcasts.latest() == done


async def test_it_is_owed_a_few_at_a_time_and_goes_on_where_it_was(storage, world):
    for number in range(1, 6):
        await world.chat(number)
    broadcast = await begun(storage, world.now)
    assert await storage.broadcasts.owe_more(most=2, now=world.now) == 2
    assert await storage.broadcasts.owe_more(most=2, now=world.now) == 0
    progress = await storage.broadcasts.broadcast(broadcast)
    assert (progress.state, progress.sent, progress.left) == (BroadcastState.SENDING, 0, 5)
    reached = set()
    while due := await world.claim_deliveries():
        reached |= {one.chat.id for one in due}
        for one in due:
            await storage.outbox.delivery_sent(one, message="1", now=world.now)
        await storage.broadcasts.owe_more(most=2, now=world.now)
    assert len(reached) == 5
    assert (await storage.broadcasts.broadcast(broadcast)).sent == 5


async def test_news_goes_before_it(storage, world):
    first, second = (await world.chat(1)).id, (await world.chat(2)).id
    draft_time = world.now - timedelta(minutes=1)
    await begun(storage, draft_time)
    await world.follow(second)
    await world.poll("a")
    await world.alert(second)
    await storage.broadcasts.owe_more(most=9, now=world.now)
    due = await world.claim_deliveries(limit=4)
    assert [one.chat.id for one in due] == [second, first]


async def test_what_was_stopped_is_sent_to_nobody_more(storage, world):
    for number in range(1, 5):
        await world.chat(number)
    broadcast = await begun(storage, world.now)
    await storage.broadcasts.owe_more(most=3, now=world.now)
    [under_way] = await world.claim_deliveries(limit=1)
    assert await storage.broadcasts.stop(broadcast, now=world.now)
    assert not await storage.broadcasts.stop(broadcast, now=world.now)
    await storage.outbox.delivery_sent(under_way, message="1", now=world.now)
    assert await storage.broadcasts.owe_more(most=9, now=world.now) == 0
    assert await world.claim_deliveries() == []
    stopped = await storage.broadcasts.broadcast(broadcast)
    assert (stopped.state, stopped.sent, stopped.failed, stopped.left) == (BroadcastState.STOPPED, 1, 2, 0)


async def test_an_alert_behind_a_stopped_broadcast_moves_up(storage, world):
    chat = (await world.chat()).id
    broadcast = await begun(storage, world.now)
    await storage.broadcasts.owe_more(most=3, now=world.now)
    await world.follow(chat)
    await world.poll("a")
    await world.alert(chat)
    await storage.broadcasts.stop(broadcast, now=world.now)
    [due] = await world.claim_deliveries()
    assert not isinstance(due.content, Announcement)


# --- figures ----------------------------------------------------------------------------------------------


async def test_the_overview_counts_chats_feeds_and_what_waits(storage, world):
    chat = (await world.chat(1)).id
    await storage.chats.set_paused((await world.chat(2)).id, paused=True)
    await storage.places.expel((await world.chat(3)).id, now=world.now)
    await world.follow(chat)
    await storage.keywords.add_keyword(chat, query="a", canonical="a", now=world.now)
    await world.poll("a")
    await world.alert(chat)
    seen = await storage.oversight.overview(now=world.now)
    assert {(platform, state): count for platform, state, count in seen.chats} == {
        (Platform.TELEGRAM, ChatState.ACTIVE): 1,
        (Platform.TELEGRAM, ChatState.PAUSED): 1,
    }
    assert (seen.outside, seen.feeds, seen.troubled, seen.keywords, seen.waiting) == (1, 1, 0, 1, 1)
    assert seen.last_poll == world.now


async def test_chats_are_listed_with_how_much_they_have(storage, world):
    first = (await world.chat(1)).id
    second = (await world.chat(2, kind=ChatKind.PRIVATE)).id
    await world.follow(first)
    await storage.keywords.add_keyword(first, query="a", canonical="a", now=world.now)
    count, listed = await storage.oversight.chats(offset=0, limit=9)
    assert count == 2
    assert [(each.chat.id, each.feeds, each.keywords) for each in listed] == [(second, 0, 0), (first, 1, 1)]
    assert [each.chat.id for each in (await storage.oversight.chats(offset=1, limit=9))[1]] == [first]


async def test_feeds_in_trouble_are_listed_with_the_chats_that_wait_for_them(storage, world):
    chat = (await world.chat(1)).id
    feed = await world.follow(chat)
    due = await world.claim_feed()
    await record_poll(
        storage.feeds,
        world.change(due, succeeded=False, failures=3, error="HTTP 500"),
        now=world.now,
    )
    count, [troubled] = await storage.oversight.troubled(offset=0, limit=9)
    assert (count, troubled.feed.id, troubled.error, troubled.chats) == (1, feed, "HTTP 500", 1)


async def test_what_waits_is_counted_by_platform_with_the_time_since_when(storage, world):
    idle = await storage.oversight.queues(now=world.now)
    assert (idle.deliveries, idle.items) == ({}, 0)
    chat = (await world.chat()).id
    await world.follow(chat)
    await world.poll("A", "B")
    assert (await storage.oversight.queues(now=world.now)).items == 2
    await world.alert(chat, items=2)
    later = world.now + timedelta(minutes=5)
    waiting = await storage.oversight.queues(now=later)
    assert waiting.items == 0
    assert waiting.deliveries == {Platform.TELEGRAM: (2, world.now)}
