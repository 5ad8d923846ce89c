"""`/keyword` and its subcommands."""

from __future__ import annotations

from bot.chat.catalogue import mark
from bot.chat.menu.options import MUTE, NUMBERED, QUERY, TIMES, WHEN, YES
from bot.chat.menu.shape import MenuCommand, MenuOption, OptionKind

KEYWORDS: tuple[MenuCommand, ...] = (
    MenuCommand(
        name="keyword",
        description=mark("The keywords of this chat"),
        subcommands=(
            MenuCommand(
                name="add",
                description=mark("Add a keyword"),
                admin=True,
                alias="add",
                options=(MenuOption(name="query", description=QUERY, required=True),),
            ),
            MenuCommand(
                name="edit",
                description=mark("Change a keyword"),
                admin=True,
                options=(
                    NUMBERED,
                    MenuOption(name="query", description=QUERY, required=True),
                ),
            ),
            MenuCommand(
                name="also",
                description=mark("Have a keyword find other words, too"),
                admin=True,
                alias="also",
                options=(
                    NUMBERED,
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
                    NUMBERED,
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
                name="show", description=mark("A keyword: what it brought, and all to change"), options=(NUMBERED,)
            ),
            MenuCommand(
                name="mode",
                description=mark("When the alerts of a keyword come"),
                admin=True,
                options=(
                    NUMBERED,
                    MenuOption(name="value", description=WHEN, kind=OptionKind.CHOICE, choices=TIMES),
                ),
            ),
            MenuCommand(
                name="mute",
                description=mark("Have the alerts of a keyword wait for a time"),
                admin=True,
                options=(NUMBERED, MUTE),
            ),
            MenuCommand(name="clear", description=mark("Remove all keywords"), admin=True, options=(YES,)),
            MenuCommand(
                name="test",
                description=mark("What a keyword would have found in the last 7 days"),
                options=(MenuOption(name="query", description=QUERY, required=True),),
            ),
        ),
    ),
)
