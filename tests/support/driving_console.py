"""Drives the bot in a terminal: the real chat of the console, with its output in a buffer."""

from __future__ import annotations

import io
import re
from collections.abc import Awaitable, Callable
from itertools import count
from pathlib import Path

from rich.console import Console

from bot.chat.console import ADDRESS, ConsoleChat, ConsoleMessenger
from bot.model import ChatAddress, ChatKind, Locale, Message, Platform
from bot.ports import CommandHandler
from tests.support.driving import Other, Place, Role, Seen

Move = Callable[[ChatAddress, str], Awaitable[None]]
ASKING = "✏️ "  # before a question
_BUTTON = re.compile(r"\[(\d+)\] (.*?)(?=  \[|$)", re.MULTILINE)
_LINK = re.compile(r"\[([^\]\d][^\]]*)\] (https?://\S+)")
_SAVED = re.compile(r"^→ (.+)$", re.MULTILINE)


class ConsoleDriver:
    """See `Driver`. A console is one chat: `move` renames it when a test is over. Files are kept in `folder`, which
    must be the current one."""

    platform = Platform.CONSOLE
    roles = (Role.PERSON,)

    def __init__(self, handler: CommandHandler, *, move: Move, folder: Path) -> None:
        self._handler = handler
        self._move = move
        self._folder = folder
        self._numbers = count(1)
        self._out = io.StringIO()
        self._messenger = ConsoleMessenger(Console(file=self._out, force_terminal=False, highlight=False, width=200))
        self._seen = Seen(text="")

    def place(self, role: Role, locale: Locale, *, apart: bool = False) -> Place:
        """See `Driver`."""
        chat = ConsoleChat(self._handler, self._messenger, locale=locale)
        return Place(address=ADDRESS, kind=ChatKind.PRIVATE, role=role, locale=locale, person="console", handles=chat)

    async def beside(self, place: Place, *, admin: bool = True, writes: bool = True) -> Other:
        """See `Driver`."""
        raise LookupError("a terminal is one chat")

    def speaking(self, place: Place, locale: Locale) -> Place:
        """See `Driver`."""
        return self.place(place.role, locale)

    async def leave(self, place: Place) -> None:
        """See `Driver`."""
        self._out.seek(0)
        self._out.truncate()
        await self._move(ADDRESS, f"over-{next(self._numbers)}")

    async def say(self, place: Place, line: str, *, file: tuple[str, bytes] | None = None, reply_to: str = "") -> Seen:
        """See `Driver`. There are no answers to messages here."""
        if file:
            path = self._folder / f"{next(self._numbers)}-{file[0]}"
            path.write_bytes(file[1])
            command, _, rest = line.partition(" ")
            line = f"{command} {path} {rest}".strip()
        return await self._typed(place, line)

    async def press(self, place: Place, line: str) -> Seen:
        """See `Driver`."""
        number = next((number for number, action in self._actions() if action == line), None)
        return await self._typed(place, str(number) if number else line)

    async def answer(self, place: Place, text: str) -> Seen:
        """See `Driver`."""
        return await self.say(place, text)

    async def post(self, place: Place, message: Message) -> str:
        """See `Driver`."""
        self._out.seek(0)
        self._out.truncate()
        number = await self._messenger.send(place.address, message, key="post")
        self._seen = self._read()
        return number

    def last(self, place: Place) -> Seen:
        """See `Driver`."""
        return self._seen

    async def _typed(self, place: Place, line: str) -> Seen:
        self._out.seek(0)
        self._out.truncate()
        await place.handles.answer(line)
        self._seen = self._read()
        return self._seen

    def _read(self) -> Seen:
        printed = self._out.getvalue()
        numbered = {label.strip(): int(number) for number, label in _BUTTON.findall(printed)}
        saved = _SAVED.search(printed)
        path = Path(saved[1]) if saved else None
        return Seen(
            text=printed,
            lines={label: self._line(number) for label, number in numbered.items()},
            links=dict(_LINK.findall(printed)),
            file=(path.name, path.read_bytes()) if path else None,
            asks=printed.startswith(ASKING),
        )

    def _actions(self) -> list[tuple[int, str]]:
        """The buttons, the newest first."""
        shown = [int(number) for number, _ in _BUTTON.findall(self._out.getvalue())]
        return [(number, self._line(number)) for number in reversed(shown)]

    def _line(self, number: int) -> str:
        """The command line of a numbered button, of which the console may keep the whole."""
        kept = self._messenger.pressed(number)
        return str(getattr(kept, "action", kept) or "")
