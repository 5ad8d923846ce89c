"""Briefs at once, by no model and no translator: for a first look at what is there already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.briefs.source import source_of
from bot.briefs.ways import Extract, FeedText
from bot.model import Brief, Item
from bot.ports import LaterBrief


class QuickBriefs:
    """Implements bot.ports.Briefer by the feed's own two languages, else by an extract.

    An extract is not said to be untranslated for want of a translator: alerts to come may well have one.
    """

    def __init__(self, extract: Extract) -> None:
        self._of_feed = FeedText()
        self._extract = extract

    async def brief(self, item: Item, sought: Sequence[str] = (), later: LaterBrief | None = None) -> Brief:  # noqa: ARG002 - there is none
        """See bot.ports.Briefer."""
        source = source_of(item, tuple(sought))
        return await self._of_feed.make(source) or replace(self._extract.brief(source), untranslated=False)
