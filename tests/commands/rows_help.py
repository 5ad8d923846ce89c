"""Rows of `/help`: a page for each subject, and what leads from one to the next."""

from __future__ import annotations

from bot.chat.menu import SUBJECTS
from tests.commands.row import Row

ROWS = (
    *(
        Row(
            name=f"help, about {name}",
            line=f"/help {name}",
            says=(
                subject.label,
                *(leaf.description for command in subject.commands for leaf in command.subcommands or (command,)),
            ),
            labels=tuple(other.label for word, other in SUBJECTS.items() if word != name),
            buttons=tuple(f"/help {word}" for word in SUBJECTS if word != name),
        )
        for name, subject in SUBJECTS.items()
    ),
    Row(name="help, about a command", line="/help mute", press=True, says=("Hold alerts for a time; nothing is lost",)),
    Row(
        name="help, about what is no subject",
        line="/help colours",
        press=True,
        says=("What I can do", "Choose a subject to see all its commands."),
        buttons=tuple(f"/help {word}" for word in SUBJECTS),
    ),
)
