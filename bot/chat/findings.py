"""Tells why an alert came, or where the way of an item ended, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from bot.chat.blocks import bold, code, entry, note, one_line, text, title
from bot.chat.catalogue import Catalogue
from bot.chat.causes import alert_blocks
from bot.chat.explain import explain_reason
from bot.chat.fates import explain_fate
from bot.chat.misses import lacks
from bot.chat.reader import Reader
from bot.chat.readings import listed
from bot.chat.render import KEYWORD_LIMIT
from bot.chat.retold import told_like
from bot.chat.schedule_words import held_words
from bot.model import (
    Block,
    ChatState,
    DeliveryState,
    End,
    FeedRef,
    Finding,
    Judged,
    Span,
    StoredItem,
    StoryItem,
    Subscription,
    Trail,
)

MOST_MISSES = 5
_MOST_CAUSES = 3
_MOST_WATCHED = 3
_NAME = 80
_LINK = 200
_YET = frozenset({End.QUEUED, End.WAITING})


def finding_blocks(finding: Finding, reader: Reader) -> tuple[Block, ...]:
    """The finding in the reader's language, for one screen of a phone."""
    item = (text(reader.item(finding.trail.item).spans),) if finding.trail else ()
    return (*_heading(finding.end, reader.t), *item, *_TOLD[finding.end](finding, reader))


def _heading(end: End, t: Catalogue) -> Iterator[Block]:
    if end is End.SENT:
        yield title(t("Why this alert came"))
    elif end in _YET:
        yield title(t("Why no alert came yet"))
    elif end is not End.NO_LINK:
        yield title(t("Why no alert came"))


def _name(feed: FeedRef) -> Span:
    return bold(one_line(feed.title, _NAME) or one_line(feed.site or feed.url, _NAME))


def _trail(finding: Finding) -> Trail:
    if finding.trail is None:
        raise ValueError(f"a finding without the item's way: {finding.end}")
    return finding.trail


# --- not in any feed of the chat --------------------------------------------------------------------------


def _no_link(finding: Finding, reader: Reader) -> Iterator[Block]:
    t = reader.t
    yield text(t.spans("{typed} is no link.", typed=code(one_line(finding.link, _LINK))))
    yield text(t.spans("Send the link of an item: {example}", example=code("/why https://…")))


def _unseen(finding: Finding, reader: Reader) -> Iterator[Block]:
    t = reader.t
    yield text(t.spans("None of your feeds has listed {link}.", link=code(one_line(finding.link, _LINK))))
    if not finding.watched:
        yield text(t.spans("You watch no feed of that site. To find one: {command}", command=code("/subscribe")))
        return
    yield from (entry(_watched(one, reader)) for one in finding.watched[:_MOST_WATCHED])
    yield note(t("A page can have several links: the one that the feed gives is known here."))


def _watched(subscription: Subscription, reader: Reader) -> tuple[Span, ...]:
    t, feed = reader.t, _name(subscription.feed)
    if subscription.error:
        reason = explain_reason(subscription.error, t)
        return t.spans("{feed} can't be read now: {reason}", feed=feed, reason=reason)
    if subscription.polled is None:
        return t.spans("{feed} was not read yet", feed=feed)
    return t.spans("{feed} was read {when} and did not list it", feed=feed, when=reader.when(subscription.polled))


def _elsewhere(finding: Finding, reader: Reader) -> Iterator[Block]:
    if finding.feed:
        yield text(reader.t.spans("It came with {feed}, which is not watched here.", feed=_name(finding.feed)))


def _removed(finding: Finding, reader: Reader) -> Iterator[Block]:
    if finding.feed:
        feed = _name(finding.feed)
        yield text(reader.t.spans("It came with {feed}, but so long ago that it is not kept any more.", feed=feed))


# --- no alert was made ------------------------------------------------------------------------------------


def _earlier(finding: Finding, reader: Reader) -> Iterator[Block]:
    t, trail = reader.t, _trail(finding)
    since = reader.when(trail.subscribed) if trail.subscribed else ""
    yield text(t.spans("It was there before this chat watched its feed ({since}).", since=since))
    yield note(t("Only what comes after that is sent."))


def _queued(finding: Finding, reader: Reader) -> Iterator[Block]:
    t, seen = reader.t, reader.when(_trail(finding).item.seen)
    yield text(t("It came {when} and was not compared with the keywords yet. Ask again in a minute.", when=seen))


def _no_keyword(_: Finding, reader: Reader) -> Iterator[Block]:
    add = code("/keyword add trilateral talks")
    yield text(reader.t.spans("There is no keyword here that it could match. Add one: {example}", example=add))


def _no_match(finding: Finding, reader: Reader) -> Iterator[Block]:
    t, item = reader.t, _trail(finding).item
    yield text(t("No keyword matches it. What is missing, the nearest first:"))
    yield from (entry(_judged(one, item, t)) for one in finding.judged[:MOST_MISSES])
    more = len(finding.judged) - MOST_MISSES
    if more > 0:
        yield note(t.n("and {n} more keyword", "and {n} more keywords", more))
    if finding.paged:
        yield note(t("When it came, its whole page was searched; now only what its feed says of it is at hand."))


def _judged(judged: Judged, item: StoredItem, t: Catalogue) -> tuple[Span, ...]:
    keyword, lack = code(one_line(judged.keyword.query, KEYWORD_LIMIT)), lacks(judged.miss, item, t)
    return t.spans("{keyword}: {lack}", keyword=keyword, lack=lack)


def _keywords(finding: Finding, t: Catalogue) -> Span:
    queries = tuple(one_line(one.keyword.query, KEYWORD_LIMIT) for one in finding.judged[:_MOST_CAUSES])
    return code(listed(queries, t)) if queries else Span(t("everything"))


def _later(finding: Finding, reader: Reader) -> Iterator[Block]:
    t, first = reader.t, min(one.keyword.created for one in finding.judged)
    yield text(
        t.spans(
            "It matches {keywords}, but it came {seen}, before that was added ({added}).",
            keywords=_keywords(finding, t),
            seen=reader.when(_trail(finding).item.seen),
            added=reader.when(first),
        )
    )


def _told(finding: Finding, reader: Reader) -> Iterator[Block]:
    t = reader.t
    trail = _trail(finding)
    alerts = [one for one in trail.others if one.state not in {None, DeliveryState.JOINED}]
    if not alerts:
        yield text(t("Its story was told here already, by an alert that is not kept any more."))
        return
    yield text(t("Its story was told here already:"))
    yield from (_alert(one, reader) for one in alerts[:1])
    if alerts[0].state is DeliveryState.FAILED:
        yield note(t("That alert could not be sent."))
    yield from told_like(trail.same, t)


def _muted(_: Finding, reader: Reader) -> Iterator[Block]:
    yield text(reader.t("It belongs to a story that is muted here."))


def _alert(told: StoryItem, reader: Reader) -> Block:
    line = reader.item(told.item)
    at = reader.t("sent {when}", when=reader.when(told.at)) if told.at and told.state is DeliveryState.SENT else ""
    return Block(line.kind, (*line.spans, Span(f" · {at}"))) if at else line


def _paused(finding: Finding, reader: Reader) -> Iterator[Block]:
    t = reader.t
    yield text(t.spans("It matches {keywords}, but alerts are paused here.", keywords=_keywords(finding, t)))
    yield note(t.spans("What comes meanwhile is not sent later. {resume} starts them again.", resume=code("/resume")))


def _unclear(finding: Finding, reader: Reader) -> Iterator[Block]:
    t = reader.t
    yield text(t.spans("It would match today: {keywords}.", keywords=_keywords(finding, t)))
    yield text(
        t(
            "When it came, no alert was made. Most likely alerts were paused or I was blocked here at that time, or the"
            " feed was switched to everything later."
        )
    )


# --- an alert was made ------------------------------------------------------------------------------------


def _waiting(finding: Finding, reader: Reader) -> Iterator[Block]:
    t, fate = reader.t, _trail(finding).fate
    if fate:
        yield text(t("Its alert was made {when} and waits to be sent.", when=reader.when(fate.created)))
        if held := held_words(fate, reader.chat.settings, t, reader.now):
            yield text(held)
        reason = explain_fate(fate.reason, t)
        if fate.attempts:
            yield text(t.n("{n} try failed: {reason}", "{n} tries failed: {reason}", fate.attempts, reason=reason))
        elif reason:
            yield text(t("It is held up for a while: {reason}", reason=reason))
    if reader.chat.state is ChatState.PAUSED:
        yield note(t.spans("Alerts are paused: {resume} starts them again.", resume=code("/resume")))


def _failed(finding: Finding, reader: Reader) -> Iterator[Block]:
    t, fate = reader.t, _trail(finding).fate
    if fate:
        at, reason = reader.when(fate.finished or fate.created), explain_fate(fate.reason, t)
        yield text(t("Its alert could not be sent ({when}): {reason}", when=at, reason=reason))


_TOLD: Mapping[End, Callable[[Finding, Reader], Iterator[Block]]] = {
    End.NO_LINK: _no_link,
    End.UNSEEN: _unseen,
    End.ELSEWHERE: _elsewhere,
    End.REMOVED: _removed,
    End.EARLIER: _earlier,
    End.QUEUED: _queued,
    End.NO_KEYWORD: _no_keyword,
    End.NO_MATCH: _no_match,
    End.LATER: _later,
    End.TOLD: _told,
    End.MUTED: _muted,
    End.PAUSED: _paused,
    End.UNCLEAR: _unclear,
    End.WAITING: _waiting,
    End.FAILED: _failed,
    End.SENT: lambda finding, reader: alert_blocks(finding, _trail(finding), reader),
}
