"""Each refusal has its own answer."""

from __future__ import annotations

import errno
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ChatBlocked, MessageRefused, PlatformDown, RateLimited, RightsMissing, TokenRefused
from bot.model import ChatAddress, ChatId, ChatState, Platform
from bot.work.outcomes import (
    DOWN_CHATS,
    DOWN_PAUSE,
    LONGEST_DOWN_PAUSE,
    LONGEST_TOKEN_BACKOFF,
    LONGEST_WAIT,
    MOST_FAULTS,
    TOKEN_BACKOFF,
    Silence,
    backoff,
)
from tests.support.deliveries import NOW, FakeMessenger, FakeOutbox, deliverer, delivery, outcome_of
from tests.support.watch import Heard

ADMIN = ChatAddress(Platform.TELEGRAM, "900")


async def heard_of(fault: Exception, **more) -> list[object]:
    watch = Heard()
    service = deliverer(FakeOutbox(delivery(1, **more)), FakeMessenger({"1": fault}), watch=watch)
    await service.step()
    await service.drain()
    return watch.heard


async def test_who_manages_a_chat_without_rights_is_warned_before_it_is_stopped():
    assert await outcome_of(RightsMissing("not enough rights", (ADMIN,))) == [
        ("warned", 1, [ADMIN], "not enough rights"),
        ("failed", 1, "blocked: not enough rights"),
        ("stopped", 1, ChatState.BLOCKED, "not enough rights"),
    ]


async def test_a_token_that_stays_refused_is_tried_less_and_less_often():
    now = NOW
    outbox, watch = FakeOutbox(), Heard()
    messenger = FakeMessenger({"1": TokenRefused("unauthorized")})
    service = deliverer(outbox, messenger, clock=lambda: now, watch=watch)
    waits = []
    for _ in range(9):
        outbox.due = [delivery(1)]
        await service.step()
        waits.append(await service.step())
        now += waits[-1]
    assert waits[:3] == [TOKEN_BACKOFF, 2 * TOKEN_BACKOFF, 4 * TOKEN_BACKOFF]
    assert waits[-1] == LONGEST_TOKEN_BACKOFF
    assert set(watch.heard) == {(TokenRefused, Platform.TELEGRAM)}
    messenger.faults = {}
    outbox.due = [delivery(1)]
    await service.step()
    assert outbox.outcomes[-1] == ("sent", 1, "m-key1")
    assert watch.heard[-1] == Platform.TELEGRAM


async def test_an_answer_that_never_came_is_counted_as_perhaps_sent():
    service = deliverer(FakeOutbox(delivery(1)), FakeMessenger({"1": PlatformDown("ReadTimeout", maybe_sent=True)}))
    await service.step()
    assert b'diting_deliveries_total{outcome="perhaps-sent",platform="telegram"} 1.0' in service._outcomes._meter.page()


async def test_what_is_wrong_with_the_whole_bot_is_noted_and_what_concerns_a_chat_is_well():
    assert await heard_of(ChatBlocked("kicked")) == [Platform.TELEGRAM]
    assert await heard_of(PlatformDown("x")) == [(PlatformDown, Platform.TELEGRAM)]
    assert await heard_of(MessageRefused("too long")) == [Platform.TELEGRAM, (MessageRefused, Platform.TELEGRAM)]


async def test_a_bug_is_noted_when_a_delivery_fails_for_it():
    assert await heard_of(ZeroDivisionError()) == []
    assert await heard_of(ZeroDivisionError(), attempts=MOST_FAULTS - 1) == [(ZeroDivisionError, Platform.TELEGRAM)]


async def test_what_our_own_machine_lacks_is_no_bug_and_is_waited_for():
    fault = OSError(errno.EMFILE, "Too many open files")
    assert await outcome_of(fault, delivery(1, attempts=MOST_FAULTS)) == [
        ("retry", 1, backoff(MOST_FAULTS), "EMFILE", True)
    ]
    assert await heard_of(fault) == []


async def test_a_platform_makes_nobody_wait_for_longer_than_a_day():
    (outcome,) = await outcome_of(RateLimited(timedelta(days=30)))
    assert outcome[2] == LONGEST_WAIT


def test_while_nobody_is_answered_the_pauses_grow_and_an_answer_ends_them():
    silence, now, pauses = Silence(), NOW, []
    for number in range(DOWN_CHATS - 1):
        assert silence.goes_on(ChatId(number), now) is None
    for _ in range(6):
        until = silence.goes_on(ChatId(99), now)
        assert silence.goes_on(ChatId(100), now) == until  # sent beside it
        pauses.append(until - now)
        now = until
    assert pauses == [DOWN_PAUSE * factor for factor in (1, 2, 4, 8)] + [LONGEST_DOWN_PAUSE] * 2
    silence.broken()
    assert silence.goes_on(ChatId(1), now) is None


@given(st.lists(st.tuples(st.integers(1, 5), st.booleans(), st.floats(-90_000, 90_000) | st.floats(0, 9)), max_size=60))
def test_a_silence_never_lasts_beyond_the_longest_pause(events):
    silence, now = Silence(), NOW
    for chat, answered, seconds in events:
        now += timedelta(seconds=seconds)
        if answered:
            silence.broken()
        elif until := silence.goes_on(ChatId(chat), now):
            assert now < until <= now + LONGEST_DOWN_PAUSE


async def test_after_a_clock_was_set_forward_and_back_alerts_go_on_at_the_old_pace():
    now = NOW
    outbox, messenger = FakeOutbox(delivery(1)), FakeMessenger({"1": PlatformDown("x")})
    service = deliverer(outbox, messenger, clock=lambda: now)
    await service.step()
    held = await service.step()
    now += timedelta(days=2)  # forward: what was held is due
    outbox.due = [delivery(1, attempts=1, created=NOW)]
    await service.step()
    assert outbox.outcomes[-1][0] == "retry"  # a jump is no day of trouble: it gets its attempts
    now = NOW  # and back: nobody waits for two days
    await service.step()
    pause = await service.step()
    assert pause is None or pause <= 2 * held
