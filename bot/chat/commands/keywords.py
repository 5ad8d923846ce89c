"""`/keyword add|remove|list|test`, and what to do with a bare `/keyword`; see `editing` for the rest."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from bot.chat.blocks import bold, buttons, code, entry, note, one_line, text, title
from bot.chat.commands.call import Call, Parts, number, page_of, turns
from bot.chat.commands.counterparts import also_find, also_test, names_for, sentence
from bot.chat.commands.start import how_to_write
from bot.chat.explain import explain_query
from bot.chat.misses import near_misses
from bot.chat.reader import Reader
from bot.chat.render import matched_words
from bot.errors import QueryError
from bot.matching.query import Query, canonical, parse, read, regexes
from bot.model import Block, Button, Hit, Keyword, Message, Outlook, Script, Span, StoredItem
from bot.text.chinese import to_script

PAGE = 20
TEST_DAYS = 7
_SHOWN_MATCHES = 10
_SHOWN_MISSES = 3
_MANY_A_DAY = 30  # alerts, from one keyword
_QUERY = 100
WHOLE = 1100  # where a line is meant to be copied: no query is longer
_ASKED_SHOWN = 10


def written(query: str) -> Span:
    """A query as a run to be typed."""
    return code(one_line(query, _QUERY))


async def add(parts: Parts, call: Call) -> Message:
    """Add a keyword; say how it is read, and what it would have brought lately."""
    if not call.arguments:
        return _how_to_add(call)
    query = " ".join(call.arguments.split())
    try:
        parsed = parse(query)
    except QueryError as error:
        return unreadable(call, error)
    form = canonical(parsed)
    had = await parts.keywords.keywords(call.chat.id)
    if form not in {each.canonical for each in had} and (refusal := _too_many(parts, call, parsed, had)):
        return refusal
    keyword, new = await parts.keywords.add_keyword(call.chat.id, query=query, canonical=form, now=call.now)
    return await _added(parts, call, keyword, new=new)


async def _added(parts: Parts, call: Call, keyword: Keyword, *, new: bool) -> Message:
    t, query = call.t, written(keyword.query)
    said = t.spans("Keyword {query} added.", query=query) if new else t.spans("{query} is already here.", query=query)
    return await presented(parts, call, keyword, [text(said)], back=(t("Remove"), f"/keyword remove {keyword.id}"))


async def presented(
    parts: Parts, call: Call, keyword: Keyword, said: Sequence[Block], *, back: tuple[str, str]
) -> Message:
    """What was done with a keyword, how it is read, what it would have brought lately, and what else it could find.

    `back` is the label and line of the button that undoes it.
    """
    t = call.t
    outlook, names = await asyncio.gather(_outlook(parts, call, keyword), names_for(parts, call, keyword.query))
    tested = buttons((t("What it would have found"), f"/keyword test {keyword.query}"), back)
    return Message(
        blocks=(*said, *_reading(call, keyword), *outlook, *sentence(call, names)),
        buttons=(*also_find(call, keyword, names), tested, buttons((t("All keywords"), "/keyword list"))),
    )


def _reading(call: Call, keyword: Keyword) -> list[Block]:
    # Folding alone (case, 繁 to 简) is no news to the person.
    if keyword.canonical.casefold() == to_script(keyword.query, Script.HANS).casefold():
        return []
    return [note(call.t.spans("I read it as: {query}", query=written(keyword.canonical)))]


async def _outlook(parts: Parts, call: Call, keyword: Keyword) -> list[Block]:
    """What the keyword would have found lately, or what is missing before it can find anything."""
    t = call.t
    if not await parts.subscriptions.subscriptions(call.chat.id):
        hint = t.spans("No feed is watched here yet. Next, choose one: {subscribe}", subscribe=code("/subscribe"))
        return [text(hint)]
    outlook = await _would_match(parts, call, keyword.query)
    if not outlook.looked:
        said = t("No item of your feeds is stored yet, so I can't say how often it matches. I watch from now on.")
        return [text(said)]
    found = t.n(
        "In the last 7 days it would have found {found} of your {n} item.",
        "In the last 7 days it would have found {found} of your {n} items.",
        outlook.looked,
        found=_some(call, outlook),
    )
    return [text(found), *_warning(call, keyword.query, outlook.found)]


def _some(call: Call, outlook: Outlook) -> str:
    return call.t("about {n}", n=outlook.found) if outlook.about else str(outlook.found)


def _warning(call: Call, query: str, found: int) -> list[Block]:
    """What to do about a keyword that would flood the chat."""
    if found < _MANY_A_DAY * TEST_DAYS:
        return []
    t, narrower = call.t, code(one_line(f"title:({query})", _QUERY))
    return [
        text(
            t.spans(
                "That is about {rate} alerts a day from this keyword alone. To have fewer, add a word, or look at"
                " titles only: {narrower}",
                rate=Span(f"{found / TEST_DAYS:.0f}"),
                narrower=narrower,
            )
        )
    ]


async def _would_match(parts: Parts, call: Call, query: str) -> Outlook:
    return await parts.preview.outlook(call.chat.id, query, since=call.now - timedelta(days=TEST_DAYS))


def _how_to_add(call: Call) -> Message:
    t = call.t
    return Message(
        blocks=(
            text(t.spans("Send the words after the command: {example}", example=code("/keyword add trilateral talks"))),
            *how_to_write(t),
        )
    )


def unreadable(call: Call, error: QueryError, line: str = "/keyword add") -> Message:
    """What is wrong with a query, and a button that gives the command of `line` with what was probably meant."""
    suggestion = error.suggestion
    t = call.t
    adds = line == "/keyword add"
    shown = one_line(suggestion, 40)
    label = t("Add {query}", query=shown) if adds else shown
    offered = buttons((label, f"{line} {suggestion}"))
    allowed = suggestion and (call.can_manage or not adds)
    return Message(blocks=explain_query(error, t), buttons=(offered,) if allowed else ())


def _too_many(parts: Parts, call: Call, query: Query, had: Sequence[Keyword]) -> Message | None:
    """The refusal of one more keyword, if it would be one too many."""
    t, most = call.t, parts.limits.keywords
    if len(had) >= most:
        reached = t.n(
            "This chat has {n} keyword, the most it may have.",
            "This chat has {n} keywords, the most it may have.",
            most,
        )
        return _refusal(call, reached, t("Remove one first, or join some with OR."))
    return too_many_regexes(parts, call, query, had)


def too_many_regexes(parts: Parts, call: Call, query: Query, had: Sequence[Keyword]) -> Message | None:
    """The refusal of a query with a regular expression beside the keywords there are, if it would be one too many."""
    t, most = call.t, parts.limits.regexes
    if any(regexes(query)) and sum(_has_regex(each) for each in had) >= most:
        reached = t.n(
            "A chat may have {n} keyword with a regular expression.",
            "A chat may have {n} keywords with regular expressions.",
            most,
        )
        return _refusal(call, reached, t("Remove one first, or say it with words."))
    return None


def _has_regex(keyword: Keyword) -> bool:
    try:
        return any(regexes(read(keyword.canonical)))
    except QueryError:  # an older version took it
        return False


def _refusal(call: Call, reached: str, way_out: str) -> Message:
    every = buttons((call.t("All keywords"), "/keyword list"))
    return Message(blocks=(text(reached), text(way_out)), buttons=(every,))


async def remove(parts: Parts, call: Call) -> Message:
    """Remove a keyword by its number or its text, with a way back."""
    t = call.t
    had = await parts.keywords.keywords(call.chat.id)
    if not had:
        return none_yet(call)
    if not call.arguments:
        return which(call, t("Which keyword should I remove?"), had, "remove")
    chosen = find_keyword(had, call.arguments)
    if chosen is None:
        return which(call, t("There is no such keyword here. Which one do you mean?"), had, "remove")
    await parts.keywords.remove_keyword(call.chat.id, chosen.id)
    again = f"/keyword add {chosen.query}"
    return Message(
        blocks=(
            text(t.spans("Keyword {query} removed.", query=written(chosen.query))),
            note(t.spans("To add it again: {command}", command=code(one_line(again, WHOLE)))),
        ),
        buttons=(buttons((t("Undo"), again)), buttons((t("All keywords"), "/keyword list"))),
    )


def find_keyword(had: Sequence[Keyword], typed: str) -> Keyword | None:
    """The keyword that a number or a text means: as typed, as read, or by the same meaning."""
    wanted = typed.strip()
    asked = number(wanted)
    by_text = {each.query.casefold(): each for each in had} | {each.canonical: each for each in had}
    by_id = {int(each.id): each for each in had}
    return by_id.get(asked or 0) or by_text.get(wanted.casefold()) or by_text.get(_form(wanted))


def _form(query: str) -> str:
    try:
        return canonical(parse(query))
    except QueryError:
        return ""


def which(call: Call, question: str, had: Sequence[Keyword], subcommand: str) -> Message:
    """Ask for which of the keywords a subcommand is meant."""
    t = call.t
    shown = had[-_ASKED_SHOWN:]
    choices = buttons(*((each.query, f"/keyword {subcommand} {each.id}") for each in shown))
    example = code(f"/keyword {subcommand} {shown[-1].id}")
    hint = t.spans("Choose with a button, or send the number: {example}", example=example)
    return Message(
        blocks=(text(question), *(entry(_line(each)) for each in shown), note(hint)),
        buttons=tuple(choices[start : start + 2] for start in range(0, len(choices), 2)),
    )


def _line(keyword: Keyword) -> tuple[Span, ...]:
    return (Span(f"{keyword.id}. "), written(keyword.query))


def none_yet(call: Call) -> Message:
    """That there is no keyword here, and how to add one."""
    t = call.t
    return Message(
        blocks=(
            text(t("There is no keyword here yet.")),
            text(t.spans("Add one: {example}", example=code("/keyword add trilateral talks"))),
        )
    )


async def list_(parts: Parts, call: Call) -> Message:
    """The chat's keywords, twenty a page."""
    t = call.t
    had = await parts.keywords.keywords(call.chat.id)
    if not had:
        return none_yet(call)
    page, pages = page_of(call.arguments, len(had), PAGE)
    shown = had[(page - 1) * PAGE : page * PAGE]
    hint = t.spans(
        "{add} adds one; {edit} and its number changes one, {remove} removes it.",
        add=code("/keyword add"),
        edit=code("/keyword edit"),
        remove=code("/keyword remove"),
    )
    return Message(
        blocks=(
            title(t.n("{n} keyword", "{n} keywords", len(had))),
            *(entry(_line(each)) for each in shown),
            note(hint),
        ),
        buttons=(turns(t, "/keyword list", page, pages), _changes(call)),
    )


def _changes(call: Call) -> tuple[Button, ...]:
    if not call.can_manage:
        return ()
    return buttons((call.t("Add a keyword"), "/keyword add"), (call.t("Remove a keyword"), "/keyword remove"))


async def test(parts: Parts, call: Call) -> Message:
    """What a query would have found in the items of the last 7 days."""
    t = call.t
    if not call.arguments:
        example = code("/keyword test trilateral talks")
        return Message(blocks=(text(t.spans("Send the words after the command: {example}", example=example)),))
    try:
        outlook, names = await asyncio.gather(
            _would_match(parts, call, call.arguments), names_for(parts, call, call.arguments)
        )
    except QueryError as error:
        return unreadable(call, error)
    heading = title(t.spans("Test: {query}", query=written(call.arguments)))
    if not outlook.looked:
        return Message(blocks=(heading, await _nothing_stored(parts, call)))
    known = find_keyword(await parts.keywords.keywords(call.chat.id), call.arguments)
    offered = call.can_manage and known is None
    adds = buttons((t("Add this keyword"), f"/keyword add {call.arguments}")) if offered else ()
    reader = call.reader(parts)
    matches = (_match(reader, *hit) for hit in outlook.hits[:_SHOWN_MATCHES])
    shown = (
        (*_warning(call, call.arguments, outlook.found), *matches) if outlook.hits else await _near_misses(parts, call)
    )
    return Message(
        blocks=(heading, text(_figures(call, outlook)), *sentence(call, names), *shown),
        buttons=(adds, *also_test(call, call.arguments, names)),
    )


async def _near_misses(parts: Parts, call: Call) -> tuple[Block, ...]:
    since = call.now - timedelta(days=TEST_DAYS)
    nearest = await parts.preview.nearest(call.chat.id, call.arguments, since=since, limit=_SHOWN_MISSES)
    return tuple(near_misses(nearest, call.reader(parts)))


async def _nothing_stored(parts: Parts, call: Call) -> Block:
    t = call.t
    if await parts.subscriptions.subscriptions(call.chat.id):
        return text(t("No item of your feeds is stored yet: test again in a few minutes."))
    return text(t.spans("No feed is watched here yet. Next, choose one: {subscribe}", subscribe=code("/subscribe")))


def _figures(call: Call, outlook: Outlook) -> str:
    t = call.t
    if not outlook.found:
        return t.n(
            "Your {n} item of the last 7 days does not match. Try fewer words, or OR between them.",
            "None of your {n} items of the last 7 days matches. Try fewer words, or OR between them.",
            outlook.looked,
        )
    return t.n(
        "{found} of your {n} item of the last 7 days matches, about {rate} a day.",
        "{found} of your {n} items of the last 7 days match, about {rate} a day.",
        outlook.looked,
        found=_some(call, outlook),
        rate=f"{outlook.found / TEST_DAYS:.1f}",
    )


def _match(reader: Reader, item: StoredItem, hit: Hit) -> Block:
    line = reader.item(item)
    words = matched_words(hit.matched)
    return Block(line.kind, (*line.spans, Span(" · "), bold(words))) if words else line


async def bare(parts: Parts, call: Call) -> Message:
    """`/keyword` alone lists; with words but no subcommand it asks what to do with them."""
    t = call.t
    if not call.arguments:
        return await list_(parts, call)
    query = call.arguments
    return Message(
        blocks=(
            text(t.spans("What should I do with {query}?", query=written(query))),
            entry(t.spans("{command} adds it", command=code(one_line(f"/keyword add {query}", WHOLE)))),
            entry(
                t.spans(
                    "{command} shows what it would have found",
                    command=code(one_line(f"/keyword test {query}", WHOLE)),
                )
            ),
        ),
        buttons=(
            buttons((t("Add"), f"/keyword add {query}"), (t("Test"), f"/keyword test {query}")),
            buttons((t("All keywords"), "/keyword list")),
        ),
    )
