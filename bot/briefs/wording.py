"""Says Chinese as a chat's region does: its characters, its names and words by the glossary, its quotation marks."""

from __future__ import annotations

from bot.briefs.glossary import Glossary
from bot.model import Script
from bot.text.chinese import HAN
from bot.text.typography import with_quotes


class RegionalWording:
    """Implements Wording by the glossary."""

    def __init__(self, glossary: Glossary) -> None:
        self._glossary = glossary

    def in_script(self, text: str, script: Script) -> str:
        """See Wording."""
        if script is Script.SOURCE or not HAN.search(text):
            return text
        return with_quotes(self._glossary.localised(text, script), script)
