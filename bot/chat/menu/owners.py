"""The commands of those who run the bot: a table of its own, which nobody else is shown."""

from __future__ import annotations

from bot.chat.catalogue import mark
from bot.chat.menu import MenuCommand, MenuOption

_PAGE = (MenuOption(name="page", description=mark("Which page")),)
_CHAT = (MenuOption(name="chat", description=mark("Its number in /admin chats"), required=True),)
_BROADCAST = (MenuOption(name="broadcast", description=mark("Its number"), required=True),)

OWNER_MENU: tuple[MenuCommand, ...] = (
    MenuCommand(
        name="admin",
        description=mark("The whole bot: chats, feeds in trouble, a word to all"),
        subcommands=(
            MenuCommand(name="show", description=mark("How the bot is doing")),
            MenuCommand(name="chats", description=mark("All chats, the newest first"), options=_PAGE),
            MenuCommand(name="feeds", description=mark("The feeds that can't be read, and why"), options=_PAGE),
            MenuCommand(
                name="broadcast",
                description=mark("Say something to all chats, after a look at it; alone: how far the last one is"),
                options=(MenuOption(name="text", description=mark("What to say, in plain text")),),
            ),
            MenuCommand(name="send", description=mark("Send a drafted broadcast"), options=_BROADCAST),
            MenuCommand(name="stop", description=mark("Stop a broadcast that is under way"), options=_BROADCAST),
            MenuCommand(name="drop", description=mark("Throw a drafted broadcast away"), options=_BROADCAST),
            MenuCommand(name="admit", description=mark("Let a chat in"), options=_CHAT),
            MenuCommand(name="expel", description=mark("Serve a chat no more"), options=_CHAT),
            MenuCommand(name="pause", description=mark("Stop the alerts of a chat"), options=_CHAT),
            MenuCommand(name="resume", description=mark("Start the alerts of a chat again"), options=_CHAT),
        ),
    ),
)
