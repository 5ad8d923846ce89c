"""Rows of commands that may not be there: each is played where its handler is.

They say what changes nothing and what is refused to members; what each command says and does stands in its own tests.
"""

from __future__ import annotations

from bot.chat.commands.dispatch import HANDLERS
from tests.commands.row import Row
from tests.commands.situations import keyword

_GROUPS = {"settings", "keyword", "feed"}


def is_there(line: str) -> bool:
    """Whether a line's own handler is there: of a subcommand, not that of its command alone."""
    name, *words = line.removeprefix("/").split()
    wanted = f"{name} {words[0]}" if words and words[0].isalpha() and name in _GROUPS else name
    return wanted in HANDLERS


)
_PLACES = (
    Row(name="managers, without saying who", line="/settings managers", press=True),
    Row(name="move a keyword, without saying where", line="/keyword move", press=True, given=(keyword,)),
    Row(name="manage, without saying what", line="/manage", press=True),
    Row(name="admin, for whom it is not", line="/admin", press=True, says=("There is no command {name}.",)),
)

_ALL = _PLACES
_ALWAYS = {"/admin"}  # whose name is no command for anybody but who runs the bot
ROWS = tuple(row for row in _ALL if row.line in _ALWAYS or is_there(row.line))
