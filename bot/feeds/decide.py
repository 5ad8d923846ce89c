"""What a poll changes: which items are new, which are backlog, and when to come again. Facts in, decision out.

    FeedDue + Fetched + heading + sightings + known keys ─▶ FeedChange
    FeedDue + FeedError                                  ─▶ FeedChange

It reads no clock, no database and no network: `now` and the known keys are handed in.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.errors import FeedError, FeedGone, FetchFailed
from bot.feeds.cadence import GONE, Cadence, is_dead, next_try, plan_poll
from bot.feeds.entry import Heading
from bot.feeds.hints import hints_text, read_hints
from bot.feeds.rhythm import Rhythm
from bot.model import FeedChange, FeedDue, Fetched, Item, NewItem, NoticeKind

FLOOD = 5  # entries of which none is known: the feed has renamed them all
CLOCK_ERROR = timedelta(minutes=5)
LATE = timedelta(hours=1)  # the longest that a working feed goes unread

_DEFAULT = Cadence()
_EARLIEST = datetime.min.replace(tzinfo=UTC)
_FIRST_ITEM = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?(?:item|entry)[\s>]", re.IGNORECASE)
_BUILD_DATE = re.compile(rb"<lastBuildDate>[^<]*</lastBuildDate>", re.IGNORECASE)
_HEADING_DATE = re.compile(
    rb"<((?:dc:)?date|pubDate|updated|modified|ttl|generator)\b[^>]*>[^<]*</\1\s*>", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Sighting:
    """An entry of a document: the keys that may name it, strongest first, and its Item, unless a key is known."""

    keys: tuple[str, ...]
    item: Item | None = None


@dataclass(frozen=True, slots=True)
class _Sorted:
    """A document's items: those that are new, and the further keys of those that are not."""

    new: tuple[tuple[Item, tuple[str, ...]], ...]
    known: tuple[tuple[str, tuple[str, ...]], ...]
    any_known: bool


_NOTHING = _Sorted((), (), any_known=False)


def body_hash(body: bytes) -> str:
    """A hash of a document that stays the same while only its dates of building and comments change."""
    body = _without_comments(_BUILD_DATE.sub(b"", body))
    first = _FIRST_ITEM.search(body)
    head = first.start() if first else 0
    digest = hashlib.blake2b(_HEADING_DATE.sub(b"", body[:head]), digest_size=16)
    digest.update(body[head:])
    return digest.hexdigest()


def wants_dates(due: FeedDue) -> bool:
    """Whether the rhythm is to be learned from the dates of a whole document."""
    return Rhythm.from_bytes(due.rhythm).empty


def change_after(
    due: FeedDue,
    fetched: Fetched,
    heading: Heading | None,
    sightings: Sequence[Sighting],
    known: AbstractSet[str],
    *,
    now: datetime,
    dates: Collection[datetime | None] | None = None,
    fingerprint: str = "",
    cadence: Cadence = _DEFAULT,
    jitter: float = 0.5,
) -> FeedChange:
    """The outcome of a poll that worked. `fingerprint` is the `body_hash` of what came, if anything came.

    `heading` and `sightings` are what the document says; None and none when it is the one of the last poll. `known` are
    those of the keys that the feed's stored items have, `dates` those of all entries where it `wants_dates`. New items
    come oldest first, as people read them.
    """
    items = _sort(sightings, known) if sightings else _NOTHING
    new = _new_items(due, items, now=now) if items.new else ()
    rhythm, learned = _learn(due, new, dates, now=now)
    said = heading or read_hints(due.hints)
    hints = due.hints if heading is None else hints_text(heading)
    hub, topic = (None, None) if heading is None else _push(fetched, heading)
    return FeedChange(
        id=due.id,
        lease=due.lease,
        next_poll=_plan(rhythm, said, fetched, now=now, cadence=cadence, jitter=jitter),
        succeeded=True,
        url=fetched.moved_to if fetched.moved_to != due.url else "",
        title=said.title if said.title != due.title else "",
        site=said.site if said.site != due.site else "",
        language=said.language if said.language != due.language else "",
        etag=fetched.etag if fetched.etag != due.etag else "",
        last_modified=fetched.last_modified if fetched.last_modified != due.last_modified else "",
        body_hash=fingerprint if fingerprint != due.body_hash else "",
        rhythm=learned,
        notice=NoticeKind.FEED_BACK if due.dead else None,
        hints=hints if hints != due.hints else None,
        hub=hub,
        topic=topic,
        items=new,
        known=items.known,
    )


def change_after_push(
    due: FeedDue, sightings: Sequence[Sighting], known: AbstractSet[str], *, now: datetime
) -> FeedChange:
    """What a hub sent, which may be a part of the document. The feed itself is polled next, at once: its host has the
    last word."""
    items = _sort(sightings, known)
    new = _new_items(due, items, now=now)
    return FeedChange(
        id=due.id,
        lease=due.lease,
        next_poll=now,
        succeeded=False,
        failures=due.failures,
        dead=due.dead,
        rhythm=_learn(due, new, None, now=now)[1],
        items=new,
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
    dead = gone or is_dead(failures, cadence)
    return FeedChange(
        id=due.id,
        lease=due.lease,
        next_poll=now + GONE if gone else again,
        succeeded=False,
        failures=failures,
        error=error.reason or type(error).__name__,
        gone=gone,
        dead=dead,
        notice=NoticeKind.FEED_DEAD if dead and not due.dead else None,
    )


def _learn(
    due: FeedDue, new: Sequence[NewItem], dates: Collection[datetime | None] | None, *, now: datetime
) -> tuple[Rhythm, bytes]:
    """The rhythm after this poll, and as it is to be stored; nothing where it is as it was.

    It begins with a whole document, backlog and all; later the backlog is what the feed sent again.
    """
    rhythm = Rhythm.from_bytes(due.rhythm)
    published = dates if rhythm.empty else [one.item.published for one in new if not one.backlog] or None
    if published is None:
        return rhythm, b""
    rhythm = rhythm.learn(published, now=now, before=due.polled)
    return rhythm, rhythm.to_bytes()


def _plan(
    rhythm: Rhythm, said: Heading, fetched: Fetched, *, now: datetime, cadence: Cadence, jitter: float
) -> datetime:
    return plan_poll(
        rhythm,
        now=now,
        cadence=cadence,
        jitter=jitter,
        ttl=said.ttl,
        max_age=fetched.max_age,
        skip_hours=said.skip_hours,
        skip_days=said.skip_days,
    )


def _push(fetched: Fetched, heading: Heading) -> tuple[str, str]:
    """The hub and topic that the answer names, its header before its document; empty for a feed without."""
    linked = dict(reversed(fetched.links))  # the first of each relation counts
    hub = linked.get("hub") or next(iter(heading.hubs), "")
    return hub, (linked.get("self") or heading.self_url or fetched.url) if hub else ""


def _sort(sightings: Sequence[Sighting], known: AbstractSet[str]) -> _Sorted:
    """Tell new from known items; what has a key of an item before it in the document is a duplicate."""
    new: list[tuple[Item, tuple[str, ...]]] = []
    further: list[tuple[str, tuple[str, ...]]] = []
    taken: set[str] = set()
    any_known = False
    for sighting in sightings:
        keys = sighting.keys
        name = next((key for key in keys if key in known), "")
        any_known = any_known or bool(name)
        own = tuple(key for key in keys if key not in known and key not in taken)
        if name and own:
            further.append((name, own))
        elif sighting.item is not None and not name and taken.isdisjoint(keys):
            new.append((sighting.item, keys))
        taken.update(keys)
    return _Sorted(tuple(new), tuple(further), any_known)


def _new_items(due: FeedDue, items: _Sorted, *, now: datetime) -> tuple[NewItem, ...]:
    flood = len(items.new) >= FLOOD and not items.any_known
    new = [
        NewItem(
            item=item,
            keys=keys,
            backlog=_is_backlog(due, item, flood=flood, now=now),
            late=_is_late(due, item, now=now),
        )
        for item, keys in items.new
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


def _is_late(due: FeedDue, item: Item, *, now: datetime) -> bool:
    """Whether an item was published since the last look at its feed, but long ago: nobody looked meanwhile.

    An older date is the feed's own way: it lists items late, or dates them by what they tell of.
    """
    return due.polled is not None and item.published is not None and due.polled <= item.published <= now - LATE


def _oldest_first(items: Iterable[NewItem]) -> list[NewItem]:
    """By date where all have one, else the document's order turned round: documents begin with the newest."""
    turned = list(items)[::-1]
    if all(new.item.published for new in turned):
        turned.sort(key=lambda new: new.item.published or _EARLIEST)
    return turned


def _without_comments(body: bytes) -> bytes:
    """The body without comments, by a split: a pattern would take quadratic time for comments that never end."""
    if b"<!--" not in body:
        return body
    first, *rest = body.split(b"<!--")
    kept = [after if end else before for before, end, after in (part.partition(b"-->") for part in rest)]
    return b"".join([first, *kept])
