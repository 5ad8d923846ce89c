"""Diting in a terminal: messages printed by Rich, and a chat where every slash command works."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from itertools import count

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.patch_stdout import patch_stdout
from rich.console import Console
from rich.text import Text

from bot.chat.blocks import harmless, one_line
from bot.chat.catalogue import catalogue_for
from bot.chat.files import save_beside, with_local_file
from bot.chat.menu import ALIASES, MENU, MenuCommand
from bot.errors import PlatformDown
from bot.model import (
    Block,
    BlockKind,
    Button,
    ChatAddress,
    ChatKind,
    Locale,
    Message,
    Person,
    Platform,
    Request,
    Span,
    Style,
)
from bot.ports import CommandHandler

ADDRESS = ChatAddress(Platform.CONSOLE, "console")
_MARKS = {BlockKind.QUOTE: "│ ", BlockKind.ITEM: "• ", BlockKind.NOTE: "  "}
_LOOKS = {BlockKind.TITLE: "bold", BlockKind.NOTE: "dim"}
_STYLES = {Style.PLAIN: "", Style.BOLD: "bold", Style.ITALIC: "italic", Style.CODE: "cyan"}
_NUMBERED = re.compile(r"\d+\. ")
_REMEMBERED = 300  # buttons that can still be pressed


class ConsoleMessenger:
    """Prints messages; see `bot.ports.Messenger`. Without a terminal the output is plain text with full links.

    Buttons get running numbers, so that a number keeps its meaning while new messages come in.
    """

    platform = Platform.CONSOLE

    def __init__(self, console: Console | None = None) -> None:
        # Without a file of its own the console follows sys.stdout, which the prompt replaces while it is open.
        self._console = console or Console(highlight=False)
        self._sent = count(1)
        self._numbers = count(1)
        self._buttons: dict[int, Button] = {}

    async def private_chat(self, person: str) -> ChatAddress:
        """See `bot.ports.Messenger`. There is nobody but the one at the terminal."""
        return ChatAddress(self.platform, person)

    async def send(
        self,
        address: ChatAddress,  # noqa: ARG002 - see the port
        message: Message,
        *,
        key: str,  # noqa: ARG002
        reply_to: str = "",  # noqa: ARG002
    ) -> str:
        """See `bot.ports.Messenger`. Raises PlatformDown when the output is closed."""
        with _open_output():
            self.show(message)
        return str(next(self._sent))

    async def edit(self, address: ChatAddress, message_id: str, message: Message) -> None:  # noqa: ARG002 - see the port
        """See `bot.ports.Messenger`. What was printed stays: the small print that links elsewhere, which is all that
        edits add, is printed below, under the message's heading."""
        heading, *rest = message.blocks
        own = {span.url for span in heading.spans} | {""}
        added = [
            block for block in rest if block.kind is BlockKind.NOTE and any(span.url not in own for span in block.spans)
        ]
        with _open_output():
            self.show(Message(blocks=(Block(BlockKind.TEXT, heading.spans), *added)))

    def show(self, message: Message) -> None:
        """Print a message, with an empty line after it."""
        # A link that stands at several places is printed at the last of them.
        linked = {span.url: span for block in message.blocks for span in block.spans if span.url}
        for block in message.blocks:
            for line in self._lines(block, linked):
                self._console.print(line, soft_wrap=True)
        for row in message.buttons:
            labels = [self._label(button) for button in row if button.action or button.url not in linked]
            if labels:
                self._console.print(Text("  ".join(labels), style="cyan"), soft_wrap=True)
        if message.file:
            self._save(*message.file)
        if message.image:
            self._save(message.image.name, message.image.content)
        self._console.print()

    def _save(self, name: str, content: bytes) -> None:
        try:
            done = f"→ {save_beside(name, content)}"
        except OSError as error:
            done = f"✗ {name}: {error.strerror}"
        self._console.print(Text(done, style="cyan"), soft_wrap=True)

    def pressed(self, number: int) -> Button | None:
        """A numbered button that has a command line."""
        return self._buttons.get(number)

    def _label(self, button: Button) -> str:
        label = one_line(button.label, 80)
        if not button.action:
            return f"[{label}] {_printable(button.url)}"
        number = next(self._numbers)
        self._buttons[number] = button
        self._buttons.pop(number - _REMEMBERED, None)
        return f"[{number}] {label}"

    def _lines(self, block: Block, linked: Mapping[str, Span]) -> Iterator[Text]:
        mark = "" if _is_numbered(block) else _MARKS.get(block.kind, "")
        whole = Text(style=_LOOKS.get(block.kind, ""))
        for span in block.spans:
            whole.append(_printable(span.text), _STYLES[span.style])
            if linked.get(span.url) is span and span.url != span.text:
                whole.append(f" <{_printable(span.url)}>")
        # What holds a link is left to the terminal, which keeps it whole; the rest breaks between words.
        wraps = self._console.is_terminal and "://" not in whole.plain
        lines = whole.wrap(self._console, max(self._console.width - len(mark), 10)) if wraps else whole.split("\n")
        return (Text.assemble((mark, "dim"), line) for line in lines)


@contextmanager
def _open_output() -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:
        raise PlatformDown("output closed") from error


def _is_numbered(block: Block) -> bool:
    """Whether an item of a list begins with a number of its own."""
    return block.kind is BlockKind.ITEM and bool(_NUMBERED.match("".join(span.text for span in block.spans)))


def _printable(text: str) -> str:
    """The text without escape and control characters, which could take over a terminal."""
    return harmless(text).replace("\t", " ")


class ConsoleChat:
    """A chat in the terminal: a line is a slash command, the number of a button, or the answer to a question that a
    button asked; `/quit` leaves."""

    def __init__(self, handler: CommandHandler, messenger: ConsoleMessenger, *, locale: Locale = Locale.EN) -> None:
        self._handler = handler
        self._messenger = messenger
        self._t = catalogue_for(locale)
        self._person = Person(id="console", locale=locale, can_manage=True)
        self._asked = ""

    async def run(self, lines: AsyncIterator[str] | None = None) -> None:
        """Answer lines until `/quit` or their end; without a source of lines, those that are typed at the prompt."""
        if lines is None:
            with patch_stdout(raw=True):
                await self._answer_all(self._typed())
        else:
            await self._answer_all(lines)

    async def answer(self, line: str) -> Message | None:
        """The reply to one line, printed; None for an empty one."""
        line = line.strip()
        if not line:
            return None
        asked, self._asked = self._asked, ""
        button = self._messenger.pressed(int(line)) if _is_number(line) else None
        if asked and not line.startswith("/"):
            reply = await self._reply(f"{asked} {line}")
        elif button and button.ask:
            reply = self._question(button)
        else:
            reply = await self._reply(button.action if button else line)
        self._messenger.show(reply)
        return reply

    def _question(self, button: Button) -> Message:
        """What a button asks; the next line that is no command is the answer."""
        self._asked = button.action
        return Message(blocks=(Block(BlockKind.TEXT, (Span(f"✏️ {button.ask}"),)),))

    async def _reply(self, line: str) -> Message:
        if not line.startswith("/"):
            return Message(blocks=(Block(BlockKind.NOTE, (Span(self._hint()),)),))
        request = request_of(line, self._person)
        path = _path_in(request)
        return await self._handler.handle(with_local_file(request, path) if path else request)

    def _hint(self) -> str:
        t = self._t
        return t("Commands begin with a slash: /help lists them. A number presses that button; /quit leaves.")

    async def _answer_all(self, lines: AsyncIterator[str]) -> None:
        async for line in lines:
            if line.strip() in {"/quit", "/exit"}:
                return
            await self.answer(line)

    async def _typed(self) -> AsyncIterator[str]:
        session: PromptSession[str] = PromptSession(
            "> ",
            completer=_CommandCompleter(self._handler, self._person),
            complete_while_typing=False,
            # Stays in sight whatever alerts come in, until something is typed.
            placeholder=[("fg:ansibrightblack", self._hint())],
        )
        while True:
            try:
                yield await session.prompt_async()
            except (EOFError, KeyboardInterrupt):
                return


def _is_number(line: str) -> bool:
    """Whether a line can be the number of a button."""
    return line.isascii() and line.isdecimal() and len(line) < 10  # noqa: PLR2004 - there are never so many


def _path_in(request: Request) -> str:
    """The path of the file that an `/import` names, if it does."""
    if request.command != "import" or request.arguments.startswith(("undo ", "take ")):
        return ""
    path = request.arguments
    for flag in ("settings", "everything"):
        path = path.removesuffix(flag).strip()
    return path.strip("'\"")


def request_of(line: str, person: Person) -> Request:
    """A typed line as a request of the console's chat."""
    command, _, arguments = line.removeprefix("/").partition(" ")
    return Request(
        address=ADDRESS,
        kind=ChatKind.PRIVATE,
        person=person,
        command=command,
        arguments=arguments.strip(),
        title="Console",
    )


class _CommandCompleter(Completer):
    """Completes commands, subcommands, choices, and what the command handler knows of options."""

    def __init__(self, handler: CommandHandler, person: Person) -> None:
        self._handler = handler
        self._person = person

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:  # noqa: ARG002 - see Completer
        """Nothing without the event loop."""
        return iter(())

    async def get_completions_async(
        self,
        document: Document,
        complete_event: CompleteEvent,  # noqa: ARG002 - see Completer
    ) -> AsyncGenerator[Completion, None]:
        """The completions of the text before the cursor."""
        line = document.text_before_cursor
        typed, words = _divided(line)
        for word in words:
            if word.startswith(typed):
                yield Completion(word, start_position=-len(typed))
        command = _leaf(line)
        if command is None or not command.options:
            return
        option = command.options[0]
        for choice in option.choices:
            if choice.value.startswith(typed):
                yield Completion(choice.value, start_position=-len(typed))
        if option.autocomplete:
            for label, value in await self._handler.complete(request_of(line, self._person), option.name, typed):
                yield Completion(value, start_position=-len(typed), display=label)


def _divided(line: str) -> tuple[str, list[str]]:
    """What of the line is being typed, and the names of commands or subcommands that may stand there."""
    *before, typed = line.split(" ")
    if not before:
        return typed, [f"/{name}" for name in (*(command.name for command in MENU), *ALIASES, "quit")]
    if len(before) == 1:
        return typed, [sub.name for command in MENU if f"/{command.name}" == before[0] for sub in command.subcommands]
    return typed, []


def _leaf(line: str) -> MenuCommand | None:
    """The command or subcommand whose first option is being typed."""
    name, *words = line.removeprefix("/").split(" ")
    path = [*ALIASES.get(name, name).split(" "), *words[:-1]] if words else []
    found = next((command for command in MENU if path[:1] == [command.name]), None)
    if found and found.subcommands:
        return next((sub for sub in found.subcommands if path[1:] == [sub.name]), None)
    return found if len(path) == 1 else None
