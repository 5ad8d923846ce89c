"""Messages that were sent are edited when nothing is due or once in a while, and an edit that fails does no harm."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.errors import (
    ChatBlocked,
    ChatMoved,
    MessageRefused,
    PlatformDown,
    RateLimited,
    StorageError,
)
from bot.model import (
    ChatState,
    DeliveryDue,
    FeedId,
    FeedRef,
    Report,
)
from bot.work.deliver import EDITS, LOOK_FOR_EDITS, Deliverer
from bot.work.outcomes import FIRST_BACKOFF, MOST_EDITS
from bot.work.pace import Limits
from bot.work.recent import STORY_AGE
from tests.support.deliveries import NOW, FakeMessenger, FakeOutbox, deliverer, delivery


def edit(number: int, chat: int = 1, attempts: int = 0) -> DeliveryDue:
    """A sent alert that a further report joined."""
    due = delivery(number, chat, attempts)
    feed = FeedRef(id=FeedId(2), url="https://other.example/f", title="The Other")
    content = replace(due.content, also=(Report(feed=feed, url="https://other.example/1"),))
    return replace(due, content=content, message=f"m{number}", joined=1)


async def edited(messenger: FakeMessenger, *edits: DeliveryDue) -> tuple[list[tuple], Deliverer, FakeOutbox]:
    outbox = FakeOutbox()
    outbox.edits = list(edits)
    service = deliverer(outbox, messenger)
    await service.step()
    await service.drain()
    return outbox.outcomes, service, outbox


async def test_a_message_is_edited_to_name_the_further_sources():
    messenger = FakeMessenger()
    outcomes, _, outbox = await edited(messenger, edit(1))
    ((chat, message, text),) = messenger.edited
    assert (chat, message) == ("1", "m1")
    assert "Also: The Other" in text
    assert outcomes == [("edited", 1)]
    assert messenger.sent == []
    assert outbox.since == [STORY_AGE]


async def test_alerts_go_before_edits_and_few_edits_are_begun_at_once():
    outbox, messenger = FakeOutbox(delivery(9, chat=9)), FakeMessenger()
    outbox.edits = [edit(number, chat=number) for number in range(1, EDITS + 2)]
    service = deliverer(outbox, messenger)
    assert await service.step() is None
    assert (messenger.sent, messenger.edited) == ([("9", "key9")], [])
    assert await service.step() == timedelta()
    assert len(messenger.edited) == EDITS


async def test_under_alerts_that_never_end_edits_get_their_turn_once_in_a_while():
    now = NOW
    outbox, messenger = FakeOutbox(), FakeMessenger()
    outbox.edits = [edit(1)]
    service = deliverer(outbox, messenger, clock=lambda: now)
    for number in range(2, 5):
        outbox.due = [delivery(number, chat=number)]
        await service.step()
        assert (len(messenger.sent), len(messenger.edited)) == (number - 1, int(number > 3))
        now += LOOK_FOR_EDITS / 2


async def test_edits_keep_to_the_platforms_limits_as_sends_do():
    outbox, messenger = FakeOutbox(), FakeMessenger()
    outbox.edits = [edit(1)]
    service = deliverer(outbox, messenger, limits=Limits(per_second=10_000_000, chat_per_second=1))
    await service.step()
    outbox.due = [delivery(2)]
    await service.step()
    assert outbox.skipped[-1] == {1}


async def test_an_edit_that_is_refused_is_dropped_and_the_chat_goes_on():
    assert (await edited(FakeMessenger({"1": MessageRefused("message to edit not found")}), edit(1)))[0] == [
        ("edited", 1)
    ]


async def test_an_edit_waits_as_long_as_the_platform_says():
    messenger = FakeMessenger({"1": RateLimited(timedelta(seconds=17))})
    outcomes, service, outbox = await edited(messenger, edit(1))
    assert outcomes == [("edit again", 1, timedelta(seconds=17), False)]
    await service.step()
    assert outbox.skipped[-1] == {1}


async def test_an_edit_in_a_chat_that_blocked_us_stops_the_chat():
    assert (await edited(FakeMessenger({"1": ChatBlocked("kicked")}), edit(1)))[0] == [
        ("edited", 1),
        ("stopped", 1, ChatState.BLOCKED, "kicked"),
    ]


async def test_an_edit_that_meets_trouble_is_tried_again_some_times_and_holds_up_no_alert():
    messenger = FakeMessenger({"1": PlatformDown("HTTP 502")})
    outcomes, service, outbox = await edited(messenger, edit(1))
    assert outcomes == [("edit again", 1, FIRST_BACKOFF, True)]
    await service.step()
    assert outbox.skipped[-1] == set()
    assert (await edited(messenger, edit(1, attempts=MOST_EDITS - 1)))[0] == [("edited", 1)]


async def test_an_edit_in_a_group_that_moved_is_dropped_with_its_message():
    assert (await edited(FakeMessenger({"1": ChatMoved("-1001")}), edit(1)))[0][0] == ("moved", "1", "-1001")


async def test_where_edits_can_not_be_looked_for_the_alerts_in_hand_go_out_all_the_same():
    class Troubled(FakeOutbox):
        async def claim_edits(self, **given):
            raise StorageError("disk full")

    now = NOW
    outbox, messenger = Troubled(delivery(1)), FakeMessenger()
    service = deliverer(outbox, messenger, clock=lambda: now)
    now += LOOK_FOR_EDITS
    assert await service.step() == timedelta()
    assert messenger.sent == [("1", "key1")]
    with pytest.raises(StorageError):
        await service.step()
