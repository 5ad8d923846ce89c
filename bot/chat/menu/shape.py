"""What a command is: its name, description, options and subcommands."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class OptionKind(StrEnum):
    """What an option takes."""

    TEXT = "text"
    CHOICE = "choice"  # one of `choices`
    FLAG = "flag"  # yes or no; on the command line, its name or nothing
    FILE = "file"  # comes along with the command, not on its line
    CHANNEL = "channel"  # on Discord chosen from a list; on the line its id, elsewhere its name or link
    ROLE = "role"  # of a Discord server; on the line its id


@dataclass(frozen=True, slots=True)
class MenuChoice:
    """One of the values of a CHOICE: `value` is what is typed, `label` the text to show (to be translated)."""

    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuOption:
    """An option of a command. `name` is ASCII lower case; `description` a text to be translated (≤ 100 characters).

    With `autocomplete`, `CommandHandler.complete(request, option.name, typed)` knows values for it.
    """

    name: str
    description: str
    kind: OptionKind = OptionKind.TEXT
    required: bool = False
    autocomplete: bool = False
    choices: tuple[MenuChoice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuCommand:
    """A command, or a subcommand. `description` is a text to be translated (≤ 100 characters).

    `admin`: it changes the chat. `alias` is a short form that Telegram also lists (`/add` for `/keyword add`).
    A command with subcommands has no options of its own.
    """

    name: str
    description: str
    options: tuple[MenuOption, ...] = ()
    subcommands: tuple[MenuCommand, ...] = ()
    admin: bool = False
    alias: str = ""
