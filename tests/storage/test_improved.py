"""A brief that comes after its alert was committed: the alert shows it, sent or not, and further chats are owed it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.model import AlertDecision, ChatId, DeliveryDue, MadeBy, NewDelivery, Platform

SECOND = timedelta(seconds=1)


@pytest.fixture
def improve(storage, world):
    """Have the alert of a decision show a model's brief, some seconds later; further chats are owed it."""

    async def improve(decision: AlertDecision, *chats: ChatId, after: float = 9) -> int:
        brief = replace(world.brief, title_zh="模型的標題", made_by=MadeBy.MODEL)
        more = tuple(NewDelivery(chat=chat) for chat in chats)
        better = replace(decision, brief=brief, deliveries=(*decision.deliveries, *more))
        return (await storage.items.improve_alerts(better, now=world.now + after * SECOND)).due

    return improve


@pytest.fixture
def edits(storage, world):
    async def edits(after: float = 9) -> list[DeliveryDue]:
        return await storage.outbox.claim_edits(
            platforms=tuple(Platform), now=world.now + after * SECOND, since=world.now, limit=9, lease=world.lease
        )

    return edits


@pytest.fixture
async def decision(world) -> AlertDecision:
    """An alert that one chat is owed."""
    chat = await world.chat()
    await world.follow(chat.id)
    await world.poll("told")
    [decision] = await world.alert(chat.id)
    return decision


async def send(storage, due: DeliveryDue, world) -> None:
    await storage.outbox.delivery_sent(due, message=f"m{due.id}", now=world.now)


async def test_an_alert_not_yet_sent_goes_out_with_the_better_brief_and_needs_no_edit(
    decision, improve, edits, storage, world
):
    assert await improve(decision) == 0
    [due] = await world.claim_deliveries()
    assert (due.content.brief.title_zh, due.content.brief.made_by) == ("模型的標題", MadeBy.MODEL)
    await send(storage, due, world)
    assert await edits() == []


async def test_an_alert_that_was_sent_is_edited_once(decision, improve, edits, storage, world):
    [due] = await world.claim_deliveries()
    await send(storage, due, world)
    await improve(decision)
    assert await edits(after=8) == []
    [edit] = await edits()
    assert (edit.message, edit.content.brief.title_zh) == (f"m{due.id}", "模型的標題")
    await storage.outbox.edit_done(edit)
    assert await edits(after=99) == []


async def test_an_alert_that_is_being_sent_at_that_moment_is_edited_after(decision, improve, edits, storage, world):
    [due] = await world.claim_deliveries()
    await improve(decision)
    await send(storage, due, world)
    [edit] = await edits()
    assert edit.content.brief.title_zh == "模型的標題"


async def test_chats_that_asked_for_words_of_the_translation_are_owed_it_and_nobody_twice(
    decision, improve, storage, world
):
    [first] = await world.claim_deliveries()
    await send(storage, first, world)
    other = await world.chat(2)
    assert await improve(decision, other.id) == 1
    assert await improve(decision, other.id) == 0
    [due] = await world.claim_deliveries(world.now + 9 * SECOND)
    assert (due.chat.id, due.content.brief.title_zh) == (other.id, "模型的標題")


async def test_a_failed_alert_and_an_item_that_was_cleaned_away_stay_as_they_are(
    decision, improve, edits, storage, world
):
    [due] = await world.claim_deliveries()
    await storage.outbox.delivery_failed(due, reason="refused", now=world.now)
    await improve(decision)
    assert await edits() == []
    assert await improve(replace(decision, item=99)) == 0


async def test_without_a_brief_there_is_nothing_to_show(decision, storage, world):
    with pytest.raises(ValueError, match="no brief"):
        await storage.items.improve_alerts(replace(decision, brief=None), now=world.now)


async def test_later_items_are_compared_with_the_better_brief_by_all_replicas(decision, improve, storage, world):
    await improve(decision)
    [member] = await storage.items.recent_stories(since=world.now + 9 * SECOND)
    assert (member.item, member.brief.title_zh) == (decision.item, "模型的標題")
