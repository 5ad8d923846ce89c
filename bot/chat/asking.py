"""What a person is asked to complete a command line: found again by the line, so that nothing needs to be kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.chat.blocks import LABEL_LIMIT, fits_action, one_line
from bot.chat.catalogue import Catalogue, mark
from bot.chat.menu import MENU, MenuOption
from bot.model import Button

QUESTION_LIMIT = 45  # Discord's for the label of a field, in units
HINT_LIMIT = 64  # Telegram's for what stands in an empty field


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, in at most 45 signs, and an example, in at most 64; both to be translated. `lines`: the answer may
    have several."""

    text: str
    example: str = ""
    lines: bool = False


_WORDS = Question(mark("Which words? One keyword a line."), mark("trilateral talks"), lines=True)
_WORD = Question(mark("Which words?"), mark("trilateral talks"))
QUESTIONS: Mapping[str, Question] = {
    "keyword add": _WORDS,
    "add": _WORDS,
    "keyword edit": Question(mark("What shall it be from now on?"), mark("trilateral talks")),
    "keyword also": Question(mark("What shall it find as well?"), mark("阿布扎比")),
    "keyword test": _WORD,
    "search": _WORD,
    "subscribe": Question(mark("Which site or feed? Its address, or a name."), mark("example.org/news")),
    "settings timezone": Question(mark("Where do you live?"), mark("Hong Kong")),
}
"""By the path of the command that the answer completes."""


def asks(t: Catalogue, label: str, line: str) -> tuple[Button, ...]:
    """A button that asks for what completes a line; none where the line is too long for one."""
    if not fits_action(line):
        return ()
    return (Button(one_line(label, LABEL_LIMIT), line, ask=t(question_for(line, label).text)),)


def question_for(line: str, label: str = "") -> Question:
    """What is asked for a line: its own question, else the description of the option that comes next on it, else the
    button's own label."""
    words = line.removeprefix("/").split()
    for length in range(len(words), 0, -1):
        if found := QUESTIONS.get(" ".join(words[:length])):
            return found
    option = _next_option(words)
    return Question(one_line(option.description if option else label, LABEL_LIMIT))


def _next_option(words: list[str]) -> MenuOption | None:
    """The option that the next word of a line is for."""
    command = next((each for each in MENU if words[:1] == [each.name]), None)
    if command is None:
        return None
    sub = next((each for each in command.subcommands if words[1:2] == [each.name]), None)
    leaf, given = (sub, words[2:]) if sub else (command, words[1:])
    return leaf.options[min(len(given), len(leaf.options) - 1)] if leaf.options else None
