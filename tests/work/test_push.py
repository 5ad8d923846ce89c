"""Hubs are asked for what is due, and what they send is taken in like a poll, within bounds and by signature only."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import threading
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.errors import FetchFailed, HttpError, StorageError
from bot.feeds.parse import read
from bot.model import FeedChange, PushState
from bot.work import push as module
from bot.work.hubs import AT_ONCE, Subscriber
from bot.work.push import Receiver
from tests.support.feed_host import FeedHost

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
URL = "https://wire.example/feed.xml"
HUB = "https://hub.example/"
PUBLIC = "https://me.example/diting/"


class FakeHub:
    """A Hub that answers as the test says."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.trouble: Exception | None = None
        self.during = None

    async def ask(self, hub, fields) -> None:
        self.asked.append((hub, dict(fields)))
        if self.during:
            await self.during(fields)
        if self.trouble:
            raise self.trouble

    def modes(self) -> list[str]:
        return [fields["hub.mode"] for _, fields in self.asked]


class Reader:
    """The real parser; it counts, and has a bug or waits when told."""

    def __init__(self) -> None:
        self.calls = 0
        self.bug = False
        self.gate = threading.Event()
        self.gate.set()

    def __call__(self, body, *, url, content_type):
        self.calls += 1
        self.gate.wait(10)
        if self.bug:
            raise ZeroDivisionError
        return read(body, url=url, content_type=content_type)


@pytest.fixture
def hub():
    return FakeHub()


@pytest.fixture
def reader():
    return Reader()


@pytest.fixture
def subscriber(storage, hub, meter, watch):
    return Subscriber(book=storage.pushes, hub=hub, public_url=PUBLIC, meter=meter, clock=watch)


@pytest.fixture
def make_receiver(storage, reader, bell, meter, watch):
    def make(**more) -> Receiver:
        parts = {"book": storage.pushes, "queue": storage.feeds, "read": reader, "bell": bell}
        parts |= {"meter": meter, "clock": watch, "lease": MINUTE}
        return Receiver(**(parts | more))

    return make


@pytest.fixture
def receiver(make_receiver):
    return make_receiver()


@pytest.fixture
def offer(storage, people, watch):
    """A chat follows a feed, whose first poll finds a hub."""

    async def follow(url: str = URL, hub: str = HUB):
        feed = await people.subscribe(url)
        due = await storage.feeds.take_feed(feed.id, now=watch(), lease=MINUTE)
        found = FeedChange(
            id=due.id, lease=due.lease, next_poll=watch() + DAY, succeeded=True, hub=hub, topic=url, body_hash="old"
        )
        await storage.feeds.record_polls([found], now=watch())
        return feed

    return follow


@pytest.fixture
def live(storage, offer, subscriber, receiver, hub):
    """A verified subscription."""

    async def subscribed(url: str = URL, at: str = HUB):
        await offer(url, at)
        await subscriber.step()
        fields = next(fields for _, fields in reversed(hub.asked) if fields["hub.topic"] == url)
        token = fields["hub.callback"].rpartition("/")[2]
        assert await receiver.verify(token, call(topic=url)) == "echo"
        return await storage.pushes.find_push(token)

    return subscribed


def call(mode: str = "subscribe", topic: str = URL, **more: str) -> dict[str, str]:
    query = {"hub.mode": mode, "hub.topic": topic, "hub.challenge": "echo", "hub.lease_seconds": "864000"}
    return query | {f"hub.{name}": value for name, value in more.items()}


def document(*titles: str) -> bytes:
    """A feed with these entries, as a hub sends it."""
    return FeedHost(port=80).document(*((title, title, "Text.") for title in titles)).encode()


async def ping(receiver, push, body: bytes, signature: str | None = None) -> None:
    """A hub sends something, and it is worked off."""
    await send(receiver, push, body, signature)
    await receiver.drain()


async def send(receiver, push, body: bytes, signature: str | None = None) -> None:
    if signature is None:
        signature = "sha256=" + hmac.new(push.secret.encode(), body, hashlib.sha256).hexdigest()
    await receiver.receive(push.token, body, content_type="application/rss+xml", signature=signature)


async def waiting(storage, watch) -> list[str]:
    """The titles that wait for the alert loop."""
    items = await storage.items.claim_items(now=watch(), limit=100, lease=MINUTE)
    return [one.item.title for one in items]


async def next_poll(storage, people):
    [subscription, *_] = await storage.subscriptions.subscriptions((await people.chat()).id)
    return subscription.next_poll


# --- asking ----------------------------------------------------------------------------------------------


async def test_a_feed_with_a_hub_is_subscribed_to_once(storage, offer, subscriber, hub, meter):
    await offer()
    await subscriber.step()
    await subscriber.step()
    [(address, fields)] = hub.asked
    token = fields["hub.callback"].removeprefix("https://me.example/diting/websub/")
    push = await storage.pushes.find_push(token)
    assert (address, fields["hub.mode"], fields["hub.topic"]) == (HUB, "subscribe", URL)
    assert (push.state, fields["hub.secret"]) == (PushState.ASKED, push.secret)
    assert meter.seen["hubs", "asked"] == 1


async def test_a_hub_that_does_not_call_back_is_asked_again_later_and_later(offer, subscriber, hub, watch):
    await offer()
    await subscriber.step()
    for wait in (10, 20, 40):
        watch.forward(minutes=wait - 1)
        await subscriber.step()
        count = len(hub.asked)
        watch.forward(minutes=1)
        await subscriber.step()
        assert len(hub.asked) == count + 1


async def test_a_hub_may_call_back_while_it_is_being_asked(storage, offer, subscriber, receiver, hub, watch):
    await offer()

    async def verify(fields) -> None:
        assert await receiver.verify(fields["hub.callback"].rpartition("/")[2], call()) == "echo"

    hub.during = verify
    await subscriber.step()
    push = await storage.pushes.find_push(hub.asked[0][1]["hub.callback"].rpartition("/")[2])
    assert (push.state, push.failures) == (PushState.LIVE, 0)
    watch.forward(days=1)
    await subscriber.step()
    assert len(hub.asked) == 1


async def test_a_lease_is_renewed_with_the_same_token_and_secret(live, subscriber, hub, watch):
    push = await live()
    assert (push.expires, push.due) == (watch() + 10 * DAY, watch() + 10 * DAY * 2 / 3)
    watch.forward(days=7)
    await subscriber.step()
    assert hub.asked[0] == hub.asked[1]


async def test_a_hub_in_trouble_is_asked_later_and_one_that_refuses_after_days(offer, subscriber, hub, watch, meter):
    await offer()
    hub.trouble = FetchFailed(HUB, "dns")
    with capture_logs() as logs:
        await subscriber.step()
    assert [(one["log_level"], one["reason"]) for one in logs] == [("info", "dns")]
    watch.forward(minutes=10)
    hub.trouble = HttpError(HUB, 400)
    await subscriber.step()
    watch.forward(days=2)
    await subscriber.step()
    assert len(hub.asked) == 2
    watch.forward(days=1)
    await subscriber.step()
    assert len(hub.asked) == 3
    assert meter.seen["hubs", "failed"] == 3


async def test_a_feed_nobody_follows_is_unsubscribed_and_forgotten_when_the_hub_agrees(
    storage, people, live, subscriber, receiver, hub
):
    push = await live()
    chat = await people.chat()
    await storage.subscriptions.unsubscribe(chat.id, push.feed)
    await subscriber.step()
    assert hub.modes() == ["subscribe", "unsubscribe"]
    assert await receiver.verify(push.token, call("unsubscribe")) == "echo"
    assert await storage.pushes.find_push(push.token) is None


async def test_a_hub_that_does_not_take_a_goodbye_is_left_after_three(storage, people, live, subscriber, hub, watch):
    push = await live()
    chat = await people.chat()
    await storage.subscriptions.unsubscribe(chat.id, push.feed)
    hub.trouble = FetchFailed(HUB, "dns")
    for _ in range(9):
        await subscriber.step()
        watch.forward(hours=2)
    assert hub.modes() == ["subscribe"] + ["unsubscribe"] * 3
    assert await storage.pushes.find_push(push.token) is None


async def test_many_feeds_are_all_asked_for_a_few_at_a_time(offer, subscriber, hub):
    running, most = 0, 0

    async def count(_) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1

    hub.during = count
    for number in range(20):
        await offer(f"https://{number}.example/")
    await subscriber.step()
    assert len(hub.asked) == 20
    assert 1 < most <= AT_ONCE


async def test_one_bug_does_not_stop_the_others(offer, subscriber, hub):
    for number in range(3):
        await offer(f"https://{number}.example/")

    async def stumble(fields) -> None:
        if "1.example" in fields["hub.topic"]:
            raise ZeroDivisionError

    hub.during = stumble
    with capture_logs() as logs:
        await subscriber.step()
    assert len(hub.asked) == 3
    assert [one["log_level"] for one in logs] == ["error"]


async def test_a_round_under_way_is_not_joined_by_another_and_ends_when_told(offer, subscriber, hub):
    await offer()
    started = asyncio.Event()

    async def hang(_) -> None:
        started.set()
        await asyncio.sleep(60)

    hub.during = hang
    step = asyncio.create_task(subscriber.step())
    await asyncio.wait_for(started.wait(), 5)
    await subscriber.step()
    await subscriber.cancel()
    await asyncio.wait_for(step, 5)
    await subscriber.step()
    assert len(hub.asked) == 1


async def test_trouble_with_the_database_waits_for_the_next_round(subscriber, storage, monkeypatch):
    async def broken(**_):
        raise StorageError("disk full")

    monkeypatch.setattr(storage.pushes, "claim_pushes", broken)
    with capture_logs() as logs:
        await subscriber.step()
    assert [one["reason"] for one in logs] == ["disk full"]


async def test_cancelling_before_anything_began_is_no_trouble(subscriber):
    await subscriber.cancel()


# --- verification ----------------------------------------------------------------------------------------


async def test_only_what_was_asked_for_is_confirmed(storage, receiver, live, meter):
    push = await live()
    assert await receiver.verify("unknown" * 3, call()) is None
    assert await receiver.verify(push.token, call(topic="https://other.example/")) is None
    assert await receiver.verify(push.token, call("unsubscribe")) is None
    assert await storage.pushes.find_push(push.token) == push
    assert meter.seen["hubs", "foreign"] == 2


async def test_a_denial_is_recorded_and_the_hub_asked_again_after_days(storage, receiver, live, subscriber, hub, watch):
    push = await live()
    assert await receiver.verify(push.token, call("denied", reason="gone")) == ""
    assert (await storage.pushes.find_push(push.token)).state is PushState.DENIED
    watch.forward(days=2)
    await subscriber.step()
    assert len(hub.asked) == 1
    watch.forward(days=1)
    await subscriber.step()
    assert len(hub.asked) == 2


async def test_only_known_tokens_are_expected(receiver, live, meter):
    push = await live()
    assert await receiver.expects(push.token)
    assert not await receiver.expects("unknown" * 3)
    assert meter.seen["pushes", "unknown"] == 1


# --- content ---------------------------------------------------------------------------------------------


async def test_a_signed_document_brings_its_items_at_once_and_the_feed_is_polled_after_it(
    storage, people, receiver, live, bell, meter, watch
):
    push = await live()
    await ping(receiver, push, document("One", "Two"))
    assert await waiting(storage, watch) == ["One", "Two"]
    assert bell.rung == ["alert", "poll"]
    assert await next_poll(storage, people) == watch()
    assert meter.seen["pushes", "new"] == 1
    assert meter.seen["items", "new"] == 2


async def test_what_the_feed_had_already_is_not_told_again(storage, receiver, live, bell, meter, watch):
    push = await live()
    await ping(receiver, push, document("One"))
    await ping(receiver, push, document("One"))
    assert await waiting(storage, watch) == ["One"]
    assert bell.rung.count("alert") == 1
    assert meter.seen["pushes", "same"] == 1


@pytest.mark.parametrize("signature", ["", "sha256=" + "0" * 64, "nonsense"])
async def test_without_a_valid_signature_nothing_happens(
    storage, people, receiver, live, bell, meter, watch, reader, signature
):
    push = await live()
    for body in (document("One"), b""):
        await ping(receiver, push, body, signature)
    assert await waiting(storage, watch) == []
    assert await next_poll(storage, people) > watch()
    assert (bell.rung, reader.calls) == ([], 0)
    assert meter.seen["pushes", "forged"] == 2


async def test_a_token_that_nobody_has_is_ignored(receiver, meter, bell):
    await receiver.receive("unknown" * 3, b"x", content_type="", signature="")
    assert meter.seen["pushes", "unknown"] == 1
    assert bell.rung == []


async def test_a_hub_without_tls_only_has_the_feed_polled(storage, people, receiver, live, bell, meter, watch, reader):
    push = await live(at="http://hub.example/")
    await ping(receiver, push, document("One"), "")
    assert await waiting(storage, watch) == []
    assert reader.calls == 0
    assert await next_poll(storage, people) == watch()
    assert bell.rung == ["poll"]
    assert meter.seen["pushes", "thin"] == 1


async def test_a_hub_of_the_house_is_believed_without_tls(storage, make_receiver, live, watch):
    push = await live(at="http://hub:8080/")
    receiver = make_receiver(allow_hosts=("hub:8080",))
    await ping(receiver, push, document("Forged"), "")
    await ping(receiver, push, document("One"))
    assert await waiting(storage, watch) == ["One"]


@pytest.mark.parametrize("body", [b"", b" \n"])
async def test_an_empty_ping_has_the_feed_polled(storage, people, receiver, live, bell, watch, body):
    push = await live()
    await ping(receiver, push, body)
    assert await next_poll(storage, people) == watch()
    assert bell.rung == ["poll"]


@pytest.mark.parametrize("body", [b"no feed at all", b"<html><body>Maintenance</body></html>", b"\x00\xff" * 99])
async def test_a_broken_document_has_the_feed_polled(storage, people, receiver, live, bell, meter, watch, body):
    push = await live()
    await ping(receiver, push, body)
    assert await next_poll(storage, people) == watch()
    assert bell.rung == ["poll"]
    assert meter.seen["pushes", "unreadable"] == 1
    assert await storage.feeds.take_feed(push.feed, now=watch(), lease=MINUTE)


async def test_pings_do_not_have_the_feed_polled_again_and_again(storage, people, receiver, live, watch):
    push = await live()
    for number in range(5):
        await ping(receiver, push, document(f"Item {number}"))
    assert await next_poll(storage, people) == watch() + module.APART
    watch.forward(seconds=60)
    await ping(receiver, push, document("Item 9"))
    assert await next_poll(storage, people) == watch()
    watch.forward(days=-1)
    await ping(receiver, push, document("Item 10"))
    assert await next_poll(storage, people) <= watch() + module.APART


async def test_a_ping_waits_for_the_poll_that_has_the_feed_in_hand(storage, receiver, live, watch):
    push = await live()
    due = await storage.feeds.take_feed(push.feed, now=watch(), lease=MINUTE)
    await send(receiver, push, document("One"))
    await asyncio.sleep(0)
    assert await waiting(storage, watch) == []
    await storage.feeds.release_feeds([due])
    await receiver.drain()
    assert await waiting(storage, watch) == ["One"]


async def test_a_poll_that_takes_too_long_is_not_waited_for(storage, receiver, live, meter, watch, monkeypatch):
    monkeypatch.setattr(module, "PATIENCE", timedelta())
    push = await live()
    await storage.feeds.take_feed(push.feed, now=watch(), lease=MINUTE)
    await ping(receiver, push, document("One"))
    assert await waiting(storage, watch) == []
    assert meter.seen["pushes", "busy"] == 1


async def test_a_flood_of_one_feed_is_bounded_and_holds_up_no_other(storage, receiver, live, reader, meter, watch):
    push = await live()
    other = await live("https://other.example/")
    reader.gate.clear()
    for number in range(20):
        await send(receiver, push, document(f"Item {number}"))
    await send(receiver, push, b"")
    await send(receiver, other, document("Another"))
    reader.gate.set()
    await receiver.drain()
    found = await waiting(storage, watch)
    assert "Another" in found
    assert len(found) == module.MOST_OF_A_FEED + 1
    assert meter.seen["pushes", "dropped"] == 20 - module.MOST_OF_A_FEED
    assert meter.seen["pushes", "merged"] == 1


@pytest.mark.parametrize("bound", ["MOST_PINGS", "MOST_BYTES"])
async def test_a_flood_of_all_feeds_is_bounded_and_what_is_dropped_is_polled(
    storage, receiver, live, reader, meter, watch, monkeypatch, bound
):
    monkeypatch.setattr(module, bound, 2)
    pushes = [await live(f"https://{number}.example/") for number in range(4)]
    reader.gate.clear()
    for push in pushes:
        await send(receiver, push, document("One"))
    reader.gate.set()
    await receiver.drain()
    taken = 2 if bound == "MOST_PINGS" else 1
    assert len(await waiting(storage, watch)) == taken
    assert meter.seen["pushes", "dropped"] == 4 - taken
    assert len(await storage.feeds.claim_feeds(now=watch(), limit=9, lease=MINUTE)) == 4


async def test_a_bug_in_one_ping_does_not_stop_the_next(storage, receiver, live, reader, meter, watch):
    push = await live()
    reader.bug = True
    with capture_logs() as logs:
        await ping(receiver, push, document("One"))
    assert [one["log_level"] for one in logs] == ["error"]
    reader.bug = False
    await ping(receiver, push, document("Two"))
    assert await waiting(storage, watch) == ["Two"]
    assert meter.seen["pushes", "fault"] == 1


async def test_a_lost_lease_is_no_news(storage, receiver, live, reader, meter, watch, bell):
    push = await live()
    reader.gate.clear()
    await send(receiver, push, document("One"))
    while not reader.calls:
        await asyncio.sleep(0.001)
    watch.forward(minutes=2)
    assert await storage.feeds.take_feed(push.feed, now=watch(), lease=MINUTE)
    reader.gate.set()
    await receiver.drain()
    assert await waiting(storage, watch) == []
    assert meter.seen["pushes", "fault"] == 1
    assert bell.rung == []


async def test_a_stop_gives_back_what_is_in_hand_and_takes_no_more(storage, receiver, live, reader, watch):
    push = await live()
    reader.gate.clear()
    await send(receiver, push, document("One"))
    while not reader.calls:
        await asyncio.sleep(0.001)
    await receiver.cancel()
    reader.gate.set()
    assert await storage.feeds.take_feed(push.feed, now=watch(), lease=MINUTE)
    await ping(receiver, push, document("Two"))
    assert reader.calls == 1


async def test_an_item_that_only_the_hub_had_stays_when_the_feed_is_polled(storage, receiver, live, watch):
    push = await live()
    await ping(receiver, push, document("One"))
    due = await storage.feeds.take_feed(push.feed, now=watch(), lease=MINUTE)
    assert (due.polled, due.body_hash) == (watch(), "old")  # the next poll is not taken for one that saw the document
    assert due.failures == 0
    assert await waiting(storage, watch) == ["One"]
