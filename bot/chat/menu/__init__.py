"""The one table of commands: help, the platforms' menus and the documentation are all made from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.chat.catalogue import mark
from bot.chat.menu.feeds import FEEDS
from bot.chat.menu.keywords import KEYWORDS
from bot.chat.menu.looking import LOOKING
from bot.chat.menu.settings import SETTINGS
from bot.chat.menu.shape import MenuChoice, MenuCommand, MenuOption, OptionKind
from bot.chat.menu.sharing import SHARING
from bot.chat.menu.start import START

__all__ = [
    "ALIASES",
    "MENU",
    "SUBJECTS",
    "MenuChoice",
    "MenuCommand",
    "MenuOption",
    "OptionKind",
    "Subject",
    "argument_line",
]


@dataclass(frozen=True, slots=True)
class Subject:
    """Commands that belong together; `label` is a text to be translated."""

    label: str
    commands: tuple[MenuCommand, ...]


SUBJECTS: Mapping[str, Subject] = {
    "feeds": Subject(mark("Feeds"), FEEDS),
    "keywords": Subject(mark("Keywords"), KEYWORDS),
    "settings": Subject(mark("Settings"), SETTINGS),
    "looking": Subject(mark("Looking back"), LOOKING),
    "sharing": Subject(mark("From chat to chat"), (*START, *SHARING)),
}
"""What `/help` tells at a time, by the word that asks for it."""

MENU: tuple[MenuCommand, ...] = (*START, *FEEDS, *KEYWORDS, *SETTINGS, *SHARING, *LOOKING)


def _aliases() -> Iterator[tuple[str, str]]:
    for command in MENU:
        for subcommand in command.subcommands:
            if subcommand.alias:
                yield subcommand.alias, f"{command.name} {subcommand.name}"


ALIASES: Mapping[str, str] = dict(_aliases())
"""The short forms: `add` stands for `keyword add`, and so on."""


def argument_line(command: MenuCommand, values: Mapping[str, object]) -> str:
    """The arguments of a command as one would type them, from the values of its options by name.

    For a subcommand the caller puts its name before this line. Flags that are set become their own name.
    """
    parts: list[str] = []
    for option in command.options:
        value = values.get(option.name)
        if option.kind is OptionKind.FLAG:
            parts.append(option.name if value else "")
        elif value is not None and option.kind is not OptionKind.FILE:
            # Channels and roles are known by their ids.
            parts.append(str(getattr(value, "id", value)).strip())
    return " ".join(part for part in parts if part)
