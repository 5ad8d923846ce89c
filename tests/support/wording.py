"""A Wording that shows where it was asked."""

from __future__ import annotations

from bot.model import Script
from bot.text.chinese import HAN


class MarkedWording:
    """Puts the script before what it was asked to say in it."""

    def in_script(self, text: str, script: Script) -> str:
        return f"[{script}]{text}" if HAN.search(text) else text
