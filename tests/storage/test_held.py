"""Alerts that wait for their time come together when it is there, hold up nothing meanwhile, and none is lost."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.model import (
    Alert,
    AlertDecision,
    Cap,
    ChatAddress,
    ChatKind,
    ChatState,
    Choice,
    DeliveryState,
    Digest,
    Frequency,
    Hold,
    Locale,
    NewDelivery,
    Platform,
    Reports,
    SameStory,
    Schedule,
    StoryKind,
    Why,
)
from bot.storage import open_storage
from bot.storage.held import over
from bot.storage.tables import deliveries, heads, items
from tests.storage.conftest import BRIEF, LEASE, World

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


class Desk(World):
    """A world whose alerts may be held."""

    async def owe(self, *chats, names="abc", now=None, held_by=None, due_at=None, cap=None, same=None) -> list[int]:
        """Owe the chats an alert of each of the items; answer how many are due for each."""
        now = now or self.now
        await self.follow(chats[0].id)
        await self.poll(*names, now=now)
        why = (Why(keyword="talks", matched=("talks",)),)
        due = []
        for item in await self.storage.items.claim_items(now=now, limit=len(names), lease=LEASE):
            new = [NewDelivery(chat=chat.id, why=why, held_by=held_by, due_at=due_at, cap=cap) for chat in chats]
            decision = AlertDecision(
                item=item.id,
                lease=item.lease,
                story=same.story if same else None,
                same=same,
                edit_at=now,
                brief=BRIEF,
                deliveries=tuple(new),
            )
            due.append((await self.storage.items.commit_alerts(decision, now=now)).due)
        return due

    async def send(self, now) -> list[list[str]]:
        """All that is due, in the order of its sending."""
        sent = []
        while due := await self.claim_deliveries(now):
            for one in due:
                sent.append(titles(one))
                await self.storage.outbox.delivery_sent(one, message=f"m{one.id}", now=now)
        return sent

    async def gather(self, now) -> int:
        return await self.storage.held.gather_held(now=now, limit=50)

    async def rows(self, *names) -> list[tuple]:
        columns = select(*(deliveries.c[name] for name in names)).order_by(deliveries.c.id)
        async with self.storage._database.read() as connection:
            return [tuple(row) for row in await connection.execute(columns)]

    async def states(self) -> list[str]:
        return [state for (state,) in await self.rows("state")]

    async def same(self, *, kind=StoryKind.EVENT) -> SameStory:
        """An item that tells the story of the first one."""
        async with self.storage._database.read() as connection:
            first = (await connection.execute(select(items.c.id, items.c.story_id).order_by(items.c.id))).first()
        return SameStory(story=first.story_id, item=first.id, kind=kind, score=0.9, reasons=())


def titles(due) -> list[str]:
    alerts = due.content.alerts if isinstance(due.content, Digest) else [due.content]
    return [alert.item.item.title for alert in alerts]


@pytest.fixture
async def storage(url):
    async with open_storage(url, news_age=DAY) as opened:
        yield opened


@pytest.fixture
def desk(storage) -> Desk:
    return Desk(storage)


@pytest.fixture
def later(desk):
    return desk.now + 8 * HOUR


async def test_what_is_held_comes_as_one_digest_at_its_time_and_not_before(desk, later):
    chat = await desk.chat()
    assert await desk.owe(chat, held_by=Hold.DIGEST, due_at=later) == [0, 0, 0]
    before = later - MINUTE
    assert (await desk.gather(before), await desk.send(before)) == (0, [])
    assert await desk.gather(later) == 1
    [due] = await desk.claim_deliveries(later)
    assert (titles(due), due.content.held_by, due.content.due_at) == (["a", "b", "c"], Hold.DIGEST, later)
    await desk.storage.outbox.delivery_sent(due, message="m", now=later)
    assert set(await desk.states()) == {"sent"}
    assert await desk.gather(later) == 0


async def test_one_alone_comes_as_a_plain_alert_whose_message_can_be_edited(desk, later):
    chat = await desk.chat()
    await desk.owe(chat, names="a", held_by=Hold.DIGEST, due_at=later)
    await desk.gather(later)
    [due] = await desk.claim_deliveries(later)
    assert isinstance(due.content, Alert)
    await desk.storage.outbox.delivery_sent(due, message="m", now=later)
    await desk.owe(chat, names="b", now=later, same=await desk.same())
    platforms = [Platform.TELEGRAM]
    edits = await desk.storage.outbox.claim_edits(platforms=platforms, now=later, since=desk.now, limit=9, lease=LEASE)
    assert [one.message for one in edits] == ["m"]


async def test_what_is_held_and_what_is_due_at_once_do_not_hold_each_other_up(desk, later):
    chat = await desk.chat()
    await desk.owe(chat, names="ab", held_by=Hold.DIGEST, due_at=later)
    assert await desk.owe(chat, names="x") == [1]
    assert await desk.send(desk.now) == [["x"]]
    await desk.owe(chat, names="y", now=later)
    [busy] = await desk.claim_deliveries(later)
    await desk.storage.outbox.delivery_retry(busy, at=later + HOUR, reason="down")
    assert await desk.gather(later) == 1
    assert await desk.send(later) == [["a", "b"]]
    assert await desk.send(later + HOUR) == [["y"]]


async def test_each_chat_has_its_own_time(desk, later):
    one, two = await desk.chat(1), await desk.chat(2)
    await desk.owe(one, names="ab", held_by=Hold.DIGEST, due_at=later)
    await desk.owe(two, names="cd", held_by=Hold.QUIET, due_at=later + HOUR)
    assert (await desk.gather(later), await desk.send(later)) == (1, [["a", "b"]])
    assert (await desk.gather(later + HOUR), await desk.send(later + HOUR)) == (1, [["c", "d"]])


async def test_no_more_chats_than_asked_for_are_gathered_at_once(desk, later):
    chats = [await desk.chat(number) for number in range(5)]
    await desk.owe(*chats, names="ab", held_by=Hold.DIGEST, due_at=later)
    gathered = [await desk.storage.held.gather_held(now=later, limit=2) for _ in range(4)]
    assert gathered == [2, 2, 1, 0]
    assert await desk.send(later) == [["a", "b"]] * 5


async def test_a_digest_says_what_most_of_it_waited_for_and_is_a_digest_before_anything_else(desk, later):
    chat = await desk.chat()
    await desk.owe(chat, names="ab", held_by=Hold.QUIET, due_at=later)
    await desk.owe(chat, names="c", held_by=Hold.ASIDE, due_at=later)
    await desk.gather(later)
    [due] = await desk.claim_deliveries(later)
    assert due.content.held_by is Hold.QUIET
    await desk.storage.outbox.delivery_sent(due, message="m", now=later)
    await desk.owe(chat, names="de", now=later, held_by=Hold.QUIET, due_at=later + HOUR)
    await desk.owe(chat, names="f", now=later, held_by=Hold.DIGEST, due_at=later + HOUR)
    await desk.gather(later + HOUR)
    [due] = await desk.claim_deliveries(later + HOUR)
    assert due.content.held_by is Hold.DIGEST


async def test_a_digest_of_more_than_one_message_takes_is_two(desk, later, monkeypatch):
    monkeypatch.setattr("bot.storage.held.MOST", 2)
    await desk.owe(await desk.chat(), names="abcde", held_by=Hold.DIGEST, due_at=later)
    await desk.gather(later)
    assert await desk.send(later) == [["a", "b"], ["c", "d"], ["e"]]


async def test_what_was_held_for_days_is_no_backlog(desk):
    monday = desk.now + 3 * DAY
    await desk.owe(await desk.chat(), names="a", held_by=Hold.DIGEST, due_at=monday)
    await desk.owe(await desk.chat(2), names="bc", held_by=Hold.DIGEST, due_at=monday)
    await desk.gather(monday)
    found = sorted(((titles(due), due.content) for due in await desk.claim_deliveries(monday)), key=lambda it: it[0])
    assert isinstance(found[0][1], Alert)
    assert (found[1][0], found[1][1].held_by) == (["b", "c"], Hold.DIGEST)


async def test_a_report_joins_the_alert_that_is_held_and_the_digest_names_it(desk, later):
    chat = await desk.chat()
    await desk.owe(chat, names="ab", held_by=Hold.DIGEST, due_at=later)
    await desk.owe(chat, names="c", held_by=Hold.DIGEST, due_at=later, same=await desk.same())
    assert await desk.states() == ["held", "held", "joined"]
    assert [at for (at,) in await desk.rows("edit_at")] == [None, None, None]
    await desk.gather(later)
    [due] = await desk.claim_deliveries(later)
    assert [len(alert.also) for alert in due.content.alerts] == [1, 0]


async def test_a_report_that_is_wanted_at_once_brings_the_alert_that_is_held(desk, later):
    chat = await desk.chat()
    await desk.owe(chat, names="ab", held_by=Hold.DIGEST, due_at=later)
    await desk.owe(chat, names="c", same=await desk.same())
    await desk.gather(desk.now)
    [due] = await desk.claim_deliveries()
    assert (titles(due), len(due.content.also)) == (["a"], 1)
    assert await desk.states() == ["due", "held", "joined"]


async def test_who_wants_each_report_has_each_held(desk, later):
    chat = await desk.chat()
    await desk.storage.chats.save_settings(chat.id, replace(chat.settings, reports=Reports.EACH))
    await desk.owe(chat, names="a", held_by=Hold.DIGEST, due_at=later)
    await desk.owe(chat, names="b", held_by=Hold.DIGEST, due_at=later, same=await desk.same())
    await desk.gather(later)
    assert await desk.send(later) == [["a", "b"]]


async def test_no_more_alerts_come_in_an_hour_than_the_chat_wants(desk):
    chat, other = await desk.chat(1), await desk.chat(2)
    hour, following = desk.now, desk.now + HOUR
    cap = Cap(3, hour, following)
    assert await desk.owe(chat, other, names="ab", cap=cap) == [2, 2]
    assert await desk.send(hour) == [["a"], ["a"], ["b"], ["b"]]
    now = hour + MINUTE
    assert await desk.owe(chat, names="cdefg", now=now, cap=cap) == [1, 0, 0, 0, 0]
    assert await desk.send(now) == [["c"]]
    assert await desk.owe(other, names="h", now=now, cap=cap) == [1]
    await desk.gather(following)
    found = await desk.claim_deliveries(following)
    assert sorted((titles(due), getattr(due.content, "held_by", None)) for due in found) == [
        (["d", "e", "f", "g"], Hold.CAP),
        (["h"], None),
    ]
    # The digest counts as none of the next hour's.
    assert await desk.owe(chat, names="xyz", now=following, cap=Cap(3, following, following + HOUR)) == [1, 1, 1]


async def test_what_is_held_is_among_the_latest_alerts_and_counted_apart(desk, later):
    chat = await desk.chat()
    await desk.owe(chat, names="ab", held_by=Hold.DIGEST, due_at=later)
    await desk.owe(chat, names="c")
    status = await desk.storage.history.status(chat.id, now=desk.now)
    assert (status.waiting, status.held, status.next_digest) == (1, 2, later)
    latest = await desk.storage.history.latest_alerts(chat.id, limit=9)
    assert [alert.item.item.title for alert in latest] == ["c", "b", "a"]


async def test_a_trail_tells_what_an_alert_waits_for(desk, later):
    chat = await desk.chat()
    await desk.owe(chat, names="a", held_by=Hold.QUIET, due_at=later)
    [alert] = await desk.storage.history.latest_alerts(chat.id, limit=1)
    fate = (await desk.storage.trails.trail(chat.id, alert.item.id)).fate
    assert (fate.state, fate.held_by, fate.due_at) == (DeliveryState.HELD, Hold.QUIET, later)


async def test_what_is_held_can_be_had_earlier_or_later_by_its_reason(desk, later):
    chat, other = await desk.chat(1), await desk.chat(2)
    await desk.owe(chat, other, names="ab", held_by=Hold.MUTE, due_at=later)
    await desk.owe(chat, names="c", held_by=Hold.DIGEST, due_at=later)
    times = {Hold.MUTE: desk.now, Hold.QUIET: desk.now}
    assert await desk.storage.held.reschedule_held(chat.id, times) == 2
    assert await desk.gather(desk.now) == 1
    assert await desk.send(desk.now) == [["a", "b"]]


async def test_a_chat_that_is_stopped_is_sent_nothing_that_was_held(desk, later):
    chat = await desk.chat()
    await desk.owe(chat, held_by=Hold.DIGEST, due_at=later)
    await desk.storage.outbox.stop_chat(chat.id, state=ChatState.BLOCKED, reason="blocked", now=desk.now)
    assert set(await desk.states()) == {"failed"}
    assert (await desk.gather(later), await desk.send(later)) == (0, [])


async def test_a_paused_chat_gets_its_digest_when_it_goes_on(desk, later):
    chat = await desk.chat()
    await desk.owe(chat, held_by=Hold.DIGEST, due_at=later)
    await desk.storage.chats.set_paused(chat.id, paused=True)
    await desk.gather(later)
    assert await desk.send(later) == []
    await desk.storage.chats.set_paused(chat.id, paused=False)
    assert await desk.send(later + HOUR) == [["a", "b", "c"]]


async def test_a_chat_that_moves_takes_along_what_is_held_and_how_it_wants_it(desk, later):
    chat = await desk.chat(1)
    schedule = Schedule(frequency=Frequency.DAILY)
    await desk.storage.chats.save_settings(chat.id, replace(chat.settings, schedule=schedule))
    await desk.owe(chat, held_by=Hold.DIGEST, due_at=later)
    await desk.chat(2)
    await desk.storage.outbox.move_chat(ChatAddress(Platform.TELEGRAM, "1"), to="2")
    assert (await desk.chat(2)).settings.schedule == schedule
    await desk.gather(later)
    [due] = await desk.claim_deliveries(later)
    assert (due.chat.address.chat, titles(due)) == ("2", ["a", "b", "c"])


async def test_the_clean_up_leaves_what_is_held(desk):
    await desk.owe(await desk.chat(), held_by=Hold.MUTE, due_at=desk.now + 20 * DAY)
    now = desk.now + 19 * DAY
    assert await desk.storage.expire(now, 7 * DAY) == 0
    assert await desk.storage.purge(now, 7 * DAY) == 0
    await desk.gather(desk.now + 20 * DAY)
    assert await desk.send(desk.now + 20 * DAY) == [["a", "b", "c"]]


async def test_replicas_that_gather_at_once_make_one_digest_of_each_chat(desk, later, url, database):
    if database == "sqlite":
        pytest.skip("an SQLite file has one process")
    chats = [await desk.chat(number) for number in range(20)]
    await desk.owe(*chats, held_by=Hold.DIGEST, due_at=later)
    async with open_storage(url) as second, open_storage(url) as third:
        stores = (desk.storage.held, second.held, third.held)
        while any(await asyncio.gather(*(each.gather_held(now=later, limit=8) for each in stores))):
            pass
    assert await desk.send(later) == [["a", "b", "c"]] * 20


async def test_a_crash_before_the_digest_is_sent_leaves_it_as_it_was(desk, later):
    await desk.owe(await desk.chat(), held_by=Hold.DIGEST, due_at=later)
    await desk.gather(later)
    [first] = await desk.claim_deliveries(later)
    await desk.storage.release_leases()
    [again] = await desk.claim_deliveries(later)
    assert (again.key, titles(again), again.content.held_by) == (first.key, ["a", "b", "c"], Hold.DIGEST)


async def test_a_chat_without_anything_held_has_no_head(desk, later):
    await desk.storage.chats.open_chat(
        ChatAddress(Platform.DISCORD, "9"), kind=ChatKind.GROUP, title="", hint=Locale.EN, now=desk.now
    )
    await desk.owe(await desk.chat(), held_by=Hold.DIGEST, due_at=later)
    async with desk.storage._database.read() as connection:
        assert (await connection.execute(select(heads))).all() == []


async def test_the_end_of_a_keywords_or_a_feeds_mute_lets_go_what_waited_for_it(desk, storage, later):
    chat = await desk.chat()
    keyword, _ = await storage.keywords.add_keyword(chat.id, query="talks", canonical="talks", now=desk.now)
    other, _ = await storage.keywords.add_keyword(chat.id, query="quake", canonical="quake", now=desk.now)
    await desk.owe(chat, names="ab", held_by=Hold.ASIDE, due_at=later)
    await storage.keywords.set_keyword_choice(chat.id, keyword.id, Choice(muted_until=later))
    await storage.keywords.set_keyword_choice(chat.id, other.id, Choice())
    assert await desk.gather(desk.now) == 0
    await storage.keywords.set_keyword_choice(chat.id, keyword.id, Choice())
    await desk.gather(desk.now)
    assert await desk.send(desk.now) == [["a", "b"]]
    await desk.owe(chat, names="c", held_by=Hold.ASIDE, due_at=later)
    await storage.subscriptions.set_feed_choice(chat.id, await desk.follow(chat.id), Choice())
    await desk.gather(desk.now)
    assert await desk.send(desk.now) == [["c"]]


async def test_to_look_for_what_is_over_reads_nothing_else(desk, later, database):
    await desk.owe(await desk.chat(), held_by=Hold.DIGEST, due_at=later)
    if database == "postgres":
        return  # it plans by the sizes of tables, and these are small
    async with desk.storage._database.read() as connection:
        query = str(over(is_sqlite=True).compile(dialect=connection.dialect))
        plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", ("2026-01-01", 9, 0))
        steps = [step.detail for step in plan.all()]
    assert steps == ["SEARCH deliveries USING INDEX deliveries_held_idx (due_at<?)"]
