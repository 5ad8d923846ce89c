"""`/keyword move`: a keyword goes to another place, whose people may want its alerts more."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from bot.chat.blocks import buttons, entry, note, one_line, rows, text
from bot.chat.commands.call import Call, Parts
from bot.chat.commands.keywords import find_keyword, none_yet, too_many_regexes, which, written
from bot.chat.commands.manage import find_place, named, own_places
from bot.errors import QueryError
from bot.matching.query import read
from bot.model import Block, Button, Chat, FeedRef, Keyword, KeywordId, Message

_UNDO = re.compile(r"undo (\d{1,18}) (\d{1,18}) (\d{1,18}) (\d{1,18})")
_SHOWN = 5
_NAME = 80


class _Move(NamedTuple):
    """What was done: the keyword where it is now, that chat, the one it came from, and when."""

    keyword: int
    to: int
    back: int
    stamp: int


async def move(parts: Parts, call: Call) -> Message:
    """`/keyword move KEYWORD PLACE`, or `undo …`, which the answer offers."""
    t, had = call.t, await parts.keywords.keywords(call.chat.id)
    if undo := _UNDO.fullmatch(call.arguments):
        return await _undo(parts, call, _Move(*map(int, undo.groups())))
    if not had:
        return none_yet(call)
    words = call.arguments.split()
    if len(words) < 2:  # noqa: PLR2004 - a keyword and a place
        return await _asked(parts, call, had)
    *keyword, place = words
    chosen = find_keyword(had, " ".join(keyword))
    if chosen is None:
        return which(call, t("There is no such keyword here. Which one do you mean?"), had, "move")
    other = await find_place(parts, call, place)
    return other if isinstance(other, Message) else await _moved(parts, call, chosen, other)


async def _asked(parts: Parts, call: Call, had: Sequence[Keyword]) -> Message:
    """Ask for what is missing: which keyword, or which of the places that the person may change."""
    t = call.t
    chosen = find_keyword(had, call.arguments) if call.arguments else None
    if chosen is None:
        return which(call, t("Which keyword should go to another place?"), had, "move")
    return Message(
        blocks=(
            text(t.spans("Where should {query} go?", query=written(chosen.query))),
            note(t("Put the place after its number: a channel, @name or link.")),
        ),
        buttons=rows(await _choices(parts, call, chosen), width=2, most=4),
    )


async def _choices(parts: Parts, call: Call, keyword: Keyword) -> tuple[Button, ...]:
    """A button for each place that the keyword could go to."""
    others = await own_places(parts, call)
    named_lines = ((each.title or each.address.chat, f"/keyword move {keyword.id} #{each.id}") for each in others)
    return buttons(*named_lines)


async def _moved(parts: Parts, call: Call, keyword: Keyword, other: Chat) -> Message:
    t = call.t
    if parts.places is None:
        return Message(blocks=(text(t("There is no other place here.")),))
    if problem := await _full(parts, call, keyword, other):
        return problem
    moved = await parts.places.book.move_keyword(
        call.chat.id, keyword.id, to=other.id, most_feeds=parts.limits.feeds, now=call.now
    )
    query, place = written(keyword.query), named(other)
    if moved is None:
        return Message(blocks=(text(t.spans("{place} has {query} already.", place=place, query=query)),))
    new, feeds = moved
    parts.bell.ring("poll")
    done = _Move(new.id, other.id, call.chat.id, _stamp(call.now))
    back = f"/keyword move undo {' '.join(map(str, done))}"
    return Message(
        blocks=(
            text(t.spans("{query} is a keyword of {place} now, and no longer of this chat.", query=query, place=place)),
            *await _shared(parts, call, other, feeds),
        ),
        buttons=(buttons((t("Undo"), back), (t("All keywords"), "/keyword list")),),
    )


async def _full(parts: Parts, call: Call, keyword: Keyword, other: Chat) -> Message | None:
    """The refusal of one keyword more in the other place, if it would be one too many."""
    t, there = call.t, await parts.keywords.keywords(other.id)
    if len(there) >= parts.limits.keywords:
        full = t.n(
            "That place has {n} keyword, the most it may have.",
            "That place has {n} keywords, the most it may have.",
            len(there),
        )
        return Message(blocks=(text(full), text(t("Remove one there first."))))
    try:
        return too_many_regexes(parts, call, read(keyword.canonical), there)
    except QueryError:  # an older version took it
        return None


async def _shared(parts: Parts, call: Call, other: Chat, feeds: Sequence[FeedRef]) -> list[Block]:
    """Which feeds came along."""
    t = call.t
    blocks: list[Block] = []
    if feeds:
        blocks.append(
            text(
                t.n("For it, {n} feed more is watched there:", "For it, {n} feeds more are watched there:", len(feeds))
            )
        )
        blocks += [entry(one_line(feed.title or feed.url, _NAME)) for feed in feeds[:_SHOWN]]
        blocks += [entry("…")] if len(feeds) > _SHOWN else []
    there = {each.feed.id for each in await parts.subscriptions.subscriptions(other.id)}
    here = await parts.subscriptions.subscriptions(call.chat.id)
    if left := sum(each.feed.id not in there for each in here):
        over = t.n("{n} was one too many.", "{n} were too many.", left)
        most = t.n("A chat may have {n} feed.", "A chat may have {n} feeds.", parts.limits.feeds)
        blocks.append(text(f"{over} {most}"))
    return blocks


async def _undo(parts: Parts, call: Call, done: _Move) -> Message:
    """Take a keyword back, and the feeds that went with it: they were subscribed at one instant, which names them."""
    t = call.t
    if done.back != call.chat.id:  # meanwhile another place is managed from here
        return Message(blocks=(text(t("That keyword was not of this place: manage the one it was of, then undo.")),))
    other = await find_place(parts, call, f"#{done.to}")
    if isinstance(other, Message):
        return other
    moved = parts.places and await parts.places.book.move_keyword(
        other.id, KeywordId(done.keyword), to=call.chat.id, most_feeds=0, now=call.now
    )
    if not moved:
        return Message(blocks=(text(t("That keyword is not there any more.")),))
    for each in await parts.subscriptions.subscriptions(other.id):
        if _stamp(each.created) == done.stamp:
            await parts.subscriptions.unsubscribe(other.id, each.feed.id)
    said = t.spans("{query} is a keyword of this chat again.", query=written(moved[0].query))
    return Message(blocks=(text(said),), buttons=(buttons((t("All keywords"), "/keyword list")),))


def _stamp(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
