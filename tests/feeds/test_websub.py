"""The rules of WebSub: what is asked of hubs, what is made of their calls, and whom we believe."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import FetchFailed, FetchTimeout, HttpError
from bot.feeds import websub
from bot.feeds.websub import Call, Trust, may_hear_secret, next_try, read_call, renew_at, request_fields, trust_in
from bot.model import FeedId, Push, PushState

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
PUSH = Push(
    feed=FeedId(1),
    hub="https://hub.example/",
    topic="https://a.example/feed",
    token="t" * 27,
    secret="s" * 43,
    state=PushState.ASKED,
    due=NOW,
)
LEAVING = replace(PUSH, state=PushState.LEAVING)
ALGORITHMS = ("sha1", "sha256", "sha384", "sha512")


def query(mode: str, **more: str) -> dict[str, str]:
    named = {"topic": PUSH.topic, "challenge": "echo me", "lease_seconds": "864000"} | more
    return {"hub.mode": mode} | {f"hub.{name}": value for name, value in named.items()}


def signature(body: bytes, algorithm: str = "sha256", secret: str = PUSH.secret) -> str:
    return f"{algorithm}={hmac.new(secret.encode(), body, getattr(hashlib, algorithm)).hexdigest()}"


def test_a_subscription_is_asked_for_with_callback_topic_lease_and_secret():
    assert request_fields(PUSH, "https://me.example/websub/t") == {
        "hub.mode": "subscribe",
        "hub.callback": "https://me.example/websub/t",
        "hub.topic": "https://a.example/feed",
        "hub.lease_seconds": "864000",
        "hub.secret": PUSH.secret,
        "hub.verify": "async",  # for hubs of PubSubHubbub 0.3
    }


def test_the_end_of_one_is_asked_for_without_the_secret():
    fields = request_fields(LEAVING, "https://me.example/websub/t")
    assert (fields["hub.mode"], "hub.secret" in fields) == ("unsubscribe", False)


def test_secrets_are_not_shown_where_an_agreement_is():
    assert PUSH.token not in repr(PUSH)
    assert PUSH.secret not in repr(PUSH)


@pytest.mark.parametrize("state", [PushState.ASKED, PushState.LIVE])
def test_a_subscription_that_was_asked_for_is_confirmed_with_the_challenge(state):
    said = read_call(replace(PUSH, state=state), query("subscribe"))
    assert (said.call, said.challenge, said.lease) == (Call.CONFIRMS, "echo me", timedelta(days=10))


@pytest.mark.parametrize(
    ("push", "call"),
    [
        (PUSH, query("subscribe", topic="https://a.example/feed?x")),
        (PUSH, query("unsubscribe")),
        (PUSH, query("publish")),
        (PUSH, query("subscribe", challenge="")),
        (PUSH, query("subscribe", challenge="x" * 5000)),
        (PUSH, {}),
        (LEAVING, query("subscribe")),
        (LEAVING, query("denied", topic="")),
        (replace(PUSH, state=PushState.WANTED), query("subscribe")),
        (replace(PUSH, state=PushState.DENIED), query("subscribe")),
    ],
)
def test_nothing_else_is_confirmed(push, call):
    assert read_call(push, call).call is Call.FOREIGN


def test_an_end_is_confirmed_only_when_it_is_wanted():
    assert read_call(LEAVING, query("unsubscribe")).call is Call.ENDS
    assert read_call(replace(PUSH, state=PushState.LIVE), query("unsubscribe")).call is Call.FOREIGN


def test_a_denial_keeps_its_reason_as_one_line():
    said = read_call(PUSH, query("denied", reason="not\r\nhere " + "x" * 999))
    assert said.call is Call.DENIES
    assert said.reason.startswith("not  here xxx")
    assert len(said.reason) == 200


@pytest.mark.parametrize(
    ("stated", "lease"),
    [
        ("3600", timedelta(hours=1)),
        ("1", websub.SHORTEST_LEASE),
        ("0", websub.SHORTEST_LEASE),
        ("999999999999", websub.LONGEST_LEASE),
        ("-1", websub.UNSTATED_LEASE),
        ("", websub.UNSTATED_LEASE),
        ("many", websub.UNSTATED_LEASE),
        ("٣٦٠٠", websub.UNSTATED_LEASE),
    ],
)
def test_leases_are_read_within_bounds(stated, lease):
    assert read_call(PUSH, query("subscribe", lease_seconds=stated)).lease == lease


def test_a_lease_is_renewed_when_two_thirds_of_it_are_over():
    assert renew_at(NOW, timedelta(days=9)) == NOW + timedelta(days=6)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_right_signature_proves_the_hub(algorithm):
    assert trust_in(PUSH, b"<rss/>", signature(b"<rss/>", algorithm)) is Trust.PROVEN
    assert trust_in(PUSH, b"<rss/>", signature(b"<rss/>", algorithm).upper().replace("SHA", "sha")) is Trust.PROVEN


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "sha256=",
        "sha256=" + "0" * 64,
        "sha256=" + "é" * 64,
        signature(b"<rss/>", secret="another"),
        signature(b"<rss />"),
        signature(b"<rss/>", "sha512").replace("sha512", "sha256"),
        signature(b"<rss/>", "sha224"),
        signature(b"<rss/>", "md5"),
        signature(b"<rss/>")[:-2],
    ],
)
def test_anything_else_is_forged(wrong):
    assert trust_in(PUSH, b"<rss/>", wrong) is Trust.FORGED


def test_without_a_secret_nothing_is_proven():
    assert trust_in(replace(PUSH, secret=""), b"", signature(b"", secret="")) is Trust.FORGED


def test_a_hub_without_tls_gives_hints_unless_it_signs():
    plain = replace(PUSH, hub="http://hub.example/")
    assert trust_in(plain, b"<rss/>", "") is Trust.HINT
    assert trust_in(plain, b"<rss/>", signature(b"<rss/>")) is Trust.PROVEN
    assert trust_in(plain, b"<rss/>", signature(b"other")) is Trust.FORGED
    assert trust_in(plain, b"<rss/>", "", allow_hosts=("hub.example",)) is Trust.FORGED


@given(st.binary(max_size=200), st.text(max_size=200))
def test_no_signature_that_a_stranger_writes_is_believed(body, text):
    assert trust_in(PUSH, body, text) is Trust.FORGED
    assert trust_in(PUSH, body, f"sha1={text}") is Trust.FORGED


@pytest.mark.parametrize(
    ("url", "allowed", "may"),
    [
        ("https://hub.example/", (), True),
        ("http://hub.example/", (), False),
        ("http://hub:8080/", ("hub:8080",), True),
        ("http://hub:8080/", ("hub:80",), False),
        ("http://hub/", ("hub",), True),
        ("http://hub:99999/", ("hub",), False),
        ("http://[hub/", ("hub",), False),
    ],
)
def test_secrets_go_by_tls_or_within_the_house(url, allowed, may):
    assert may_hear_secret(url, allowed) is may


def test_a_silent_hub_is_asked_later_and_later_and_at_least_daily():
    waits = [next_try(failures, now=NOW) - NOW for failures in range(20)]
    assert waits[0] == websub.FIRST_RETRY
    assert waits == sorted(waits)
    assert waits[-1] == websub.LAST_RETRY
    assert next_try(10**9, now=NOW) - NOW == websub.LAST_RETRY


def test_a_hub_may_ask_to_be_asked_later():
    busy = HttpError("https://hub.example/", 503, timedelta(hours=3))
    assert next_try(0, now=NOW, error=busy) == NOW + timedelta(hours=3)
    assert next_try(0, now=NOW, error=HttpError("https://hub.example/", 429, timedelta(1))) == NOW + timedelta(1)
    for other in (FetchFailed("https://hub.example/", "dns"), FetchTimeout("https://hub.example/", "timeout")):
        assert next_try(0, now=NOW, error=other) == NOW + websub.FIRST_RETRY


def test_a_hub_that_finds_fault_with_the_request_is_asked_after_days():
    assert next_try(0, now=NOW, error=HttpError("https://hub.example/", 403)) == NOW + websub.ASK_AGAIN
