"""Chinese in the characters of a chat, where nobody knows the names and words of its region."""

from __future__ import annotations

from bot.model import Script
from bot.ports import Wording
from bot.text.chinese import to_script


class CharactersAlone:
    """Implements Wording by characters alone."""

    def in_script(self, text: str, script: Script) -> str:
        """See Wording."""
        return to_script(text, script)


CHARACTERS: Wording = CharactersAlone()
