from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import delete, insert, select, update

from bot.model import ChatAddress, ChatKind, ChatState, FeedId, FeedRef, Locale, Notice, NoticeKind, Platform
from bot.storage import open_storage
from bot.storage.heads import line_up, move_up
from bot.storage.tables import deliveries, heads
from tests.storage.conftest import NOW

MINUTE = timedelta(minutes=1)
NOTICE = Notice(kind=NoticeKind.FEED_DEAD, feed=FeedRef(id=FeedId(1), url="https://a.example/", title="A"))


async def owe(world, *chats, items=1, now=None):
    """Each chat is owed `items` alerts."""
    await world.follow(chats[0].id)
    await world.poll(*(f"item {n} {now}" for n in range(items)), now=now or world.now)
    await world.alert(*(chat.id for chat in chats), items=items, now=now or world.now)


def names(due):
    return [(one.chat.address.chat, one.content.item.item.title.split()[1]) for one in due]


async def waiting(storage, world, chat) -> int:
    return (await storage.history.status(chat.id, now=world.now)).waiting


async def test_a_claimed_delivery_holds_all_it_takes_to_send_it(storage, world):
    chat = await world.chat()
    await owe(world, chat)
    [due] = await world.claim_deliveries()
    assert due.chat == chat
    assert due.content.brief == world.brief
    assert due.content.item.item.title.startswith("item 0")
    assert due.content.item.feed.title == "A"
    assert due.content.why[0].matched == ("trilateral", "talks")
    assert (due.attempts, due.created) == (0, world.now)
    assert 0 < len(due.key) <= 25


async def test_what_is_due_later_is_no_more_for_now(storage, world):
    chat = await world.chat()
    await owe(world, chat, items=2)
    [due] = await world.claim_deliveries()
    later = update(deliveries).where(deliveries.c.id != due.id).values(due_at=world.now + MINUTE)
    async with storage.outbox._database.write() as connection:
        await connection.execute(later)
    assert await storage.outbox.delivery_sent(due, message="7", now=world.now) is False


async def test_each_chat_gets_its_deliveries_in_order_and_one_at_a_time(storage, world):
    one, two = await world.chat(1), await world.chat(2)
    await owe(world, one, two, items=3)
    order = []
    more = []
    while due := await world.claim_deliveries():
        assert await world.claim_deliveries() == []
        order += names(due)
        more.append([await storage.outbox.delivery_sent(each, message="7", now=world.now) for each in due])
    assert more == [[True, True], [True, True], [False, False]]
    assert [item for chat, item in order if chat == "1"] == ["0", "1", "2"]
    assert [item for chat, item in order if chat == "2"] == ["0", "1", "2"]
    assert [sorted(order[turn : turn + 2]) for turn in (0, 2, 4)] == [[("1", n), ("2", n)] for n in "012"]


async def test_two_workers_never_claim_the_same_deliveries(storage, world, url):
    chats = [await world.chat(n) for n in range(30)]
    await owe(world, *chats, items=2)
    async with open_storage(url) as other:
        claims = (
            one.outbox.claim_deliveries(platforms=tuple(Platform), now=world.now, limit=4, lease=world.lease)
            for one in (storage, other) * 6
        )
        parts = await asyncio.gather(*claims)
    claimed = [due.chat.id for part in parts for due in part]
    assert len(claimed) == len(set(claimed))
    assert len(claimed) + len(await world.claim_deliveries()) == 30


async def test_a_delivery_that_was_claimed_but_not_recorded_comes_again(storage, world):
    await owe(world, await world.chat())
    [first] = await world.claim_deliveries()
    assert await world.claim_deliveries(world.now + world.lease - MINUTE) == []
    [second] = await world.claim_deliveries(world.now + world.lease)
    assert (second.id, second.key) == (first.id, first.key)
    assert second.lease != first.lease


async def test_a_retry_waits_for_its_time_and_is_not_overtaken(storage, world):
    chat = await world.chat()
    await owe(world, chat, items=2)
    [due] = await world.claim_deliveries()
    await storage.outbox.delivery_retry(due, at=world.now + MINUTE, reason="503")
    assert await world.claim_deliveries() == []
    [again] = await world.claim_deliveries(world.now + MINUTE)
    assert (again.id, again.attempts) == (due.id, 1)
    await storage.outbox.delivery_retry(again, at=world.now + MINUTE, reason="429", counted=False)
    [again] = await world.claim_deliveries(world.now + MINUTE)
    assert again.attempts == 1


async def test_one_waiting_chat_does_not_hold_up_another(storage, world):
    bad, good = await world.chat(1), await world.chat(2)
    await owe(world, bad, good, items=2)
    for due in await world.claim_deliveries():
        if due.chat.id == bad.id:
            await storage.outbox.delivery_retry(due, at=world.now + MINUTE, reason="down")
        else:
            await storage.outbox.delivery_sent(due, message="1", now=world.now)
    assert names(await world.claim_deliveries()) == [("2", "1")]


async def test_the_newest_goes_first_and_every_fourth_place_is_for_those_that_waited_longest(storage, world):
    chats = [await world.chat(n) for n in range(1, 13)]
    for n, chat in enumerate(chats):
        await owe(world, chat, now=world.now + n * MINUTE)
    claimed = await world.claim_deliveries(world.now + 20 * MINUTE, limit=8)
    places = [chats.index(due.chat) for due in claimed]
    assert places == [11, 10, 9, 8, 7, 6, 0, 1]
    rest = await world.claim_deliveries(world.now + 20 * MINUTE, limit=8)
    assert {chats.index(due.chat) for due in rest} == {2, 3, 4, 5}


async def test_of_one_story_private_chats_come_first(storage, world):
    private = [await world.chat(n, kind=ChatKind.PRIVATE) for n in (1, 2, 3)]
    groups = [await world.chat(n) for n in (4, 5, 6)]
    await owe(world, *groups, *private)
    claimed = [due.chat for due in await world.claim_deliveries(limit=3)]
    assert all(chat in private for chat in claimed)


async def test_a_chat_with_thousands_due_holds_up_no_other(storage, world):
    busy, other = await world.chat(1), await world.chat(2)
    await owe(world, busy, items=40)
    await owe(world, other, now=world.now + MINUTE)
    claimed = await world.claim_deliveries(world.now + MINUTE, limit=2)
    assert [due.chat.id for due in claimed] == [other.id, busy.id]


async def test_what_is_owed_while_the_last_delivery_of_a_chat_ends_gets_its_turn(storage, world, url):
    chat = await world.chat()
    await owe(world, chat)
    [last] = await world.claim_deliveries()
    ended = asyncio.Event()

    async def owe_another(other):
        async with other._database.write() as connection:
            new = {"chat_id": chat.id, "key": "k2", "why": (), "state": "due", "created": NOW, "due_at": NOW}
            await connection.execute(insert(deliveries).values(notice=NOTICE, **new))
            await line_up(other._database, connection, deliveries.c.key == "k2")
            await ended.wait()

    async with open_storage(url) as other:
        async with storage._database.write() as connection:
            done = update(deliveries).where(deliveries.c.id == last.id)
            await connection.execute(done.values(state="sent", lease="", lease_until=None))
            await connection.execute(select(heads).with_for_update())  # as `move_up` begins
            owing = asyncio.create_task(owe_another(other))
            await asyncio.wait({owing}, timeout=0.3)  # it has come as far as it can
            await move_up(connection, last.id)
        ended.set()
        await owing
    assert [due.key for due in await world.claim_deliveries()] == ["k2"]


async def test_what_another_version_owed_gets_its_turn_too(storage, world):
    one, two = await world.chat(1), await world.chat(2)
    await owe(world, one, two, items=2)
    async with storage._database.write() as connection:
        await connection.execute(delete(heads).where(heads.c.chat_id == one.id))
    assert names(await world.claim_deliveries()) == [("2", "0")]
    assert await storage.outbox.line_up_left_out() == 1
    assert names(await world.claim_deliveries()) == [("1", "0")]
    assert await storage.outbox.line_up_left_out() == 0


async def test_no_delivery_is_left_without_a_turn_whatever_happens(storage, world, url):
    """Two workers owe and send to the same chats at once, some of it failing or put off: in the end all went out."""
    chats = [await world.chat(n) for n in range(6)]
    await world.follow(chats[0].id)
    titles = [f"item {n}" for n in range(24)]
    await world.poll(*titles)
    ended = []

    async def send(one, worker):
        for turn in range(1000):
            if len(ended) == len(chats) * len(titles):
                return
            claim = one.outbox.claim_deliveries(platforms=tuple(Platform), now=world.now, limit=4, lease=world.lease)
            for due in await claim:
                if (turn + worker) % 5 == 0 and due.attempts < 2:
                    await one.outbox.delivery_retry(due, at=world.now, reason="503")
                elif (turn + worker) % 7 == 0:
                    await one.outbox.delivery_failed(due, reason="refused", now=world.now)
                    ended.append(due.id)
                else:
                    await one.outbox.delivery_sent(due, message="1", now=world.now)
                    ended.append(due.id)
            await asyncio.sleep(0)

    async with open_storage(url) as other:
        owing = [world.alert(*(chat.id for chat in chats), items=8) for _ in range(3)]
        await asyncio.gather(send(storage, 0), send(other, 1), *owing)
    assert len(ended) == len(set(ended)) == 24 * 6


async def test_only_the_asked_platforms_and_chats_are_claimed(storage, world):
    telegram, discord = await world.chat(1), await world.chat(1, platform=Platform.DISCORD)
    skipped = await world.chat(2)
    await owe(world, telegram, discord, skipped)
    claimed = await world.claim_deliveries(platforms={Platform.TELEGRAM}, skip={skipped.id})
    assert [due.chat.id for due in claimed] == [telegram.id]
    assert await world.claim_deliveries(platforms=[]) == []


async def test_any_number_of_chats_can_be_skipped(storage, world):
    chat = await world.chat()
    await owe(world, chat)
    assert await world.claim_deliveries(skip=range(35_000)) == []
    assert len(await world.claim_deliveries(skip=range(35_000, 70_000))) == 1


async def test_a_paused_chats_deliveries_wait_until_it_goes_on(storage, world):
    chat = await world.chat()
    await owe(world, chat)
    await storage.chats.set_paused(chat.id, paused=True)
    assert await world.claim_deliveries() == []
    await storage.chats.set_paused(chat.id, paused=False)
    assert len(await world.claim_deliveries()) == 1


async def test_sent_is_sent_even_when_the_lease_was_lost(storage, world):
    chat = await world.chat()
    await owe(world, chat)
    [slow] = await world.claim_deliveries()
    later = world.now + world.lease
    [second] = await world.claim_deliveries(later)
    await storage.outbox.delivery_sent(slow, message="42", now=later)
    await storage.outbox.delivery_retry(second, at=later, reason="x")
    await storage.outbox.delivery_failed(second, reason="x", now=later)
    assert await world.claim_deliveries(later + world.lease) == []
    status = await storage.history.status(chat.id, now=later)
    assert (status.sent_day, status.waiting, status.last_sent) == (1, 0, later)


async def test_who_lost_the_lease_can_neither_retry_nor_fail(storage, world):
    chat = await world.chat()
    await owe(world, chat)
    [slow] = await world.claim_deliveries()
    later = world.now + world.lease
    await world.claim_deliveries(later)
    await storage.outbox.delivery_failed(slow, reason="x", now=later)
    await storage.outbox.delivery_retry(slow, at=later, reason="x")
    assert await waiting(storage, world, chat) == 1
    assert await world.claim_deliveries(later) == []


async def test_a_failed_delivery_makes_way_for_the_next(storage, world):
    await owe(world, await world.chat(), items=2)
    [due] = await world.claim_deliveries()
    await storage.outbox.delivery_failed(due, reason="refused", now=world.now)
    assert names(await world.claim_deliveries()) == [("1", "1")]


async def test_stopping_a_chat_fails_what_is_due_there_and_nothing_else(storage, world):
    stopped, other = await world.chat(1), await world.chat(2)
    await owe(world, stopped, other, items=2)
    [held] = [due for due in await world.claim_deliveries() if due.chat.id == stopped.id]
    await storage.outbox.stop_chat(stopped.id, state=ChatState.BLOCKED, reason="kicked", now=world.now)
    await storage.outbox.delivery_retry(held, at=world.now, reason="x")
    assert await waiting(storage, world, stopped) == 0
    assert await waiting(storage, world, other) == 2
    found = await storage.chats.find_chat(stopped.address)
    assert (found.state, found.reason) == (ChatState.BLOCKED, "kicked")


async def test_a_moved_chat_keeps_all_its_topics_and_deliveries(storage, world):
    plain, topic = await world.chat(1), await world.chat(1, thread="5")
    other = await world.chat(1, platform=Platform.DISCORD)
    await owe(world, plain, topic)
    await storage.outbox.move_chat(plain.address, to="-100")
    claimed = {due.chat.id: due.chat.address for due in await world.claim_deliveries()}
    assert claimed == {
        plain.id: ChatAddress(Platform.TELEGRAM, "-100"),
        topic.id: ChatAddress(Platform.TELEGRAM, "-100", "5"),
    }
    assert await storage.chats.find_chat(other.address) == other


async def test_moving_is_safe_to_repeat(storage, world):
    chat = await world.chat(1)
    await storage.outbox.move_chat(chat.address, to="-100")
    await storage.outbox.move_chat(chat.address, to="-100")
    await storage.outbox.move_chat(ChatAddress(Platform.TELEGRAM, "-100"), to="-100")
    assert (await storage.chats.find_chat(ChatAddress(Platform.TELEGRAM, "-100"))).id == chat.id


async def test_a_chat_that_spoke_at_its_new_address_before_the_notice_gets_everything(storage, world):
    old, new = await world.chat(1), await world.chat(-100)
    await storage.chats.set_paused(old.id, paused=True)
    await storage.chats.save_settings(old.id, replace(old.settings, hint=Locale.ZH_HANT))
    await storage.chats.set_paused(old.id, paused=False)
    await owe(world, old)
    await storage.keywords.add_keyword(old.id, query="Talks", canonical="talks", now=world.now)
    await storage.outbox.move_chat(old.address, to="-100")
    assert [due.chat.id for due in await world.claim_deliveries()] == [new.id]
    assert [one.query for one in await storage.keywords.keywords(new.id)] == ["Talks"]
    assert len(await storage.subscriptions.subscriptions(new.id)) == 1
    assert (await storage.chats.find_chat(new.address)).settings.hint is Locale.ZH_HANT
    assert (await storage.chats.find_chat(old.address)).state is ChatState.GONE


async def test_two_chats_that_become_one_have_everything_once(storage, world):
    old, new = await world.chat(1), await world.chat(-100)
    await owe(world, old, new)
    await world.follow(new.id)
    await world.follow(old.id, "https://b.example/feed")
    for chat, query in ((old, "both"), (new, "both"), (old, "old"), (new, "new"), (old, "again")):
        await storage.keywords.add_keyword(chat.id, query=query, canonical=query, now=world.now)
    removed, _ = await storage.keywords.add_keyword(new.id, query="again", canonical="again", now=world.now)
    await storage.keywords.remove_keyword(new.id, removed.id)
    revision, _ = await storage.keywords.keyword_changes(after=0)
    await storage.outbox.move_chat(old.address, to="-100")
    assert sorted(one.query for one in await storage.keywords.keywords(new.id)) == ["again", "both", "new", "old"]
    assert await storage.keywords.keywords(old.id) == []
    assert len(await storage.subscriptions.subscriptions(new.id)) == 2
    assert await storage.subscriptions.subscriptions(old.id) == []
    assert [due.chat.id for due in await world.claim_deliveries()] == [new.id]
    assert await waiting(storage, world, old) == 0
    _, live = await storage.keywords.keyword_changes(after=0)
    assert sorted(change.canonical for change in live) == ["again", "both", "new", "old"]
    _, changes = await storage.keywords.keyword_changes(after=revision)
    assert ("both", False) in {(change.canonical, change.live) for change in changes}


async def test_a_lease_is_prolonged_while_nobody_else_has_the_delivery(storage, world):
    await owe(world, await world.chat(1), await world.chat(2))
    mine, other = await world.claim_deliveries()
    later = world.now + world.lease
    await storage.outbox.prolong_deliveries([mine], until=later + MINUTE)
    [taken] = await world.claim_deliveries(later)
    assert taken.id == other.id
    await storage.outbox.prolong_deliveries([mine, other], until=later + 9 * world.lease)
    await storage.outbox.delivery_retry(taken, at=later + world.lease, reason="x")
    assert [due.id for due in await world.claim_deliveries(later + world.lease)] == [other.id]


async def test_what_is_given_back_can_be_claimed_at_once_unless_somebody_else_has_it(storage, world):
    chats = [await world.chat(number) for number in (1, 2, 3)]
    await owe(world, *chats)
    first, second, _ = await world.claim_deliveries()
    await storage.outbox.release_deliveries([first, second])
    [again] = await world.claim_deliveries(limit=1)
    assert (again.id, again.attempts) == (first.id, 0)
    await storage.outbox.release_deliveries([first])
    assert [due.id for due in await world.claim_deliveries()] == [second.id]
    await storage.outbox.release_deliveries([])


async def test_what_chats_were_sent_lately_is_known_by_the_platforms_chat_with_all_its_topics(storage, world):
    topics = [await world.chat(1, thread=thread) for thread in ("7", "8")]
    other, elsewhere = await world.chat(2), await world.chat(1, platform=Platform.DISCORD)
    await world.follow(topics[0].id)
    await world.poll("a")
    await world.alert(*(chat.id for chat in (*topics, other, elsewhere)))
    for number, due in enumerate(await world.claim_deliveries()):
        await storage.outbox.delivery_sent(due, message="1", now=world.now + timedelta(seconds=number))
    before, after = world.now - timedelta(seconds=1), world.now + timedelta(minutes=1)
    sent = await storage.outbox.sent_lately(Platform.TELEGRAM, {"1", "2", "3"}, since=before)
    assert {chat: len(times) for chat, times in sent.items()} == {"1": 2, "2": 1}
    assert await storage.outbox.sent_lately(Platform.TELEGRAM, {"1"}, since=after) == {}


async def test_when_the_next_delivery_of_a_chat_is_due(storage, world):
    chat, other = await world.chat(1), await world.chat(2)
    await world.follow(chat.id)
    await world.poll("a")
    await world.alert(chat.id)
    assert await storage.outbox.next_due([chat.id, other.id]) == {chat.id: world.now}
    [due] = await world.claim_deliveries()
    await storage.outbox.delivery_retry(due, at=world.now + MINUTE, reason="x")
    assert await storage.outbox.next_due([chat.id]) == {chat.id: world.now + MINUTE}
    assert await storage.outbox.next_due([]) == {}
