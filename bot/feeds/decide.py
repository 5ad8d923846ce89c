"""What a poll changes: which items are new, which are backlog, and when to come again. Facts in, decision out.

    FeedDue + Fetched + ParsedFeed + known keys ─▶ FeedChange
    FeedDue + FeedError                         ─▶ FeedChange

It reads no clock, no database and no network: `now` and the known keys are handed in.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.errors import FeedError, FeedGone, FetchFailed
from bot.feeds.cadence import GONE, Cadence, learned_interval, next_poll, next_try
from bot.feeds.identity import identity_keys
from bot.model import FeedChange, FeedDue, Fetched, Item, NewItem, ParsedFeed

FLOOD = 5  # entries of which none is known: the feed has renamed them all
CLOCK_ERROR = timedelta(minutes=5)

_DEFAULT = Cadence()
_EARLIEST = datetime.min.replace(tzinfo=UTC)
_FIRST_ITEM = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?(?:item|entry)[\s>]", re.IGNORECASE)
_BUILD_DATE = re.compile(rb"<lastBuildDate>[^<]*</lastBuildDate>", re.IGNORECASE)
_HEADING_DATE = re.compile(
    rb"<((?:dc:)?date|pubDate|updated|modified|ttl|generator)\b[^>]*>[^<]*</\1\s*>", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Sorted:
    """A document's items: those that are new, and the further keys of those that are not."""

    new: tuple[tuple[Item, tuple[str, ...]], ...]
    known: tuple[tuple[str, tuple[str, ...]], ...]
    any_known: bool


def body_hash(body: bytes) -> str:
    """A hash of a document that stays the same while only its dates of building and comments change."""
    body = _without_comments(_BUILD_DATE.sub(b"", body))
    first = _FIRST_ITEM.search(body)
    head = first.start() if first else 0
    digest = hashlib.blake2b(_HEADING_DATE.sub(b"", body[:head]), digest_size=16)
    digest.update(body[head:])
    return digest.hexdigest()


def change_after(
    due: FeedDue,
    fetched: Fetched,
    parsed: ParsedFeed | None,
    known: AbstractSet[str],
    *,
    now: datetime,
    cadence: Cadence = _DEFAULT,
    jitter: float = 0.5,
) -> FeedChange:
    """The outcome of a poll that gave an answer.

    `parsed` is None when nothing had to be parsed: a 304, or the body of last time. `known` are those of the items'
    keys (`identity_keys`) that the feed's stored items have. New items come oldest first, as people read them.
    """
    heading = parsed or ParsedFeed()
    items = _sort_items(heading.items, known)
    interval = _interval(due, parsed, now=now, cadence=cadence)
    moved = fetched.moved_to if fetched.moved_to != due.url else ""
    return FeedChange(
        id=due.id,
        lease=due.lease,
        next_poll=next_poll(interval, now=now, cadence=cadence, jitter=jitter, max_age=fetched.max_age),
        succeeded=True,
        url=moved,
        title=heading.title,
        site=heading.site,
        language=heading.language,
        etag=fetched.etag,
        last_modified=fetched.last_modified,
        body_hash=body_hash(fetched.body) if fetched.body else "",
        interval=interval,
        items=_new_items(due, items, now=now),
        known=items.known,
    )


def change_after_failure(
    due: FeedDue, error: FeedError, *, now: datetime, cadence: Cadence = _DEFAULT, jitter: float = 0.5
) -> FeedChange:
    """The outcome of a poll that failed: later and later, and never again for a feed that said it ended."""
    failures = due.failures + 1
    asked = error.retry_after if isinstance(error, FetchFailed) else None
    gone = isinstance(error, FeedGone)
    again = next_try(failures, now=now, cadence=cadence, jitter=jitter, retry_after=asked)
    return FeedChange(
        id=due.id,
        lease=due.lease,
        next_poll=now + GONE if gone else again,
        succeeded=False,
        failures=failures,
        error=error.reason or type(error).__name__,
        gone=gone,
        interval=due.interval,
    )


def _interval(due: FeedDue, parsed: ParsedFeed | None, *, now: datetime, cadence: Cadence) -> timedelta:
    published = [item.published for item in parsed.items if item.published] if parsed else []
    ttl = parsed.ttl if parsed else None
    return learned_interval(published, now=now, cadence=cadence, before=due.interval, ttl=ttl)


def _sort_items(items: tuple[Item, ...], known: AbstractSet[str]) -> _Sorted:
    """Tell new from known items; what has a key of an item before it in the document is a duplicate."""
    new: list[tuple[Item, tuple[str, ...]]] = []
    further: list[tuple[str, tuple[str, ...]]] = []
    taken: set[str] = set()
    any_known = False
    for item, keys in zip(items, identity_keys(items), strict=True):
        name = next((key for key in keys if key in known), "")
        any_known = any_known or bool(name)
        own = tuple(key for key in keys if key not in known and key not in taken)
        if name and own:
            further.append((name, own))
        elif not name and taken.isdisjoint(keys):
            new.append((item, keys))
        taken.update(keys)
    return _Sorted(tuple(new), tuple(further), any_known)


def _new_items(due: FeedDue, items: _Sorted, *, now: datetime) -> tuple[NewItem, ...]:
    flood = len(items.new) >= FLOOD and not items.any_known
    new = [
        NewItem(item=item, keys=keys, backlog=_is_backlog(due, item, flood=flood, now=now)) for item, keys in items.new
    ]
    return tuple(_oldest_first(new))


def _is_backlog(due: FeedDue, item: Item, *, flood: bool, now: datetime) -> bool:
    """Whether an item is stored in silence.

    The first poll brings what was there before anybody asked. A date that is yet to come, as of feeds that give local
    time for UTC, does not show that an item is newer than that.
    """
    if due.polled is None:
        return item.published is None or not due.created <= item.published <= now + CLOCK_ERROR
    return flood and item.published is not None and item.published < due.polled


def _oldest_first(items: Iterable[NewItem]) -> list[NewItem]:
    """By date where all have one, else the document's order turned round: documents begin with the newest."""
    turned = list(items)[::-1]
    if all(new.item.published for new in turned):
        turned.sort(key=lambda new: new.item.published or _EARLIEST)
    return turned


def _without_comments(body: bytes) -> bytes:
    """The body without comments, by a split: a pattern would take quadratic time for comments that never end."""
    first, *rest = body.split(b"<!--")
    kept = [after if end else before for before, end, after in (part.partition(b"-->") for part in rest)]
    return b"".join([first, *kept])
