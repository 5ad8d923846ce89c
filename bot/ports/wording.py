"""What it takes to say Chinese as a chat reads it."""

from __future__ import annotations

from typing import Protocol

from bot.model import Script


class Wording(Protocol):
    """Chinese as a region writes it."""

    def in_script(self, text: str, script: Script) -> str:
        """The text in the characters, names, words and quotation marks of a script; as it stands for SOURCE. Text
        without Chinese stays as it is. Doing it twice changes nothing more."""
