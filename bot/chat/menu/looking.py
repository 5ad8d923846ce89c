"""The commands that look: at alerts, at items, at how it goes."""

from __future__ import annotations

from bot.chat.catalogue import mark
from bot.chat.menu.options import QUERY
from bot.chat.menu.shape import MenuChoice, MenuCommand, MenuOption, OptionKind

LOOKING: tuple[MenuCommand, ...] = (
    MenuCommand(
        name="latest",
        description=mark("The newest alerts of this chat"),
        options=(MenuOption(name="count", description=mark("How many, 1 to 10")),),
    ),
    MenuCommand(
        name="search",
        description=mark("Search what the feeds brought"),
        options=(MenuOption(name="query", description=QUERY, required=True),),
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
