"""A digest is sent as one message, tried again as the same, taken apart where it is refused, and never dropped."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.errors import ChatBlocked, MessageRefused, PlatformDown
from bot.model import ChatState, DeliveryId, Digest
from bot.work.outcomes import FEWEST_ATTEMPTS, FIRST_BACKOFF, GIVE_UP_AFTER, MOST_FAULTS
from tests.support.deliveries import NOW, FakeMessenger, FakeOutbox, deliverer, delivery, outcome_of
from tests.support.fakes import plain


def digest(attempts: int = 0, created=NOW):
    alerts = tuple(delivery(number).content for number in (1, 2, 3))
    content = Digest(delivery=DeliveryId(1), alerts=alerts)
    return replace(delivery(1, attempts=attempts, created=created), content=content)


async def test_all_its_alerts_go_out_as_one_message():
    messenger, shown = FakeMessenger(), []
    send = messenger.send

    async def seen(address, message, **more):
        shown.append(plain(message))
        return await send(address, message, **more)

    messenger.send = seen
    outbox = FakeOutbox(digest())
    await deliverer(outbox, messenger).step()
    assert outbox.outcomes == [("sent", 1, "m-key1")]
    assert messenger.sent == [("1", "key1")]
    assert all(f"News {number}" in shown[0] for number in (1, 2, 3))


async def test_trouble_of_the_platform_is_retried_for_as_long_as_items_are_kept():
    waited = digest(attempts=4000, created=NOW - GIVE_UP_AFTER + timedelta(minutes=1))
    assert (await outcome_of(PlatformDown("HTTP 502"), waited))[0][0] == "retry"
    assert await outcome_of(PlatformDown("HTTP 502"), digest()) == [("retry", 1, FIRST_BACKOFF, "HTTP 502", True)]


async def test_then_it_fails_as_a_whole():
    old = digest(attempts=FEWEST_ATTEMPTS, created=NOW - GIVE_UP_AFTER)
    assert await outcome_of(PlatformDown("HTTP 502"), old) == [("failed", 1, "gave up after 11 attempts: HTTP 502")]


async def test_a_digest_that_is_refused_is_taken_apart():
    assert await outcome_of(MessageRefused("bad entity")) == [("failed", 1, "bad entity")]
    assert await outcome_of(MessageRefused("bad entity"), digest()) == [("taken apart", 1, "bad entity")]


async def test_a_digest_that_meets_a_bug_is_taken_apart_after_some_tries():
    assert (await outcome_of(ZeroDivisionError(), digest()))[0][0] == "retry"
    assert (await outcome_of(ZeroDivisionError(), digest(attempts=MOST_FAULTS - 1)))[0][0] == "taken apart"


async def test_a_chat_that_blocked_us_ends_its_digest():
    assert await outcome_of(ChatBlocked("blocked by the user"), digest()) == [
        ("failed", 1, "blocked: blocked by the user"),
        ("stopped", 1, ChatState.BLOCKED, "blocked by the user"),
    ]
