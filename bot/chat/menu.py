"""The one table of commands: help, the platforms' menus and the documentation are all made from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.chat.catalogue import interface_locales, mark, own_name


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


_QUERY = mark('Words, a "phrase", AND OR NOT, prefix*')
_NUMBERED = MenuOption(
    name="keyword", description=mark("Its number in the list of keywords"), required=True, autocomplete=True
)

_WATCHED = MenuOption(
    name="feed",
    description=mark("Its number in /feeds, its address, or part of its title"),
    required=True,
    autocomplete=True,
)
_WHEN = mark("When its alerts come")
_TIMES = (
    MenuChoice("default", mark("as in the settings of the chat")),
    MenuChoice("instant", mark("at once")),
    MenuChoice("digest", mark("in the digest")),
)
_MUTE = MenuOption(name="time", description=mark("For how long, as 8h or 3d; off to hear it again"))
_YES = MenuOption(name="yes", description=mark("Yes, all of them"), kind=OptionKind.FLAG)

MENU: tuple[MenuCommand, ...] = (
    MenuCommand(
        name="start",
        description=mark("What I do, and how to begin"),
        options=(MenuOption(name="code", description=mark("A code that somebody shared with you")),),
    ),
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
        options=(_WATCHED,),
    ),
    MenuCommand(name="feeds", description=mark("The feeds watched here, and how they are")),
    MenuCommand(
        name="feed",
        description=mark("One of the feeds: how it is, and all to change"),
        subcommands=(
            MenuCommand(name="show", description=mark("How it is, and what it brought"), options=(_WATCHED,)),
            MenuCommand(
                name="mode",
                description=mark("What comes of a feed, and when"),
                admin=True,
                options=(
                    _WATCHED,
                    MenuOption(
                        name="value",
                        description=mark("What of it comes, or when"),
                        kind=OptionKind.CHOICE,
                        choices=(
                            MenuChoice("matching", mark("what matches")),
                            MenuChoice("everything", mark("everything")),
                            *_TIMES,
                        ),
                    ),
                ),
            ),
            MenuCommand(
                name="mute",
                description=mark("Have the alerts of a feed wait for a time"),
                admin=True,
                options=(_WATCHED, _MUTE),
            ),
            MenuCommand(name="clear", description=mark("Stop watching all feeds"), admin=True, options=(_YES,)),
        ),
    ),
    MenuCommand(
        name="import",
        description=mark("Take in a file: feeds (OPML), or all of a chat (JSON)"),
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
            MenuOption(name="settings", description=mark("Take the settings of the file, too"), kind=OptionKind.FLAG),
        ),
    ),
    MenuCommand(
        name="export",
        description=mark("The feeds of this chat, or all it has, as a file"),
        options=(
            MenuOption(
                name="what",
                description=mark("What the file is to hold"),
                kind=OptionKind.CHOICE,
                choices=(
                    MenuChoice("feeds", mark("feeds, for any reader (OPML)")),
                    MenuChoice("all", mark("feeds, keywords and settings (JSON)")),
                ),
            ),
        ),
    ),
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
            MenuCommand(
                name="move",
                description=mark("Give a keyword to another channel or chat"),
                admin=True,
                options=(
                    _NUMBERED,
                    MenuOption(
                        name="place",
                        description=mark("Where it should go; on Telegram @name, a link or a number"),
                        kind=OptionKind.CHANNEL,
                        required=True,
                    ),
                ),
            ),
            MenuCommand(name="list", description=mark("List the keywords"), alias="keywords"),
            MenuCommand(
                name="show", description=mark("A keyword: what it brought, and all to change"), options=(_NUMBERED,)
            ),
            MenuCommand(
                name="mode",
                description=mark("When the alerts of a keyword come"),
                admin=True,
                options=(
                    _NUMBERED,
                    MenuOption(name="value", description=_WHEN, kind=OptionKind.CHOICE, choices=_TIMES),
                ),
            ),
            MenuCommand(
                name="mute",
                description=mark("Have the alerts of a keyword wait for a time"),
                admin=True,
                options=(_NUMBERED, _MUTE),
            ),
            MenuCommand(name="clear", description=mark("Remove all keywords"), admin=True, options=(_YES,)),
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
                            *(MenuChoice(locale.value, own_name(locale)) for locale in interface_locales()),
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
                name="schedule",
                description=mark("When alerts come: at once or in digests"),
                admin=True,
                options=(
                    MenuOption(
                        name="when",
                        description=mark("instant, hourly, or times and days: 08:00 18:30 mon-fri"),
                        autocomplete=True,
                    ),
                ),
            ),
            MenuCommand(
                name="quiet",
                description=mark("Hours in which nothing comes"),
                admin=True,
                options=(MenuOption(name="hours", description=mark("From when to when, as 23:00-07:00; or off")),),
            ),
            MenuCommand(
                name="cap",
                description=mark("The most alerts in an hour"),
                admin=True,
                options=(MenuOption(name="alerts", description=mark("How many, or off")),),
            ),
            MenuCommand(
                name="managers",
                description=mark("Who may change things here, beside admins"),
                admin=True,
                options=(
                    MenuOption(
                        name="who",
                        description=mark("Who may change things here, beside admins"),
                        kind=OptionKind.CHOICE,
                        required=True,
                        choices=(
                            MenuChoice("admins", mark("admins")),
                            MenuChoice("everyone", mark("everyone who may write here")),
                            MenuChoice("role", mark("admins, and who has a role")),
                        ),
                    ),
                    MenuOption(name="role", description=mark("Which role, on Discord"), kind=OptionKind.ROLE),
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
    MenuCommand(
        name="manage",
        description=mark("Manage a channel or group from here"),
        options=(
            MenuOption(
                name="place",
                description=mark("The channel; on Telegram @name, a link or a number, or off"),
                kind=OptionKind.CHANNEL,
            ),
        ),
    ),
    MenuCommand(name="pause", description=mark("Stop alerts for now"), admin=True),
    MenuCommand(name="resume", description=mark("Start alerts again"), admin=True),
    MenuCommand(
        name="mute",
        description=mark("Hold alerts for a time; nothing is lost"),
        admin=True,
        options=(MenuOption(name="time", description=mark("For how long, as 8h or 2d; or off"), autocomplete=True),),
    ),
    MenuCommand(
        name="share",
        description=mark("A link to the keywords and feeds of this chat"),
        admin=True,
        options=(
            MenuOption(
                name="what",
                description=mark("What goes along; without it, keywords and feeds"),
                kind=OptionKind.CHOICE,
                choices=(
                    MenuChoice("keywords", mark("keywords only")),
                    MenuChoice("feeds", mark("feeds only")),
                    MenuChoice("all", mark("the settings as well")),
                    MenuChoice("stop", mark("end all links")),
                ),
            ),
        ),
    ),
    MenuCommand(
        name="copy",
        description=mark("Bring another chat's keywords, feeds and settings here"),
        admin=True,
        options=(MenuOption(name="code", description=mark("The code; without it, I make one for this chat")),),
    ),
    MenuCommand(
        name="undo",
        description=mark("Take back what was added last"),
        admin=True,
        options=(MenuOption(name="number", description=mark("Which one; a button knows it")),),
    ),
    MenuCommand(
        name="latest",
        description=mark("The newest alerts of this chat"),
        options=(MenuOption(name="count", description=mark("How many, 1 to 10")),),
    ),
    MenuCommand(
        name="search",
        description=mark("Search what the feeds brought"),
        options=(MenuOption(name="query", description=_QUERY, required=True),),
    ),
    MenuCommand(
        name="trend",
        description=mark("What rises in the feeds of this chat"),
        options=(
            MenuOption(
                name="period",
                description=mark("How far back to look"),
                kind=OptionKind.CHOICE,
                choices=(MenuChoice("day", mark("the last 24 hours")), MenuChoice("week", mark("the last 7 days"))),
            ),
        ),
    ),
    MenuCommand(
        name="stats",
        description=mark("A chart of the alerts of the last 30 days"),
        options=(
            MenuOption(name="keyword", description=mark("Of one keyword: its number in the list"), autocomplete=True),
        ),
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
    MenuCommand(
        name="translate",
        description=mark("Translate a message into the other language"),
        options=(MenuOption(name="text", description=mark("The text; without it, the message you reply to")),),
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
            # Channels and roles are known by their ids.
            parts.append(str(getattr(value, "id", value)).strip())
    return " ".join(part for part in parts if part)
