"""`/start` and `/help`."""

from __future__ import annotations

from collections.abc import Iterator

from bot.chat.blocks import code, entry, note, title
from bot.chat.catalogue import Catalogue
from bot.chat.commands.call import Call, Parts
from bot.chat.commands.first import first_look, topics_page, words_page
from bot.chat.commands.sharing import PREFIX, offered
from bot.chat.menu import MENU, MenuCommand, OptionKind
from bot.model import Block, Message, Span


async def start(parts: Parts, call: Call) -> Message:
    """The first minute: topics, then `words`; `look` shows what they would have brought, `kw_…` what was shared."""
    token = call.arguments.removeprefix(PREFIX)
    if token != call.arguments:
        return await offered(parts, call, token)
    if call.arguments == "words":
        return await words_page(parts, call)
    if call.arguments == "look":
        return await first_look(parts, call, [title(call.t("What would have come"))])
    return await topics_page(parts, call)


async def help_(_: Parts, call: Call) -> Message:
    """Every command of the menu, and how keywords are written."""
    t = call.t
    commands = [entry(line) for command in MENU for line in _lines(command, t)]
    return Message(blocks=(title(t("Commands")), *commands, *how_to_write(t)))


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
