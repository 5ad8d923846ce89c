"""Lists of feeds and of all that a chat has, which come and go as files, and what became of each entry of one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.model.chats import ChatSettings


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
class ImportedKeyword:
    """A keyword of an imported file. `outcome` is SUBSCRIBED for one that was added; `reason` says why it was refused:
    the word of what is wrong with the query."""

    query: str
    outcome: ImportOutcome
    reason: str = ""


class SettingsOutcome(StrEnum):
    """What became of the settings of an imported file."""

    NONE = "none"  # it has none
    OFFERED = "offered"  # nobody asked for them
    TAKEN = "taken"
    REFUSED = "refused"  # they can't be read


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What became of an imported list, in its order.

    `duplicates` counts the feeds it named more than once; `damaged` says that parts of the file could not be read;
    `left_off` counts what stood beyond the most feeds that are read. `changed` are the settings of the chat as they are
    from now on, `kept` names what its buttons need: the settings that the file offers, or those that were before.
    """

    feeds: tuple[ImportedFeed, ...]
    keywords: tuple[ImportedKeyword, ...] = ()
    settings: SettingsOutcome = SettingsOutcome.NONE
    changed: ChatSettings | None = None
    kept: str = ""
    duplicates: int = 0
    damaged: bool = False
    left_off: int = 0

    def of(self, outcome: ImportOutcome) -> list[ImportedFeed]:
        """The feeds with that outcome."""
        return [feed for feed in self.feeds if feed.outcome is outcome]

    def keywords_of(self, outcome: ImportOutcome) -> list[ImportedKeyword]:
        """The keywords with that outcome."""
        return [keyword for keyword in self.keywords if keyword.outcome is outcome]
