"""The commands of the first minute."""

from __future__ import annotations

from bot.chat.catalogue import mark
from bot.chat.menu.shape import MenuChoice, MenuCommand, MenuOption, OptionKind

START: tuple[MenuCommand, ...] = (
    MenuCommand(
        name="start",
        description=mark("What I do, and how to begin"),
        options=(MenuOption(name="code", description=mark("A code that somebody shared with you")),),
    ),
    MenuCommand(
        name="help",
        description=mark("All commands, and how to write keywords"),
        options=(
            MenuOption(
                name="subject",
                description=mark("What about"),
                kind=OptionKind.CHOICE,
                choices=(
                    MenuChoice("feeds", mark("Feeds")),
                    MenuChoice("keywords", mark("Keywords")),
                    MenuChoice("settings", mark("Settings")),
                    MenuChoice("looking", mark("Looking back")),
                    MenuChoice("sharing", mark("From chat to chat")),
                ),
            ),
        ),
    ),
)
