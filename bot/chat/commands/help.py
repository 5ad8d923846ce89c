"""`/help`: what there is, a subject at a time, and how keywords are written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.chat.blocks import code, entry, in_place, note, title
from bot.chat.catalogue import Catalogue, mark
from bot.chat.commands.call import Call, Parts
from bot.chat.menu import MENU, SUBJECTS, MenuCommand, OptionKind
from bot.model import Block, Button, Message, Span

_LINES = {
    mark("Feeds: {subscribe} watches one, {feeds} lists them"): ("subscribe", "feeds"),
    mark("Keywords: {add} adds one, {keywords} lists them"): ("add", "keywords"),
    mark("When and how alerts come: {settings}, {mute}, {pause}"): ("settings", "mute", "pause"),
    mark("Looking back: {latest}, {search}, {stats}, {trend}, {why}"): ("latest", "search", "stats", "trend", "why"),
    mark("From chat to chat: {share}, {copy}, {export}"): ("share", "copy", "export"),
}
"""The first page: its sentences, and the commands that each of them names."""


async def help_(_: Parts, call: Call) -> Message:
    """What there is to do; `SUBJECT` or the name of a command tells all of that."""
    asked = call.arguments.casefold().removeprefix("/")
    if asked in SUBJECTS:
        return _page(call.t, SUBJECTS[asked].label, SUBJECTS[asked].commands, asked)
    if one := [command for command in MENU if command.name == asked]:
        return _page(call.t, f"/{asked}", one, "")
    return _first(call.t)


def _first(t: Catalogue) -> Message:
    said = (t.spans(line, **{name: code(f"/{name}") for name in names}) for line, names in _LINES.items())
    return Message(
        blocks=(
            title(t("What I can do")),
            *(entry(line) for line in said),
            note(t("Choose a subject to see all its commands.")),
        ),
        buttons=_subjects(t, ""),
    )


def _page(t: Catalogue, label: str, commands: Sequence[MenuCommand], subject: str) -> Message:
    lines = [entry(line) for command in commands for line in _lines(command, t)]
    writing = how_to_write(t) if subject == "keywords" else ()
    return Message(blocks=(title(t(label)), *lines, *writing), buttons=_subjects(t, subject))


def _subjects(t: Catalogue, shown: str) -> tuple[tuple[Button, ...], ...]:
    others = [(t(subject.label), f"/help {name}") for name, subject in SUBJECTS.items() if name != shown]
    return in_place(*others[:3]), in_place(*others[3:])


def how_to_write(t: Catalogue) -> tuple[Block, ...]:
    """The query language in a few lines."""
    return (
        title(t("How to write keywords")),
        entry(t.spans("{query}: all words, in any order, near each other", query=code("trilateral talks"))),
        entry(t.spans("{query}: exactly this phrase", query=code('"trilateral talks"'))),
        entry(t.spans("{query}: combined", query=code("Abu Dhabi AND (talks OR 會談) -football"))),
        entry(t.spans("{query}: all words that begin so", query=code("negotiat*"))),
        entry(
            t.spans(
                "{query}: only in the title, of one feed, in one language", query=code("title:talks feed:bbc lang:zh")
            )
        ),
        note(t("Chinese needs no spaces; traditional and simplified characters find each other.")),
    )


def _lines(command: MenuCommand, t: Catalogue) -> Iterator[tuple[Span, ...]]:
    for leaf in command.subcommands or (command,):
        path = command.name if leaf is command else f"{command.name} {leaf.name}"
        yield (code(usage(path, leaf)), Span(f" · {t(leaf.description)}"))


def usage(path: str, command: MenuCommand) -> str:
    """How a command is typed: `/subscribe [address] [everything]`."""
    options = []
    for option in command.options:
        values = "|".join(choice.value for choice in option.choices)
        name = option.name if option.kind is OptionKind.FLAG else values or option.name.upper()
        options.append(name if option.required else f"[{name}]")
    return " ".join((f"/{path}", *options))
