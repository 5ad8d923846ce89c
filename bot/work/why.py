"""Decides where an item's way to a chat ended, from what is known of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.errors import QueryError
from bot.matching.document import Document
from bot.matching.excerpts import excerpts
from bot.matching.explain import why_not
from bot.matching.query import Query, read
from bot.model import Cause, ChatState, DeliveryState, End, Finding, ItemState, Judged, Keyword, Mode, Trail, Why

_ENDS = {
    DeliveryState.DUE: End.WAITING,
    DeliveryState.FAILED: End.FAILED,
    DeliveryState.SENT: End.SENT,
    DeliveryState.JOINED: End.TOLD,
    DeliveryState.FOLDED: End.WAITING,
    DeliveryState.HELD: End.WAITING,
}
_ORDER = tuple(End)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that the decision needs: an item's way, the state of the chat, and its keywords with what each lacks."""

    trail: Trail
    state: ChatState
    judged: tuple[Judged, ...] = ()

    @property
    def matching(self) -> tuple[Judged, ...]:
        """The keywords that the item answers."""
        return tuple(one for one in self.judged if not one.miss.failures)

    @property
    def takes_everything(self) -> bool:
        """Whether the chat wants it without any keyword."""
        return self.trail.mode is Mode.EVERYTHING


def finding_of(trail: Trail, state: ChatState, keywords: Sequence[Keyword], *, paged: bool = False) -> Finding:
    """Where the way of an item ended, and what shows it."""
    document = Document(trail.item.item, trail.item.feed)
    if trail.fate:
        causes = tuple(_causes(trail.fate.why, keywords, document))
        return Finding(end=_ENDS[trail.fate.state], trail=trail, causes=causes, paged=paged)
    facts = Facts(trail=trail, state=state, judged=tuple(_judged(keywords, document)))
    end = end_of(facts)
    shown = facts.judged if end is End.NO_MATCH else facts.matching
    judged = tuple(sorted(shown, key=lambda one: -one.miss.nearness))
    return Finding(end=end, trail=trail, judged=judged, paged=paged)


def end_of(facts: Facts) -> End:
    """The first condition on the way of an item without an alert that failed."""
    trail, seen = facts.trail, facts.trail.item.seen
    if trail.state is ItemState.BACKLOG or trail.subscribed is None or trail.subscribed > seen:
        return End.EARLIER
    if trail.state is ItemState.NEW:
        return End.QUEUED
    if not facts.takes_everything and (unasked := _unasked(facts)):
        return unasked
    if trail.muted:
        return End.MUTED
    if trail.told:
        return End.TOLD
    return End.PAUSED if facts.state is ChatState.PAUSED else End.UNCLEAR


def _unasked(facts: Facts) -> End | None:
    """Why no keyword asked for the item when it came."""
    if not facts.judged:
        return End.NO_KEYWORD
    if not facts.matching:
        return End.NO_MATCH
    later = all(one.keyword.created > facts.trail.item.seen for one in facts.matching)
    return End.LATER if later else None


def farthest(findings: Iterable[Finding]) -> Finding | None:
    """Of what several feeds brought under one link, that which came farthest."""
    return max(findings, key=lambda finding: _ORDER.index(finding.end), default=None)


def _judged(keywords: Iterable[Keyword], document: Document) -> Iterator[Judged]:
    for keyword in keywords:
        query = _readable(keyword.query)
        if query:
            yield Judged(keyword=keyword, miss=why_not(query, document))


def _causes(why: Iterable[Why], keywords: Iterable[Keyword], document: Document) -> Iterator[Cause]:
    live = {keyword.query: keyword for keyword in keywords}
    for reason in why:
        query = _readable(reason.keyword)
        shown = excerpts(query, document) if query else ()
        yield Cause(why=reason, keyword=live.get(reason.keyword), excerpts=shown)


def _readable(query: str) -> Query | None:
    """The query, unless an earlier version took it and this one does not."""
    try:
        return read(query)
    except QueryError:
        return None
