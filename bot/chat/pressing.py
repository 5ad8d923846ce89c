"""What a button carries through a platform and back: its command line, and whether it asks or answers in its place."""

from __future__ import annotations

from dataclasses import dataclass

from bot.model import Button

# In place of the slash, so that a line has as much room as without.
_ASK, _IN_PLACE, _PLAIN = "?", "~", "/"


@dataclass(frozen=True, slots=True)
class Press:
    """A button that was pressed: its command line, with the slash."""

    line: str
    ask: bool = False
    in_place: bool = False

    @property
    def command(self) -> str:
        """The name of the command."""
        return self.line.removeprefix("/").partition(" ")[0].casefold()

    @property
    def arguments(self) -> str:
        """What stands behind the command."""
        return self.line.partition(" ")[2].strip()


def data_of(button: Button) -> str:
    """What a platform keeps for a button with a command line, in as many bytes as that has. Who is asked answers with a
    message of their own, so that asking goes before answering in place."""
    mark = _ASK if button.ask else _IN_PLACE if button.in_place else _PLAIN
    return button.action if mark == _PLAIN else mark + button.action.removeprefix("/")


def read_press(data: str) -> Press:
    """What a platform kept, read."""
    mark, line = data[:1], "/" + data.strip().lstrip(_ASK + _IN_PLACE + _PLAIN)
    return Press(line, ask=mark == _ASK, in_place=mark == _IN_PLACE)
