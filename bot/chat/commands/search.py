"""`/search`: the stored items of the chat's feeds that answer a query, a page at a time."""

from __future__ import annotations

from bot.chat.blocks import bold, buttons, code, fits_action, in_place, note, text, title
from bot.chat.commands.call import Call, Parts, first_word, number
from bot.chat.commands.keywords import unreadable, written
from bot.chat.render import matched_words
from bot.errors import QueryError
from bot.model import Block, Button, Hit, Message, SearchPage, Span

PAGE = 8
_MOST_PAGES = 25
_NAMED = "~"  # begins the short name of a query in a button; no query begins so


async def search(parts: Parts, call: Call) -> Message:
    """A page of what is found; `#2` before the words is the second."""
    t = call.t
    page, query = _read(parts, call.arguments)
    if query is None:
        return Message(
            blocks=(
                text(t("I don't remember that search any more.")),
                text(t.spans("Search again: {example}", example=code("/search trilateral talks"))),
            )
        )
    if not query:
        example = code("/search trilateral talks")
        return Message(blocks=(text(t.spans("Send the words after the command: {example}", example=example)),))
    try:
        found = await parts.search.search(call.chat.id, query, page=page, size=PAGE, now=call.now)
    except QueryError as error:
        return unreadable(call, error, "/search")
    return _shown(parts, call, query, found) if found.items else await _nothing(parts, call, query, found)


def _read(parts: Parts, arguments: str) -> tuple[int, str | None]:
    """The page and the query that are asked for; no query where it is forgotten."""
    head, rest = first_word(arguments)
    page = (number(head) or 0) if head.startswith("#") and rest else 0
    query = " ".join((rest if page else arguments).split())
    if page and query.startswith(_NAMED):
        return min(page, _MOST_PAGES), parts.search.recall(query.removeprefix(_NAMED))
    return min(max(page, 1), _MOST_PAGES), query


def _shown(parts: Parts, call: Call, query: str, found: SearchPage) -> Message:
    t, reader = call.t, call.reader(parts)
    heading = t.spans("Found: {query}", query=written(query))
    if found.page > 1:
        heading = t.spans("Found: {query}, page {page}", query=written(query), page=str(found.page))
    listed = (_entry(reader.item(item), hit) for item, hit in found.items)
    adds = [(t("Add as a keyword"), f"/keyword add {query}")] if call.can_manage else []
    return Message(
        blocks=(title(heading), *listed, *_limits(call, found)),
        buttons=(_pages(parts, call, query, found), buttons(*adds)),
    )


def _entry(line: Block, hit: Hit) -> Block:
    words = matched_words(hit.matched)
    return Block(line.kind, (*line.spans, Span(" · "), bold(words))) if words else line


def _pages(parts: Parts, call: Call, query: str, found: SearchPage) -> tuple[Button, ...]:
    """The buttons to the pages beside this one, in its place; a long query goes by its short name."""
    t = call.t
    words = query if fits_action(f"/search #{_MOST_PAGES} {query}") else f"{_NAMED}{parts.search.remember(query)}"
    back = [(t("Back"), f"/search #{found.page - 1} {words}")] if found.page > 1 else []
    more = [(t("More"), f"/search #{found.page + 1} {words}")] if found.more and found.page < _MOST_PAGES else []
    return in_place(*back, *more)


def _limits(call: Call, found: SearchPage) -> list[Block]:
    t = call.t
    if found.read is not None:
        return [
            note(
                t.n(
                    "Only your newest item was looked at: a search needs a whole word to look further.",
                    "Only your {n} newest items were looked at: a search needs a whole word to look further.",
                    found.read,
                )
            )
        ]
    if found.since is not None:
        return [note(t("Older items were not looked at: so many have these words. Add a word to narrow it down."))]
    return []


async def _nothing(parts: Parts, call: Call, query: str, found: SearchPage) -> Message:
    t = call.t
    if not await parts.subscriptions.subscriptions(call.chat.id):
        hint = t.spans("No feed is watched here yet. Next, choose one: {subscribe}", subscribe=code("/subscribe"))
        return Message(blocks=(text(hint),))
    said = t.spans("Nothing found for {query}.", query=written(query))
    advice = text(t("Try fewer words, or OR between them. I search what your feeds brought and I still keep."))
    adds = [(t("Tell me when it comes"), f"/keyword add {query}")] if call.can_manage else []
    return Message(
        blocks=(text(said), advice, *_limits(call, found)),
        buttons=(_pages(parts, call, query, found) if found.page > 1 else (), buttons(*adds)),
    )
