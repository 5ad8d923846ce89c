"""The commands about feeds."""

from __future__ import annotations

from bot.chat.catalogue import mark
from bot.chat.menu.options import MUTE, TIMES, WATCHED, YES
from bot.chat.menu.shape import MenuChoice, MenuCommand, MenuOption, OptionKind

FEEDS: tuple[MenuCommand, ...] = (
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
        options=(WATCHED,),
    ),
    MenuCommand(name="feeds", description=mark("The feeds watched here, and how they are")),
    MenuCommand(
        name="feed",
        description=mark("One of the feeds: how it is, and all to change"),
        subcommands=(
            MenuCommand(name="show", description=mark("How it is, and what it brought"), options=(WATCHED,)),
            MenuCommand(
                name="mode",
                description=mark("What comes of a feed, and when"),
                admin=True,
                options=(
                    WATCHED,
                    MenuOption(
                        name="value",
                        description=mark("What of it comes, or when"),
                        kind=OptionKind.CHOICE,
                        choices=(
                            MenuChoice("matching", mark("what matches")),
                            MenuChoice("everything", mark("everything")),
                            *TIMES,
                        ),
                    ),
                ),
            ),
            MenuCommand(
                name="mute",
                description=mark("Have the alerts of a feed wait for a time"),
                admin=True,
                options=(WATCHED, MUTE),
            ),
            MenuCommand(name="clear", description=mark("Stop watching all feeds"), admin=True, options=(YES,)),
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
)
