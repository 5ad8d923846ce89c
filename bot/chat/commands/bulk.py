"""Keywords by the line: several are added at one go, and the answer tells what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.chat.blocks import buttons, code, entry, one_line, text, title
from bot.chat.commands.call import Call, Parts
from bot.chat.commands.first import first_look
from bot.chat.commands.undo import undo_button
from bot.chat.explain import explain_problem
from bot.errors import QueryError
from bot.matching.forms import form_of, has_regex
from bot.matching.query import canonical, parse, regexes
from bot.model import Block, Keyword, Message, Span

MOST_LINES = 100
_NAMED = 12
_QUERY = 60


@dataclass(slots=True)
class Outcome:
    """What became of the lines."""

    added: list[Keyword] = field(default_factory=list)
    already: list[str] = field(default_factory=list)
    over: list[str] = field(default_factory=list)
    unreadable: list[tuple[str, QueryError]] = field(default_factory=list)


def lines_of(typed: str) -> list[str]:
    """The keywords of a text of several lines; none for one line, nor where only the whole of it can be read."""
    lines = list(dict.fromkeys(one for line in typed.splitlines() if (one := " ".join(line.split()))))
    whole = " ".join(typed.split())
    if len(lines) < 2 or (form_of(whole) and not all(map(form_of, lines))):  # noqa: PLR2004
        return []
    return lines[:MOST_LINES]


async def add_lines(parts: Parts, call: Call, lines: Sequence[str]) -> Message:
    """Add a keyword for each line."""
    had = await parts.keywords.keywords(call.chat.id)
    outcome = await add_each(parts, call, lines, had)
    said = _told(parts, call, outcome)
    undo = undo_button(call) if outcome.added else ()
    if outcome.added and not had:
        return await first_look(parts, call, said, undo)
    return Message(blocks=tuple(said), buttons=(undo, buttons((call.t("All keywords"), "/keyword list"))))


async def add_each(parts: Parts, call: Call, lines: Sequence[str], had: Sequence[Keyword]) -> Outcome:
    """Add what may be added beside the keywords there are."""
    outcome = Outcome()
    forms = {each.canonical for each in had}
    patterns = sum(has_regex(each.canonical) for each in had)
    for line in lines:
        try:
            query = parse(line)
        except QueryError as error:
            outcome.unreadable.append((line, error))
            continue
        form, pattern = canonical(query), any(regexes(query))
        if form in forms:
            outcome.already.append(line)
        elif len(forms) >= parts.limits.keywords or (pattern and patterns >= parts.limits.regexes):
            outcome.over.append(line)
        else:
            keyword, _ = await parts.keywords.add_keyword(call.chat.id, query=line, canonical=form, now=call.now)
            outcome.added.append(keyword)
            forms.add(form)
            patterns += pattern
    return outcome


def _told(parts: Parts, call: Call, outcome: Outcome) -> list[Block]:
    t = call.t
    blocks = [title(t.n("{n} keyword added", "{n} keywords added", len(outcome.added)))]
    blocks += _named([each.query for each in outcome.added])
    if outcome.already:
        blocks.append(text(t.n("{n} was here already.", "{n} were here already.", len(outcome.already))))
    if outcome.over:
        over = t.n("{n} was one too many.", "{n} were too many.", len(outcome.over))
        most = t.n("A chat may have {n} keyword.", "A chat may have {n} keywords.", parts.limits.keywords)
        blocks.append(text(f"{over} {most}"))
        blocks += _named(outcome.over)
    if outcome.unreadable:
        blocks.append(text(t.n("{n} can't be read by me:", "{n} can't be read by me:", len(outcome.unreadable))))
        blocks += [entry(_why(line, error, call)) for line, error in outcome.unreadable[:_NAMED]]
    return blocks


def _named(queries: Sequence[str]) -> list[Block]:
    rest = [entry("…")] if len(queries) > _NAMED else []
    return [*(entry((code(one_line(query, _QUERY)),)) for query in queries[:_NAMED]), *rest]


def _why(line: str, error: QueryError, call: Call) -> tuple[Span, ...]:
    return code(one_line(line, _QUERY)), Span(f" · {explain_problem(error.problem, call.t)}")
