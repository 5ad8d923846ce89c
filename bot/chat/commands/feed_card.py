"""`/feed show|mode|mute`: a card for each feed, whose buttons change it in place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.chat.blocks import bold, code, entry, in_place, one_line, text, title
from bot.chat.commands.call import Call, Parts, first_word, number
from bot.chat.commands.choosing import (
    Unreadable,
    described,
    lately,
    mode_question,
    mute_again,
    mute_question,
    mute_said,
    unreadable,
    urgency_said,
    with_mute,
    with_urgency,
)
from bot.chat.commands.feed_list import PAGE, feeds, health
from bot.chat.commands.feeds import feed_name, matching_feeds, nearest_feeds, none_watched, which_feed
from bot.chat.commands.keywords import TEST_DAYS
from bot.model import Block, Button, Choice, FoundFeed, Message, Mode, Subscription, Tally

_ADDRESS = 1000
_MODES = {
    **dict.fromkeys(("matching", "matches", "what matches"), Mode.MATCHING),
    **dict.fromkeys(("everything", "all", "全部"), Mode.EVERYTHING),
}


async def show(parts: Parts, call: Call) -> Message:
    """The card of a feed, named by its number, its address or a part of its title."""
    watched = await parts.subscriptions.subscriptions(call.chat.id)
    chosen = matching_feeds(watched, call.arguments) if call.arguments else []
    if len(chosen) != 1:
        return _asked(call, watched, chosen, "/feed show")
    return await feed_card(parts, call, chosen[0], watched)


async def bare(parts: Parts, call: Call) -> Message:
    """`/feed` alone lists them; with a number or a name it shows that feed."""
    if not call.arguments:
        return await feeds(parts, call)
    return await show(parts, call)


def _asked(call: Call, watched: Sequence[Subscription], chosen: Sequence[Subscription], command: str) -> Message:
    """Ask for the feed, where what was typed means none or several."""
    if not watched:
        return none_watched(call)
    if chosen:
        return which_feed(call, call.t("Several feeds match that. Which one?"), chosen, command)
    return which_feed(call, call.t("Which feed do you mean?"), nearest_feeds(watched, call.arguments), command)


async def feed_card(
    parts: Parts,
    call: Call,
    subscription: Subscription,
    watched: Sequence[Subscription],
    *said: Block,
    undo: str = "",
) -> Message:
    """All of a feed, with what was just done; `undo` is the line that takes that back."""
    t, feed = call.t, subscription.feed
    tally = await parts.tallies.of_feed(call.chat.id, feed.id, since=call.now - timedelta(days=TEST_DAYS))
    return Message(
        blocks=(
            _heading(call, subscription),
            *said,
            text((code(one_line(feed.url, _ADDRESS)),)),
            entry(health(call, subscription)),
            entry(_brought(call, tally)),
            entry(_what(call, subscription)),
            *described(subscription.choice, t, call.now),
        ),
        buttons=(in_place((t("Undo"), undo)) if undo else (), *_buttons(call, subscription, watched, undo)),
    )


def _heading(call: Call, subscription: Subscription) -> Block:
    name = bold(feed_name(subscription), subscription.feed.site)
    return title(call.t.spans("Feed {number}: {feed}", number=str(subscription.feed.id), feed=name))


def _brought(call: Call, tally: Tally) -> str:
    items = call.t.n("{n} item in the last 7 days.", "{n} items in the last 7 days.", tally.items)
    return f"{items} {lately(tally, call)}"


def _what(call: Call, subscription: Subscription) -> str:
    if subscription.mode is Mode.EVERYTHING:
        return call.t("Everything in it comes.")
    return call.t("What matches a keyword comes.")


def _buttons(
    call: Call, subscription: Subscription, watched: Sequence[Subscription], undo: str
) -> tuple[tuple[Button, ...], ...]:
    t, named = call.t, subscription.feed.id
    page = next((at for at, each in enumerate(watched) if each.feed.id == named), 0) // PAGE + 1
    back = in_place((t("All feeds"), f"/feeds {page}" if page > 1 else "/feeds"))
    if not call.can_manage:
        return (back,)
    other = _other(call, subscription)
    further = [other] if other[1] != undo else []  # no button stands there twice
    choices = in_place((t("Timing"), f"/feed mode {named}"), (t("Mute"), f"/feed mute {named}"))
    return in_place(*further), choices, (*in_place((t("Stop watching"), f"/unsubscribe {named}")), *back)


def _other(call: Call, subscription: Subscription) -> tuple[str, str]:
    """The button to the other mode."""
    line = f"/feed mode {subscription.feed.id}"
    if subscription.mode is Mode.EVERYTHING:
        return call.t("Only what matches"), f"{line} {Mode.MATCHING}"
    return call.t("Send everything"), f"{line} {Mode.EVERYTHING}"


def _back(call: Call, subscription: Subscription) -> tuple[Button, ...]:
    return in_place((call.t("Cancel"), f"/feed show {subscription.feed.id}"))


async def mode(parts: Parts, call: Call) -> Message:
    """What of a feed comes, and when: `FEED [matching|everything|default|instant|digest]`."""
    watched, found, typed = await _named(parts, call)
    if len(found) != 1:
        return _asked(call, watched, found, "/feed mode")
    chosen, line = found[0], f"/feed mode {found[0].feed.id}"
    if what := _MODES.get(typed.casefold()):
        return await _in_mode(parts, call, chosen, what)
    try:
        choice = with_urgency(chosen.choice, typed)
    except Unreadable:
        wrong = [unreadable(call, typed)] if typed else []
        heading = [*wrong, _heading(call, chosen)]
        return mode_question(call, chosen.choice, heading, line, _back(call, chosen), in_place(_other(call, chosen)))
    undo = f"{line} {chosen.choice.urgency}"
    return await _chosen(parts, call, chosen, choice, text(urgency_said(choice, call.t)), undo=undo)


async def mute(parts: Parts, call: Call) -> Message:
    """Have the alerts of a feed wait: `FEED [8h|7d|…|off]`."""
    watched, found, typed = await _named(parts, call)
    if len(found) != 1:
        return _asked(call, watched, found, "/feed mute")
    chosen, line = found[0], f"/feed mute {found[0].feed.id}"
    try:
        choice = with_mute(chosen.choice, typed, call.now)
    except Unreadable:
        wrong = [unreadable(call, typed)] if typed else []
        return mute_question(call, chosen.choice, [*wrong, _heading(call, chosen)], line, _back(call, chosen))
    undo = f"{line} {mute_again(chosen.choice, call.now)}"
    return await _chosen(parts, call, chosen, choice, text(mute_said(choice, call)), undo=undo)


async def _named(parts: Parts, call: Call) -> tuple[list[Subscription], list[Subscription], str]:
    """The chat's feeds, those that are meant, and what was typed after them: a title may have several words."""
    watched = await parts.subscriptions.subscriptions(call.chat.id)
    first, rest = first_word(call.arguments)
    if numbered := [each for each in watched if each.feed.id == number(first)]:
        return watched, numbered, rest
    if not call.arguments or (found := matching_feeds(watched, call.arguments)):
        return watched, found if call.arguments else [], ""
    head, _, last = call.arguments.rpartition(" ")
    return watched, matching_feeds(watched, head) if head else [], last


async def _in_mode(parts: Parts, call: Call, former: Subscription, what: Mode) -> Message:
    feed = former.feed
    found = FoundFeed(url=feed.url, title=feed.title, site=feed.site)
    kept, _ = await parts.subscriptions.subscribe(call.chat.id, found, mode=what, now=call.now)
    undo = f"/feed mode {feed.id} {former.mode}" if former.mode is not what else ""
    watched = await parts.subscriptions.subscriptions(call.chat.id)
    return await feed_card(parts, call, kept, watched, text(_what(call, kept)), undo=undo)


async def _chosen(parts: Parts, call: Call, former: Subscription, choice: Choice, said: Block, *, undo: str) -> Message:
    """Keep a choice; the card as it is from now on."""
    kept = await parts.subscriptions.set_feed_choice(call.chat.id, former.feed.id, choice) or former
    watched = await parts.subscriptions.subscriptions(call.chat.id)
    return await feed_card(parts, call, kept, watched, said, undo="" if choice == former.choice else undo)
