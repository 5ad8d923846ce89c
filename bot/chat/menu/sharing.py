"""The commands that take choices from chat to chat, and back."""

from __future__ import annotations

from bot.chat.catalogue import mark
from bot.chat.menu.shape import MenuChoice, MenuCommand, MenuOption, OptionKind

SHARING: tuple[MenuCommand, ...] = (
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
)
