"""Deliveries end in sent, or in a reason; no chat holds up another, and order within a chat is kept."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.errors import (
    ChatBlocked,
    ChatGone,
    ChatMoved,
    MessageRefused,
    PlatformDown,
    RateLimited,
    StorageError,
    TokenRefused,
)
from bot.model import (
    Alert,
    Brief,
    Chat,
    ChatAddress,
    ChatId,
    ChatKind,
    ChatState,
    DeliveryDue,
    DeliveryId,
    FeedId,
    FeedRef,
    Item,
    ItemId,
    MadeBy,
    Platform,
    Report,
    StoredItem,
    Why,
)
from bot.web.metrics import PrometheusMeter
from bot.work.deliver import (
    DOWN_CHATS,
    DOWN_PAUSE,
    EDITS,
    FEWEST_ATTEMPTS,
    FIRST_BACKOFF,
    GIVE_UP_AFTER,
    LONGEST_BACKOFF,
    MOST_EDITS,
    MOST_FAULTS,
    Deliverer,
    backoff,
)
from bot.work.pace import Limits, Pacer
from bot.work.recent import STORY_AGE
from tests.support.fakes import plain

NOW = datetime(2026, 2, 1, 12, tzinfo=UTC)


def delivery(number: int, chat: int = 1, attempts: int = 0, created: datetime = NOW) -> DeliveryDue:
    item = Item(guid=str(number), url=f"https://example.org/{number}", title=f"News {number}", published=NOW)
    stored = StoredItem(
        id=ItemId(number), feed=FeedRef(id=FeedId(1), url="https://example.org/f", title="F"), item=item, seen=NOW
    )
    brief = Brief(
        title_zh=f"新聞{number}", title_en=f"News {number}", summary_zh="", summary_en="", made_by=MadeBy.FEED
    )
    return DeliveryDue(
        id=DeliveryId(number),
        key=f"key{number}",
        lease="lease",
        attempts=attempts,
        chat=Chat(id=ChatId(chat), address=ChatAddress(Platform.TELEGRAM, str(chat)), kind=ChatKind.PRIVATE),
        content=Alert(item=stored, brief=brief, why=(Why(keyword="news", matched=("News",)),)),
        created=created,
    )


class FakeOutbox:
    """Hands out what it was given, and writes down what becomes of it."""

    def __init__(self, *due: DeliveryDue) -> None:
        self.due = list(due)
        self.edits: list[DeliveryDue] = []
        self.since: list[timedelta] = []
        self.outcomes: list[tuple] = []
        self.skipped: list[set[int]] = []
        self.prolonged: list[tuple[list[int], timedelta]] = []
        self.released: list[int] = []
        self.broken = False

    async def claim_deliveries(self, *, platforms, now, limit, lease, skip=()):
        self.skipped.append(set(skip))
        taken, self.due = self.due[:limit], self.due[limit:]
        return taken

    async def claim_edits(self, *, platforms, now, since, limit, lease, skip=()):
        self.since.append(now - since)
        taken, self.edits = self.edits[:limit], self.edits[limit:]
        return taken

    async def prolong_deliveries(self, due, *, until):
        self.prolonged.append(([one.id for one in due], until - NOW))

    async def release_deliveries(self, due):
        self.released += [one.id for one in due]

    async def _note(self, *outcome) -> None:
        if self.broken:
            raise StorageError("disk full")
        self.outcomes.append(outcome)

    async def delivery_sent(self, due, *, message, now):
        await self._note("sent", due.id, message)

    async def delivery_retry(self, due, *, at, reason, counted=True):
        await self._note("retry", due.id, at - NOW, reason, counted)

    async def delivery_failed(self, due, *, reason, now):
        await self._note("failed", due.id, reason)

    async def edit_done(self, due):
        await self._note("edited", due.id)

    async def edit_retry(self, due, *, at, counted=True):
        await self._note("edit again", due.id, at - NOW, counted)

    async def stop_chat(self, chat, *, state, reason, now):
        await self._note("stopped", chat, state, reason)

    async def move_chat(self, address, *, to):
        await self._note("moved", address.chat, to)


class FakeMessenger:
    """Takes messages, or raises what it was told to for a chat."""

    platform = Platform.TELEGRAM

    def __init__(self, faults: dict[str, Exception] | None = None) -> None:
        self.faults = faults or {}
        self.sent: list[tuple[str, str]] = []
        self.replies: list[str] = []
        self.edited: list[tuple[str, str, str]] = []
        self.stuck: dict[str, asyncio.Event] = {}

    async def send(self, address, message, *, key, reply_to=""):
        if address.chat in self.stuck:
            await self.stuck[address.chat].wait()
        if fault := self.faults.get(address.chat):
            raise fault
        self.sent.append((address.chat, key))
        self.replies.append(reply_to)
        return f"m-{key}"

    async def edit(self, address, message_id, message):
        if fault := self.faults.get(address.chat):
            raise fault
        self.edited.append((address.chat, message_id, plain(message)))


def deliverer(
    outbox, messenger, *, patience=timedelta(seconds=1), limits=None, clock=lambda: NOW, record_backoff=timedelta()
) -> Deliverer:
    return Deliverer(
        outbox=outbox,
        messenger=messenger,
        pacer=Pacer(limits or Limits(per_second=10_000_000)),
        meter=PrometheusMeter(),
        clock=clock,
        lease=timedelta(minutes=1),
        patience=patience,
        record_backoff=record_backoff,
    )


async def outcome_of(fault: Exception, due: DeliveryDue | None = None) -> list[tuple]:
    outbox = FakeOutbox(due or delivery(1))
    service = deliverer(outbox, FakeMessenger({"1": fault}))
    await service.step()
    await service.drain()
    return outbox.outcomes


async def test_what_is_due_is_sent_in_order_and_recorded_with_the_platforms_id():
    outbox, messenger = FakeOutbox(delivery(1), delivery(2, chat=2)), FakeMessenger()
    assert await deliverer(outbox, messenger).step() == timedelta()
    assert messenger.sent == [("1", "key1"), ("2", "key2")]
    assert outbox.outcomes == [("sent", 1, "m-key1"), ("sent", 2, "m-key2")]


async def test_with_nothing_due_it_rests_until_the_bell():
    assert await deliverer(FakeOutbox(), FakeMessenger()).step() is None


async def test_a_rate_limit_is_waited_out_and_is_no_failed_attempt():
    assert await outcome_of(RateLimited(timedelta(seconds=17))) == [
        ("retry", 1, timedelta(seconds=17), "rate limited", False)
    ]


async def test_a_rate_limited_chat_is_skipped_and_others_go_on():
    outbox = FakeOutbox(delivery(1))
    messenger = FakeMessenger({"1": RateLimited(timedelta(seconds=17))})
    service = deliverer(outbox, messenger)
    await service.step()
    outbox.due = [delivery(2, chat=2)]
    pause = await service.step()
    assert outbox.skipped == [set(), {1}]
    assert messenger.sent == [("2", "key2")]
    assert pause == timedelta()


async def test_a_rate_limit_for_all_chats_holds_the_platform():
    outbox = FakeOutbox(delivery(1))
    service = deliverer(outbox, FakeMessenger({"1": RateLimited(timedelta(seconds=9), everywhere=True)}))
    await service.step()
    assert await service.step() == timedelta(seconds=9)
    assert len(outbox.skipped) == 1


async def test_a_blocked_chat_is_stopped_with_its_reason():
    assert await outcome_of(ChatBlocked("bot was blocked by the user")) == [
        ("failed", 1, "blocked: bot was blocked by the user"),
        ("stopped", 1, ChatState.BLOCKED, "bot was blocked by the user"),
    ]


async def test_a_deleted_chat_is_stopped_with_its_reason():
    assert (await outcome_of(ChatGone("chat not found")))[1] == ("stopped", 1, ChatState.GONE, "chat not found")


async def test_a_moved_group_is_followed_and_the_message_sent_again_at_once():
    assert await outcome_of(ChatMoved("-1001")) == [
        ("moved", "1", "-1001"),
        ("retry", 1, timedelta(), "moved", False),
    ]


async def test_a_refused_message_fails_with_the_platforms_words():
    assert await outcome_of(MessageRefused("message is too long")) == [("failed", 1, "message is too long")]


async def test_a_refused_token_holds_the_platform_and_costs_no_attempt():
    assert await outcome_of(TokenRefused("Unauthorized")) == [
        ("retry", 1, timedelta(minutes=1), "token refused", False)
    ]


async def test_trouble_of_the_platform_is_retried_with_growing_pauses():
    assert await outcome_of(PlatformDown("HTTP 502")) == [("retry", 1, FIRST_BACKOFF, "HTTP 502", True)]
    assert (await outcome_of(PlatformDown("x"), delivery(1, attempts=3)))[0][2] == FIRST_BACKOFF * 8
    assert backoff(500) == LONGEST_BACKOFF


async def test_what_could_not_be_sent_for_a_day_fails_with_a_reason():
    old = delivery(1, attempts=40, created=NOW - GIVE_UP_AFTER)
    assert await outcome_of(PlatformDown("HTTP 502"), old) == [("failed", 1, "gave up after 41 attempts: HTTP 502")]


async def test_an_alert_that_is_old_because_the_bot_was_off_gets_its_attempts_all_the_same():
    old = delivery(1, attempts=FEWEST_ATTEMPTS - 2, created=NOW - 3 * GIVE_UP_AFTER)
    assert (await outcome_of(PlatformDown("network"), old))[0][0] == "retry"
    last = delivery(1, attempts=FEWEST_ATTEMPTS - 1, created=NOW - 3 * GIVE_UP_AFTER)
    assert (await outcome_of(PlatformDown("network"), last))[0][0] == "failed"


async def test_while_a_platform_is_down_one_message_in_a_while_tries_it():
    chats = range(1, 8)
    outbox = FakeOutbox(*(delivery(n, chat=n) for n in chats))
    messenger = FakeMessenger({str(n): PlatformDown("ConnectError") for n in chats})
    service = deliverer(outbox, messenger)
    await service.step()
    assert [outcome[1] for outcome in outbox.outcomes] == list(chats)[:DOWN_CHATS]
    assert outbox.released == list(chats)[DOWN_CHATS:]
    assert await service.step() == DOWN_PAUSE


async def test_chats_with_trouble_of_their_own_do_not_make_a_platform_look_down():
    outbox = FakeOutbox(*(delivery(n, chat=n) for n in range(1, 9)))
    messenger = FakeMessenger({str(n): PlatformDown("HTTP 500") for n in (1, 2, 4, 5, 7, 8)})
    await deliverer(outbox, messenger).step()
    assert len(outbox.outcomes) == 8
    assert outbox.released == []


async def test_a_bug_in_one_delivery_is_retried_a_few_times_and_then_fails():
    assert (await outcome_of(ZeroDivisionError()))[0][0] == "retry"
    last = delivery(1, attempts=MOST_FAULTS - 1)
    assert (await outcome_of(ZeroDivisionError(), last))[0][0] == "failed"


async def test_what_was_sent_while_the_database_was_away_is_recorded_when_it_is_back_and_not_sent_again():
    outbox = FakeOutbox(delivery(1))
    outbox.broken = True
    messenger = FakeMessenger()
    service = deliverer(outbox, messenger, patience=timedelta(milliseconds=5))
    await service.step()
    assert (messenger.sent, outbox.outcomes) == ([("1", "key1")], [])
    outbox.broken = False
    await service.drain()
    assert (messenger.sent, outbox.outcomes) == ([("1", "key1")], [("sent", 1, "m-key1")])


async def test_nothing_is_begun_while_outcomes_cannot_be_recorded():
    outbox = FakeOutbox(delivery(1, chat=1), delivery(2, chat=2), delivery(3, chat=3))
    outbox.broken = True
    messenger = FakeMessenger()
    service = deliverer(outbox, messenger, patience=timedelta(milliseconds=5), record_backoff=timedelta(minutes=1))
    await service.step()
    assert messenger.sent == [("1", "key1")]
    assert outbox.released == [2, 3]


async def test_what_is_in_hand_keeps_its_lease_and_its_chat_is_not_sent_to_meanwhile():
    now = NOW
    outbox, messenger = FakeOutbox(delivery(1, chat=1)), FakeMessenger()
    messenger.stuck["1"] = asyncio.Event()
    service = deliverer(outbox, messenger, patience=timedelta(milliseconds=5), clock=lambda: now)
    await service.step()
    await service.step()
    assert outbox.skipped == [set(), {1}]
    assert outbox.prolonged == []
    now = NOW + timedelta(seconds=25)
    await service.step()
    await service.step()
    assert outbox.prolonged == [([1], timedelta(seconds=85))]
    messenger.stuck["1"].set()
    await service.drain()
    await service.step()
    assert outbox.skipped[-1] == set()


async def test_what_cannot_be_begun_in_half_its_lease_is_given_back():
    now = NOW
    outbox, messenger = FakeOutbox(*(delivery(n, chat=n) for n in (1, 2, 3))), FakeMessenger()
    send = messenger.send

    async def slow(address, message, *, key, reply_to=""):
        nonlocal now
        now += timedelta(seconds=16)
        return await send(address, message, key=key)

    messenger.send = slow
    await deliverer(outbox, messenger, clock=lambda: now).step()
    assert [one for _, one, _ in outbox.outcomes] == [1, 2]
    assert outbox.released == [3]


async def test_a_batch_is_given_back_when_the_platform_asks_all_to_wait():
    outbox = FakeOutbox(*(delivery(n, chat=n) for n in (1, 2, 3)))
    messenger = FakeMessenger({"1": RateLimited(timedelta(seconds=300), everywhere=True)})
    await asyncio.wait_for(deliverer(outbox, messenger).step(), 5)
    assert outbox.released == [2, 3]


async def test_told_to_stop_it_begins_nothing_more_and_gives_the_rest_back():
    outbox, messenger = FakeOutbox(*(delivery(n, chat=n) for n in (1, 2, 3))), FakeMessenger()
    service = deliverer(outbox, messenger)
    send = messenger.send

    async def last(address, message, *, key, reply_to=""):
        service.stop()
        return await send(address, message, key=key)

    messenger.send = last
    await service.step()
    assert outbox.outcomes == [("sent", 1, "m-key1")]
    assert outbox.released == [2, 3]


async def test_one_message_at_a_time_is_between_sending_and_record():
    outbox, messenger = FakeOutbox(*(delivery(n, chat=n) for n in range(1, 6))), FakeMessenger()
    service = deliverer(outbox, messenger)
    most = 0
    send = messenger.send

    async def watched(address, message, *, key, reply_to=""):
        nonlocal most
        await asyncio.sleep(0)
        most = max(most, len(service._sending))
        return await send(address, message, key=key)

    messenger.send = watched
    await service.step()
    assert len(outbox.outcomes) == 5
    assert most == 1


async def test_a_chat_that_does_not_answer_holds_up_no_other():
    outbox, messenger = FakeOutbox(delivery(1, chat=1), delivery(2, chat=2)), FakeMessenger()
    messenger.stuck["1"] = asyncio.Event()
    service = deliverer(outbox, messenger, patience=timedelta(milliseconds=5))
    await service.step()
    assert outbox.outcomes == [("sent", 2, "m-key2")]
    messenger.stuck["1"].set()
    await service.drain()
    assert outbox.outcomes[1] == ("sent", 1, "m-key1")


async def test_the_platforms_limits_are_kept_and_the_next_turn_is_told():
    outbox, messenger = FakeOutbox(delivery(1), delivery(2, chat=2)), FakeMessenger()
    service = deliverer(outbox, messenger, limits=Limits(per_second=10_000_000, chat_per_second=1))
    await service.step()
    assert await service.step() == timedelta(seconds=1)
    assert outbox.skipped[-1] == {1, 2}


async def test_a_chat_that_takes_everything_gets_its_alert():
    due = replace(delivery(1), content=replace(delivery(1).content, why=()))
    outbox = FakeOutbox(due)
    await deliverer(outbox, FakeMessenger()).step()
    assert outbox.outcomes[0][0] == "sent"


async def test_an_alert_replies_to_the_chats_earlier_message_of_the_story():
    messenger = FakeMessenger()
    await deliverer(FakeOutbox(replace(delivery(2), reply_to="m-1")), messenger).step()
    assert messenger.replies == ["m-1"]


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
    assert await service.step() == timedelta()
    assert (messenger.sent, messenger.edited) == ([("9", "key9")], [])
    assert await service.step() == timedelta()
    assert len(messenger.edited) == EDITS


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
