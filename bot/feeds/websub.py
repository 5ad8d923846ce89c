"""The rules of WebSub for a subscriber: what to ask of a hub, what to make of its calls, whom to believe.

Source: https://www.w3.org/TR/websub/ (sections 5 to 7). It does no I/O: `bot.feeds.hub` speaks to hubs.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from urllib.parse import urlsplit

from bot.errors import FetchFailed, HttpError
from bot.feeds.address import is_allowed
from bot.model import Push, PushState

LEASE = timedelta(days=10)  # what we ask for; the hub decides
UNSTATED_LEASE = timedelta(days=1)  # of hubs older than WebSub, which need not say
SHORTEST_LEASE = timedelta(minutes=5)  # what is shorter is renewed as if it were as long
LONGEST_LEASE = timedelta(days=90)
ASK_AGAIN = timedelta(days=3)  # after a denial
FIRST_RETRY = timedelta(minutes=10)
LAST_RETRY = timedelta(days=1)
GOODBYES = 3  # how often a hub is asked to end a subscription before it is let run out

_ALGORITHMS = frozenset({"sha1", "sha256", "sha384", "sha512"})  # section 7.1
_SIGNATURE = re.compile(r"\s*(sha\d{1,3})=([0-9a-fA-F]{40,128})\s*")
_SECONDS = re.compile(r"\d{1,12}", re.ASCII)
_LONGEST_CHALLENGE = 4_096
_LONGEST_REASON = 200
_CALLER_FAULTS = range(400, 500)
_COME_BACK = frozenset({408, 425, 429})


class Call(Enum):
    """What a hub's GET means to us."""

    CONFIRMS = auto()  # it verified a subscription that we asked for
    ENDS = auto()  # it verified the end of one
    DENIES = auto()
    FOREIGN = auto()  # nothing that we asked for


class Trust(Enum):
    """What to make of a document that came to the callback."""

    PROVEN = auto()  # signed with our secret: it is from the hub
    HINT = auto()  # of a hub that could not be told a secret: a reason to look at the feed, and no more
    FORGED = auto()


@dataclass(frozen=True, slots=True)
class Verification:
    """A hub's GET, read. `lease` is set where it confirms, `reason` where it denies."""

    call: Call
    challenge: str = ""
    lease: timedelta = UNSTATED_LEASE
    reason: str = ""


def request_fields(push: Push, callback: str) -> dict[str, str]:
    """The form of a (un)subscription request (section 5.1). The secret in it is for TLS alone.

    `hub.verify` is of PubSubHubbub 0.3, where it is required; hubs of today ignore it.
    """
    fields = {"hub.callback": callback, "hub.topic": push.topic, "hub.verify": "async"}
    if push.state is PushState.LEAVING:
        return fields | {"hub.mode": "unsubscribe"}
    lease = str(int(LEASE.total_seconds()))
    return fields | {"hub.mode": "subscribe", "hub.lease_seconds": lease, "hub.secret": push.secret}


def may_hear_secret(url: str, allow_hosts: Collection[str] = ()) -> bool:
    """Whether a secret may go to this address: by TLS, or within a private network that the admin allowed."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or 80
    except ValueError:
        return False
    return parts.scheme == "https" or is_allowed(host, port, allow_hosts)


def read_call(push: Push, query: Mapping[str, str]) -> Verification:
    """What the hub says by its GET to the callback (sections 5.2 and 5.3); only what was asked for is confirmed."""
    if query.get("hub.topic") != push.topic:
        return Verification(Call.FOREIGN)
    mode, challenge = query.get("hub.mode"), query.get("hub.challenge", "")
    if mode == "denied":
        return Verification(Call.DENIES, reason=_printable(query.get("hub.reason", "")))
    if not 0 < len(challenge) <= _LONGEST_CHALLENGE:
        return Verification(Call.FOREIGN)
    if mode == "subscribe" and push.state in {PushState.ASKED, PushState.LIVE}:
        return Verification(Call.CONFIRMS, challenge, lease=_lease(query.get("hub.lease_seconds", "")))
    if mode == "unsubscribe" and push.state is PushState.LEAVING:
        return Verification(Call.ENDS, challenge)
    return Verification(Call.FOREIGN)


def renew_at(now: datetime, lease: timedelta) -> datetime:
    """When to ask for a new lease: early enough for some tries before the old one ends."""
    return now + lease * 2 / 3


def trust_in(push: Push, body: bytes, signature: str, allow_hosts: Collection[str] = ()) -> Trust:
    """Who wrote a body, by its `X-Hub-Signature` (section 7.1), compared in constant time.

    A hub that has no TLS was not told the secret: what it sends unsigned proves nothing, and what is signed wrongly is
    forged all the same.
    """
    if not signature:
        return Trust.FORGED if may_hear_secret(push.hub, allow_hosts) else Trust.HINT
    match = _SIGNATURE.fullmatch(signature)
    if not push.secret or not match or match[1] not in _ALGORITHMS:
        return Trust.FORGED
    expected = hmac.new(push.secret.encode(), body, match[1]).hexdigest()
    return Trust.PROVEN if hmac.compare_digest(expected, match[2].lower()) else Trust.FORGED


def next_try(failures: int, *, now: datetime, error: Exception | None = None) -> datetime:
    """When to ask again a hub that did not call back, or that could not be asked; `failures` counts the tries before.

    A hub that says the request is wrong is asked seldom: it will be as wrong tomorrow.
    """
    if isinstance(error, HttpError) and error.status in _CALLER_FAULTS and error.status not in _COME_BACK:
        return now + ASK_AGAIN
    wait = min(FIRST_RETRY * (1 << min(failures, 10)), LAST_RETRY)
    asked = error.retry_after if isinstance(error, FetchFailed) else None
    return now + max(wait, asked or wait)


def _lease(seconds: str) -> timedelta:
    """Within bounds: nobody is asked all the time, and an agreement that never ends would never be looked at again."""
    stated = timedelta(seconds=int(seconds)) if _SECONDS.fullmatch(seconds) else UNSTATED_LEASE
    return min(max(stated, SHORTEST_LEASE), LONGEST_LEASE)


def _printable(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text[:_LONGEST_REASON]).strip()
