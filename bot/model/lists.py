"""Lists of feeds that come and go as files, and what became of each feed of one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ImportOutcome(StrEnum):
    """What became of a feed of an imported list."""

    SUBSCRIBED = "subscribed"
    ALREADY = "already"  # the chat had it
    REFUSED = "refused"  # not an address we fetch
    OVER_LIMIT = "over-limit"  # the chat has as many as it may have


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedFeed:
    """A feed of an imported list. `reason` says why it was refused, in the word of its error."""

    url: str
    title: str
    outcome: ImportOutcome
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What became of an imported list, in its order.

    `duplicates` counts the feeds it named more than once; `damaged` says that parts of the file could not be read;
    `left_off` counts what stood beyond the most feeds that are read.
    """

    feeds: tuple[ImportedFeed, ...]
    duplicates: int = 0
    damaged: bool = False
    left_off: int = 0

    def of(self, outcome: ImportOutcome) -> list[ImportedFeed]:
        """The feeds with that outcome."""
        return [feed for feed in self.feeds if feed.outcome is outcome]
