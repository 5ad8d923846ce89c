"""`/feeds`: what is watched here in pages, how each feed is, and a button to its card."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.blocks import bold, entry, in_place, note, one_line, rows, title
from bot.chat.commands.call import Call, Parts, page_of, turns
from bot.chat.commands.choosing import marks
from bot.chat.commands.feeds import feed_name, none_watched
from bot.chat.explain import explain_reason
from bot.chat.render import until, when
from bot.model import Block, Button, Message, Mode, Span, Subscription
from bot.text.urls import safe_link

PAGE = 8
"""Feeds on a page: with their buttons in twos, and those below, as many rows as Discord shows."""

_ENDED = "HTTP 410"
_LINK = 120  # a longer address behind a title would leave too little room for the list
_LABEL = 30  # of a button that shares its row on a telephone


async def feeds(parts: Parts, call: Call) -> Message:
    """The chat's feeds, eight a page, and how each of them is."""
    return feeds_listed(call, await parts.subscriptions.subscriptions(call.chat.id))


def feeds_listed(call: Call, watched: Sequence[Subscription], *said: Block) -> Message:
    """A page of feeds, with what was just done."""
    t = call.t
    if not watched:
        none = none_watched(call)
        return Message(blocks=(*said, *none.blocks), buttons=none.buttons)
    page, pages = page_of(call.arguments, len(watched), PAGE)
    shown = watched[(page - 1) * PAGE : page * PAGE]
    cards = in_place(*((one_line(_label(each), _LABEL), f"/feed show {each.feed.id}") for each in shown))
    heading = t.n("{n} feed is watched here", "{n} feeds are watched here", len(watched))
    return Message(
        blocks=(title(heading), *said, *(entry(_line(call, each)) for each in shown), note(_hint(call))),
        buttons=(*rows(cards, width=2), (*turns(t, "/feeds", page, pages), *_more(call, last=page == pages))),
    )


def _label(subscription: Subscription) -> str:
    trouble = "⚠ " if subscription.error else ""
    return f"{subscription.feed.id}. {trouble}{feed_name(subscription)}"


def _hint(call: Call) -> str:
    if not call.can_manage:
        return call.t("Choose one to see what it brought.")
    return call.t("Choose one to change it, or to see what it brought.")


def _more(call: Call, *, last: bool) -> tuple[Button, ...]:
    """What else can be done here; on the last page only, to take all away."""
    if not call.can_manage:
        return ()
    t = call.t
    stop = [(t("Stop all"), "/feed clear")] if last else []
    return in_place((t("Choose a feed"), "/subscribe"), *stop)


def _line(call: Call, subscription: Subscription) -> tuple[Span, ...]:
    t = call.t
    link = safe_link(subscription.feed.site or subscription.feed.url)
    # What matches is the rule: only what differs is worth a word on a telephone.
    everything = t("everything")
    mode = f" · {everything}" if subscription.mode is Mode.EVERYTHING else ""
    return (
        Span(f"{subscription.feed.id}. "),
        bold(feed_name(subscription), link if len(link) <= _LINK else ""),
        Span(f"{mode}{marks(subscription.choice, t, call.now)} · {_shortly(call, subscription)}"),
    )


def _shortly(call: Call, subscription: Subscription) -> str:
    """How a feed is, for its line in the list; its card tells more."""
    t, newest = call.t, subscription.last_item
    if subscription.error or subscription.polled is None:
        return health(call, subscription)
    if newest is None:
        return t("nothing in it yet")
    return t("newest {when}", when=when(newest, call.chat.settings, t, now=call.now))


def health(call: Call, subscription: Subscription) -> str:
    """How a feed is, in a few words."""
    t, settings, polled, newest = call.t, call.chat.settings, subscription.polled, subscription.last_item
    again = until(subscription.next_poll or call.now, t, now=call.now)
    if subscription.error == _ENDED:
        return t("⚠ it has ended and is read no more")
    if subscription.error:
        reason = explain_reason(subscription.error, t)
        return t("⚠ can't be read now: {reason} · tried again {next}", reason=reason, next=again)
    if polled is None:
        return t("not read yet")
    read = when(polled, settings, t, now=call.now)
    if newest is None:
        return t("read {when}, nothing in it yet · next {next}", when=read, next=again)
    newest_item = when(newest, settings, t, now=call.now)
    return t("newest item {when} · read {read}, next {next}", when=newest_item, read=read, next=again)
