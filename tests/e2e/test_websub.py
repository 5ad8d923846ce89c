"""From a hub's ping to the alert in the chat; the hub is a process of its own, and no poll is due for hours."""

from __future__ import annotations

import socket
import time
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from bot.model import PushState
from tests.support.hub import HubProcess, run_hub
from tests.support.sides import open_sides

PERSON = 7
FAR = 86_400  # seconds


@pytest.fixture
async def hub():
    async with run_hub() as hub:
        yield hub


@pytest.fixture(params=["document", "header"])
def feed_with_hub(request, feed, hub):
    feed.hub, feed.in_header = hub.url, request.param == "header"
    return feed


@pytest.fixture
def public(make_settings, api, monkeypatch):
    """Settings of a program that hubs can reach, and that polls next to never."""
    monkeypatch.setattr("bot.app.program.HUB_TICK", timedelta(seconds=0.1))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    return make_settings(
        telegram_token=api.token,
        telegram_api_url=api.url,
        poll_interval=FAR,
        poll_longest=FAR,
        web_port=port,
        public_url=f"http://127.0.0.1:{port}",
    )


@asynccontextmanager
async def subscribed(public, api, feed, hub: HubProcess, run_core, run_program):
    """The program at work for a person who asked for ferries, and whose feed the hub pushes."""
    async with run_core(public) as core, open_sides(core) as sides, run_program(core, sides):
        for line in (f"/subscribe {feed.url}", "/keyword add ferry"):
            before = len(api.sent_to(PERSON))
            api.say(PERSON, line)
            await api.until(lambda before=before: len(api.sent_to(PERSON)) > before)
        await hub.until(lambda state: state["subscriptions"])
        yield core


def told(api, title: str) -> list[str]:
    return [text for text in api.sent_to(PERSON) if title in text]


async def test_a_signed_ping_is_an_alert_within_moments(public, api, feed_with_hub, hub, run_core, run_program):
    feed = feed_with_hub
    async with subscribed(public, api, feed, hub, run_core, run_program):
        polls, start = feed.polls, time.perf_counter()
        # The feed's own host does not have it yet: only the ping can have brought it.
        assert await hub.publish(feed.url, feed.document(("ferry", "A ferry sails", "At dawn."))) == [202]
        await api.until(lambda: told(api, "A ferry sails"))
        print(f"from ping to alert: {time.perf_counter() - start:.3f} s")
        assert feed.link("ferry") in str(api.sent[-1].reply_markup) + str(api.sent[-1].entities)
        await api.until(lambda: feed.polls > polls)  # its host has the last word
        assert len(told(api, "A ferry sails")) == 1


async def test_a_ping_with_a_wrong_signature_is_ignored(public, api, feed, hub, run_core, run_program):
    feed.hub, feed.in_header = hub.url, True
    async with subscribed(public, api, feed, hub, run_core, run_program) as core:
        polls = feed.polls
        for sign in ("wrongly", "not"):
            forged = feed.document(("forged", "A forged ferry sails", "At midnight."))
            assert await hub.publish(feed.url, forged, sign=sign) == [202]
        assert feed.polls == polls
        # What came before it would have been told before it.
        await hub.publish(feed.url, feed.document(("true", "A true ferry sails", "At dawn.")), algorithm="sha512")
        await api.until(lambda: told(api, "A true ferry sails"))
        assert not told(api, "A forged ferry sails")
        assert b'diting_pushes_total{outcome="forged"} 2.0' in core.meter.page()


async def test_an_empty_ping_has_the_feed_polled_at_once(public, api, feed, hub, run_core, run_program):
    feed.hub, feed.in_header = hub.url, True
    async with subscribed(public, api, feed, hub, run_core, run_program):
        feed.add("ferry", "A ferry sails", "At dawn.")
        assert await hub.publish(feed.url, "") == [202]
        await api.until(lambda: told(api, "A ferry sails"))


async def test_a_lease_is_renewed_before_it_ends(public, api, feed, hub, run_core, run_program, monkeypatch):
    monkeypatch.setattr("bot.feeds.websub.SHORTEST_LEASE", timedelta(seconds=1))
    feed.hub, feed.in_header = hub.url, True
    await hub.behave(lease=1)
    async with subscribed(public, api, feed, hub, run_core, run_program):
        requests = [one for one in (await hub.state())["events"] if one["event"] == "request"]
        await hub.until(lambda state: len(verified(state)) >= 3)
        callbacks = {one["hub.callback"] for one in (await hub.events("request", "subscribe"))}
        assert callbacks == {requests[0]["hub.callback"]}
        await hub.publish(feed.url, feed.document(("ferry", "A ferry sails", "At dawn.")))
        await api.until(lambda: told(api, "A ferry sails"))


async def test_a_hub_that_verifies_what_nobody_asked_for_gets_no_consent(public, api, feed, hub, run_core, run_program):
    feed.hub, feed.in_header = hub.url, True
    await hub.behave(verify="wrong-topic")
    async with run_core(public) as core, open_sides(core) as sides, run_program(core, sides):
        api.say(PERSON, f"/subscribe {feed.url}")
        state = await hub.until(lambda state: any(one["event"] == "verification" for one in state["events"]))
        [call] = [one for one in state["events"] if one["event"] == "verification"]
        assert (call["status"], state["subscriptions"]) == (404, {})


async def test_a_hub_that_denies_is_left_alone_and_a_feed_nobody_follows_is_given_up(
    public, api, feed, hub, run_core, run_program
):
    feed.hub, feed.in_header = hub.url, True
    async with subscribed(public, api, feed, hub, run_core, run_program) as core:
        [callback] = (await hub.state())["subscriptions"]
        push = await core.storage.pushes.find_push(callback.rpartition("/")[2])
        assert push.state is PushState.LIVE
        api.say(PERSON, f"/unsubscribe {feed.url}")
        await hub.until(lambda state: not state["subscriptions"])
        assert await core.storage.pushes.find_push(push.token) is None
        await hub.behave(verify="deny")
        api.say(PERSON, f"/subscribe {feed.url}")
        await hub.until(lambda state: any(one.get("hub.mode") == "denied" for one in state["events"]))
        [token] = {one["hub.callback"].rpartition("/")[2] for one in (await hub.events("request", "subscribe"))[1:]}
        assert (await core.storage.pushes.find_push(token)).state is PushState.DENIED


def verified(state) -> list[dict[str, object]]:
    return [one for one in state["events"] if one["event"] == "verification" and one["status"] == 200]
