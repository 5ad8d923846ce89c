"""The ways of making a brief, as the briefer sees them, and the two that need no server."""

from __future__ import annotations

from typing import Protocol

from bot.briefs.bilingual import bilingual_brief
from bot.briefs.extract import extract_brief
from bot.briefs.glossary import Glossary
from bot.briefs.source import Source
from bot.model import Brief, MadeBy


class Way(Protocol):
    """One way of making a brief. `name` is for logs and health; `made_by` is told to people."""

    name: str
    made_by: MadeBy

    async def make(self, source: Source) -> Brief | None:
        """A brief, or None when this way is not meant for the source. Raises BriefError."""


class FeedText:
    """Way 1: the two languages that the item itself carries."""

    name = "feed"
    made_by = MadeBy.FEED

    async def make(self, source: Source) -> Brief | None:
        """The item's own words, or None when it has one language only."""
        return bilingual_brief(source)


class Extract:
    """Way 4: the item's own sentences and, in the other language, the names in it. It always works."""

    name = "extract"
    made_by = MadeBy.EXTRACT

    def __init__(self, glossary: Glossary) -> None:
        self._glossary = glossary

    async def make(self, source: Source) -> Brief:
        """The extract."""
        return self.brief(source)

    def brief(self, source: Source) -> Brief:
        """The extract, at once."""
        return extract_brief(source, self._glossary)
