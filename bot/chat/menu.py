"""The one table of commands: help, the platforms' menus and the documentation are all made from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.chat.catalogue import mark


class OptionKind(StrEnum):
    """What an option takes."""

    TEXT = "text"
    CHOICE = "choice"  # one of `choices`
    FLAG = "flag"  # yes or no; on the command line, its name or nothing
    FILE = "file"  # comes along with the command, not on its line


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


_QUERY = mark('Words, a "phrase", AND OR NOT, prefix*')
_NUMBERED = MenuOption(
    name="keyword", description=mark("Its number in the list of keywords"), required=True, autocomplete=True
)

MENU: tuple[MenuCommand, ...] = (
    MenuCommand(name="start", description=mark("What I do, and how to begin")),
    MenuCommand(name="help", description=mark("All commands, and how to write keywords")),
    MenuCommand(
        name="subscribe",
        description=mark("Watch a feed"),
        admin=True,
        options=(
            MenuOption(
                name="address",
                description=mark("Address of a feed or page, or a name from the catalogue"),
                autocomplete=True,
            ),
            MenuOption(
                name="everything",
                description=mark("Send every item, whether or not a keyword matches"),
                kind=OptionKind.FLAG,
            ),
        ),
    ),
    MenuCommand(
        name="unsubscribe",
        description=mark("Stop watching a feed"),
        admin=True,
        options=(
            MenuOption(
                name="feed",
                description=mark("Its number in /feeds, its address, or part of its title"),
                required=True,
                autocomplete=True,
            ),
        ),
    ),
    MenuCommand(name="feeds", description=mark("The feeds watched here, and how they are")),
    MenuCommand(
        name="import",
        description=mark("Watch the feeds of a file from another reader (OPML)"),
        admin=True,
        options=(
            MenuOption(
                name="file",
                description=mark("The file; on Telegram, send it with this command as its caption"),
                kind=OptionKind.FILE,
                required=True,
            ),
            MenuOption(
                name="everything",
                description=mark("Send every item, whether or not a keyword matches"),
                kind=OptionKind.FLAG,
            ),
        ),
    ),
    MenuCommand(name="export", description=mark("The feeds of this chat as a file (OPML)")),
    MenuCommand(
        name="keyword",
        description=mark("The keywords of this chat"),
        subcommands=(
            MenuCommand(
                name="add",
                description=mark("Add a keyword"),
                admin=True,
                alias="add",
                options=(MenuOption(name="query", description=_QUERY, required=True),),
            ),
            MenuCommand(
                name="edit",
                description=mark("Change a keyword"),
                admin=True,
                options=(
                    _NUMBERED,
                    MenuOption(name="query", description=_QUERY, required=True),
                ),
            ),
            MenuCommand(
                name="also",
                description=mark("Have a keyword find other words, too"),
                admin=True,
                alias="also",
                options=(
                    _NUMBERED,
                    MenuOption(
                        name="words", description=mark("What it shall find as well, such as 阿布扎比"), required=True
                    ),
                ),
            ),
            MenuCommand(
                name="remove",
                description=mark("Remove a keyword"),
                admin=True,
                alias="remove",
                options=(
                    MenuOption(
                        name="keyword",
                        description=mark("The keyword, or its number in the list"),
                        required=True,
                        autocomplete=True,
                    ),
                ),
            ),
            MenuCommand(name="list", description=mark("List the keywords"), alias="keywords"),
            MenuCommand(
                name="test",
                description=mark("What a keyword would have found in the last 7 days"),
                options=(MenuOption(name="query", description=_QUERY, required=True),),
            ),
        ),
    ),
    MenuCommand(
        name="settings",
        description=mark("Languages, characters, other sources, time zone, pause"),
        subcommands=(
            MenuCommand(name="show", description=mark("Show the settings")),
            MenuCommand(
                name="language",
                description=mark("The language I speak here"),
                admin=True,
                options=(
                    MenuOption(
                        name="value",
                        description=mark("The language I speak here"),
                        kind=OptionKind.CHOICE,
                        required=True,
                        choices=(
                            MenuChoice("en", "English"),
                            MenuChoice("zh-Hant", "繁體中文"),
                            MenuChoice("zh-Hans", "简体中文"),
                            MenuChoice("auto", mark("each person's app language")),
                        ),
                    ),
                ),
            ),
            MenuCommand(
                name="languages",
                description=mark("The languages of alerts, and their order"),
                admin=True,
                options=(
                    MenuOption(
                        name="value",
                        description=mark("The languages of alerts, and their order"),
                        kind=OptionKind.CHOICE,
                        required=True,
                        choices=(
                            MenuChoice("zh,en", mark("Chinese, then English")),
                            MenuChoice("en,zh", mark("English, then Chinese")),
                            MenuChoice("zh", mark("Chinese only")),
                            MenuChoice("en", mark("English only")),
                        ),
                    ),
                ),
            ),
            MenuCommand(
                name="script",
                description=mark("The Chinese of alerts: characters, names and words"),
                admin=True,
                options=(
                    MenuOption(
                        name="value",
                        description=mark("The Chinese of alerts: characters, names and words"),
                        kind=OptionKind.CHOICE,
                        required=True,
                        choices=(
                            MenuChoice("hk", mark("traditional, Hong Kong")),
                            MenuChoice("tw", mark("traditional, Taiwan")),
                            MenuChoice("cn", mark("simplified, mainland China")),
                            MenuChoice("hant", mark("traditional characters only")),
                            MenuChoice("source", mark("as the source writes")),
                            MenuChoice("auto", mark("as in my messages")),
                        ),
                    ),
                ),
            ),
            MenuCommand(
                name="reports",
                description=mark("Other sources of a story that was told"),
                admin=True,
                options=(
                    MenuOption(
                        name="value",
                        description=mark("What becomes of further reports of a story"),
                        kind=OptionKind.CHOICE,
                        required=True,
                        choices=(
                            MenuChoice("fold", mark("named in the alert")),
                            MenuChoice("each", mark("alerts of their own")),
                        ),
                    ),
                ),
            ),
            MenuCommand(
                name="pictures",
                description=mark("Pictures and link previews in alerts"),
                admin=True,
                options=(
                    MenuOption(
                        name="value",
                        description=mark("How large they are"),
                        kind=OptionKind.CHOICE,
                        required=True,
                        choices=(
                            MenuChoice("off", mark("none")),
                            MenuChoice("small", mark("small")),
                            MenuChoice("large", mark("large")),
                        ),
                    ),
                ),
            ),
            MenuCommand(
                name="timezone",
                description=mark("The time zone of dates here"),
                admin=True,
                options=(
                    MenuOption(
                        name="zone",
                        description=mark("A place, such as Asia/Hong_Kong"),
                        required=True,
                        autocomplete=True,
                    ),
                ),
            ),
            MenuCommand(
                name="pause",
                description=mark("Stop or start alerts"),
                admin=True,
                options=(
                    MenuOption(
                        name="value",
                        description=mark("Whether alerts are paused"),
                        kind=OptionKind.CHOICE,
                        required=True,
                        choices=(MenuChoice("on", mark("paused")), MenuChoice("off", mark("running"))),
                    ),
                ),
            ),
        ),
    ),
    MenuCommand(name="pause", description=mark("Stop alerts for now"), admin=True),
    MenuCommand(name="resume", description=mark("Start alerts again"), admin=True),
    MenuCommand(
        name="latest",
        description=mark("The newest alerts of this chat"),
        options=(MenuOption(name="count", description=mark("How many, 1 to 10")),),
    ),
    MenuCommand(
        name="why",
        description=mark("Why an alert came, or why an item did not"),
        options=(
            MenuOption(
                name="link",
                description=mark("The link of the item; without it, the newest alert, or the one you reply to"),
                autocomplete=True,
            ),
        ),
    ),
    MenuCommand(
        name="full",
        description=mark("What an alert says in full, in either language"),
        options=(
            MenuOption(
                name="link",
                description=mark("The link of the item; without it, the newest alert, or the one you reply to"),
                autocomplete=True,
            ),
            MenuOption(
                name="language",
                description=mark("The language to read it in"),
                kind=OptionKind.CHOICE,
                choices=(MenuChoice("zh", "中文"), MenuChoice("en", "English")),
            ),
        ),
    ),
    MenuCommand(
        name="less",
        description=mark("Less like an alert: mute its story, or narrow what brought it"),
        admin=True,
        options=(
            MenuOption(
                name="link",
                description=mark("The link of the item; without it, the newest alert, or the one you reply to"),
                autocomplete=True,
            ),
        ),
    ),
    MenuCommand(name="status", description=mark("How it is going here")),
)


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
            parts.append(str(value).strip())
    return " ".join(part for part in parts if part)
