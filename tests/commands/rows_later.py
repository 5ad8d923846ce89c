"""Rows of commands that may not be there: each is played where its handler is.

They say what changes nothing and what is refused to members; what each command says and does stands in its own tests.
"""

from __future__ import annotations

from bot.chat.commands.dispatch import HANDLERS
from tests.commands.row import Row
from tests.commands.situations import told, watched
from tests.support.driving import Role

_GROUPS = {"settings", "keyword", "feed"}


def is_there(line: str) -> bool:
    """Whether a line's own handler is there: of a subcommand, not that of its command alone."""
    name, *words = line.removeprefix("/").split()
    wanted = f"{name} {words[0]}" if words and words[0].isalpha() and name in _GROUPS else name
    return wanted in HANDLERS


_RHYTHM = (
    Row(name="mute, without saying for how long", line="/mute", press=True, given=(watched,)),
    Row(name="the schedule, without saying which", line="/settings schedule", press=True, buttons=("/settings",)),
    Row(name="quiet hours, without saying which", line="/settings quiet", press=True, buttons=("/settings schedule",)),
    Row(name="a cap, without saying which", line="/settings cap", press=True, buttons=("/settings schedule",)),
)
_ALERTS = (
    Row(name="an alert in full", line="/full #{item}", press=True, given=(told,)),
    Row(name="an alert in full that is kept no more", line="/full #999999", press=True),
    Row(name="less of an alert's kind", line="/less #{item}", press=True, given=(told,)),
    Row(name="less of what is kept no more", line="/less #999999", press=True),
    Row(name="pictures, without saying how", line="/settings pictures", press=True, buttons=("/settings",)),
)
_LOOKING = (
    Row(name="search, without words", line="/search", press=True, given=(watched,)),
    Row(name="search", line="/search ferry", given=(watched,), within=("A ferry sails",)),
    Row(name="search in vain", line="/search unicorn", given=(watched,)),
    Row(name="search without rights", line="/search ferry", who=Role.MEMBER, given=(watched,)),
    Row(name="stats of nothing", line="/stats", press=True),
    Row(name="stats", line="/stats", press=True, given=(told,), gives=".png"),
    Row(name="trend", line="/trend", press=True, given=(watched,)),
)
_LANGUAGES = (Row(name="translate nothing", line="/translate", press=True),)

_ALL = (*_RHYTHM, *_ALERTS, *_LOOKING, *_LANGUAGES)
ROWS = tuple(row for row in _ALL if is_there(row.line))
