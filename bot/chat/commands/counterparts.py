"""Offers to have a keyword find what its words are called in the other language, too."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.chat.blocks import ROW, buttons, code, text
from bot.chat.catalogue import mark
from bot.chat.commands.call import Call, Parts
from bot.errors import QueryError
from bot.matching.query import canonical, parse, plain_words
from bot.model import Block, Button, Keyword

Rows = tuple[tuple[Button, ...], ...]

_BETWEEN = " · "


async def names_for(parts: Parts, call: Call, query: str) -> list[str]:
    """What the words of a query are called in the other language, in the chat's Chinese, each a query by itself.

    None for a query that is more than words, a phrase or a run of Chinese, nor those that are keywords here already.
    """
    words = _plain(query)
    found = await parts.counterparts.counterparts(words) if words else []
    said = (call.reader(parts).chinese(each) for each in found)
    names = [name for name in dict.fromkeys(said) if _plain(name)]
    had = {each.canonical for each in await parts.keywords.keywords(call.chat.id)} if names else set()
    return [name for name in names if canonical(parse(name)) not in had]


def _plain(query: str) -> str:
    try:
        return plain_words(parse(query))
    except QueryError:
        return ""


def sentence(call: Call, names: Sequence[str]) -> list[Block]:
    """What the buttons are about; nothing without names."""
    said = call.t.spans("In the other language the news says {names}.", names=code(_BETWEEN.join(names)))
    return [text(said)] if names else []


def also_find(call: Call, keyword: Keyword, names: Sequence[str]) -> Rows:
    """Buttons that have a keyword find all of the names, or one of them."""
    # As short as can be: the line of a button has 64 bytes, and a Chinese character takes three.
    return _rows(names, mark("Also find {names}"), lambda some: f"/also {keyword.id} {'|'.join(some)}", call)


def also_test(call: Call, query: str, names: Sequence[str]) -> Rows:
    """Buttons that test a query together with the names."""
    return _rows(names, mark("Test with {names}"), lambda some: f"/keyword test {' OR '.join([query, *some])}", call)


def _rows(names: Sequence[str], label: str, line: Callable[[Sequence[str]], str], call: Call) -> Rows:
    def made(*choices: Sequence[str]) -> tuple[Button, ...]:
        return buttons(*((call.t(label, names=_BETWEEN.join(some)), line(some)) for some in choices))

    # Three share a row of a telephone, so that the sign of the row above has to do for them.
    short = buttons(*((f"+ {name}", line([name])) for name in names))
    single = short if len(names) >= ROW else made(*([name] for name in names))

    # Two rows at most: Discord shows five in all.
    return (made(names) if len(names) > 1 else (), single)
