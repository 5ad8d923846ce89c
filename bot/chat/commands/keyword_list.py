"""`/keyword list`: the keywords in pages, each with a button to its card; and what to do with a bare `/keyword`."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.asking import asks
from bot.chat.blocks import buttons, code, entry, in_place, note, one_line, rows, text, title
from bot.chat.commands.call import Call, Parts, page_of, turns
from bot.chat.commands.choosing import marks
from bot.chat.commands.keyword_card import PAGE, show
from bot.chat.commands.keywords import WHOLE, line_of, none_yet, written
from bot.model import Block, Button, Keyword, Message, Span

_LABEL = 30  # of a button that shares its row on a telephone


async def list_(parts: Parts, call: Call) -> Message:
    """The chat's keywords, eight a page."""
    return listed(call, await parts.keywords.keywords(call.chat.id))


def listed(call: Call, had: Sequence[Keyword], *said: Block) -> Message:
    """A page of keywords, with what was just done."""
    t = call.t
    if not had:
        none = none_yet(call)
        return Message(blocks=(*said, *none.blocks), buttons=none.buttons)
    page, pages = page_of(call.arguments, len(had), PAGE)
    shown = had[(page - 1) * PAGE : page * PAGE]
    cards = in_place(*((one_line(f"{each.id}. {each.query}", _LABEL), f"/keyword show {each.id}") for each in shown))
    return Message(
        blocks=(
            title(t.n("{n} keyword", "{n} keywords", len(had))),
            *said,
            *(entry((*line_of(each), Span(marks(each.choice, t, call.now)))) for each in shown),
            note(_hint(call)),
        ),
        buttons=(*rows(cards, width=2), (*turns(t, "/keyword list", page, pages), *_more(call, page == pages))),
    )


def _hint(call: Call) -> tuple[Span, ...]:
    t = call.t
    if not call.can_manage:
        return t.spans("Choose one to see what it brought.")
    return t.spans("Choose one to change it, or to see what it brought.")


def _more(call: Call, last: bool) -> tuple[Button, ...]:
    """What else can be done here; on the last page only, to take all away."""
    if not call.can_manage:
        return ()
    t = call.t
    return (
        *asks(t, t("Add a keyword"), "/keyword add"),
        *(in_place((t("Remove all"), "/keyword clear")) if last else ()),
    )


async def bare(parts: Parts, call: Call) -> Message:
    """`/keyword` alone lists; with a number it shows that keyword, with other words it asks what to do with them."""
    t, query = call.t, call.arguments
    if not query:
        return await list_(parts, call)
    if query.removeprefix("#").isdecimal() and await parts.keywords.keywords(call.chat.id):
        return await show(parts, call)
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
            in_place((t("All keywords"), "/keyword list")),
        ),
    )
