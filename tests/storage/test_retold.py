"""Reports of a story that a chat knows: they join the alert that told it, and have its message edited."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.model import Chat, ChatAddress, ChatState, DeliveryDue, Platform, Reports, SameStory, Shared, StoryKind
from bot.model import StoryReason as Reason
from bot.storage import Storage, open_storage, owing
from bot.storage.tables import deliveries, likenesses

SECOND = timedelta(seconds=1)
OTHER = "https://other.example/feed"
WHY = (Reason(shared=Shared.NAMES, words=("Abu Dhabi", "阿布扎比")), Reason(shared=Shared.LINK))


class Newsroom:
    """A chat, a story that it was told, and further reports of it from another feed."""

    def __init__(self, storage: Storage, world) -> None:
        self.storage = storage
        self.world = world

    async def begin(self, *numbers: int, reports: Reports = Reports.FOLD, send: bool = True) -> list[Chat]:
        """Chats that are told a story, all by the same item."""
        chats = [await self.world.chat(number) for number in numbers or (1,)]
        for chat in chats:
            await self.storage.chats.save_settings(chat.id, replace(chat.settings, reports=reports))
        await self.world.follow(chats[0].id)
        await self.world.poll("told")
        await self.world.alert(*(chat.id for chat in chats))
        if send:
            await self.send()
        return chats

    async def send(self, now=None) -> list[DeliveryDue]:
        due = await self.world.claim_deliveries(now or self.world.now)
        for one in due:
            await self.storage.outbox.delivery_sent(one, message=f"m{one.id}", now=now or self.world.now)
        return due

    async def report(self, *chats: Chat, name: str = "again", kind: StoryKind = StoryKind.EVENT, now=None) -> int:
        """Another item of the story comes for the chats; answers how many deliveries are due."""
        now = now or self.world.now
        await self.world.poll(name, now=now)
        member = (await self.storage.items.recent_stories(since=self.world.now))[-1]
        new = ("157",) if kind is StoryKind.DEVELOPMENT else ()
        same = SameStory(story=member.story, item=member.item, kind=kind, score=0.75, reasons=WHY, new=new)
        story = None if kind is StoryKind.DEVELOPMENT else member.story
        await self.world.alert(*(chat.id for chat in chats), story=story, same=same, edit_at=now + 5 * SECOND, now=now)
        return sum([(await self.storage.history.status(chat.id, now=now)).waiting for chat in chats])

    async def edits(self, after: float = 5, **more: object) -> list[DeliveryDue]:
        now = self.world.now + after * SECOND
        options = {"platforms": tuple(Platform), "limit": 9, "lease": self.world.lease, "now": now} | more
        return await self.storage.outbox.claim_edits(**({"since": self.world.now} | options))

    async def rows(self) -> list[tuple[str, int | None, int]]:
        """The state of each delivery, what told it, and how many joined it."""
        columns = select(deliveries.c.state, deliveries.c.told_by, deliveries.c.joined).order_by(deliveries.c.id)
        async with self.storage._database.read() as connection:
            return [tuple(row) for row in await connection.execute(columns)]


@pytest.fixture
def newsroom(storage, world) -> Newsroom:
    return Newsroom(storage, world)


def sources(due: DeliveryDue) -> list[str]:
    return [report.url.rpartition("/")[2] for report in due.content.also]


async def test_a_further_report_joins_the_delivery_that_told_the_story_and_keeps_its_reasons(newsroom, storage):
    [chat] = await newsroom.begin()
    assert await newsroom.report(chat) == 0
    assert await newsroom.rows() == [("sent", None, 1), ("joined", 1, 0)]
    async with storage._database.read() as connection:
        kept = await connection.scalar(select(deliveries.c.why).where(deliveries.c.state == "joined"))
        like = (await connection.execute(select(likenesses))).one()
    assert kept[0].keyword == "trilateral talks"
    assert (like.item_id, like.story_id, like.like_id, like.kind, like.score) == (2, 1, 1, "event", 0.75)
    assert (like.reasons, like.new) == (WHY, ())


async def test_its_message_is_to_be_edited_when_the_reports_were_gathered(newsroom):
    [chat] = await newsroom.begin()
    await newsroom.report(chat, name="a")
    await newsroom.report(chat, name="b", now=newsroom.world.now + 3 * SECOND)
    assert await newsroom.edits(after=4) == []
    [edit] = await newsroom.edits()
    assert (edit.message, sources(edit), edit.joined, edit.content.kind) == ("m1", ["a", "b"], 2, None)
    assert edit.content.also[0].feed.title == "A"
    await newsroom.storage.outbox.edit_done(edit)
    assert await newsroom.edits(after=99) == []


async def test_a_message_not_yet_sent_shows_the_report_at_once(newsroom):
    [chat] = await newsroom.begin(send=False)
    await newsroom.report(chat)
    [due] = await newsroom.send()
    assert (sources(due), due.message) == (["again"], "")
    assert await newsroom.edits() == []


async def test_a_report_that_comes_while_the_message_is_sent_or_edited_is_shown_by_another_edit(newsroom):
    [chat] = await newsroom.begin(send=False)
    [due] = await newsroom.world.claim_deliveries()
    await newsroom.report(chat, name="a")
    await newsroom.storage.outbox.delivery_sent(due, message="m1", now=newsroom.world.now)
    [edit] = await newsroom.edits()
    await newsroom.report(chat, name="b", now=newsroom.world.now + 6 * SECOND)
    await newsroom.storage.outbox.edit_done(edit)
    assert await newsroom.edits(after=10) == []
    [edit] = await newsroom.edits(after=11)
    assert sources(edit) == ["a", "b"]


async def test_an_edit_that_was_claimed_and_not_recorded_comes_again(newsroom):
    [chat] = await newsroom.begin()
    await newsroom.report(chat)
    [lost] = await newsroom.edits()
    assert await newsroom.edits(after=6) == []
    later = newsroom.world.lease.total_seconds() + 6
    [again] = await newsroom.edits(after=later)
    await newsroom.storage.outbox.edit_done(lost)
    await newsroom.storage.outbox.edit_retry(lost, at=newsroom.world.now)
    await newsroom.storage.outbox.edit_retry(again, at=newsroom.world.now + (later + 9) * SECOND)
    assert await newsroom.edits(after=later + 8) == []
    [third] = await newsroom.edits(after=later + 9)
    assert (again.attempts, third.attempts) == (0, 1)


async def test_what_was_given_back_or_rate_limited_costs_no_attempt(newsroom):
    [chat] = await newsroom.begin()
    await newsroom.report(chat)
    await newsroom.storage.outbox.release_deliveries(await newsroom.edits())
    [edit] = await newsroom.edits()
    await newsroom.storage.outbox.edit_retry(edit, at=newsroom.world.now, counted=False)
    assert [again.attempts for again in await newsroom.edits()] == [0]


async def test_only_young_messages_in_active_chats_of_the_platform_are_edited(newsroom, storage, world):
    chat, paused = await newsroom.begin(1, 2)
    await newsroom.report(chat, paused)
    await storage.chats.set_paused(paused.id, paused=True)
    assert await newsroom.edits(since=world.now + SECOND) == []
    assert await newsroom.edits(platforms=[Platform.DISCORD]) == []
    assert await newsroom.edits(skip=[chat.id]) == []
    assert [edit.chat.id for edit in await newsroom.edits()] == [chat.id]


async def test_two_workers_never_edit_the_same_message_at_once(newsroom, url, world):
    chats = await newsroom.begin(*range(1, 13))
    await newsroom.report(*chats)
    async with open_storage(url) as other:
        rooms = [newsroom, Newsroom(other, world)] * 2
        parts = await asyncio.gather(*(room.edits(limit=4) for room in rooms))
    claimed = [edit.id for part in parts for edit in part]
    assert len(claimed) == len(set(claimed))
    assert len(claimed) + len(await newsroom.edits(limit=99)) == 12


async def test_workers_that_join_reports_to_the_same_alerts_lose_none_and_do_not_lock_up(newsroom, url, storage, world):
    chats = await newsroom.begin(*range(1, 9))
    await world.poll("a", "b", "c", "d")
    [member] = await storage.items.recent_stories(since=world.now)
    same = SameStory(story=member.story, item=member.item, kind=StoryKind.EVENT, score=1, reasons=())
    async with open_storage(url) as other:
        worlds = [world, type(world)(other)] * 2
        orders = [chats, chats[::-1]] * 2
        await asyncio.gather(
            *(
                one.alert(*(chat.id for chat in order), story=member.story, same=same)
                for one, order in zip(worlds, orders, strict=True)
            )
        )
        await world.alert(*(chat.id for chat in chats), items=9, story=member.story, same=same)
    edits = await newsroom.edits()
    assert [(edit.joined, len(edit.content.also)) for edit in edits] == [(4, 4)] * 8


async def test_a_chat_that_wants_each_report_gets_it_as_an_alert_that_replies_to_the_first(newsroom):
    [chat] = await newsroom.begin(reports=Reports.EACH)
    assert await newsroom.report(chat, kind=StoryKind.REPEAT) == 1
    [due] = await newsroom.send()
    assert (due.content.kind, due.reply_to, due.content.item.item.title) == (StoryKind.REPEAT, "m1", "again")
    assert await newsroom.edits() == []


async def test_a_development_replies_to_the_earlier_alert_where_there_was_one(newsroom, world):
    [told] = await newsroom.begin()
    other = await world.chat(2)
    assert await newsroom.report(told, other, kind=StoryKind.DEVELOPMENT) == 2
    first, update = await newsroom.send()
    assert (update.content.kind, update.content.new, update.reply_to) == (StoryKind.DEVELOPMENT, ("157",), "m1")
    assert (first.content.kind, first.content.new, first.reply_to) == (None, (), "")


async def test_what_could_not_be_sent_told_nothing(newsroom, storage):
    [chat] = await newsroom.begin(send=False)
    [due] = await newsroom.world.claim_deliveries()
    await newsroom.report(chat, kind=StoryKind.DEVELOPMENT)
    await storage.outbox.delivery_failed(due, reason="refused", now=newsroom.world.now)
    [update] = await newsroom.send()
    assert (update.content.kind, update.reply_to) == (None, "")


async def test_a_chat_that_was_to_be_told_in_vain_is_told_by_the_next_report(newsroom, storage):
    [chat] = await newsroom.begin(send=False)
    [due] = await newsroom.world.claim_deliveries()
    await storage.outbox.delivery_failed(due, reason="refused", now=newsroom.world.now)
    assert await newsroom.report(chat, name="a") == 1
    await newsroom.send()
    assert await newsroom.report(chat, name="b") == 0
    assert await newsroom.rows() == [("failed", None, 0), ("sent", None, 1), ("joined", 2, 0)]


async def test_a_report_that_joined_an_alert_in_vain_is_told_in_its_place(newsroom, storage):
    [chat] = await newsroom.begin(send=False)
    for name in "abc":
        await newsroom.report(chat, name=name)
    [due] = await newsroom.world.claim_deliveries()
    await storage.outbox.delivery_failed(due, reason="refused", now=newsroom.world.now)
    [instead] = await newsroom.send()
    assert (instead.content.item.item.title, sources(instead), instead.content.kind) == ("a", ["b", "c"], None)
    assert await newsroom.rows() == [("failed", None, 3), ("sent", None, 2), ("joined", 2, 0), ("joined", 2, 0)]
    assert await newsroom.edits(after=99) == []


async def test_joined_reports_are_no_alerts_in_lists_and_counts(newsroom, storage, world):
    [chat] = await newsroom.begin()
    await newsroom.report(chat)
    assert [alert.item.item.title for alert in await storage.history.latest_alerts(chat.id, limit=9)] == ["told"]
    status = await storage.history.status(chat.id, now=world.now)
    assert (status.sent_day, status.waiting) == (1, 0)


async def test_the_messages_of_a_group_that_moved_stay_behind(newsroom, storage):
    [chat] = await newsroom.begin()
    await newsroom.report(chat)
    [edit] = await newsroom.edits()
    await storage.outbox.move_chat(chat.address, to="-100")
    await storage.outbox.edit_retry(edit, at=newsroom.world.now)
    assert await newsroom.edits(after=9) == []
    await newsroom.report(chat, name="more", kind=StoryKind.DEVELOPMENT)
    [update] = await newsroom.send()
    assert (update.content.kind, update.reply_to) == (StoryKind.DEVELOPMENT, "")


async def test_what_two_chats_that_became_one_were_told_stays_told(newsroom, storage, world):
    old, new = await newsroom.begin(1, -100)
    await newsroom.report(old, new)
    await storage.outbox.move_chat(old.address, to="-100")
    [edit] = await newsroom.edits()
    assert (edit.chat.id, sources(edit)) == (new.id, ["again"])
    assert (await storage.chats.find_chat(ChatAddress(Platform.TELEGRAM, "-100"))).state is ChatState.ACTIVE


async def test_reasons_that_name_an_item_cleaned_away_hold_up_no_alert(newsroom, storage, world):
    [chat] = await newsroom.begin()
    await world.poll("a")
    same = SameStory(story=1, item=999, kind=StoryKind.DEVELOPMENT, score=0.6, reasons=())
    await world.alert(chat.id, same=same)
    [update] = await newsroom.send()
    assert (update.content.kind, update.reply_to) == (None, "m1")


async def test_joined_reports_and_reasons_go_with_their_items(newsroom, storage, world):
    [chat] = await newsroom.begin()
    await newsroom.report(chat, now=world.now + SECOND)
    keep = timedelta(days=30)
    assert await storage.purge(world.now + keep + SECOND / 2, keep) == 1
    assert await newsroom.rows() == [("joined", None, 0)]
    assert await storage.purge(world.now + keep + 2 * SECOND, keep) == 1
    assert await newsroom.rows() == []
    async with storage._database.read() as connection:
        assert (await connection.execute(select(likenesses))).all() == []


async def test_a_report_is_told_where_the_alert_that_it_was_to_join_fails_meanwhile(newsroom, storage, monkeypatch):
    if storage._database.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer at a time: nothing happens meanwhile")
    [chat] = await newsroom.begin(send=False)
    [due] = await newsroom.world.claim_deliveries()
    tellers = owing._tellers

    async def and_then_it_fails(*asked):
        told_by = await tellers(*asked)
        await storage.outbox.delivery_failed(due, reason="refused", now=newsroom.world.now)
        return told_by

    monkeypatch.setattr(owing, "_tellers", and_then_it_fails)
    assert await newsroom.report(chat) == 1
    assert [state for state, _, _ in await newsroom.rows()] == ["failed", "due"]
