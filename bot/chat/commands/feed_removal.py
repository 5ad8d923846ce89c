"""`/unsubscribe` and `/feed clear`: one feed or all of them go, and come back as they were with one button."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.chat.blocks import bold, in_place, text, title
from bot.chat.commands.call import Call, Parts
from bot.chat.commands.feed_card import feed_card
from bot.chat.commands.feed_list import feeds_listed
from bot.chat.commands.feeds import feed_name, matching_feeds, nearest_feeds, none_watched, which_feed
from bot.chat.commands.first import topic_left
from bot.chat.commands.keyword_removal import YES
from bot.chat.commands.whole import leave_topic, whole_topic
from bot.model import Block, ImportedFeed, ImportOutcome, Message, Subscription

_COMMAND = "/unsubscribe"
_UNDO = re.compile(r"undo\s+([0-9a-f]{16})", re.IGNORECASE)


async def unsubscribe(parts: Parts, call: Call) -> Message:
    """Stop watching a feed, by its number, address or a part of its title; `undo TOKEN` brings back what went."""
    t = call.t
    if undo := _UNDO.fullmatch(call.arguments):
        return await _undo(parts, call, undo[1].lower())
    if whole := whole_topic(call.arguments, parts.finder.catalogue()):
        return await topic_left(parts, call, await leave_topic(parts, call, whole))
    watched = await parts.subscriptions.subscriptions(call.chat.id)
    if not watched:
        return none_watched(call)
    chosen = matching_feeds(watched, call.arguments) if call.arguments else []
    if len(chosen) != 1:
        return _asked(call, watched, chosen)
    said = title(t.spans("Stopped watching {feed}.", feed=bold(feed_name(chosen[0]))))
    return await _stopped(parts, call, chosen, said)


def _asked(call: Call, watched: Sequence[Subscription], chosen: Sequence[Subscription]) -> Message:
    """Which of the feeds is meant."""
    t = call.t
    if not call.arguments:
        return which_feed(call, t("Which feed should I stop watching?"), watched, _COMMAND)
    if chosen:
        return which_feed(call, t("Several feeds match that. Which one?"), chosen, _COMMAND)
    near = nearest_feeds(watched, call.arguments)
    return which_feed(call, t("No feed here matches that. Which one do you mean?"), near, _COMMAND)


async def clear(parts: Parts, call: Call) -> Message:
    """Stop watching all feeds, once that was said twice."""
    t, watched = call.t, await parts.subscriptions.subscriptions(call.chat.id)
    if not watched:
        return none_watched(call)
    if call.arguments.casefold() not in YES:
        question = t.n(
            "Stop watching the {n} feed of this chat?", "Stop watching all {n} feeds of this chat?", len(watched)
        )
        hint = t("Nothing comes then. One button brings them back.")
        yes = in_place((t("Yes, stop all"), "/feed clear yes"))
        return Message(blocks=(title(question), text(hint)), buttons=(yes, in_place((t("No"), "/feeds"))))
    said = t.n("{n} feed is watched no more.", "{n} feeds are watched no more.", len(watched))
    return await _stopped(parts, call, watched, title(said))


async def _stopped(parts: Parts, call: Call, gone: Sequence[Subscription], said: Block) -> Message:
    t, token = call.t, await parts.files.stop_feeds(call.chat, gone, now=call.now)
    undo = in_place((t("Undo"), f"{_COMMAND} undo {token}"))
    return Message(blocks=(said,), buttons=(undo, in_place((t("All feeds"), "/feeds"))))


async def _undo(parts: Parts, call: Call, token: str) -> Message:
    t = call.t
    report = await parts.files.bring_back(call.chat, token, now=call.now)
    watched = await parts.subscriptions.subscriptions(call.chat.id)
    listed = call.having("")
    if report is None:
        return feeds_listed(listed, watched, text(t("There is nothing to bring back.")))
    back = report.of(ImportOutcome.SUBSCRIBED)
    if back:
        parts.bell.ring("poll")
    if len(report.feeds) == 1 and (one := _of(watched, report.feeds[0])):
        said = t.spans("{feed} is watched again.", feed=bold(feed_name(one)))
        return await feed_card(parts, call, one, watched, text(said))
    said_all = t.n("{n} feed is watched again.", "{n} feeds are watched again.", len(back))
    over = [text(_too_many(parts, call))] if report.of(ImportOutcome.OVER_LIMIT) else []
    return feeds_listed(listed, watched, text(said_all), *over)


def _of(watched: Sequence[Subscription], imported: ImportedFeed) -> Subscription | None:
    return next((each for each in watched if each.feed.url == imported.url), None)


def _too_many(parts: Parts, call: Call) -> str:
    return call.t.n("A chat may have {n} feed.", "A chat may have {n} feeds.", parts.limits.feeds)
