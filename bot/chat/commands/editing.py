"""`/keyword edit|also`: a keyword becomes another one in its place, with a way back."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.asking import asks
from bot.chat.blocks import code, fits_action, note, one_line, text
from bot.chat.commands.call import Call, Parts, first_word, number
from bot.chat.commands.keywords import WHOLE, none_yet, presented, too_many_regexes, which, written
from bot.matching.query import as_typed, canonical, parse
from bot.model import Block, Keyword, Message


async def edit(parts: Parts, call: Call) -> Message:
    """Put a query in the place of a keyword, named by its number. Raises QueryError."""
    had, chosen, query = await _read(parts, call)
    if chosen is None or not query:
        return _asked(call, "edit", had, chosen)
    return await _changed(parts, call, had, chosen, query)


async def also(parts: Parts, call: Call) -> Message:
    """Have a keyword, named by its number, find what other words find as well. Raises QueryError."""
    had, chosen, words = await _read(parts, call)
    if chosen is None or not words:
        return _asked(call, "also", had, chosen)
    # Spelled anew, so that words it has already do not stand there twice.
    return await _changed(parts, call, had, chosen, as_typed(parse(f"{chosen.query} OR {words}")))


async def _read(parts: Parts, call: Call) -> tuple[list[Keyword], Keyword | None, str]:
    """The chat's keywords, the one whose number comes first, and what comes after it."""
    had = await parts.keywords.keywords(call.chat.id)
    first, rest = first_word(call.arguments)
    asked = number(first)
    return had, next((each for each in had if each.id == asked), None), " ".join(rest.split())


def _asked(call: Call, subcommand: str, had: Sequence[Keyword], chosen: Keyword | None) -> Message:
    t = call.t
    if not had:
        return none_yet(call)
    if chosen is None:
        return which(call, t("Which keyword should I change?"), had, subcommand)
    example = code(f"/keyword {subcommand} {chosen.id} trilateral talks")
    return Message(
        blocks=(
            text(t.spans("Keyword {keyword}", keyword=written(chosen.query))),
            text(t.spans("Send the words after its number: {example}", example=example)),
        ),
        buttons=(asks(t, t("✏️ Type words"), f"/keyword {subcommand} {chosen.id}"),),
    )


async def _changed(parts: Parts, call: Call, had: Sequence[Keyword], old: Keyword, query: str) -> Message:
    t, parsed = call.t, parse(query)
    if refusal := too_many_regexes(parts, call, parsed, [each for each in had if each is not old]):
        return refusal
    form = canonical(parsed)
    changes = (query, form) != (old.query, old.canonical)
    edit_keyword = parts.keywords.edit_keyword
    new = await edit_keyword(call.chat.id, old.id, query=query, canonical=form) if changes else None
    if new is None:
        return Message(blocks=(text(t.spans("{query} is already here.", query=written(query))),))
    back = f"/keyword edit {new.id} {old.query}"
    said = t.spans("Keyword {old} is now {new}.", old=written(old.query), new=written(new.query))
    return await presented(parts, call, new, [text(said), *_way_back(call, back)], back=(t("Undo"), back))


def _way_back(call: Call, line: str) -> list[Block]:
    """The line that undoes it, where it is too long for a button."""
    said = call.t.spans("To change it back: {command}", command=code(one_line(line, WHOLE)))
    return [] if fits_action(line) else [note(said)]
