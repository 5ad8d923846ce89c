"""Rows of commands that may not be there: each is played where its handler is.

They say what changes nothing and what is refused to members; what each command says and does stands in its own tests.
"""

from __future__ import annotations

from bot.chat.commands.dispatch import HANDLERS
from tests.commands.row import Row
from tests.commands.situations import keyword, two_keywords, watched

_GROUPS = {"settings", "keyword", "feed"}


def is_there(line: str) -> bool:
    """Whether a line's own handler is there: of a subcommand, not that of its command alone."""
    name, *words = line.removeprefix("/").split()
    wanted = f"{name} {words[0]}" if words and words[0].isalpha() and name in _GROUPS else name
    return wanted in HANDLERS


_SHARING = (
    Row(name="share keywords", line="/share", press=True, given=(watched, two_keywords)),
    Row(name="share nothing", line="/share", press=True),
    Row(name="copy with a code there is none of", line="/copy nonsense", press=True),
    Row(name="undo what is kept no more", line="/undo 999999", press=True),
)
_CARDS = (
    Row(name="the card of a feed", line="/feed show {feed}", press=True, given=(watched,), within=("Harbour Wire",)),
    Row(name="the card of a feed there is none of", line="/feed show 999999", press=True, given=(watched,)),
    Row(name="feed alone", line="/feed", press=True, given=(watched,)),
    Row(name="the mode of a feed there is none of", line="/feed mode 999999", press=True, given=(watched,)),
    Row(name="mute a feed there is none of", line="/feed mute 999999", press=True, given=(watched,)),
    Row(name="remove all feeds asks first", line="/feed clear", press=True, given=(watched,)),
    Row(
        name="the card of a keyword",
        line="/keyword show {keyword}",
        press=True,
        given=(keyword,),
        within=("trilateral talks",),
    ),
    Row(name="the mode of a keyword there is none of", line="/keyword mode 999999", press=True, given=(keyword,)),
    Row(name="mute a keyword there is none of", line="/keyword mute 999999", press=True, given=(keyword,)),
    Row(name="remove all keywords asks first", line="/keyword clear", press=True, given=(two_keywords,)),
)
_PLACES = (
    Row(name="managers, without saying who", line="/settings managers", press=True),
    Row(name="move a keyword, without saying where", line="/keyword move", press=True, given=(keyword,)),
    Row(name="manage, without saying what", line="/manage", press=True),
    Row(name="admin, for whom it is not", line="/admin", press=True, says=("There is no command {name}.",)),
)

_ALL = (*_SHARING, *_CARDS, *_PLACES)
_ALWAYS = {"/admin"}  # whose name is no command for anybody but who runs the bot
ROWS = tuple(row for row in _ALL if row.line in _ALWAYS or is_there(row.line))
