"""Deliveries end in sent, or in a reason; no chat holds up another, and order within a chat is kept."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

from bot.errors import (
    ChatBlocked,
    ChatGone,
    ChatMoved,
    MessageRefused,
    PlaceDown,
    PlatformDown,
    RateLimited,
    TokenRefused,
)
from bot.model import ChatAddress, ChatId, ChatKind, ChatSettings, ChatState, DeliveryDue, Platform, Script
from bot.work.abreast import KNOWN
from bot.work.deliver import MOST_AT_ONCE
from bot.work.outcomes import (
    DOWN_CHATS,
    DOWN_PAUSE,
    FEWEST_ATTEMPTS,
    FIRST_BACKOFF,
    GIVE_UP_AFTER,
    LONGEST_BACKOFF,
    MOST_FAULTS,
    backoff,
)
from bot.work.pace import Limits, Pacer
from tests.support.deliveries import NOW, FakeMessenger, FakeOutbox, deliverer, delivery, outcome_of
from tests.support.wording import MarkedWording


async def test_what_is_due_is_sent_in_order_and_recorded_with_the_platforms_id():
    outbox, messenger = FakeOutbox(delivery(1), delivery(2, chat=2)), FakeMessenger()
    assert await deliverer(outbox, messenger).step() is None
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
    assert pause == timedelta(seconds=17)


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


async def test_what_could_not_be_sent_until_items_are_forgotten_fails_with_a_reason():
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


async def test_places_with_servers_of_their_own_say_nothing_of_each_other():
    chats = range(1, 9)
    outbox = FakeOutbox(*(delivery(n, chat=n) for n in chats))
    await deliverer(outbox, FakeMessenger({str(n): PlaceDown("HTTP 502") for n in chats})).step()
    assert outbox.outcomes == [("retry", n, FIRST_BACKOFF, "HTTP 502", True) for n in chats]
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
    assert await service.step() is None  # there is nothing more, as yet
    outbox.waiting = {ChatId(2): NOW}
    assert await service.step() == timedelta(seconds=1.01)
    assert outbox.skipped[-1] == {1, 2}


async def test_the_next_message_of_a_chat_is_called_for_when_its_turn_comes():
    now, called = NOW, asyncio.Event()
    outbox, messenger = FakeOutbox(delivery(1)), FakeMessenger()
    outbox.waiting = {ChatId(1): NOW}
    limits, send = Limits(per_second=10_000_000, chat_per_second=1), messenger.send

    async def slow(*given, **named):
        nonlocal now
        now += timedelta(seconds=0.95)
        return await send(*given, **named)

    messenger.send = slow
    service = deliverer(outbox, messenger, limits=limits, clock=lambda: now)
    service.on_more(called.set)
    await service.step()
    assert not called.is_set()
    await asyncio.wait_for(called.wait(), 5)


async def test_a_chat_that_takes_everything_gets_its_alert():
    due = replace(delivery(1), content=replace(delivery(1).content, why=()))
    outbox = FakeOutbox(due)
    await deliverer(outbox, FakeMessenger()).step()
    assert outbox.outcomes[0][0] == "sent"


async def test_an_alert_replies_to_the_chats_earlier_message_of_the_story():
    messenger = FakeMessenger()
    await deliverer(FakeOutbox(replace(delivery(2), reply_to="m-1")), messenger).step()
    assert messenger.replies == ["m-1"]


async def test_what_is_sent_is_said_as_the_chat_reads_chinese():
    one = delivery(1)
    one = replace(one, chat=replace(one.chat, settings=ChatSettings(script=Script.TW)), message="m-1")
    messenger = FakeMessenger()
    service = deliverer(FakeOutbox(one), messenger, wording=MarkedWording())
    await service.step()
    await service.drain()
    ((_, _, shown),) = messenger.edited
    assert "[tw]新聞1" in shown


# --- side by side, and fair -----------------------------------------------------------------------------


async def test_a_flood_has_as_many_messages_on_their_way_as_its_pace_takes():
    count, batch = 40, 10
    outbox, messenger = FakeOutbox(*(delivery(n, chat=n) for n in range(1, count + 1))), FakeMessenger()
    # Nobody waits: time passes by the answers alone.
    service = deliverer(outbox, messenger, pacer=Unhurried(Limits(per_second=batch)), patience=timedelta(seconds=5))
    most, send = 0, messenger.send

    async def slow(address, message, *, key, reply_to=""):
        nonlocal most
        most = max(most, len(service._sends))
        await asyncio.sleep(0.02)
        return await send(address, message, key=key)

    messenger.send = slow
    service._sends._lately.extend([0.25] * KNOWN)
    await service.step()
    assert most == 1 + 4  # ten a second, of which each takes a quarter of it, and half as long again
    await service.drain()


class Unhurried(Pacer):
    def wait(self, now):
        return timedelta()


async def test_while_as_many_hang_as_may_be_on_their_way_nothing_is_begun():
    numbers = range(1, MOST_AT_ONCE + 11)
    outbox, messenger = FakeOutbox(*(delivery(n, chat=n) for n in numbers)), FakeMessenger()
    messenger.stuck = dict.fromkeys(map(str, numbers), asyncio.Event())
    service = deliverer(outbox, messenger, patience=timedelta())
    await service.step()
    assert len(service._sends) == MOST_AT_ONCE
    assert outbox.released == list(numbers)[MOST_AT_ONCE:]
    claims = len(outbox.skipped)
    stepping = asyncio.ensure_future(service.step())
    await asyncio.sleep(0)
    messenger.stuck["1"].set()  # all have the same
    assert await stepping == timedelta()
    assert len(outbox.skipped) == claims
    await service.drain()


def topic(number: int) -> DeliveryDue:
    one = delivery(number, chat=number)
    address = ChatAddress(Platform.TELEGRAM, "-100", str(number))
    return replace(one, chat=replace(one.chat, address=address, kind=ChatKind.GROUP))


async def test_of_a_forum_one_topic_is_sent_to_at_a_time_and_the_others_are_left_until_its_turn():
    outbox, messenger = FakeOutbox(*(topic(number) for number in (1, 2, 3)), delivery(9, chat=9)), FakeMessenger()
    service = deliverer(outbox, messenger, limits=Limits(per_second=10_000_000, chat_per_second=1))
    await service.step()
    assert [key for _, key in messenger.sent] == ["key1", "key9"]
    assert outbox.released == [2, 3]
    assert await service.step() == timedelta(seconds=1.01)
    assert outbox.skipped[-1] == {1, 2, 3, 9}


async def test_when_every_chat_is_told_to_wait_the_platform_is_meant():
    numbers = range(1, 9)
    outbox = FakeOutbox(*(delivery(n, chat=n) for n in numbers))
    messenger = FakeMessenger({str(n): RateLimited(timedelta(seconds=17)) for n in numbers})
    service = deliverer(outbox, messenger)
    await service.step()
    assert [one for _, one, *_ in outbox.outcomes] == [1, 2, 3]
    assert outbox.released == [4, 5, 6, 7, 8]
    assert await service.step() == timedelta(seconds=17)


async def test_what_a_group_got_before_a_restart_counts():
    outbox, messenger = FakeOutbox(topic(1), delivery(2, chat=2)), FakeMessenger()
    outbox.lately = {"-100": [NOW - timedelta(seconds=number) for number in range(2, 20)]}
    service = deliverer(outbox, messenger, pacer=after_restart())
    await service.step()
    assert len(messenger.sent) == 2  # eighteen, and one that may not have been recorded
    outbox.lately["-100"].append(NOW - timedelta(seconds=1))
    outbox.due = [topic(1), delivery(2, chat=2)]
    service = deliverer(outbox, messenger, pacer=after_restart())
    await service.step()
    assert [chat for chat, _ in messenger.sent] == ["-100", "2", "2"]
    assert outbox.released == [1]


def after_restart() -> Pacer:
    return Pacer(Limits(per_second=10_000_000, group_per_minute=20), alone_since=NOW - timedelta(seconds=1.01))
