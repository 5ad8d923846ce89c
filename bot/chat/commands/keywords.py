"""`/keyword add|test`, and how keywords are found and shown; see `editing` and the `keyword_` modules for the rest."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from bot.chat.asking import asks
from bot.chat.blocks import bold, buttons, code, entry, in_place, note, one_line, text, title
from bot.chat.commands.bulk import add_lines, lines_of
from bot.chat.commands.call import Call, Parts, number
from bot.chat.commands.counterparts import also_find, also_test, names_for, sentence
from bot.chat.commands.first import with_first_look
from bot.chat.commands.help import how_to_write
from bot.chat.explain import explain_query
from bot.chat.misses import near_misses
from bot.chat.reader import Reader
from bot.chat.render import matched_words
from bot.errors import QueryError
from bot.matching.forms import form_of, has_regex
from bot.matching.query import Query, canonical, parse, regexes
from bot.model import Block, Forecast, Hit, Keyword, Message, Script, Span, StoredItem
from bot.text.chinese import to_script

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
    if lines := lines_of(call.arguments):
        return await add_lines(parts, call, lines)
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
    if had or not new:
        return await _added(parts, call, keyword, new=new)
    # The news of feeds that were just chosen is seconds away.
    ready = await parts.outlook.first_reading(call.chat.id)
    return await with_first_look(parts, call, await _added(parts, call, keyword, new=new), ready=ready)


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
    tested = buttons((t("What it finds"), f"/keyword test #{keyword.id}"))
    more = in_place((t("Options"), f"/keyword show {keyword.id}"), (t("All keywords"), "/keyword list"))
    return Message(
        blocks=(*said, *reading(call, keyword), *outlook, *sentence(call, names)),
        buttons=(*also_find(call, keyword, names), (*tested, *in_place(back)), more),
    )


def reading(call: Call, keyword: Keyword) -> list[Block]:
    """How a keyword is read, where that is news."""
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
    forecast = await _forecast(parts, call, keyword.query)
    if not forecast.looked:
        said = t("No item of your feeds is stored yet, so I can't say how often it matches.")
        return [text(said)]
    found = t.n(
        "In the last 7 days it would have found {found} of your {n} item.",
        "In the last 7 days it would have found {found} of your {n} items.",
        forecast.looked,
        found=_some(call, forecast),
    )
    return [text(found), *_warning(call, keyword.query, forecast.found)]


def _some(call: Call, forecast: Forecast) -> str:
    """Two digits of what is reckoned: more would look like a count."""
    found = forecast.found
    return call.t("about {n}", n=round(found, 2 - len(str(found)))) if forecast.about else str(found)


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


async def _forecast(parts: Parts, call: Call, query: str, *, shown: int = 0) -> Forecast:
    since = call.now - timedelta(days=TEST_DAYS)
    return await parts.preview.forecast(call.chat.id, query, since=since, shown=shown)


def _how_to_add(call: Call) -> Message:
    t = call.t
    return Message(
        blocks=(
            text(t.spans("Send the words after the command: {example}", example=code("/keyword add trilateral talks"))),
            *how_to_write(t),
        ),
        buttons=(asks(t, t("✏️ Type words"), "/keyword add"),),
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
    if any(regexes(query)) and sum(has_regex(each.canonical) for each in had) >= most:
        reached = t.n(
            "A chat may have {n} keyword with a regular expression.",
            "A chat may have {n} keywords with regular expressions.",
            most,
        )
        return _refusal(call, reached, t("Remove one first, or say it with words."))
    return None


def _refusal(call: Call, reached: str, way_out: str) -> Message:
    every = in_place((call.t("All keywords"), "/keyword list"))
    return Message(blocks=(text(reached), text(way_out)), buttons=(every,))


def find_keyword(had: Sequence[Keyword], typed: str) -> Keyword | None:
    """The keyword that a number or a text means: as typed, as read, or by the same meaning."""
    wanted = typed.strip()
    asked = number(wanted)
    by_text = {each.query.casefold(): each for each in had} | {each.canonical: each for each in had}
    by_id = {int(each.id): each for each in had}
    return by_id.get(asked or 0) or by_text.get(wanted.casefold()) or by_text.get(form_of(wanted))


def which(call: Call, question: str, had: Sequence[Keyword], subcommand: str) -> Message:
    """Ask for which of the keywords a subcommand is meant."""
    t = call.t
    shown = had[-_ASKED_SHOWN:]
    choices = in_place(*((each.query, f"/keyword {subcommand} {each.id}") for each in shown))
    example = code(f"/keyword {subcommand} {shown[-1].id}")
    hint = t.spans("Choose with a button, or send the number: {example}", example=example)
    return Message(
        blocks=(text(question), *(entry(line_of(each)) for each in shown), note(hint)),
        buttons=tuple(choices[start : start + 2] for start in range(0, len(choices), 2)),
    )


def line_of(keyword: Keyword) -> tuple[Span, ...]:
    """A keyword with its number."""
    return (Span(f"{keyword.id}. "), written(keyword.query))


def none_yet(call: Call) -> Message:
    """That there is no keyword here, and how to add one."""
    t = call.t
    return Message(
        blocks=(
            text(t("There is no keyword here yet.")),
            text(t.spans("Add one: {example}", example=code("/keyword add trilateral talks"))),
        ),
        buttons=(asks(t, t("Add a keyword"), "/keyword add"),) if call.can_manage else (),
    )


async def test(parts: Parts, call: Call) -> Message:
    """What a query would have found in the items of the last 7 days."""
    t = call.t
    if not call.arguments:
        example = code("/keyword test trilateral talks")
        return Message(
            blocks=(text(t.spans("Send the words after the command: {example}", example=example)),),
            buttons=(asks(t, t("✏️ Type words"), "/keyword test"),),
        )
    had = await parts.keywords.keywords(call.chat.id)
    call = call.having(_meant(had, call.arguments))
    try:
        forecast, names = await asyncio.gather(
            _forecast(parts, call, call.arguments, shown=_SHOWN_MATCHES), names_for(parts, call, call.arguments)
        )
    except QueryError as error:
        return unreadable(call, error)
    heading = title(t.spans("Test: {query}", query=written(call.arguments)))
    if not forecast.looked:
        return Message(blocks=(heading, await _nothing_stored(parts, call)))
    known = find_keyword(had, call.arguments)
    offered = call.can_manage and known is None
    adds = buttons((t("Add this keyword"), f"/keyword add {call.arguments}")) if offered else ()
    reader = call.reader(parts)
    matches = (_match(reader, *hit) for hit in forecast.hits[:_SHOWN_MATCHES])
    if forecast.hits:
        shown = (*_warning(call, call.arguments, forecast.found), *matches)
    else:
        shown = await _near_misses(parts, call)
    return Message(
        blocks=(heading, text(_figures(call, forecast)), *sentence(call, names), *shown),
        buttons=(adds, *also_test(call, call.arguments, names)),
    )


def _meant(had: Sequence[Keyword], typed: str) -> str:
    """The query of the keyword that `#n` names: a short name for one that is too long for a button."""
    named = number(typed) if typed.startswith("#") else None
    return next((each.query for each in had if each.id == named), typed)


async def _near_misses(parts: Parts, call: Call) -> tuple[Block, ...]:
    since = call.now - timedelta(days=TEST_DAYS)
    nearest = await parts.preview.nearest(call.chat.id, call.arguments, since=since, limit=_SHOWN_MISSES)
    return tuple(near_misses(nearest, call.reader(parts)))


async def _nothing_stored(parts: Parts, call: Call) -> Block:
    t = call.t
    if await parts.subscriptions.subscriptions(call.chat.id):
        return text(t("No item of your feeds is stored yet: test again in a few minutes."))
    return text(t.spans("No feed is watched here yet. Next, choose one: {subscribe}", subscribe=code("/subscribe")))


def _figures(call: Call, forecast: Forecast) -> str:
    t = call.t
    if not forecast.found:
        return t.n(
            "Your {n} item of the last 7 days does not match. Try fewer words, or OR between them.",
            "None of your {n} items of the last 7 days matches. Try fewer words, or OR between them.",
            forecast.looked,
        )
    return t.n(
        "{found} of your {n} item of the last 7 days matches, about {rate} a day.",
        "{found} of your {n} items of the last 7 days match, about {rate} a day.",
        forecast.looked,
        found=_some(call, forecast),
        rate=f"{forecast.found / TEST_DAYS:.1f}",
    )


def _match(reader: Reader, item: StoredItem, hit: Hit) -> Block:
    line = reader.item(item)
    words = matched_words(hit.matched)
    return Block(line.kind, (*line.spans, Span(" · "), bold(words))) if words else line
