from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import StatementError

from bot.errors import LeaseLost, StorageError
from bot.model import AlertDecision, ChatState, Hold, Mode, NewDelivery, Owed, Platform, Why
from bot.storage import Storage, open_storage
from bot.storage.columns import Reasons
from tests.support.polls import record_poll

MINUTE = timedelta(minutes=1)


async def claim(storage: Storage, world, now=None, limit=10):
    return await storage.items.claim_items(now=now or world.now, limit=limit, lease=world.lease)


async def ask(storage, world, chat, *queries):
    for query in queries:
        await storage.keywords.add_keyword(chat, query=query, canonical=query.lower(), now=world.now)


async def test_new_items_are_claimed_oldest_first_and_backlog_never(storage, world):
    await world.follow((await world.chat()).id)
    due = await world.claim_feed()
    news = [world.new_item("old", backlog=True), world.new_item("a"), world.new_item("b")]
    await record_poll(storage.feeds, world.change(due, *news), now=world.now)
    claimed = await claim(storage, world)
    assert [stored.item.title for stored in claimed] == ["a", "b"]
    assert claimed[0].feed.url == "https://a.example/feed"
    assert claimed[0].lease


async def test_a_claimed_item_is_free_again_when_its_lease_ran_out(storage, world):
    await world.follow((await world.chat()).id)
    await world.poll("a")
    [first] = await claim(storage, world)
    assert await claim(storage, world, world.now + world.lease - MINUTE) == []
    [second] = await claim(storage, world, world.now + world.lease)
    assert second.id == first.id
    with pytest.raises(LeaseLost):
        await storage.items.commit_alerts(AlertDecision(item=first.id, lease=first.lease), now=world.now)


async def test_two_workers_never_claim_the_same_items(storage, world, url):
    await world.follow((await world.chat()).id)
    await world.poll(*(f"item {n}" for n in range(60)))
    async with open_storage(url) as other:
        parts = await asyncio.gather(*(claim(one, world, limit=5) for one in (storage, other) * 8))
        parts += [await claim(one, world, limit=99) for one in (storage, other)]
    ids = [stored.id for part in parts for stored in part]
    assert len(ids) == len(set(ids)) == 60


async def test_a_feed_is_left_to_the_process_that_has_items_of_it_so_that_later_ones_come_later(storage, world, url):
    if storage.is_sqlite:
        pytest.skip("its file has one process")
    await world.follow((await world.chat()).id)
    await world.poll("a", "b", "c", "d")
    async with open_storage(url) as other:
        [first] = await claim(storage, world, limit=1)
        assert await claim(other, world) == []
        await storage.items.commit_alerts(AlertDecision(item=first.id, lease=first.lease), now=world.now)
        [second] = await claim(other, world, limit=1)
        assert await claim(storage, world) == []
        # The other one died.
        rest = await claim(storage, world, world.now + world.lease)
    assert [stored.item.title for stored in [first, second, *rest[1:]]] == ["a", "b", "c", "d"]
    assert rest[0].id == second.id


async def test_what_comes_after_an_item_that_another_process_took_over_is_not_committed_before_it(storage, world, url):
    if storage.is_sqlite:
        pytest.skip("its file has one process")
    await world.follow((await world.chat()).id)
    await world.poll("a", "b")
    slow = await claim(storage, world)
    later = world.now + world.lease
    async with open_storage(url) as other:
        [first] = await claim(other, world, later, limit=1)
        for item in slow:
            with pytest.raises(LeaseLost):
                await storage.items.commit_alerts(AlertDecision(item=item.id, lease=item.lease), now=later)
        await other.items.commit_alerts(AlertDecision(item=first.id, lease=first.lease), now=later)
        [second] = await claim(other, world, later)
        await other.items.commit_alerts(AlertDecision(item=second.id, lease=second.lease), now=later)
    assert [first.item.title, second.item.title] == ["a", "b"]


async def test_items_whose_claim_was_committed_unheard_are_claimed_again_at_once(storage, world, monkeypatch):
    await world.follow((await world.chat()).id)
    await world.poll("a", "b")
    with monkeypatch.context() as patch:
        patch.setattr(storage.items, "_database", Unheard(storage.items._database))
        with pytest.raises(StorageError):
            await claim(storage, world, limit=1)
    assert [stored.item.title for stored in await claim(storage, world)] == ["a", "b"]


class Unheard:
    """A database whose connection breaks after each commit, before the answer comes."""

    def __init__(self, database):
        self.is_sqlite = database.is_sqlite
        self._database = database

    @asynccontextmanager
    async def write(self):
        async with self._database.write() as connection:
            yield connection
        raise StorageError("server closed the connection unexpectedly")


async def test_of_processes_that_claim_at_once_one_gets_all_of_a_feed(storage, world, url):
    if storage.is_sqlite:
        pytest.skip("its file has one process")
    await world.follow((await world.chat()).id)
    await world.poll(*(f"item {n}" for n in range(40)))
    async with open_storage(url) as other:
        parts = await asyncio.gather(*(claim(one, world, limit=10) for one in (storage, other)))
    assert sorted(map(len, parts)) == [0, 10]


async def test_an_item_nobody_asked_for_is_done_and_tells_no_story(storage, world):
    await world.follow((await world.chat()).id)
    await world.poll("a")
    [item] = await claim(storage, world)
    assert await storage.items.commit_alerts(AlertDecision(item=item.id, lease=item.lease), now=world.now) == Owed()
    assert await claim(storage, world, world.now + 2 * world.lease) == []
    assert await storage.items.recent_stories(since=world.now - MINUTE) == []


async def test_a_decision_is_committed_once(storage, world):
    chat = await world.chat()
    await world.follow(chat.id)
    await world.poll("a")
    [decision] = await world.alert(chat.id)
    with pytest.raises(LeaseLost):
        await storage.items.commit_alerts(decision, now=world.now)
    with pytest.raises(LeaseLost):
        await storage.items.commit_alerts(replace(decision, lease=""), now=world.now)
    assert (await storage.history.status(chat.id, now=world.now)).waiting == 1


async def test_a_commit_that_fails_leaves_the_item_to_be_claimed_again(storage, world):
    chat = await world.chat()
    await world.follow(chat.id)
    await world.poll("a")
    [item] = await claim(storage, world)
    not_writable = NewDelivery(chat=chat.id, why=("no Why",))
    decision = AlertDecision(item=item.id, lease=item.lease, brief=world.brief, deliveries=(not_writable,))
    with pytest.raises(StatementError):
        await storage.items.commit_alerts(decision, now=world.now)
    assert await storage.items.recent_stories(since=world.now - MINUTE) == []
    assert [again.id for again in await claim(storage, world, world.now + world.lease)] == [item.id]


async def test_deliveries_without_a_brief_are_refused(storage, world):
    chat = await world.chat()
    await world.follow(chat.id)
    await world.poll("a")
    [item] = await claim(storage, world)
    decision = AlertDecision(item=item.id, lease=item.lease, deliveries=(NewDelivery(chat=chat.id),))
    with pytest.raises(ValueError, match="without a brief"):
        await storage.items.commit_alerts(decision, now=world.now)


async def test_a_chat_hears_of_a_story_once(storage, world):
    first, second = await world.chat(1), await world.chat(2)
    await world.follow(first.id)
    await world.poll("a", "b")
    await world.alert(first.id)
    [member] = await storage.items.recent_stories(since=world.now)
    assert (member.title, member.url, member.brief) == ("a", "https://a.example/a", world.brief)
    await world.alert(first.id, second.id, story=member.story)
    waiting = [(await storage.history.status(chat.id, now=world.now)).waiting for chat in (first, second)]
    assert waiting == [1, 1]
    assert [one.title for one in await storage.items.recent_stories(since=world.now)] == ["b", "a"]


async def test_two_workers_telling_one_story_owe_each_chat_one_delivery(storage, world, url):
    chats = [(await world.chat(n)).id for n in range(1, 9)]
    await world.follow(chats[0])
    await world.poll(*(f"item {n}" for n in range(5)))
    await world.alert()
    [member] = await storage.items.recent_stories(since=world.now)
    claimed = await claim(storage, world, limit=4)
    decisions = [
        AlertDecision(
            item=item.id,
            lease=item.lease,
            story=member.story,
            brief=world.brief,
            deliveries=tuple(NewDelivery(chat=chat) for chat in (chats if n % 2 else reversed(chats))),
        )
        for n, item in enumerate(claimed)
    ]
    async with open_storage(url) as other:
        stores = [storage, other] * 2
        counts = await asyncio.gather(
            *(
                store.items.commit_alerts(decision, now=world.now)
                for store, decision in zip(stores, decisions, strict=True)
            )
        )
    assert sum(owed.due for owed in counts) == len(chats)


async def test_it_is_answered_on_which_platforms_something_is_due_and_of_which_story(storage, world):
    here, there, held = await world.chat(1), await world.chat(2, platform=Platform.DISCORD), await world.chat(3)
    await world.follow(here.id)
    await world.poll("a", "b")
    first, second = await claim(storage, world)
    later = {"due_at": world.now + MINUTE, "held_by": Hold.DIGEST}

    def decision(item, *deliveries: NewDelivery, **more) -> AlertDecision:
        return AlertDecision(item=item.id, lease=item.lease, brief=world.brief, deliveries=deliveries, **more)

    new = decision(first, NewDelivery(chat=there.id), NewDelivery(chat=held.id, **later))
    owed = await storage.items.commit_alerts(new, now=world.now)
    [member] = await storage.items.recent_stories(since=world.now)
    assert owed == Owed(due=1, platforms=frozenset({Platform.DISCORD}), story=member.story)
    known = decision(second, NewDelivery(chat=there.id), NewDelivery(chat=here.id), story=member.story)
    owed = await storage.items.commit_alerts(known, now=world.now)
    assert owed == Owed(due=1, platforms=frozenset({here.address.platform}), story=member.story)


async def test_a_chat_that_stopped_meanwhile_gets_no_delivery(storage, world):
    chat, stopped = await world.chat(1), await world.chat(2)
    await world.follow(chat.id)
    await world.poll("a")
    await storage.outbox.stop_chat(stopped.id, state=ChatState.BLOCKED, reason="kicked", now=world.now)
    await world.alert(chat.id, stopped.id)
    assert (await storage.history.status(stopped.id, now=world.now)).waiting == 0
    assert (await storage.history.status(chat.id, now=world.now)).waiting == 1


async def test_recipients_are_those_who_asked_or_take_everything(storage, world):
    asker, taker, other, elsewhere = [(await world.chat(n)).id for n in (1, 2, 3, 4)]
    feed = await world.follow(asker)
    await world.follow(taker, mode=Mode.EVERYTHING)
    await world.follow(other)
    await world.follow(elsewhere, "https://b.example/feed")
    await ask(storage, world, asker, "Abu Dhabi", "Talks", "Never")
    await ask(storage, world, taker, "Talks")
    await ask(storage, world, other, "Never")
    await ask(storage, world, elsewhere, "Talks")
    found = {one.chat: one for one in await storage.items.recipients(feed, {"abu dhabi", "talks"})}
    assert found.keys() == {asker, taker}
    assert sorted(found[asker].queries) == [("abu dhabi", "Abu Dhabi"), ("talks", "Talks")]
    assert found[asker].mode is Mode.MATCHING
    assert found[asker].subscribed == world.now
    assert found[taker].mode is Mode.EVERYTHING
    assert found[taker].queries == (("talks", "Talks"),)


async def test_without_queries_only_those_who_take_everything_are_recipients(storage, world):
    asker, taker = (await world.chat(1)).id, (await world.chat(2)).id
    feed = await world.follow(asker)
    await world.follow(taker, mode=Mode.EVERYTHING)
    await ask(storage, world, asker, "Talks")
    assert [one.chat for one in await storage.items.recipients(feed, [])] == [taker]


async def test_recipients_take_any_number_of_queries(storage, world):
    chat = (await world.chat()).id
    feed = await world.follow(chat)
    await ask(storage, world, chat, "q3", "q1700")
    [found] = await storage.items.recipients(feed, [f"q{n}" for n in range(2000)])
    assert sorted(found.queries) == [("q1700", "q1700"), ("q3", "q3")]


async def test_paused_and_removed_are_no_recipients(storage, world):
    paused, removed = (await world.chat(1)).id, (await world.chat(2)).id
    feed = await world.follow(paused, mode=Mode.EVERYTHING)
    await world.follow(removed)
    await storage.chats.set_paused(paused, paused=True)
    keyword, _ = await storage.keywords.add_keyword(removed, query="Talks", canonical="talks", now=world.now)
    await storage.keywords.remove_keyword(removed, keyword.id)
    assert await storage.items.recipients(feed, ["talks"]) == []


async def test_the_words_of_the_translation_are_kept_with_the_reason(storage, world):
    chat = await world.chat()
    await world.follow(chat.id)
    await world.poll("a")
    [item] = await claim(storage, world)
    why = (Why(keyword="三方會談", matched=(), translated=("三方會談",)), Why(keyword="talks", matched=("talks",)))
    delivery = NewDelivery(chat=chat.id, why=why)
    decision = AlertDecision(item=item.id, lease=item.lease, brief=world.brief, deliveries=(delivery,))
    await storage.items.commit_alerts(decision, now=world.now)
    [due] = await world.claim_deliveries()
    assert due.content.why == why
    assert [alert.why for alert in await storage.history.latest_alerts(chat.id, limit=1)] == [why]


def test_reasons_from_before_there_were_words_of_the_translation_are_read():
    assert Reasons().process_result_value('[["talks", ["talk"]]]', None) == (Why(keyword="talks", matched=("talk",)),)
