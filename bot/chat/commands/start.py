"""`/start`, `/help`, and the greeting of a bot that was just added somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.chat.blocks import buttons, code, entry, note, rows, text, title
from bot.chat.catalogue import Catalogue, catalogue_for
from bot.chat.commands.call import Call, Parts
from bot.chat.commands.topics import topic_label, topics
from bot.chat.menu import MENU, MenuCommand, OptionKind
from bot.model import Block, Button, Locale, Message, Span

_TOPICS_AT_START = 6
_ADDRESS = re.compile(r"(https?://\S+|[\w-]+(\.[\w-]+)+(/\S*)?)", re.IGNORECASE)


async def start(parts: Parts, call: Call) -> Message:
    """What the bot does, in three lines, and the next step."""
    t = call.t
    blocks = (
        title(t("I listen to the news for you.")),
        text(t("Tell me which feeds to watch and which keywords matter to you.")),
        text(t("What matches comes here within minutes: in Chinese and English, once, with the link.")),
        text(
            t.spans(
                "Choose a topic, or send {subscribe} with the address of a site; then {keyword} with your words.",
                subscribe=code("/subscribe"),
                keyword=code("/keyword add"),
            )
        ),
    )
    shown = topics(parts.finder.catalogue())[:_TOPICS_AT_START]
    choices = buttons(*((topic_label(topic, t), f"/subscribe {topic}") for topic in shown))
    return Message(blocks=blocks, buttons=(*rows(choices), buttons((t("All commands"), "/help"))))


async def no_command(parts: Parts, call: Call) -> Message:
    """The answer to a text that is no command: what was probably meant, as buttons."""
    t, said = call.t, call.arguments
    named = any(each.name.casefold() == said.casefold() for each in parts.finder.catalogue())
    if named or _ADDRESS.fullmatch(said):
        label = t("Watch this feed") if named else t("Watch this address")
        offers = buttons((label, f"/subscribe {said}"))
        instead = code("/subscribe")
    else:
        offers = buttons((t("Add as a keyword"), f"/keyword add {said}"), (t("Test it first"), f"/keyword test {said}"))
        instead = code("/keyword add")
    blocks = (
        text(t("I understand commands. Did you mean one of these?"))
        if said and offers
        else text(t.spans("I understand commands. Put {command} before it.", command=instead)),
    )
    return Message(blocks=blocks, buttons=(offers if said else (), buttons((t("All commands"), "/help"))))


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


def greeting(locale: Locale) -> Message:
    """What the bot says once when it is added to a group, server or channel."""
    t = catalogue_for(locale)
    return Message(
        blocks=(
            title(t("Hello! I bring news that matches your keywords here.")),
            text(
                t.spans(
                    "Admins: choose what to watch with {subscribe}, then add words with {keyword}.",
                    subscribe=code("/subscribe"),
                    keyword=code("/keyword add"),
                )
            ),
            note(t.spans("Everyone may look: {feeds}, {latest}.", feeds=code("/feeds"), latest=code("/latest"))),
        ),
        buttons=((Button(t("Begin"), "/start"), Button(t("All commands"), "/help")),),
    )
