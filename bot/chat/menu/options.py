"""Options that several commands have."""

from __future__ import annotations

from bot.chat.catalogue import mark
from bot.chat.menu.shape import MenuChoice, MenuOption, OptionKind

QUERY = mark('Words, a "phrase", AND OR NOT, prefix*')
WHEN = mark("When its alerts come")
TIMES = (
    MenuChoice("default", mark("as in the settings of the chat")),
    MenuChoice("instant", mark("at once")),
    MenuChoice("digest", mark("in the digest")),
)
MUTE = MenuOption(name="time", description=mark("For how long, as 8h or 3d; off to hear it again"))
YES = MenuOption(name="yes", description=mark("Yes, all of them"), kind=OptionKind.FLAG)
NUMBERED = MenuOption(
    name="keyword", description=mark("Its number in the list of keywords"), required=True, autocomplete=True
)
WATCHED = MenuOption(
    name="feed",
    description=mark("Its number in /feeds, its address, or part of its title"),
    required=True,
    autocomplete=True,
)
