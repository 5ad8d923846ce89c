"""`/keyword remove|clear`: one keyword or all of them go, and come back as they were with one button."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.chat.blocks import in_place, text, title
from bot.chat.commands.call import Call, Parts
from bot.chat.commands.keyword_card import card
from bot.chat.commands.keyword_list import listed
from bot.chat.commands.keywords import find_keyword, none_yet, which, written
from bot.matching.forms import has_regex
from bot.model import Block, Keyword, Message

_UNDO = re.compile(r"undo(?:\s+(\d{1,18}))?", re.IGNORECASE | re.ASCII)
YES = frozenset({"yes", "是"})


async def remove(parts: Parts, call: Call) -> Message:
    """Remove a keyword by its number or its text; `undo [n]` brings back what went with a removal, or the last one."""
    t = call.t
    had = await parts.keywords.keywords(call.chat.id)
    chosen = find_keyword(had, call.arguments) if call.arguments else None
    if chosen is not None:
        removal, _ = await parts.removals.remove_keywords(call.chat.id, [chosen.id])
        return _gone(call, removal, title(t.spans("Keyword {query} removed.", query=written(chosen.query))))
    if undo := _UNDO.fullmatch(call.arguments):
        return await _undo(parts, call, had, int(undo[1]) if undo[1] else None)
    if not had:
        return none_yet(call)
    if not call.arguments:
        return which(call, t("Which keyword should I remove?"), had, "remove")
    return which(call, t("There is no such keyword here. Which one do you mean?"), had, "remove")


async def clear(parts: Parts, call: Call) -> Message:
    """Remove all keywords, once that was said twice."""
    t, had = call.t, await parts.keywords.keywords(call.chat.id)
    if not had:
        return none_yet(call)
    if call.arguments.casefold() not in YES:
        question = t.n("Remove the {n} keyword of this chat?", "Remove all {n} keywords of this chat?", len(had))
        hint = t("No alert comes by keywords then. One button brings them back.")
        yes = in_place((t("Yes, remove all"), "/keyword clear yes"))
        return Message(blocks=(title(question), text(hint)), buttons=(yes, in_place((t("No"), "/keyword list"))))
    removal, gone = await parts.removals.remove_keywords(call.chat.id, [each.id for each in had])
    return _gone(call, removal, title(t.n("{n} keyword was removed.", "{n} keywords were removed.", len(gone))))


def _gone(call: Call, removal: int, said: Block) -> Message:
    t = call.t
    return Message(
        blocks=(said,),
        buttons=(
            in_place((t("Undo"), f"/keyword remove undo {removal}")),
            in_place((t("All keywords"), "/keyword list")),
        ),
    )


async def _undo(parts: Parts, call: Call, had: Sequence[Keyword], removal: int | None) -> Message:
    t = call.t
    gone = await parts.removals.removed_keywords(call.chat.id, removal)
    fitting = list(_fitting(parts, had, gone))
    back = await parts.removals.restore_keywords(call.chat.id, [each.id for each in fitting])
    now = await parts.keywords.keywords(call.chat.id)
    if not back:
        none = t("There is nothing to bring back.") if not gone else _too_many(parts, call)
        return listed(call.having(""), now, text(none))
    if len(back) == len(gone) == 1:
        said = t.spans("Keyword {query} is back.", query=written(back[0].query))
        return await card(parts, call, back[0], now, text(said))
    said_all = t.n("{n} keyword is back.", "{n} keywords are back.", len(back))
    over = [text(_too_many(parts, call))] if len(back) < len(gone) else []
    return listed(call.having(""), now, text(said_all), *over)


def _fitting(parts: Parts, had: Sequence[Keyword], gone: Sequence[Keyword]) -> Iterator[Keyword]:
    """Those that the chat still has room for."""
    room = parts.limits.keywords - len(had)
    regexes = parts.limits.regexes - sum(has_regex(each.canonical) for each in had)
    for each in gone:
        regex = has_regex(each.canonical)
        if room > 0 and (regexes > 0 or not regex):
            room -= 1
            regexes -= regex
            yield each


def _too_many(parts: Parts, call: Call) -> str:
    return call.t.n(
        "This chat has {n} keyword, the most it may have.",
        "This chat has {n} keywords, the most it may have.",
        parts.limits.keywords,
    )
