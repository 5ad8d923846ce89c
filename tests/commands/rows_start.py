"""Rows of the first steps: `/help`, texts that are no command, and commands there are none of."""

from __future__ import annotations

from bot.model import Platform
from tests.commands.row import Row
from tests.commands.situations import keyword, watched
from tests.support.driving import Role

TYPED = (Platform.TELEGRAM,)  # only there a line without a command reaches the bot

ROWS = (
    Row(
        name="help",
        line="/help",
        says=("What I can do", "Choose a subject to see all its commands."),
        within=("/subscribe", "/add", "/settings"),
        buttons=("/help feeds", "/help keywords"),
    ),
    Row(
        name="a text that is no command, where keywords are to be had",
        line="ferry prices",
        given=(watched, keyword),
        on=TYPED,
        buttons=("/keyword add ferry prices", "/keyword test ferry prices"),
        covers=("no command",),
    ),
    Row(
        name="a text that is no command, where words were just asked for",
        line="ferry",
        given=(watched,),
        on=TYPED,
        says=("Keyword {query} added.",),
        then={"keywords": ["ferry"]},
    ),
    Row(
        name="a text that is an address",
        line="https://example.org/news",
        on=TYPED,
        says=("I understand commands. Did you mean one of these?",),
        buttons=("/subscribe https://example.org/news",),
    ),
    Row(
        name="a text that is a name of the catalogue",
        line="bbc-world",
        on=TYPED,
        says=("I understand commands. Did you mean one of these?",),
        buttons=("/subscribe bbc-world",),
    ),
    Row(
        name="a text that is too long for a button",
        line="https://example.org/" + "a" * 80,
        on=TYPED,
        says=("I understand commands. Put {command} before it.",),
    ),
    Row(
        name="a command there is none of",
        line="/keywrd talks",
        press=True,
        says=("There is no command {name}.", "{help} lists them all."),
        buttons=("/keyword", "/help"),
        private=True,
    ),
    Row(
        name="a command there is none of, addressed to the bot in a group",
        line="/roll 2d6",
        who=Role.MEMBER,
        says=("There is no command {name}.",),
        private=True,
    ),
    Row(
        name="a line that is no command in the console",
        line="hello",
        on=(Platform.CONSOLE,),
        says=("Commands begin with a slash: /help lists them. A number presses that button; /quit leaves.",),
    ),
)
